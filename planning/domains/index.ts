import { cilium } from "./cilium";
import type { Domain } from "./domain";
import { gateway } from "./gateway";
import { hostNetwork } from "./hostnetwork";
import { loadBalancing } from "./loadbalancing";
import { machines } from "./machines";
import { networks } from "./networks";
import { nodes } from "./nodes";
import { observability } from "./observability";
import { operators } from "./operators";
import { policies } from "./policies";
import { sriov } from "./sriov";
import { tenants } from "./tenants";
import { images, virtualization } from "./virtualization";

/** All domains of an environment, from the nodes up. */
export const domains: readonly Domain[] = [
  nodes,
  cilium,
  operators,
  hostNetwork,
  sriov,
  networks,
  tenants,
  policies,
  virtualization,
  images,
  machines,
  loadBalancing,
  gateway,
  observability,
];
