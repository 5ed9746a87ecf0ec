import { z } from "zod";
import { DnsLabel } from "./common";

/** What of the environment is watched. */
export const ObservabilityFields = z.strictObject({
  namespace: DnsLabel.default("cilium").describe(
    "Namespace of the objects, one that the cluster's Prometheus reads; `cilium` unless given.",
  ),
});

/** Alerts, dashboard and scraping, for what there is in the cluster. */
export const ObservabilityArgs = ObservabilityFields.extend({
  cilium: z.boolean().default(true).describe("Whether Cilium is watched; true unless given."),
  hubble: z.boolean().default(true).describe("Whether Hubble exports metrics; true unless given."),
  bgp: z.boolean().default(false).describe("Whether Cilium announces addresses by BGP; false unless given."),
  virtualization: z.boolean().default(false).describe("Whether virtual machines run; false unless given."),
  nodes: z
    .boolean()
    .default(false)
    .describe("Whether the cluster's machine config pools are watched; false unless given."),
  vfResources: z
    .array(z.string().regex(/^[a-zA-Z0-9_]+$/, "Must be a resource name without a prefix."))
    .default([])
    .describe("SR-IOV resources of `openshift.io/` that are watched."),
});
export type ObservabilityArgs = z.infer<typeof ObservabilityArgs>;
