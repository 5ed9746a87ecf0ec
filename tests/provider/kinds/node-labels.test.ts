import { expect } from "chai";
import * as fc from "fast-check";
import { disruptionsOf } from "../../../model";
import type { Change, JsonObject, KubernetesObject, ManagedFieldsEntry } from "../../../model";
import type { Apply, Step, Verdict } from "../../../provider/kind";
import { labelManager, nodeLabels, selects } from "../../../provider/kinds/node-labels";
import { mergedTaints, taintManager, taintText } from "../../../provider/kinds/node-taints";
import { said } from "./objects";

const RECORD = "pulumi-ove/taints.fabric";
const fast = "example.com/fabric";
const reserved: JsonObject = { key: "example.com/reserved", value: "machines", effect: "NoSchedule" };
const other: JsonObject = { key: "other", effect: "NoExecute" };
const inputs: JsonObject = { name: "fabric", nodes: ["a"], labels: { [fast]: "fast" }, taints: [reserved] };

/** Who holds which labels, or the list of taints. */
function managed(
  manager: string,
  keys: string[] | "taints",
  operation: ManagedFieldsEntry["operation"] = "Apply",
): ManagedFieldsEntry {
  const fields =
    keys === "taints"
      ? { "f:spec": { "f:taints": {} } }
      : { "f:metadata": { "f:labels": Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) } };
  return { manager, operation, fieldsV1: fields };
}

interface Parts {
  labels?: Record<string, string>;
  taints?: JsonObject[];
  record?: string;
  managers?: ManagedFieldsEntry[];
}

function node(name: string, { labels, taints, record, managers }: Parts = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      resourceVersion: "7",
      ...(labels ? { labels } : {}),
      ...(record ? { annotations: { [RECORD]: record } } : {}),
      ...(managers ? { managedFields: managers } : {}),
    },
    spec: { ...(taints ? { taints } : {}) },
  };
}

const done: Parts = {
  labels: { [fast]: "fast" },
  taints: [reserved],
  record: "example.com/reserved:NoSchedule",
  managers: [managed(labelManager("fabric"), [fast]), managed(taintManager("fabric"), "taints")],
};

function verdictOf([step]: Step[], ...nodes: KubernetesObject[]): Verdict {
  if (step?.act !== "wait") throw new Error("no wait");
  return step.verdict({ nodes }, {});
}

function doing(steps: Step[], ...nodes: KubernetesObject[]): Apply {
  const verdict = verdictOf(steps, ...nodes);
  if (verdict.state !== "acting") throw new Error(`it does nothing: ${said(verdict)}`);
  return verdict.does;
}

const create = (over: JsonObject = {}): Step[] => nodeLabels.create({ ...inputs, ...over });
const labelsOnly = { ...inputs, taints: null };

describe("NodeLabels", () => {
  it("means nodes by name and by their labels", () => {
    expect(selects({ nodes: ["a"] }, node("a"))).to.equal(true);
    expect(selects({ nodes: ["a"] }, node("b"))).to.equal(false);
    const rack = { nodeSelector: { rack: "1", row: "2" } };
    expect(selects(rack, node("b", { labels: { rack: "1", row: "2", x: "" } }))).to.equal(true);
    expect(selects(rack, node("b", { labels: { rack: "1" } }))).to.equal(false);
    expect(selects({ nodeSelector: {} }, node("b"))).to.equal(false);
  });

  it("waits for nodes that are named, and is ready when all has come about", () => {
    expect(said(verdictOf(create(), node("b")))).to.equal("waiting: node a exists (not there)");
    expect(said(verdictOf(create(), node("a", done), node("b")))).to.equal("ready");
    expect(nodeLabels.id(inputs)).to.equal("fabric");
  });

  describe("labels", () => {
    it("are applied without force, under a manager of the set's own", () => {
      const { manager, object, force } = doing(create(), node("a"));
      expect(manager).to.equal("pulumi-ove-labels-fabric");
      expect(object.metadata).to.deep.equal({ name: "a", labels: { [fast]: "fast" } });
      expect(force).to.equal(undefined);
    });

    it("are applied also where somebody else has the same value, so that they stay when the other goes", () => {
      const same = node("a", { ...done, managers: [managed("kubectl-label", [fast], "Update")] });
      expect(doing(create(), same))
        .to.deep.include({ manager: labelManager("fabric") })
        .and.not.have.property("force");
    });

    const foreign = (value: string, also: ManagedFieldsEntry[] = []): KubernetesObject =>
      node("a", { labels: { [fast]: value }, managers: [managed("kubectl-label", [fast], "Update"), ...also] });

    it("of somebody else with another value are an error that names the manager, before anything is done", () => {
      const verdict = verdictOf(nodeLabels.create({ ...inputs, nodes: ["b", "a"] }), node("b"), foreign("slow"));
      expect(said(verdict)).to.match(
        /^failed: node a has the label example\.com\/fabric=slow, held by field manager "kubectl-label"\./,
      );
    });

    it("are taken over with force, or when the state shows the value and the set does not hold it", () => {
      expect(doing(create({ force: true }), foreign("slow")).force).to.equal(true);
      const update = (seen: string): Step[] => nodeLabels.update(inputs, inputs, { found: { a: [`${fast}=${seen}`] } });
      expect(doing(update("slow"), foreign("slow")).force).to.equal(true);
      expect(said(verdictOf(update("fast"), foreign("slow")))).to.match(/^failed/);
      const both = foreign("slow", [managed(labelManager("fabric"), [fast])]);
      expect(said(verdictOf(update("slow"), both))).to.match(/^failed/);
      expect(said(verdictOf(nodeLabels.update(inputs, inputs, {}), foreign("slow")))).to.match(/^failed/);
    });

    it("that are not wanted any more, or on nodes that are not meant any more, are given back", () => {
      const two = node("a", { ...done, managers: [managed(labelManager("fabric"), [fast, "old"])] });
      const verdict = verdictOf(create(), two);
      expect(said(verdict)).to.contain("old is too many");
      expect(doing(create(), two).object.metadata.labels).to.deep.equal({ [fast]: "fast" });
      const moved = doing(create(), node("a", done), node("b", done));
      expect(moved.object.metadata).to.deep.equal({ name: "b" });
      expect(moved.manager).to.equal(labelManager("fabric"));
    });
  });

  describe("taints", () => {
    const labelled: Parts = { labels: { [fast]: "fast" }, managers: [managed(labelManager("fabric"), [fast])] };
    const content = (steps: Step[], live: KubernetesObject): KubernetesObject => {
      const does = doing(steps, live);
      expect([does.manager, does.force]).to.deep.equal([taintManager("fabric"), true]);
      if (!does.from) throw new Error("it does not look at what is there");
      return does.from(live);
    };

    it("are added to those of others, bound to the form of the node that was read", () => {
      const applied = content(create(), node("a", { ...labelled, taints: [other] }));
      expect(applied.spec).to.deep.equal({ taints: [other, reserved] });
      expect(applied.metadata).to.deep.equal({
        name: "a",
        resourceVersion: "7",
        annotations: { [RECORD]: "example.com/reserved:NoSchedule" },
      });
    });

    it("that somebody else has put there stay theirs", () => {
      const live = node("a", { ...labelled, taints: [reserved] });
      expect(said(verdictOf(create(), live))).to.equal("ready");
      expect(said(verdictOf(nodeLabels.delete(labelsOnly), node("a", { taints: [reserved] })))).to.equal("ready");
    });

    it("are written as kubectl does", () => {
      expect([reserved, other, {}].map(taintText)).to.deep.equal([
        "example.com/reserved=machines:NoSchedule",
        "other:NoExecute",
        ":",
      ]);
      expect(mergedTaints([{}], [], [])).to.deep.equal({ taints: [{}], own: [] });
    });

    const changed = { ...reserved, value: "pods" };
    it("of somebody else with another value are an error that names the manager", () => {
      const managers = [...(labelled.managers ?? []), managed("kubectl-taint", "taints", "Update")];
      const said1 = said(verdictOf(create(), node("a", { ...labelled, managers, taints: [changed] })));
      expect(said1).to.match(/^failed: node a has the taint example\.com\/reserved=pods:NoSchedule, .*"kubectl-taint"/);
      const nobody = said(verdictOf(create(), node("a", { ...labelled, taints: [changed] })));
      expect(nobody).to.contain('"unknown"');
    });

    it("are taken over with force, when the state shows the value, or when they are the set's own", () => {
      const theirs = node("a", { ...labelled, taints: [changed, other] });
      const want = { taints: [other, reserved] };
      expect(content(create({ force: true }), theirs).spec).to.deep.equal(want);
      const update = (...seen: string[]): Step[] => nodeLabels.update(inputs, inputs, { found: { a: seen } });
      expect(content(update(taintText(changed)), theirs).spec).to.deep.equal(want);
      expect(said(verdictOf(update(taintText(reserved)), theirs))).to.match(/^failed/);
      const own = node("a", { ...labelled, taints: [changed, other], record: "example.com/reserved:NoSchedule" });
      expect(content(create(), own).spec).to.deep.equal(want);
    });

    it("are taken back in two steps, so that the list goes whoever holds it", () => {
      const gone = nodeLabels.delete(inputs);
      const bare: Parts = { taints: [reserved], record: "example.com/reserved:NoSchedule" };
      expect(content(gone, node("a", bare))).to.deep.include({ spec: { taints: [] } });
      expect(content(gone, node("a", { ...bare, taints: [other, reserved] })).spec).to.deep.equal({ taints: [other] });
      const emptied = node("a", { managers: [managed(taintManager("fabric"), "taints")] });
      expect(content(gone, emptied)).to.not.have.property("spec");
      expect(content(gone, emptied).metadata).to.not.have.property("annotations");
      expect(said(verdictOf(gone, node("a")))).to.equal("ready");
      expect(said(verdictOf(gone, node("a", { taints: [other] })))).to.equal("ready");
      expect(said(verdictOf(gone))).to.equal("ready");
    });

    const taint = fc.record({
      key: fc.constantFrom("a", "b", "c"),
      effect: fc.constantFrom("NoSchedule", "NoExecute"),
      value: fc.constantFrom("", "x"),
    });
    const list = fc.uniqueArray(taint, { selector: ({ key, effect }) => `${key}:${effect}` });
    it("of others are the same after the set has come and gone, in whatever order", () => {
      const texts = (taints: readonly JsonObject[]): string[] => taints.map(taintText).sort();
      fc.assert(
        fc.property(list, list, (there, wanted) => {
          const others = there.filter((each) =>
            wanted.every((one) => taintText(one) === taintText(each) || one.key !== each.key),
          );
          const came = mergedTaints(others, [], wanted);
          expect(texts(came.taints)).to.include.members(texts(wanted));
          expect(mergedTaints(came.taints, came.own, wanted)).to.deep.equal(came);
          expect(texts(mergedTaints(came.taints, came.own, []).taints)).to.deep.equal(texts(others));
        }),
      );
    });
  });

  describe("what is seen", () => {
    const see = (...nodes: KubernetesObject[]): JsonObject | undefined => nodeLabels.observed(inputs, { nodes });
    it("is what the nodes that are meant have of it", () => {
      const both = { ...inputs, nodes: ["b", "a"] };
      const seen = nodeLabels.observed(both, { nodes: [node("b", done), node("a", done), node("c")] });
      const has = [`${fast}=fast`, "example.com/reserved=machines:NoSchedule"];
      expect(seen).to.deep.equal({ labels: inputs.labels, taints: inputs.taints, found: { a: has, b: has } });
      expect(nodeLabels.observe(inputs)).to.have.length(1);
      expect(nodeLabels.drift?.(both, { nodes: [node("b", done), node("a", done)] })).to.deep.equal([]);
    });

    it("has the inputs as they are instead: another label, none, fewer taints", () => {
      expect(see(node("a", { ...done, labels: { [fast]: "slow" } }))).to.deep.include({ labels: { [fast]: "slow" } });
      expect(see(node("a", { taints: [{ ...reserved, value: "x" }] }))).to.deep.equal({
        labels: {},
        taints: [],
        found: { a: ["example.com/reserved=x:NoSchedule"] },
      });
    });

    it("has no inputs that are not there, and is never gone", () => {
      expect(nodeLabels.observed({ name: "x", nodes: ["a"] }, { nodes: [] })).to.deep.equal({ found: {} });
    });

    it("is drift per node, with the place in the node", () => {
      const live = node("a", { labels: { [fast]: "slow" } });
      const drift = nodeLabels.drift?.(inputs, { nodes: [live, node("b")] }) ?? [];
      expect(drift.map(({ path, at, declared, live: now }) => [path, at, declared, now])).to.deep.equal([
        [["labels", fast], ["metadata", "labels", fast], "fast", "slow"],
        [["taints", 0], ["spec", "taints"], reserved, undefined],
      ]);
    });
  });

  it("says that a role moves nodes between pools, and that NoExecute evicts pods", () => {
    const cost = (
      change: Change,
      before: JsonObject | undefined,
      after: JsonObject | undefined,
      path = "labels",
    ): string[] =>
      disruptionsOf(nodeLabels.disruptions ?? [], {
        change,
        paths: [[path]],
        before: before as unknown as KubernetesObject | undefined,
        after: after as unknown as KubernetesObject | undefined,
      }).map((row) => `${row.cost} by ${row.by}`);
    const role = { ...inputs, labels: { "node-role.kubernetes.io/fast": "" } };
    const evicting = { ...inputs, taints: [other] };
    const reboot = ["reboot by machine-config-operator"];
    const eviction = ["pod-restart by taint-eviction-controller"];
    expect(cost("create", undefined, role)).to.deep.equal(reboot);
    expect(cost("update", role, inputs)).to.deep.equal(reboot);
    expect(cost("delete", role, undefined)).to.deep.equal(reboot);
    expect(cost("create", undefined, inputs)).to.deep.equal([]);
    expect(cost("update", inputs, evicting, "taints")).to.deep.equal(eviction);
    expect(cost("delete", evicting, undefined)).to.deep.equal([]);
  });
});
