import type { Row } from "../rows/row";
import { prodNetworksRow } from "./networks";
import { prodNodesRow } from "./nodes";
import { prodServicesRow } from "./services";
import { prodVirtualizationRow } from "./virtualization";

/** The rows of the source document as prod has them. */
export const prodRows: Readonly<Record<string, Row>> = {
  "Cilium, load balancing, gateways, tenants and policies": prodServicesRow,
  "attachments and the nodes' network": prodNetworksRow,
  "node pools and SR-IOV": prodNodesRow,
  virtualization: prodVirtualizationRow,
};
