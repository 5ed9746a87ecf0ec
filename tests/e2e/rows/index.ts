import { ciliumRow } from "./cilium";
import { loadBalancersRow } from "./load-balancers";
import { networksRow } from "./networks";
import { nodesRow } from "./nodes";
import { observabilityRow } from "./observability";
import type { Row } from "./row";
import { sriovRow } from "./sriov";
import { tenantsRow } from "./tenants";
import { virtualizationRow } from "./virtualization";

/** The rows of the source document by what each is about. */
export const rows: Readonly<Record<string, Row>> = {
  "Cilium and Hubble": ciliumRow,
  "load balancing and gateways": loadBalancersRow,
  "attachments and the nodes' network": networksRow,
  "nodes and their profile": nodesRow,
  "SR-IOV": sriovRow,
  virtualization: virtualizationRow,
  observability: observabilityRow,
  "tenants and policies": tenantsRow,
};

export type { Read } from "./row";
