import { KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { TestCluster, testCluster } from "../../support/cluster";
import { ProviderUnderTest, refusal, urnOf } from "../../support/provider";

const NAD = "ove:networks:NetworkAttachmentDefinition";
/** Of this run alone, so that a cluster can be used again. */
const NAMESPACE = `objects-${process.pid}`;
const DRIFTING = `drifting-${process.pid}`;
const POLICY = "ove:sriov:SriovNetworkNodePolicy";

const attachment = (name: string, vlan = 100): JsonObject => ({
  metadata: { name, namespace: NAMESPACE },
  spec: { config: JSON.stringify({ cniVersion: "0.3.1", name, type: "bridge", bridge: "br-tenant", vlan }) },
});

/** A policy whose node selector matches nothing: it is ready only when nodes have it, so it is used without waiting. */
const policy = (name: string, pfNames: string[], numVfs = 4): JsonObject => ({
  metadata: { name, namespace: "openshift-sriov-network-operator" },
  spec: { resourceName: "vfs", nodeSelector: { "no-such": "label" }, nicSelector: { vendor: "15b3", pfNames }, numVfs },
});

describe("provider on a real API server: objects", function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let api: KubernetesObjectApi;
  let provider: ProviderUnderTest;

  before(async () => {
    cluster = await testCluster();
    api = cluster.api;
    await cluster.ensureNamespace(NAMESPACE);
    await cluster.ensureNamespace("openshift-sriov-network-operator");
    provider = await ProviderUnderTest.start({ kubeconfig: cluster.kubeconfigFile });
  });

  after(() => provider?.stop());

  async function live(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubernetesObject> {
    return (await api.read({ apiVersion, kind, metadata: { namespace, name } })) as unknown as KubernetesObject;
  }

  const liveNad = (name: string): Promise<KubernetesObject> =>
    live("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", NAMESPACE, name);
  const livePolicy = (name: string): Promise<KubernetesObject> =>
    live("sriovnetwork.openshift.io/v1", "SriovNetworkNodePolicy", "openshift-sriov-network-operator", name);

  async function edit(
    apiVersion: string,
    kind: string,
    namespace: string,
    name: string,
    patch: JsonObject,
  ): Promise<void> {
    const body = { apiVersion, kind, metadata: { namespace, name }, ...patch };
    await api.patch(body, undefined, undefined, "kubectl-edit", undefined, PatchStrategy.MergePatch);
  }

  it("creates, reads without drift, updates and deletes", async () => {
    const urn = urnOf(NAD, "simple");
    const inputs = attachment("simple");
    const created = await provider.create(urn, inputs);
    expect(created.id).to.equal(`${NAMESPACE}/simple`);
    const object = await liveNad("simple");
    expect(object.metadata.managedFields?.map((entry) => `${entry.manager} ${entry.operation}`)).to.deep.equal([
      "pulumi-ove Apply",
    ]);
    const found = await provider.read(urn, created.id, { inputs, outputs: created.outputs });
    expect(found.inputs).to.deep.equal(inputs);
    const news = attachment("simple", 200);
    expect((await provider.diff(urn, inputs, news)).changes).to.deep.equal(["update spec.config"]);
    const outputs = await provider.update(urn, created.id, { inputs, outputs: created.outputs }, news);
    expect((await liveNad("simple")).spec).to.deep.equal(news.spec);
    await provider.delete(urn, created.id, { inputs: news, outputs });
    expect((await provider.read(urn, created.id, { inputs: news, outputs })).id).to.equal("");
  });

  it("replaces on a new name, deleting first", async () => {
    const diff = await provider.diff(urnOf(NAD, "x"), attachment("one"), attachment("two"));
    expect(diff.replaces).to.deep.equal(["metadata.name"]);
    expect(diff.deleteFirst).to.equal(true);
  });

  it("refuses an object that somebody else made, telling how to import it, at preview and at create", async () => {
    await api.create({
      apiVersion: "k8s.cni.cncf.io/v1",
      kind: "NetworkAttachmentDefinition",
      ...attachment("foreign"),
    } as never);
    for (const preview of [true, false]) {
      const error = await refusal(provider.create(urnOf(NAD, "foreign"), attachment("foreign"), { preview }));
      expect(error.message).to.contain(`"${NAMESPACE}/foreign" exists already`).and.contain(`pulumi import ${NAD}`);
    }
    expect((await liveNad("foreign")).metadata.managedFields?.map((entry) => entry.manager)).to.not.include(
      "pulumi-ove",
    );
  });

  it("imports an object by its id", async () => {
    await api.create({
      apiVersion: "k8s.cni.cncf.io/v1",
      kind: "NetworkAttachmentDefinition",
      ...attachment("imported"),
    } as never);
    const found = await provider.read(urnOf(NAD, "imported"), `${NAMESPACE}/imported`);
    expect(found.inputs).to.deep.equal(attachment("imported"));
    const error = await refusal(provider.read(urnOf(NAD, "imported"), "imported"));
    expect(error.message).to.contain("<namespace>/<name>");
  });

  it("goes on with its own object after an interrupted create", async () => {
    const urn = urnOf(NAD, "interrupted");
    await provider.create(urn, attachment("interrupted"));
    const again = await provider.create(urn, attachment("interrupted", 300));
    expect(again.outputs.spec).to.deep.equal(attachment("interrupted", 300).spec);
    const error = await refusal(provider.create(urnOf(NAD, "other"), attachment("interrupted")));
    expect(error.message).to.contain("it belongs to urn:pulumi:test::tests::");
  });

  it("previews by dry run without leaving anything", async () => {
    const preview = await provider.create(urnOf(NAD, "dry"), attachment("dry"), { preview: true });
    expect(preview.id).to.equal("");
    expect(await liveNad("dry").catch((error: { code: number }) => error.code)).to.equal(404);
  });

  it("previews when the namespace does not exist yet", async () => {
    const inputs: JsonObject = { ...attachment("early"), metadata: { name: "early", namespace: "not-yet" } };
    const preview = await provider.create(urnOf(NAD, "early"), inputs, { preview: true });
    expect(preview.outputs.spec).to.deep.equal(inputs.spec);
  });

  describe("drift", () => {
    const urn = urnOf(POLICY, DRIFTING);
    const inputs = policy(DRIFTING, ["ens1f0"]);
    let outputs: JsonObject;

    before(async () => {
      const error = await refusal(provider.create(urn, inputs, { timeout: 1 }));
      expect(error.partial?.reasons[0]).to.contain("timed out waiting:");
      outputs = error.partial?.outputs ?? {};
    });

    it("reports a changed value and an appended element with the manager that wrote them", async () => {
      await edit(
        "sriovnetwork.openshift.io/v1",
        "SriovNetworkNodePolicy",
        "openshift-sriov-network-operator",
        DRIFTING,
        {
          spec: { numVfs: 8, nicSelector: { pfNames: ["ens1f0", "ens2f0"] } },
        },
      );
      const error = await refusal(
        provider.read(urn, `openshift-sriov-network-operator/${DRIFTING}`, { inputs, outputs }),
      );
      const seen = error.partial?.inputs ?? {};
      const diff = await provider.diff(urn, seen, inputs);
      expect(diff.changes.sort()).to.deep.equal(["delete spec.nicSelector.pfNames[1]", "update spec.numVfs"]);
      const texts = provider.messages
        .filter((message) => message.urn === urn && !message.ephemeral)
        .map((message) => message.text);
      expect(texts.filter((text) => text.includes('"kubectl-edit" (Update)'))).to.have.length(2);
    });

    it("does not overwrite what the state has not seen", async () => {
      const error = await refusal(
        provider.update(
          urn,
          `openshift-sriov-network-operator/${DRIFTING}`,
          { inputs, outputs },
          policy(DRIFTING, ["ens1f0"], 2),
          { timeout: 1 },
        ),
      );
      expect(error.message).to.contain('spec.numVfs: held by field manager "kubectl-edit"');
      expect((await livePolicy(DRIFTING)).spec?.numVfs).to.equal(8);
    });

    it("corrects what a refresh has recorded", async () => {
      const id = `openshift-sriov-network-operator/${DRIFTING}`;
      const refreshed = (await refusal(provider.read(urn, id, { inputs, outputs }))).partial;
      const olds = { inputs: refreshed?.inputs ?? {}, outputs: refreshed?.outputs ?? {} };
      await refusal(provider.update(urn, id, olds, inputs, { timeout: 1 }));
      expect((await livePolicy(DRIFTING)).spec).to.deep.include({
        numVfs: 4,
        nicSelector: { vendor: "15b3", pfNames: ["ens1f0"] },
      });
    });
  });

  describe("a singleton", () => {
    const CONFIG = "ove:sriov:SriovOperatorConfig";
    const urn = urnOf(CONFIG, "default");
    const id = "openshift-sriov-network-operator/default";
    const inputs: JsonObject = {
      metadata: { name: "default", namespace: "openshift-sriov-network-operator" },
      spec: { logLevel: 1 },
    };
    const object = {
      apiVersion: "sriovnetwork.openshift.io/v1",
      kind: "SriovOperatorConfig",
      metadata: inputs.metadata,
    };

    /** Without the operator it never becomes ready, but it is applied and in state. */
    async function applied(): Promise<JsonObject> {
      return (await refusal(provider.create(urn, inputs, { timeout: 1 }))).partial?.outputs ?? {};
    }

    it("that was there is taken over, and given back instead of deleted", async () => {
      await api.create({ ...object, spec: { enableInjector: true } } as never);
      const outputs = await applied();
      expect(outputs.adopted).to.equal(true);
      await provider.delete(urn, id, { inputs, outputs });
      expect(
        (await live(object.apiVersion, object.kind, "openshift-sriov-network-operator", "default")).spec,
      ).to.deep.equal({
        enableInjector: true,
      });
      await api.delete(object as never);
    });

    it("that the stack made is deleted", async () => {
      const outputs = await applied();
      expect(outputs.adopted).to.equal(false);
      await provider.delete(urn, id, { inputs, outputs });
      const left = await api.read(object as never).catch((error: { code: number }) => error.code);
      expect(left).to.equal(404);
    });
  });

  it("keeps secrets secret in everything it puts out", async () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: attachment("hidden").spec,
    };
    const inputs = { ...attachment("hidden"), spec: secret } as JsonObject;
    const created = await provider.create(urnOf(NAD, "hidden"), inputs);
    expect(created.outputs.spec).to.deep.equal(secret);
    await edit("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", NAMESPACE, "hidden", {
      spec: { config: '{"changed":true}' },
    });
    const found = await provider.read(urnOf(NAD, "hidden"), created.id, { inputs, outputs: created.outputs });
    expect((found.inputs.spec as JsonObject).value).to.deep.equal({ config: '{"changed":true}' });
    const told = provider.messages.map((message) => message.text).join("\n");
    expect(told)
      .to.contain("drift: spec.config changed")
      .and.not.contain('br-tenant\\"')
      .and.not.contain('{\\"changed');
  });
});
