import type { KindRow } from "../row";

const namespace = "life";
const subscription = (channel: string) => ({
  name: "life-operator",
  source: "life-catalog",
  sourceNamespace: namespace,
  channel,
  installPlanApproval: "Manual",
  startingCSV: "life-operator.v1.0.0",
});

export const operatorsRows: KindRow[] = [
  {
    token: "ove:operators:OperatorGroup",
    inputs: { metadata: { name: "life", namespace }, spec: { targetNamespaces: ["life"] } },
    changed: { metadata: { name: "life", namespace }, spec: { targetNamespaces: ["life", "default"] } },
    edit: { spec: { targetNamespaces: ["life", "default", "kube-public"] } },
    drift: "spec.targetNamespaces[2]",
  },
  {
    token: "ove:operators:CatalogSource",
    inputs: {
      metadata: { name: "life-catalog", namespace },
      spec: { sourceType: "grpc", image: "registry.example/catalog:1", displayName: "One" },
    },
    changed: {
      metadata: { name: "life-catalog", namespace },
      spec: { sourceType: "grpc", image: "registry.example/catalog:1", displayName: "Two" },
    },
    edit: { spec: { displayName: "Three" } },
    drift: "spec.displayName",
  },
  {
    token: "ove:operators:Subscription",
    after: ["ove:operators:OperatorGroup", "ove:operators:CatalogSource"],
    inputs: { metadata: { name: "life-operator", namespace }, spec: subscription("stable") },
    changed: { metadata: { name: "life-operator", namespace }, spec: subscription("candidate") },
    edit: { spec: { channel: "other" } },
    drift: "spec.channel",
  },
];
