import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { JsonObject } from "../../../model";
import { TestCluster, testCluster } from "../../support/cluster";
import { ProviderUnderTest, refusal, urnOf } from "../../support/provider";

const NAD = "ove:networks:NetworkAttachmentDefinition";
const POLICY = "ove:sriov:SriovNetworkNodePolicy";
const NAMESPACE = `refusals-${process.pid}`;

const attachment = (name: string): JsonObject => ({
  metadata: { name, namespace: NAMESPACE },
  spec: { config: JSON.stringify({ cniVersion: "0.3.1", name, type: "bridge", bridge: "br-tenant" }) },
});

const policy = (spec: JsonObject): JsonObject => ({
  metadata: { name: `p-${process.pid}`, namespace: "openshift-sriov-network-operator" },
  spec: {
    resourceName: "vfs",
    nodeSelector: { "no-such": "label" },
    nicSelector: { vendor: "15b3" },
    numVfs: 4,
    ...spec,
  },
});

describe("provider on a real API server: bad input", function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let provider: ProviderUnderTest;
  const started: ProviderUnderTest[] = [];

  async function start(config: JsonObject): Promise<ProviderUnderTest> {
    const one = await ProviderUnderTest.start(config);
    started.push(one);
    return one;
  }

  before(async () => {
    cluster = await testCluster();
    await cluster.ensureNamespace(NAMESPACE);
    await cluster.ensureNamespace("openshift-sriov-network-operator");
    provider = await start({ kubeconfig: cluster.kubeconfigFile });
  });

  after(() => started.forEach((one) => one.stop()));

  it("unknown field: says its path and the nearest known name", async () => {
    const failures = await provider.check(urnOf(POLICY, "p"), policy({ numVFs: 4 }));
    expect(failures).to.have.length(1);
    expect(failures[0])
      .to.match(/^spec\.numVFs: /)
      .and.contain("numVfs");
  });

  it("wrong types and missing values: all of them at once, each with its path", async () => {
    const failures = await provider.check(urnOf(POLICY, "p"), policy({ numVfs: "four", nodeSelector: ["a"] }));
    expect(failures.map((failure) => failure.split(":")[0]).sort()).to.deep.equal(["spec.nodeSelector", "spec.numVfs"]);
    const nameless = await provider.check(urnOf(NAD, "n"), { metadata: {}, spec: {} });
    expect(nameless.join("\n")).to.contain("metadata.name").and.contain("metadata.namespace");
  });

  it("a cluster that does not answer: preview works, operations fail in one sentence, nothing counts as deleted", async () => {
    const config = cluster.kubeconfigWith(
      (kubeconfig) => (kubeconfig.clusters[0]!.cluster.server = "https://127.0.0.1:9"),
    );
    const offline = await start({ kubeconfig: config });
    const inputs = attachment("offline");
    const preview = await offline.create(urnOf(NAD, "offline"), inputs, { preview: true });
    expect(preview.outputs.spec).to.deep.equal(inputs.spec);
    const olds = { inputs, outputs: inputs };
    for (const work of [
      offline.create(urnOf(NAD, "offline"), inputs),
      offline.read(urnOf(NAD, "offline"), `${NAMESPACE}/offline`, olds),
      offline.delete(urnOf(NAD, "offline"), `${NAMESPACE}/offline`, olds),
    ]) {
      const error = await refusal(work);
      expect(error.message).to.contain("the cluster at https://127.0.0.1:9 does not answer").and.not.contain("    at ");
      expect(error.partial).to.equal(undefined);
    }
  });

  it("no kubeconfig that can be read: CheckConfig says which and what to give", async () => {
    expect(await provider.checkConfig({ kubeconfig: "/no/such/file" })).to.deep.equal([
      "kubeconfig: there is no file /no/such/file. Give the path of a kubeconfig, or its content.",
    ]);
    const dir = await mkdtemp(join(tmpdir(), "pulumi-ove-"));
    const file = join(dir, "kubeconfig");
    writeFileSync(file, "clusters: [\n");
    expect((await provider.checkConfig({ kubeconfig: file }))[0]).to.match(/^kubeconfig: this is not a kubeconfig: /);
    const wrongContext = await provider.checkConfig({ kubeconfig: cluster.kubeconfigFile, context: "nowhere" });
    expect(wrongContext[0]).to.contain('has no context "nowhere"; it has: ');
  });

  it("a version that is not supported: CheckConfig says which are", async () => {
    expect(await provider.checkConfig({ versions: { openshift: "4.20", cilium: "1.12" } })).to.deep.equal([
      'versions.cilium: "1.12" is not allowed. Allowed: "1.18", "1.19", "1.20".',
    ]);
    expect((await provider.checkConfig({ versions: { openshfit: "4.20" } }))[0]).to.contain(
      'Did you mean "openshift"?',
    );
  });

  it("denied by RBAC: names the user, the verb and the object; a preview falls back to the program", async () => {
    const limited = await start({ kubeconfig: await cluster.kubeconfigOfServiceAccount(NAMESPACE, "limited") });
    const error = await refusal(limited.create(urnOf(NAD, "denied"), attachment("denied")));
    expect(error.message)
      .to.contain("was refused by the API server")
      .and.contain(`system:serviceaccount:${NAMESPACE}:limited`)
      .and.contain("network-attachment-definitions");
    const preview = await limited.create(urnOf(NAD, "denied"), attachment("denied"), { preview: true });
    expect(preview.outputs.spec).to.deep.equal(attachment("denied").spec);
  });

  it("a wait that times out: says the condition and the value last seen, and keeps the object in state", async () => {
    const error = await refusal(provider.create(urnOf(POLICY, "late"), policy({}), { timeout: 10 }));
    expect(error.partial?.id, error.message).to.equal(`openshift-sriov-network-operator/p-${process.pid}`);
    expect(error.partial?.reasons.join()).to.match(/timed out waiting: .+ \(now: .+\)/);
    expect(error.partial?.outputs.spec).to.deep.include({ numVfs: 4 });
  });

  it("cancel: ends a wait at once and keeps the object in state", async () => {
    const own = await start({ kubeconfig: cluster.kubeconfigFile });
    const inputs = {
      ...policy({}),
      metadata: { name: `c-${process.pid}`, namespace: "openshift-sriov-network-operator" },
    };
    const waiting = refusal(own.create(urnOf(POLICY, "cancelled"), inputs, { timeout: 600 }));
    await own.told((message) => message.ephemeral && message.text.startsWith("waiting: "));
    await own.cancel();
    expect((await waiting).partial?.reasons.join()).to.contain("cancelled");
  });

  it("a kind that the cluster does not serve: says so instead of forgetting the object", async () => {
    const vm = "ove:machines:VirtualMachine";
    const bare = await start({ kubeconfig: cluster.kubeconfigFile });
    await cluster.withoutCrd("virtualmachines.kubevirt.io", async () => {
      const inputs = { metadata: { name: "v", namespace: NAMESPACE }, spec: {} };
      const error = await refusal(bare.read(urnOf(vm, "v"), `${NAMESPACE}/v`, { inputs, outputs: inputs }));
      expect(error.message)
        .to.contain("does not serve kubevirt.io/v1 VirtualMachine")
        .and.contain("The state keeps it");
    });
  });
});
