import type { KindRow } from "../row";
import { coreRows } from "./core";
import { gatewayRows } from "./gateway";
import { hostnetworkRows } from "./hostnetwork";
import { loadbalancingRows } from "./loadbalancing";
import { machinesRows } from "./machines";
import { networksRows } from "./networks";
import { nodeRows } from "./nodes";
import { observabilityRows } from "./observability";
import { operatorsRows } from "./operators";
import { policiesRows } from "./policies";
import { sriovRows } from "./sriov";
import { virtualizationRows } from "./virtualization";

/** Every kind's row; a row stands after those that it needs. */
export const rows: readonly KindRow[] = [
  ...coreRows,
  ...nodeRows,
  ...operatorsRows,
  ...hostnetworkRows,
  ...sriovRows,
  ...networksRows,
  ...loadbalancingRows,
  ...policiesRows,
  ...gatewayRows,
  ...observabilityRows,
  ...virtualizationRows,
  ...machinesRows,
];
