import type { KindRow } from "../row";

const shim = {
  name: "dhcp-shim",
  namespace: "default",
  type: "Raw",
  rawCNIConfig: JSON.stringify({
    cniVersion: "0.3.1",
    name: "dhcp-shim",
    type: "bridge",
    bridge: "br-tenant",
    ipam: { type: "dhcp" },
  }),
};
const policy = {
  name: "life",
  namespace: "life",
  annotations: { "k8s.v1.cni.cncf.io/policy-for": "life/life-bridge" },
};
const policySpec = (port: number) => ({
  podSelector: { matchLabels: { app: "life" } },
  policyTypes: ["Ingress"],
  ingress: [{ ports: [{ protocol: "TCP", port }] }],
});

export const networksRows: KindRow[] = [
  {
    token: "ove:networks:NetworkOperator",
    inputs: { metadata: { name: "cluster" }, spec: { useMultiNetworkPolicy: true } },
    changed: { metadata: { name: "cluster" }, spec: { useMultiNetworkPolicy: true, additionalNetworks: [shim] } },
    edit: { spec: { useMultiNetworkPolicy: false } },
    drift: "spec.useMultiNetworkPolicy",
  },
  {
    token: "ove:networks:MultiNetworkPolicy",
    after: ["ove:networks:NetworkOperator"],
    inputs: { metadata: policy, spec: policySpec(5432) },
    changed: { metadata: policy, spec: policySpec(5433) },
    edit: { spec: { podSelector: { matchLabels: { app: "other" } } } },
    drift: "spec.podSelector.matchLabels.app",
  },
];
