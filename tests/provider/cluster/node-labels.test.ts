import { PatchStrategy } from "@kubernetes/client-node";
import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { TestCluster, testCluster } from "../../support/cluster";
import { ProviderUnderTest, refusal, urnOf } from "../../support/provider";
import { oneStory } from "../../support/story";

const TOKEN = "ove:nodes:NodeLabels";
const NODES = [`labels-a-${process.pid}`, `labels-b-${process.pid}`] as const;
const FAST = "example.com/fabric";
const OURS = { key: "example.com/reserved", value: "machines", effect: "NoSchedule" };
const THEIRS = { key: "example.com/theirs", effect: "PreferNoSchedule" };

const inputs = (over: JsonObject = {}): JsonObject => ({
  name: "fabric",
  nodes: [...NODES],
  labels: { [FAST]: "fast" },
  taints: [OURS],
  ...over,
});

/** The tests tell one story on two nodes, in order. */
describe("provider on a real API server: labels and taints of nodes", function () {
  this.timeout(120_000);
  oneStory(this);
  const urn = urnOf(TOKEN, "fabric");
  let cluster: TestCluster;
  let provider: ProviderUnderTest;
  let olds: { inputs: JsonObject; outputs: JsonObject };

  const ref = (name: string) => ({ apiVersion: "v1", kind: "Node", metadata: { name } });
  const read = async (name: string): Promise<KubernetesObject> =>
    (await cluster.api.read(ref(name))) as unknown as KubernetesObject;
  /** Taints of the tests; the control plane adds its own to nodes without a kubelet. */
  const taints = (node: KubernetesObject): JsonObject[] =>
    ((node.spec?.taints ?? []) as JsonObject[]).filter(
      ({ key }) => typeof key === "string" && key.startsWith("example.com/"),
    );
  const label = (node: KubernetesObject): string | undefined => node.metadata.labels?.[FAST];

  async function edit(name: string, manager: string, change: JsonObject): Promise<void> {
    const body = { ...ref(name), ...change, metadata: { name, ...(change.metadata as object) } };
    await cluster.api.patch(body as never, undefined, undefined, manager, undefined, PatchStrategy.MergePatch);
  }
  async function refresh(): Promise<string[]> {
    provider.messages.length = 0;
    const { inputs: seen, outputs } = await provider.read(urn, "fabric", olds);
    olds = { inputs: seen, outputs };
    return provider.messages.map(({ text }) => text);
  }
  async function update(news: JsonObject): Promise<void> {
    olds = { inputs: news, outputs: await provider.update(urn, "fabric", olds, news) };
  }

  before(async () => {
    cluster = await testCluster();
    for (const name of NODES) await cluster.api.create(ref(name));
    const other = (await read(NODES[0])).spec?.taints as JsonObject[] | undefined;
    await edit(NODES[0], "kubectl-taint", { spec: { taints: [...(other ?? []), THEIRS] } });
    provider = await ProviderUnderTest.start({ kubeconfig: cluster.kubeconfigFile });
  });

  after(async () => {
    provider?.stop();
    for (const name of NODES) await cluster?.api.delete(ref(name)).catch(() => undefined);
  });

  it("create adds them beside those of others", async () => {
    const { id, outputs } = await provider.create(urn, inputs());
    expect(id).to.equal("fabric");
    olds = { inputs: inputs(), outputs };
    for (const name of NODES) expect(label(await read(name)), name).to.equal("fast");
    expect(taints(await read(NODES[0]))).to.have.deep.members([THEIRS, OURS]);
    expect(taints(await read(NODES[1]))).to.deep.equal([OURS]);
    const has = [`${FAST}=fast`, "example.com/reserved=machines:NoSchedule"];
    expect(outputs.found).to.deep.equal({ [NODES[0]]: has, [NODES[1]]: has });
    expect(await refresh()).to.deep.equal([]);
    expect(olds.inputs).to.deep.equal(inputs());
  });

  it("a label that somebody else has changed is a conflict as long as no refresh has seen it", async () => {
    await edit(NODES[0], "night-shift", { metadata: { labels: { [FAST]: "slow" } } });
    const error = await refusal(provider.update(urn, "fabric", olds, inputs({ taints: [OURS, THEIRS] })));
    expect(error.partial?.reasons.join()).to.match(
      new RegExp(`node ${NODES[0]} has the label ${FAST}=slow, held by field manager "night-shift"`),
    );
    expect(label(await read(NODES[0]))).to.equal("slow");
  });

  it("refresh shows what is changed and gone, per node and with the field manager, and update takes it back", async () => {
    await edit(NODES[1], "night-shift", { metadata: { labels: { [FAST]: null } }, spec: { taints: [THEIRS] } });
    const told = (await refresh()).join("\n");
    expect(told).to.match(
      new RegExp(
        `labels\\["${FAST}"\\] changed on Node "${NODES[0]}": declared "fast", now "slow", by field manager "night-shift"`,
      ),
    );
    expect(told).to.match(new RegExp(`labels\\["${FAST}"\\] removed on Node "${NODES[1]}": declared "fast"`));
    expect(told).to.match(new RegExp(`taints\\[0\\] removed on Node "${NODES[1]}".*by field manager "night-shift"`));
    expect(olds.inputs).to.deep.equal(inputs({ labels: { [FAST]: "slow" }, taints: [] }));
    const { changes } = await provider.diff(urn, olds.inputs, inputs());
    expect(changes).to.have.members([`update labels["${FAST}"]`, "add taints[0]"]);
    await update(inputs());
    for (const name of NODES) expect(label(await read(name)), name).to.equal("fast");
    for (const name of NODES) expect(taints(await read(name)), name).to.have.deep.members([THEIRS, OURS]);
    expect(await refresh()).to.deep.equal([]);
  });

  it("a second set on the same nodes keeps to itself", async () => {
    const second = { name: "second", nodes: [NODES[1]], taints: [{ key: "example.com/second", effect: "NoSchedule" }] };
    const other = urnOf(TOKEN, "second");
    const { outputs } = await provider.create(other, second);
    expect(taints(await read(NODES[1]))).to.have.length(3);
    await provider.delete(other, "second", { inputs: second, outputs });
    expect(taints(await read(NODES[1]))).to.have.deep.members([THEIRS, OURS]);
    expect(await refresh()).to.deep.equal([]);
  });

  it("a node that is not meant any more, and a label that is not wanted any more, are given back", async () => {
    await update(inputs({ nodes: [NODES[0]], labels: { "example.com/other": "" } }));
    expect(label(await read(NODES[0]))).to.equal(undefined);
    const left = await read(NODES[1]);
    expect([label(left), taints(left)]).to.deep.equal([undefined, [THEIRS]]);
    expect(left.metadata.annotations ?? {}).to.not.have.property("pulumi-ove/taints.fabric");
  });

  it("a cluster that does not answer loses nothing of the state", async () => {
    const kubeconfig = cluster.kubeconfigWith((file) => (file.clusters[0]!.cluster.server = "https://127.0.0.1:9"));
    const offline = await ProviderUnderTest.start({ kubeconfig });
    try {
      for (const work of [offline.read(urn, "fabric", olds), offline.delete(urn, "fabric", olds)]) {
        expect((await refusal(work)).message).to.contain("the cluster at https://127.0.0.1:9 does not answer");
      }
    } finally {
      offline.stop();
    }
  });

  it("delete takes its own back and leaves those of others, whether or not all nodes are still there", async () => {
    await update(inputs());
    await cluster.api.delete(ref(NODES[1]));
    await provider.delete(urn, "fabric", olds);
    const left = await read(NODES[0]);
    expect([label(left), taints(left)]).to.deep.equal([undefined, [THEIRS]]);
    const managers = (left.metadata.managedFields ?? []).map(({ manager }) => manager ?? "");
    expect(managers.filter((manager) => manager.startsWith("pulumi-ove-labels"))).to.deep.equal([]);
    expect(left.metadata.annotations ?? {}).to.not.have.property("pulumi-ove/taints.fabric");
  });
});
