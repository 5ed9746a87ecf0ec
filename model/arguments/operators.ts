import { z } from "zod";
import { DnsLabel, StringMap } from "./common";

const PackageName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "Must be lower case letters, digits, hyphens and dots.");

/** An operator that the Operator Lifecycle Manager installs, in a declared version. */
export const OperatorArgs = z.strictObject({
  name: DnsLabel.describe("Name of the component, such as `sriov`."),
  package: PackageName.describe(
    "Package in the catalog, such as `sriov-network-operator`; also name of the Subscription.",
  ),
  namespace: DnsLabel.describe("Namespace that the operator is installed in."),
  createNamespace: z.boolean().default(true).describe("Makes the namespace; true unless given."),
  namespaceLabels: StringMap.default({ "openshift.io/cluster-monitoring": "true" }).describe(
    "Labels of the namespace; OpenShift's monitoring reads it unless given.",
  ),
  channel: z.string().min(1).default("stable").describe("Channel of the package; `stable` unless given."),
  version: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "Must be the full name of a version.")
    .describe(
      "Full name of the version, such as `sriov-network-operator.v4.20.0-202511041201`. No other one is ever approved.",
    ),
  catalog: DnsLabel.default("redhat-operators").describe("CatalogSource; `redhat-operators` unless given."),
  catalogNamespace: DnsLabel.default("openshift-marketplace").describe("Its namespace."),
  groupName: DnsLabel.optional().describe("Name of the OperatorGroup; that of the namespace unless given."),
  scope: z
    .enum(["own", "all"])
    .default("own")
    .describe("Namespaces that the operator watches: its `own` (default), or `all`."),
});
export type OperatorArgs = z.infer<typeof OperatorArgs>;
