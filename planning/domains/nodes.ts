import { planNodePool } from "../nodes";
import type { Domain } from "./domain";

/** Node pools. */
export const nodes: Domain = {
  plans: ({ nodePools }) => nodePools.map(planNodePool),
};
