import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { catalogSourceRules, evaluate, operatorGroupRules, subscriptionRules } from "../../rules";
import { merged, testFine, testRules } from "./support";

const build =
  (kind: string) =>
  (input: JsonObject): KubernetesObject =>
    merged(
      { apiVersion: "operators.coreos.com/v1alpha1", kind, metadata: { name: "x", namespace: "ns" } },
      input,
    ) as unknown as KubernetesObject;
const spec = (content: JsonObject): JsonObject => ({ spec: content });
const annotated = (approve: string | undefined, content: JsonObject): JsonObject => ({
  metadata: { annotations: { "pulumi-ove/approve": approve } },
  spec: content,
});
const approvePath = 'metadata.annotations["pulumi-ove/approve"]';
const manual = { installPlanApproval: "Manual" };

testRules("rules of an OperatorGroup", operatorGroupRules, build("OperatorGroup"), {
  "operators/group-targets": {
    bad: [
      [spec({ targetNamespaces: ["a", ""] }), "spec.targetNamespaces[1]"],
      [spec({ targetNamespaces: ["*"] }), "spec.targetNamespaces[0]"],
    ],
    good: [spec({ targetNamespaces: ["openshift-nmstate"] }), spec({})],
  },
  "operators/group-selector-ignored": {
    bad: [[spec({ targetNamespaces: ["a"], selector: {} }), "spec.selector"]],
    good: [spec({ targetNamespaces: ["a"] }), spec({ selector: {} })],
  },
  "operators/group-fail-forward": {
    bad: [[spec({ upgradeStrategy: "TechPreviewUnsafeFailForward" }), "spec.upgradeStrategy"]],
    good: [spec({ upgradeStrategy: "Default" })],
  },
});

testRules("rules of a CatalogSource", catalogSourceRules, build("CatalogSource"), {
  "operators/catalog-source-type": {
    bad: [[spec({ sourceType: "image" }), "spec.sourceType"]],
    good: [spec({ sourceType: "grpc" }), spec({})],
  },
  "operators/catalog-content": {
    bad: [
      [spec({ sourceType: "grpc" }), "spec.image"],
      [spec({ sourceType: "internal", configMap: "" }), "spec.configMap"],
      [spec({ sourceType: "configmap" }), "spec.configMap"],
    ],
    good: [
      spec({ sourceType: "grpc", image: "a" }),
      spec({ sourceType: "grpc", address: "a:1" }),
      spec({ sourceType: "grpc", image: undefined }),
      spec({ sourceType: "configmap", configMap: "c" }),
    ],
  },
  "operators/catalog-poll": {
    bad: [[spec({ updateStrategy: {} }), "spec.updateStrategy.registryPoll"]],
    good: [
      spec({ updateStrategy: { registryPoll: { interval: "30m" } } }),
      spec({}),
      spec({ updateStrategy: undefined }),
    ],
  },
  "operators/catalog-interval": {
    bad: [
      [spec({ updateStrategy: { registryPoll: { interval: "1d" } } }), "spec.updateStrategy.registryPoll.interval"],
    ],
    good: [spec({ updateStrategy: { registryPoll: { interval: "30m" } } })],
  },
  "operators/catalog-poll-ignored": {
    bad: [
      [spec({ address: "a:1", updateStrategy: { registryPoll: {} } }), "spec.updateStrategy"],
      [spec({ image: "a@sha256:00", updateStrategy: { registryPoll: {} } }), "spec.updateStrategy"],
    ],
    good: [
      spec({ image: "a:1", updateStrategy: { registryPoll: {} } }),
      spec({ image: undefined, updateStrategy: {} }),
      spec({}),
    ],
  },
  "operators/catalog-secret": {
    bad: [[spec({ secrets: ["a", ""] }), "spec.secrets[1]"]],
    good: [spec({ secrets: ["a", undefined] as unknown as JsonObject[] })],
  },
});

testRules("rules of a Subscription", subscriptionRules, build("Subscription"), {
  "operators/subscription-approval": {
    bad: [[spec({ installPlanApproval: "manual" }), "spec.installPlanApproval"]],
    good: [spec(manual), spec({ installPlanApproval: "Automatic" }), spec({ installPlanApproval: "" }), spec({})],
  },
  "operators/subscription-starting-version": {
    bad: [[spec({ startingCSV: "a.v1" }), "spec.startingCSV"]],
    good: [
      spec({ ...manual, startingCSV: "a.v1" }),
      spec({ installPlanApproval: undefined, startingCSV: "a.v1" }),
      spec({}),
    ],
  },
  "operators/subscription-no-version": {
    bad: [
      [spec(manual), "spec.startingCSV"],
      [annotated(" , ", manual), "spec.startingCSV"],
    ],
    good: [
      spec({ ...manual, startingCSV: "a.v1" }),
      annotated("a.v1", manual),
      annotated(undefined, manual),
      spec({ ...manual, startingCSV: undefined }),
      { metadata: { annotations: undefined }, spec: manual },
      spec({}),
    ],
  },
  "operators/subscription-approve-ignored": {
    bad: [[annotated("a.v1", { installPlanApproval: "Automatic" }), approvePath]],
    good: [annotated("a.v1", manual), spec({})],
  },
  "operators/subscription-version-name": {
    bad: [
      [spec({ startingCSV: "A.v1" }), "spec.startingCSV"],
      [annotated("a.v1, b c", manual), approvePath],
    ],
    good: [spec({ startingCSV: "a.v4.20.0-202511041201" }), annotated("a.v1, b.v2,", manual)],
  },
  "operators/subscription-empty": {
    bad: [[spec({ source: "" }), "spec.source"]],
    good: [spec({ name: "a", source: "b", sourceNamespace: "c" })],
  },
  "operators/subscription-channel": {
    bad: [
      [spec({}), "spec.channel"],
      [spec({ channel: "" }), "spec.channel"],
    ],
    good: [spec({ channel: "stable" }), spec({ channel: undefined })],
  },
});

testFine("rules of a Subscription and a fine one", subscriptionRules, {
  ...build("Subscription")(
    annotated("op.v2", {
      ...manual,
      name: "op",
      source: "s",
      sourceNamespace: "n",
      channel: "stable",
      startingCSV: "op.v1",
    }),
  ),
});

testFine("rules of an OperatorGroup and a fine one", operatorGroupRules, {
  ...build("OperatorGroup")(spec({ targetNamespaces: ["a"], upgradeStrategy: "Default" })),
});

testFine("rules of a CatalogSource and a fine one", catalogSourceRules, {
  ...build("CatalogSource")(
    spec({ sourceType: "grpc", image: "a:1", secrets: ["s"], updateStrategy: { registryPoll: { interval: "30m" } } }),
  ),
});

describe("rules of operators", () => {
  it("say nothing of an object without a spec", () => {
    for (const rules of [operatorGroupRules, catalogSourceRules, subscriptionRules]) {
      expect(evaluate(rules, build("X")({}))).to.deep.equal([]);
    }
  });
});
