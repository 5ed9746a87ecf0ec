import { expect } from "chai";
import { evaluate, nodeLabelRules } from "../../rules";
import type { JsonObject } from "../../model";

type Case = [id: string, input: JsonObject, path: string];

const long = "a".repeat(64);
const taint = (key: string, rest: JsonObject = {}): JsonObject => ({ key, effect: "NoSchedule", ...rest });

const fine: JsonObject = {
  name: "x",
  nodes: ["worker-0"],
  nodeSelector: { "example.com/rack": "a" },
  labels: { "example.com/fabric": "fast", plain: "" },
  taints: [taint("example.com/reserved", { value: "machines" })],
};

const violating: Case[] = [
  ["nodes/labels-target", { nodes: undefined, nodeSelector: undefined }, "nodes"],
  ["nodes/labels-target", { nodes: [], nodeSelector: {} }, "nodes"],
  ["nodes/labels-content", { labels: undefined, taints: undefined }, "labels"],
  ["nodes/labels-content", { labels: {}, taints: [] }, "labels"],
  ["nodes/label-key", { labels: { "a/b/c": "" } }, 'labels["a/b/c"]'],
  ["nodes/label-key", { labels: { "Example.com/a": "" } }, 'labels["Example.com/a"]'],
  ["nodes/label-key", { labels: { "/a": "" } }, 'labels["/a"]'],
  ["nodes/label-key", { labels: { [long]: "" } }, `labels.${long}`],
  ["nodes/label-key", { labels: { [`${"a.".repeat(127)}/a`]: "" } }, `labels["${"a.".repeat(127)}/a"]`],
  ["nodes/label-key", { nodeSelector: { "a b": "" } }, 'nodeSelector["a b"]'],
  ["nodes/label-key", { taints: [taint("example.com/")] }, "taints[0].key"],
  ["nodes/label-value", { labels: { a: "b c" } }, "labels.a"],
  ["nodes/label-value", { labels: { a: long } }, "labels.a"],
  ["nodes/label-value", { nodeSelector: { a: "-b" } }, "nodeSelector.a"],
  ["nodes/label-value", { taints: [taint("a", { value: "b-" })] }, "taints[0].value"],
  ["nodes/labels-unselect", { labels: { "example.com/rack": "b" } }, 'labels["example.com/rack"]'],
  ["nodes/kubelet-label", { labels: { "kubernetes.io/hostname": "a" } }, 'labels["kubernetes.io/hostname"]'],
  ["nodes/kubelet-label", { labels: { "beta.kubernetes.io/os": "a" } }, 'labels["beta.kubernetes.io/os"]'],
  ["nodes/reserved-label", { labels: { "node.kubernetes.io/fast": "" } }, 'labels["node.kubernetes.io/fast"]'],
  ["nodes/reserved-label", { labels: { "x.k8s.io/fast": "" } }, 'labels["x.k8s.io/fast"]'],
  ["nodes/repeated-taint", { taints: [taint("a", { value: "b" }), taint("a")] }, "taints[1]"],
  ["nodes/lifecycle-taint", { taints: [taint("node.kubernetes.io/unschedulable")] }, "taints[0].key"],
];

const allowed: JsonObject[] = [
  { nodes: undefined },
  { nodeSelector: undefined },
  { labels: undefined },
  { taints: undefined },
  { labels: { "node-role.kubernetes.io/fast": "", "topology.kubernetes.io/zone": "a" } },
  { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "" } },
  { labels: { "example.node-restriction.kubernetes.io/a": "", "node-restriction.kubernetes.io/a": "" } },
  { labels: { "example.com/rack": "a", [long.slice(1)]: long.slice(1), "A_b.c-d": "A_b.c-d" } },
  { taints: [taint("a"), taint("a", { effect: "NoExecute" }), taint("node.kubernetes.io/out-of-service")] },
];

const found = (inputs: JsonObject): [string, string][] =>
  evaluate(nodeLabelRules, inputs).map(({ rule, path }) => [rule, path]);

/** The fine inputs changed; what is undefined is left out. */
function changed(over: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries({ ...fine, ...over }).filter(([, value]) => value !== undefined));
}

describe("rules of NodeLabels", () => {
  it("have a case each, and a source", () => {
    const ids = nodeLabelRules.map(({ id }) => id);
    expect([...new Set(violating.map(([id]) => id))].sort()).to.deep.equal([...ids].sort());
    expect(nodeLabelRules.every(({ source }) => source)).to.equal(true);
  });
  for (const [id, input, path] of violating) {
    it(`${id} at ${path.slice(0, 60)} of ${JSON.stringify(input).slice(0, 80)}`, () =>
      expect(found(changed(input))).to.deep.equal([[id, path]]));
  }
  for (const input of [{}, ...allowed]) {
    it(`nothing of ${JSON.stringify(input).slice(0, 80)}`, () => expect(found(changed(input))).to.deep.equal([]));
  }
  it("say nothing of what is not known yet", () => {
    for (const key of Object.keys(fine)) expect(found({ ...fine, [key]: undefined }), key).to.deep.equal([]);
    const partly = { ...fine, labels: { a: undefined }, nodes: [undefined], taints: [{ key: undefined }, undefined] };
    expect(found(partly as unknown as JsonObject)).to.deep.equal([]);
  });
});
