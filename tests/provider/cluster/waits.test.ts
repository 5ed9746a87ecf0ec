import { KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import type { ObjectKind, Verdict } from "../../../provider/kind";
import { TestCluster, testCluster } from "../../support/cluster";
import { ProviderUnderTest, urnOf } from "../../support/provider";

const TOKEN = "ove:tests:Lamp";
const NAMESPACE = `waits-${process.pid}`;

/** A kind made for these tests: a ConfigMap whose `lit` somebody else decides on. */
const lamp = (parts: Partial<ObjectKind>): ObjectKind => ({
  is: "object",
  token: TOKEN,
  doc: "A lamp.",
  waits: "",
  deletes: "",
  example: {},
  apiVersion: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  scope: "Namespaced",
  shape: () => ({
    type: "object",
    properties: { data: { type: "object", values: { type: "string" } }, immutable: { type: "boolean" } },
  }),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: [],
  disruptions: [],
  admission: "static",
  timeouts: { create: 30, update: 30, delete: 30 },
  ready: { watches: () => [], verdict: () => ({ state: "ready" }) },
  ...parts,
});

describe("provider on a real API server: what a kind asks of the engine", function () {
  this.timeout(60_000);
  let cluster: TestCluster;
  let api: KubernetesObjectApi;
  let provider: ProviderUnderTest | undefined;

  before(async () => {
    cluster = await testCluster();
    api = cluster.api;
    await cluster.ensureNamespace(NAMESPACE);
  });

  afterEach(() => {
    provider?.stop();
    provider = undefined;
  });

  const withKind = async (parts: Partial<ObjectKind>): Promise<ProviderUnderTest> => {
    const kind = lamp(parts);
    const kinds = (token: string): ObjectKind | undefined => (token === TOKEN ? kind : undefined);
    provider = await ProviderUnderTest.start({ kubeconfig: cluster.kubeconfigFile }, { kinds });
    return provider;
  };
  const inputs = (name: string, data: JsonObject, rest: JsonObject = {}): JsonObject => ({
    metadata: { name, namespace: NAMESPACE },
    data,
    ...rest,
  });
  const ref = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE } });
  const read = async (name: string): Promise<KubernetesObject> => (await api.read(ref(name))) as KubernetesObject;

  it("applies what an acting verdict asks for, once for each form of what it sees, from what is live", async () => {
    const switches: string[] = [];
    const verdict = (live: KubernetesObject): Verdict => {
      const data = live.data as Record<string, string>;
      if (data.lit === "yes") return { state: "ready" };
      return {
        state: "acting",
        condition: "the lamp is lit",
        seen: data.lit ?? "dark",
        does: {
          act: "apply",
          manager: "lighter",
          plural: "configmaps",
          object: ref(live.metadata.name),
          from: (now) => {
            switches.push((now.data as Record<string, string>).colour ?? "");
            return { ...ref(live.metadata.name), data: { lit: "yes" } };
          },
        },
      };
    };
    const under = await withKind({ ready: { watches: () => [], verdict } });
    await under.create(urnOf(TOKEN, "lamp"), inputs("lamp", { colour: "red" }));
    expect(switches).to.deep.equal(["red"]);
    expect((await read("lamp")).data).to.deep.equal({ colour: "red", lit: "yes" });
    const told = under.messages.map((message) => message.text);
    expect(told).to.include("waiting: the lamp is lit (now: dark)");
  });

  it("tries a change again while the kind says that the refusal passes by itself", async () => {
    const under = await withKind({ busy: (message) => message.includes("immutable") });
    const urn = urnOf(TOKEN, "sealed");
    const olds = inputs("sealed", { colour: "red" }, { immutable: true });
    const made = await under.create(urn, olds);
    const changing = under.update(
      urn,
      made.id,
      { inputs: olds, outputs: made.outputs },
      inputs("sealed", { colour: "blue" }, { immutable: true }),
    );
    await under.told(({ text }) => /^waiting: .*immutable/.test(text));
    await api.delete(ref("sealed"));
    await changing;
    expect((await read("sealed")).data).to.deep.equal({ colour: "blue" });
  });

  it("does not try again what will never be taken", async () => {
    const under = await withKind({});
    const urn = urnOf(TOKEN, "final");
    const olds = inputs("final", { colour: "red" }, { immutable: true });
    const made = await under.create(urn, olds);
    const changed = inputs("final", { colour: "blue" }, { immutable: true });
    const outcome = await under.update(urn, made.id, { inputs: olds, outputs: made.outputs }, changed).then(
      () => "changed",
      (error: Error) => error.message,
    );
    expect(outcome).to.contain("immutable");
  });

  it("ends the wait when somebody deletes the object", async () => {
    const verdict = (): Verdict => ({ state: "waiting", condition: "the lamp is lit", seen: "dark" });
    const under = await withKind({ ready: { watches: () => [], verdict } });
    const creating = under.create(urnOf(TOKEN, "stolen"), inputs("stolen", {})).then(
      () => "ready",
      (error: Error) => error.message,
    );
    await under.told(({ text }) => text.startsWith("waiting: the lamp is lit"));
    await api.patch(
      { ...ref("stolen"), data: { note: "seen" } },
      undefined,
      undefined,
      "thief",
      undefined,
      PatchStrategy.MergePatch,
    );
    await api.delete(ref("stolen"));
    expect(await creating).to.contain('ConfigMap "' + NAMESPACE + '/stolen" was deleted while waiting for it');
  });
});
