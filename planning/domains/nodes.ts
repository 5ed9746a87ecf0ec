import { planNodePool } from "../nodes";
import type { Domain } from "./domain";
import { withOpenVSwitch } from "./hostnetwork";

/** Node pools. */
export const nodes: Domain = {
  plans: (environment) => withOpenVSwitch(environment).map(planNodePool),
};
