import { z } from "zod";
import { distinct, DnsLabel, StringMap } from "./common";
import { EgressPeer, PolicyPort } from "./policies";

/** A namespace of a tenant. */
export const TenantNamespace = z.strictObject({
  name: DnsLabel.describe("Name of the namespace."),
  labels: StringMap.default({}).describe("Further labels."),
  annotations: StringMap.default({}).describe("Annotations."),
});

/** What everything in a tenant's namespaces may do, whatever else policies say. */
export const TenantBaseline = z.strictObject({
  reach: z
    .enum(["tenant", "namespace", "none"])
    .default("tenant")
    .describe(
      "How far pods and machines reach one another, at all ports: in all namespaces of the tenant (default), each its " +
        "own, or nobody, so that only policies allow it.",
    ),
  apiServer: z.boolean().default(false).describe("Reaches the cluster's API server; false unless given."),
  monitoring: z
    .array(PolicyPort)
    .default([])
    .describe("Ports at which OpenShift's Prometheus, also that of users, reads metrics; none unless given."),
  logging: z.boolean().default(false).describe("Sends to collectors in openshift-logging; false unless given."),
  router: z
    .enum(["none", "host", "pods"])
    .default("none")
    .describe(
      "How OpenShift's router reaches the tenant: `host` where it uses the node's network (bare metal), `pods`.",
    ),
  gateway: z.boolean().default(false).describe("Is reached through Cilium's Gateway API; false unless given."),
  imageSources: z
    .array(EgressPeer)
    .default([])
    .describe("Where CDI's importers, which run in the tenant's namespaces, fetch disk images; nowhere unless given."),
});

/** Namespaces that belong together, closed to all others. */
export const TenantArgs = z.strictObject({
  name: DnsLabel.describe("Name of the tenant; value of the namespaces' label `pulumi-ove/tenant`."),
  namespaces: distinct(TenantNamespace).min(1).describe("Its namespaces."),
  baseline: TenantBaseline.prefault({}).describe("What everything in them may do."),
});
export type TenantArgs = z.infer<typeof TenantArgs>;
