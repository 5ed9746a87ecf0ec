import type { JsonObject, KubernetesObject } from "../../model";
import { sriovNetworkPoolConfigRules } from "../../rules";
import { sriovNamespace as namespace } from "./sriov-inputs";
import { merged, testRules } from "./support";

const build =
  (kind: string, name: string) =>
  (input: JsonObject): KubernetesObject =>
    merged(
      { apiVersion: "sriovnetwork.openshift.io/v1", kind, metadata: { name, namespace } },
      input,
    ) as unknown as KubernetesObject;
const spec = (content: JsonObject): JsonObject => ({ spec: content });
const elsewhere: [JsonObject, string] = [{ metadata: { namespace: "default" } }, "metadata.namespace"];
const here: JsonObject[] = [{}, { metadata: { namespace: undefined } }];

testRules("rules of a SriovNetworkPoolConfig", sriovNetworkPoolConfigRules, build("SriovNetworkPoolConfig", "pool"), {
  "sriov/pool-namespace": { bad: [elsewhere], good: here },
  "sriov/pool-offload-alone": {
    bad: [
      [spec({ ovsHardwareOffloadConfig: { name: "x" }, maxUnavailable: 1 }), "spec.maxUnavailable"],
      [spec({ ovsHardwareOffloadConfig: { name: "x" }, nodeSelector: {} }), "spec.nodeSelector"],
    ],
    good: [
      spec({ ovsHardwareOffloadConfig: { name: "x" }, rdmaMode: "shared" }),
      spec({ ovsHardwareOffloadConfig: { name: "" }, maxUnavailable: 1 }),
      spec({ maxUnavailable: 1, nodeSelector: {} }),
    ],
  },
  "sriov/pool-max-unavailable": {
    bad: ["2", "0%", "101%", "1.5%", "%", -1, 2147483648].map((maxUnavailable): [JsonObject, string] => [
      spec({ maxUnavailable }),
      "spec.maxUnavailable",
    ]),
    good: ["1%", "100%", "+5%", 0, 1, 2147483647].map((maxUnavailable) => spec({ maxUnavailable })),
  },
  "sriov/pool-all-at-once": {
    bad: [[spec({ nodeSelector: {} }), "spec.maxUnavailable"]],
    good: [
      spec({ maxUnavailable: 1 }),
      spec({ maxUnavailable: undefined }),
      spec({ ovsHardwareOffloadConfig: { name: "x" } }),
    ],
  },
  "sriov/pool-offload-master": {
    bad: [[spec({ ovsHardwareOffloadConfig: { name: "master" } }), "spec.ovsHardwareOffloadConfig.name"]],
    good: [spec({ ovsHardwareOffloadConfig: { name: "worker" } })],
  },
  "sriov/pool-selector": {
    bad: [
      { key: "a", operator: "Is", values: ["b"] },
      { key: "a", operator: "In" },
      { key: "a", operator: "NotIn", values: [] },
      { key: "a", operator: "Exists", values: ["b"] },
    ].map((entry): [JsonObject, string] => [
      spec({ nodeSelector: { matchExpressions: [entry] } }),
      "spec.nodeSelector.matchExpressions[0]",
    ]),
    good: [
      { key: "a", operator: "In", values: ["b"] },
      { key: "a", operator: "Exists" },
      { key: "a", operator: "In", values: undefined },
      { key: "a", operator: undefined },
    ].map((entry) => spec({ nodeSelector: { matchExpressions: [entry] } })),
  },
});
