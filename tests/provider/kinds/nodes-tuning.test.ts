import { expect } from "chai";
import { disruptionsOf } from "../../../model";
import type { JsonObject, KubernetesObject } from "../../../model";
import { performanceProfile, tuned as tunedKind } from "../../../provider/kinds/node-tuning";
import { performanceProfileReady } from "../../../provider/kinds/performance-profile";
import { recommendedFor, tunedReady } from "../../../provider/kinds/tuned-nodes";
import { before, machineConfig, node, object, pool, said } from "./objects";

const worker = { "node-role.kubernetes.io/worker": "" };
const condition = (type: string, status: string, message = ""): JsonObject => ({ type, status, message });

function profile(conditions: JsonObject[] = [], cpu: JsonObject = {}, more: JsonObject = {}): KubernetesObject {
  return object("performance.openshift.io/v2", "PerformanceProfile", {
    metadata: { name: "p" },
    spec: { cpu: { reserved: "0-1", isolated: "2-3", ...cpu }, nodeSelector: worker, ...more },
    status: { conditions },
  });
}

const names = ["50-performance-p", "50-nto-worker", "99-worker-generated-kubelet-1"];

function workers(sources: string[], machines = 3, conditions: Record<string, string> = {}): KubernetesObject {
  const result = pool({ sources, machines, conditions });
  const role = { "machineconfiguration.openshift.io/role": "worker" };
  result.spec = { ...result.spec, nodeSelector: { matchLabels: worker }, machineConfigSelector: { matchLabels: role } };
  return result;
}

function configs(argument = "a=1", version = "1", rendered = argument): KubernetesObject[] {
  const boot = machineConfig("50-nto-worker", { kernelArguments: [argument] });
  boot.metadata.resourceVersion = version;
  const kubelet = machineConfig("99-worker-generated-kubelet-1", {});
  kubelet.metadata.ownerReferences = [{ uid: "k" }];
  return [boot, kubelet, machineConfig("rendered-worker-a1", { kernelArguments: [rendered] })];
}

describe("readiness of a PerformanceProfile", () => {
  const kubelet = object("", "KubeletConfig", { metadata: { name: "performance-p", uid: "k" } });
  const available = [condition("Available", "True"), condition("Degraded", "False")];
  const related = (pools: KubernetesObject[], machineConfigs = configs()): Record<string, KubernetesObject[]> => ({
    pools,
    machineConfigs,
    kubeletConfigs: [kubelet],
  });
  const verdict = (live: KubernetesObject, seen: Record<string, KubernetesObject[]>, was = before()): string =>
    said(performanceProfileReady(live, seen, was));

  it("is ready when all three MachineConfigs are rendered and it is Available", () => {
    expect(verdict(profile(available), related([workers(names)]))).to.equal("ready");
    expect(verdict(profile(), related([workers(names)]))).to.match(/^waiting: Available is True/);
    expect(verdict(profile(available), related([workers(names)], []))).to.match(/99-worker-generated-kubelet \(/);
  });

  it("waits for a pool, and says when the pool has no nodes", () => {
    expect(verdict(profile(available), related([pool()]))).to.match(/^waiting: a MachineConfigPool selects/);
    expect(verdict(profile(available), related([workers([], 0)]))).to.match(
      /^waiting: pool worker has nodes.*label nodes/,
    );
    expect(verdict(profile(available), related([workers(["50-nto-worker"])]))).to.match(
      /^waiting: pool worker has rendered 50-performance-p, 99-worker/,
    );
  });

  it("fails with the operator's message, but not for what was there before", () => {
    const degraded = profile([condition("Degraded", "True", "no pool")]);
    expect(verdict(degraded, {})).to.equal("failed: PerformanceProfile p: no pool");
    expect(verdict(degraded, {}, before({}, degraded))).to.match(/^waiting: the profile is not degraded/);
    const bare = profile([{ type: "Degraded", status: "True" }]);
    expect(verdict(bare, {})).to.equal("failed: PerformanceProfile p: Degraded is True");
    const broken = workers(names, 3, { RenderDegraded: "True:cannot" });
    expect(verdict(profile(available), related([broken]))).to.equal("failed: cannot");
  });

  it("is not fooled by what was made of its previous form", () => {
    const seen = related([workers(names)]);
    const now = profile(available, { isolated: "2-5" });
    expect(verdict(now, seen, before(seen, profile(available)))).to.match(/^waiting: the operator has carried out/);
    const fresh = related([workers(names)], configs("a=2", "2"));
    expect(verdict(now, fresh, before(seen, profile(available)))).to.equal("ready");
    const behind = related([workers(names)], configs("a=2", "2", "a=1"));
    expect(verdict(now, behind, before(seen, profile(available)))).to.match(/has the kernel argument a=2/);
    const unseen = related([workers(names)], configs("a=2", "2").slice(0, 2));
    expect(verdict(now, unseen, before(seen, profile(available)))).to.equal("ready");
  });

  it("does not wait for changes that the operator need not see", () => {
    const seen = related([workers(names)]);
    const was = before(seen, profile(available));
    expect(verdict(profile(available, { isolated: "3,2" }), seen, was)).to.equal("ready");
    expect(verdict(profile(available, {}, { numa: {} }), seen, was)).to.equal("ready");
    expect(verdict(profile(available, { isolated: "x" }), seen, was)).to.match(/^waiting/);
    expect(verdict(profile(available, {}, { additionalKernelArgs: ["x"] }), seen, was)).to.match(/^waiting/);
  });

  it("waits after its deletion until no pool has it, and costs a reboot", () => {
    const [step] = performanceProfile.deletion?.after?.(profile()) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    expect(said(step.verdict({ pools: [workers(names)] }, {}))).to.match(/^waiting/);
    expect(said(step.verdict({ pools: [workers([])] }, {}))).to.equal("ready");
    const after = (source: string, tuneds: KubernetesObject[] = [], machineConfigs = configs()): string =>
      said(step.verdict({ pools: [workers([source])], machineConfigs, tuneds }, {}));
    const tuned = (name: string, role: string): KubernetesObject =>
      object("tuned.openshift.io/v1", "Tuned", {
        metadata: { name },
        spec: { recommend: [{ machineConfigLabels: { "machineconfiguration.openshift.io/role": role } }] },
      });
    expect(after("50-nto-worker")).to.match(/rendered without 50-nto-worker/);
    expect(after("50-nto-worker", [tuned("openshift-node-performance-p", "worker")])).to.match(/^waiting/);
    expect(after("50-nto-worker", [tuned("storage", "master")])).to.match(/^waiting/);
    expect(after("50-nto-worker", [tuned("storage", "worker")])).to.equal("ready");
    expect(after("60-removed")).to.match(/rendered without 60-removed/);
    const kubelet = machineConfig("99-worker-generated-kubelet-1", {});
    kubelet.metadata.ownerReferences = [{ kind: "KubeletConfig", name: "performance-p" }];
    expect(after("99-worker-generated-kubelet-1", [], [kubelet])).to.match(/^waiting/);
    expect(after("99-worker-generated-kubelet-1")).to.equal("ready");
    const rows = disruptionsOf(performanceProfile.disruptions, { change: "update", paths: [["spec", "cpu"]] });
    expect(rows.map(({ cost }) => cost)).to.deep.equal(["reboot"]);
    expect(performanceProfile.adopt({ name: "p" })).to.equal(false);
    expect(performanceProfile.ready.watches(profile())).to.have.length(3);
  });
});

function tuned(recommend: JsonObject[], name = "t", data = ""): KubernetesObject {
  return object("tuned.openshift.io/v1", "Tuned", {
    metadata: { name },
    spec: { recommend, profile: [{ name: "mine", data }] },
  });
}

const entry = (priority: number, more: JsonObject): JsonObject => ({ profile: "mine", priority, ...more });
const labelledNode = (labels: Record<string, string>): KubernetesObject => {
  const result = node("n1");
  result.metadata.labels = labels;
  return result;
};

describe("readiness of a Tuned", () => {
  const profileOf = (wanted: string, current: string, conditions: JsonObject[]): KubernetesObject =>
    object("tuned.openshift.io/v1", "Profile", {
      name: "n1",
      spec: { config: { tunedProfile: wanted } },
      status: { tunedProfile: current, conditions },
    });
  const live = tuned([entry(1, { match: [{ label: "a" }] })]);
  const verdict = (profiles: KubernetesObject[], was = before(), of = live): string =>
    said(tunedReady(of, { profiles, nodes: [labelledNode({ a: "b" })] }, was));

  it("waits until every node that it is for runs its profile", () => {
    expect(verdict([])).to.match(/^waiting: Profile n1 exists/);
    expect(verdict([profileOf("other", "other", [])])).to.match(/^waiting: the operator gives node n1/);
    expect(verdict([profileOf("mine", "other", [])])).to.match(/^waiting: node n1 runs the profile mine/);
    const fresh = object("tuned.openshift.io/v1", "Profile", { name: "n1" });
    expect(verdict([fresh])).to.match(/gives node n1 the profile mine \(none/);
    expect(verdict([{ ...fresh, spec: { config: { tunedProfile: "mine" } } }])).to.match(
      /runs the profile mine \(none/,
    );
    expect(verdict([profileOf("mine", "mine", [])])).to.match(/^waiting: Applied is True/);
    expect(verdict([profileOf("mine", "mine", [condition("Applied", "True")])])).to.equal("ready");
    expect(verdict([], before(), tuned([entry(1, { match: [{ label: "x" }] })]))).to.equal("ready");
  });

  it("fails with the node's message, but not for what was there before", () => {
    const broken = profileOf("mine", "mine", [condition("Degraded", "True", "bad sysctl")]);
    expect(verdict([broken])).to.equal("failed: node n1: bad sysctl");
    expect(verdict([broken], before({ profiles: [broken] }))).to.match(/^waiting: node n1 applies/);
    const invalid = { ...live, status: { conditions: [condition("Valid", "False", "two names")] } };
    expect(verdict([], before(), invalid)).to.equal("failed: two names");
    const degraded = (more: JsonObject): string =>
      verdict([profileOf("mine", "mine", [{ type: "Degraded", status: "True", ...more }])]);
    expect(degraded({ reason: "TunedError", message: "" })).to.equal("failed: node n1: TunedError");
    expect(degraded({})).to.equal("failed: node n1: Degraded is True");
    const mute = { ...live, status: { conditions: [condition("Valid", "False")] } };
    expect(verdict([], before(), mute)).to.equal("failed: the Tuned is not valid");
    expect(verdict([], before({}, invalid), invalid)).to.match(/^waiting: the Tuned is valid/);
  });

  it("knows which recommendation is the strongest for a node", () => {
    const of = (more: JsonObject, labels: Record<string, string> = { a: "b" }): string | undefined =>
      recommendedFor(labelledNode(labels), [tuned([entry(1, more)])], [])?.profile;
    expect([
      of({}),
      of({ match: [{ label: "a", value: "c" }] }),
      of({ match: [{ label: "a", type: "pod" }] }),
    ]).to.deep.equal(["mine", undefined, undefined]);
    expect(of({ match: [{ label: "a", match: [{ label: "c" }] }] })).to.equal(undefined);
    expect(of({ match: [{ label: "a", match: [{ label: "c" }] }] }, { a: "", c: "" })).to.equal("mine");
    expect(of({ match: [{ label: "a", match: [{ label: "c", type: "pod" }] }] })).to.equal(undefined);
    const both = [tuned([entry(20, {})]), tuned([entry(10, {})], "strong")];
    expect(recommendedFor(labelledNode({}), both, [])?.tuned).to.equal("strong");
    expect(recommendedFor(node("n1"), [tuned([{ profile: "first" }, entry(1, {})])], [])?.profile).to.equal("first");
    expect(recommendedFor(node("n1"), [tuned([entry(1, {}), { profile: "last" }])], [])?.profile).to.equal("last");
    const workersPool = workers([]);
    workersPool.spec = { ...workersPool.spec, machineConfigSelector: { matchLabels: { r: "worker" } } };
    const byPool = (labels: Record<string, string>, more: JsonObject = {}): string | undefined =>
      recommendedFor(
        labelledNode(labels),
        [tuned([entry(1, { machineConfigLabels: { r: "worker" }, ...more })])],
        [workersPool],
      )?.profile;
    expect([byPool(worker), byPool({}), byPool({ a: "" }, { match: [{ label: "a" }] })]).to.deep.equal([
      "mine",
      undefined,
      "mine",
    ]);
  });

  it("costs a reboot only when the kernel's arguments change", () => {
    const boot = tuned([], "t", "[bootloader]\ncmdline_x=a=1");
    const costs = (a: KubernetesObject, b: KubernetesObject): string[] =>
      disruptionsOf(tunedKind.disruptions, { change: "update", paths: [["spec", "profile"]], before: a, after: b }).map(
        ({ cost }) => cost,
      );
    expect(costs(tuned([]), boot)).to.deep.equal(["reboot"]);
    expect(costs(boot, boot)).to.deep.equal([]);
    expect(tunedKind.adopt({ name: "t" })).to.equal(false);
    expect(tunedKind.ready.watches(live)).to.have.length(4);
  });
});
