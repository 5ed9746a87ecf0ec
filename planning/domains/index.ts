import { cilium } from "./cilium";
import type { Domain } from "./domain";
import { machines } from "./machines";
import { networks } from "./networks";
import { nodes } from "./nodes";
import { sriov } from "./sriov";

/** All domains of an environment, from the nodes up. */
export const domains: readonly Domain[] = [nodes, cilium, sriov, networks, machines];
