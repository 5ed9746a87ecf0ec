import { multiNetworkPolicyRules } from "../../rules";
import type { ObjectKind } from "../kind";
import type { Shape } from "../shape";
import { daemonSetReady } from "./verdict";
import { one, watch } from "./watches";

const minutes = 60;
const daemon = "multus-networkpolicy";

const text: Shape = { type: "string" };
const texts: Shape = { type: "array", items: text };

const selector: Shape = {
  type: "object",
  properties: {
    matchLabels: { type: "object", values: text },
    matchExpressions: {
      type: "array",
      items: {
        type: "object",
        required: ["key", "operator"],
        properties: { key: text, operator: text, values: texts },
      },
    },
  },
};

const peers: Shape = {
  type: "array",
  items: {
    type: "object",
    properties: {
      ipBlock: { type: "object", required: ["cidr"], properties: { cidr: text, except: texts } },
      namespaceSelector: selector,
      podSelector: selector,
    },
  },
};

const ports: Shape = {
  type: "array",
  items: {
    type: "object",
    properties: {
      port: { intOrString: true },
      endPort: { type: "integer", format: "int32" },
      protocol: text,
    },
  },
};

const rules = (side: "from" | "to"): Shape => ({
  type: "array",
  items: { type: "object", properties: { [side]: peers, ports } },
});

/** By hand, from multi-networkpolicy v1.0.1 scheme.yml: that file is no strict YAML. */
const shape: Shape = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      required: ["podSelector"],
      properties: { podSelector: selector, policyTypes: texts, ingress: rules("from"), egress: rules("to") },
    },
  },
};

export const multiNetworkPolicy: ObjectKind = {
  is: "object",
  token: "ove:networks:MultiNetworkPolicy",
  doc: "What pods may send and receive on networks beside the cluster's own; for macvlan, ipvlan, SR-IOV and bonds.",
  waits: "The daemon that enforces such policies runs; useMultiNetworkPolicy of the network operator starts it.",
  deletes: "Deleted at once.",
  example: {
    metadata: {
      name: "storage-clients",
      namespace: "shop",
      annotations: { "k8s.v1.cni.cncf.io/policy-for": "shop/storage" },
    },
    spec: {
      podSelector: { matchLabels: { app: "database" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.200.0/24" } }], ports: [{ protocol: "TCP", port: 5432 }] }],
    },
  },
  disruptions: [],
  apiVersion: "k8s.cni.cncf.io/v1beta1",
  kind: "MultiNetworkPolicy",
  plural: "multi-networkpolicies",
  scope: "Namespaced",
  shape: () => shape,
  listKeys: { "spec.policyTypes": "set" },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: multiNetworkPolicyRules,
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 5 * minutes },
  ready: {
    watches: () => [watch.daemonSet("openshift-multus", daemon)],
    verdict: (_policy, related) => daemonSetReady(one(related, daemon), daemon),
  },
};
