import type { JsonObject } from "../../../../model";
import type { KindRow } from "../row";

const namespace = "life-policies";
const after = ["ove:cilium:CiliumConfig"];

/** A policy that allows one port, and says what it is for. */
const policySpec = (port: string): JsonObject => ({
  description: "made by the program",
  endpointSelector: { matchLabels: { app: "web" } },
  ingress: [{ fromEndpoints: [{ matchLabels: { app: "front" } }], toPorts: [{ ports: [{ port, protocol: "TCP" }] }] }],
  egress: [{ toEntities: ["cluster"] }],
});

const described: Pick<KindRow, "edit" | "drift" | "after"> = {
  edit: { spec: { description: "changed by somebody" } },
  drift: "spec.description",
  after,
};

const egressSpec = (egressIP: string): JsonObject => ({
  selectors: [{ podSelector: { matchLabels: { app: "web" } } }],
  destinationCIDRs: ["203.0.113.0/24"],
  egressGateway: { nodeSelector: { matchLabels: { "egress-node": "true" } }, egressIP },
});

const redirectSpec = (description: string): JsonObject => ({
  description,
  redirectFrontend: { addressMatcher: { ip: "169.254.169.254", toPorts: [{ port: "8080", protocol: "TCP" }] } },
  redirectBackend: {
    localEndpointSelector: { matchLabels: { app: "proxy" } },
    toPorts: [{ port: "80", protocol: "TCP" }],
  },
});

const listener = "type.googleapis.com/envoy.config.listener.v3.Listener";
const envoySpec = (...ports: number[]): JsonObject => ({
  services: [{ name: "web", listener: "web", ports }],
  resources: [{ "@type": listener, name: "web" }],
});

const nodeConfigSpec = (debug: boolean): JsonObject => ({
  nodeSelector: { matchLabels: { "kubernetes.io/hostname": "worker-2" } },
  defaults: { debug: String(debug) },
});

export const policiesRows: KindRow[] = [
  {
    token: "ove:policies:CiliumNetworkPolicy",
    inputs: { metadata: { name: "life", namespace }, spec: policySpec("8080") },
    changed: { metadata: { name: "life", namespace }, spec: policySpec("8081") },
    ...described,
  },
  {
    token: "ove:policies:CiliumClusterwideNetworkPolicy",
    inputs: { metadata: { name: "life" }, spec: policySpec("8080") },
    changed: { metadata: { name: "life" }, spec: policySpec("8081") },
    ...described,
  },
  {
    token: "ove:policies:CiliumCIDRGroup",
    inputs: { metadata: { name: "life" }, spec: { externalCIDRs: ["192.0.2.0/24"] } },
    changed: { metadata: { name: "life" }, spec: { externalCIDRs: ["192.0.2.0/24", "198.51.100.0/24"] } },
    edit: { spec: { externalCIDRs: ["192.0.2.0/24", "203.0.113.0/24"] } },
    drift: "spec.externalCIDRs",
    after,
  },
  {
    token: "ove:policies:CiliumEgressGatewayPolicy",
    inputs: { metadata: { name: "life" }, spec: egressSpec("192.0.2.10") },
    changed: { metadata: { name: "life" }, spec: egressSpec("192.0.2.11") },
    edit: { spec: { egressGateway: { egressIP: "192.0.2.12" } } },
    drift: "spec.egressGateway.egressIP",
    after,
  },
  {
    token: "ove:policies:CiliumLocalRedirectPolicy",
    inputs: { metadata: { name: "life", namespace }, spec: redirectSpec("made by the program") },
    changed: { metadata: { name: "life", namespace }, spec: redirectSpec("changed by the program") },
    ...described,
  },
  {
    token: "ove:policies:CiliumEnvoyConfig",
    inputs: { metadata: { name: "life", namespace }, spec: envoySpec(80) },
    changed: { metadata: { name: "life", namespace }, spec: envoySpec(80, 81) },
    edit: { spec: { services: [{ name: "web", listener: "web", ports: [82] }] } },
    drift: "spec.services",
    after,
  },
  {
    token: "ove:cilium:CiliumNodeConfig",
    inputs: { metadata: { name: "life", namespace: "cilium" }, spec: nodeConfigSpec(false) },
    changed: { metadata: { name: "life", namespace: "cilium" }, spec: nodeConfigSpec(true) },
    edit: { spec: { defaults: { debug: "maybe" } } },
    drift: "spec.defaults.debug",
    after,
  },
];
