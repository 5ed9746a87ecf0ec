import { join } from "node:path";
import { KubernetesObjectApi } from "@kubernetes/client-node";
import { expect } from "chai";
import type { PlatformArgs } from "../../../components";
import { condition, type JsonObject, type KubernetesObject } from "../../../model";
import { operatorParts } from "../../../sandbox/operators";
import { down, type Sandbox, up } from "../../../sandbox/sandbox";
import { until } from "../../support/cluster";
import { Engine } from "../engine";
import { History } from "../history";
import { oneStory } from "../../support/story";

const KUBEVIRT = "kubevirt.io/v1";
const NAD = "NetworkAttachmentDefinition";

const FOLLOWED = [
  { kind: NAD, apiVersion: "k8s.cni.cncf.io/v1", plural: "network-attachment-definitions" },
  { kind: "VirtualMachine", apiVersion: KUBEVIRT, plural: "virtualmachines" },
  { kind: "VirtualMachineInstance", apiVersion: KUBEVIRT, plural: "virtualmachineinstances" },
  { kind: "VirtualMachineInstanceMigration", apiVersion: KUBEVIRT, plural: "virtualmachineinstancemigrations" },
];

type Network = NonNullable<PlatformArgs["networks"]>[number];
type Nic = NonNullable<PlatformArgs["machines"]>[number]["nics"][number];

const attachment = (name: string, vlan: number): Network => ({
  name,
  namespace: "dev",
  type: "cnv-bridge",
  bridge: "br-tenant",
  vlan,
});
const dev = attachment("vlan-110", 110);
const storage = attachment("storage", 200);
const other = attachment("vlan-120", 120);
const nic = (name: string, network: string): Nic => ({ name, binding: "bridge", network });

/** An environment of one machine on the pod network and these networks. */
const environment = (networks: Network[], nics: Nic[]): PlatformArgs => ({
  name: "scenario",
  cluster: {
    openshift: "4.20",
    kubevirt: "1.8",
    apiServer: { host: "api-int.scenario.example" },
    clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  },
  namespaces: [{ name: "dev" }],
  networks,
  machines: [
    {
      name: "first",
      namespace: "dev",
      memory: "1Gi",
      rootDisk: { source: "containerDisk", image: "quay.io/containerdisks/fedora:42" },
      nics: [{ binding: "masquerade" }, ...nics],
    },
  ],
});

/** The attachment that the machine's interface `vlan` is on. */
function vlanOf(object: KubernetesObject): string | undefined {
  const template = (object.spec?.template as { spec: JsonObject } | undefined)?.spec ?? object.spec;
  const networks = (template?.networks ?? []) as { name: string; multus?: { networkName: string } }[];
  return networks.find(({ name }) => name === "vlan")?.multus?.networkName;
}

const names = (list: unknown): string[] => (list as { name: string }[]).map(({ name }) => name);

/** The tests tell one story on one sandbox, in order: each begins where the one before it ended. */
describe("end to end: networks of a running machine", function () {
  this.timeout(600_000);
  oneStory(this);
  let sandbox: Sandbox;
  let engine: Engine;
  let api: KubernetesObjectApi;
  let history: History;
  let started: KubernetesObject;

  const read = async (kind: string): Promise<KubernetesObject> =>
    (await api.read({
      apiVersion: KUBEVIRT,
      kind,
      metadata: { name: "first", namespace: "dev" },
    })) as unknown as KubernetesObject;

  async function apply(networks: Network[], nics: Nic[]): Promise<string> {
    engine.setVariable("SCENARIO", JSON.stringify(environment(networks, nics)));
    history.clear();
    return engine.succeed("up", "--yes", "--skip-preview");
  }

  before(async () => {
    sandbox = await up({ name: `machine-networks-${process.pid}`, parts: operatorParts });
    engine = new Engine(sandbox, { folder: join(__dirname, "environment"), stack: "scenario" });
    api = KubernetesObjectApi.makeApiClient(sandbox.kubeconfig);
    history = await History.follow(sandbox.kubeconfig, FOLLOWED);
    await engine.succeed("stack", "init", "scenario");
    await apply([dev], [nic("vlan", "vlan-110")]);
    started = await read("VirtualMachineInstance");
  });

  after(async () => {
    history?.stop();
    if (sandbox) await down(sandbox.name);
    engine?.dispose();
  });

  it("an added network is there before the machine gets its interface, which a migration brings without a restart", async () => {
    const text = await apply([dev, storage], [nic("vlan", "vlan-110"), nic("storage", "storage")]);
    const added = history.first(NAD, /^storage$/);
    const changed = history.first("VirtualMachine", /^first$/, (machine) =>
      JSON.stringify(machine.spec).includes('"networkName":"storage"'),
    );
    const migration = history.first("VirtualMachineInstanceMigration", /./);
    const reported = history.first("VirtualMachineInstance", /^first$/, ({ status }) =>
      names(status?.interfaces ?? []).includes("storage"),
    );
    const order = [added, changed, migration, reported];
    expect(order).to.deep.equal(order.toSorted((a, b) => a - b));
    expect(text).to.match(/waiting: .*interfaces storage|waiting: .*migrated|waiting: .*Migrating/);
    const instance = await read("VirtualMachineInstance");
    expect(instance.metadata.uid, "the same instance").to.equal(started.metadata.uid);
    expect(instance.status?.nodeName).to.not.equal(started.status?.nodeName);
    expect(names(instance.status?.interfaces)).to.deep.equal(["default", "vlan", "storage"]);
    expect(condition(await read("VirtualMachine"), "RestartRequired")).to.equal(undefined);
  });

  it("a machine moves to another VLAN: the new attachment before it, the old one removed after, and a restart is due", async () => {
    const text = await apply([other, storage], [nic("vlan", "vlan-120"), nic("storage", "storage")]);
    const added = history.first(NAD, /^vlan-120$/);
    const moved = history.first("VirtualMachine", /^first$/, (machine) => vlanOf(machine) === "vlan-120");
    const removed = history.gone(NAD, "vlan-110");
    expect([added, moved, removed]).to.deep.equal([added, moved, removed].toSorted((a, b) => a - b));
    expect(condition(await read("VirtualMachine"), "RestartRequired")?.status).to.equal("True");
    expect(text).to.match(/counts only after a restart of the machine/);
    const instance = await read("VirtualMachineInstance");
    expect(instance.metadata.uid, "nothing restarts it").to.equal(started.metadata.uid);
    expect(vlanOf(instance)).to.equal("vlan-110");
  });

  it("after the restart it is on the other VLAN, and nothing is left to do", async () => {
    await api.delete({
      apiVersion: KUBEVIRT,
      kind: "VirtualMachineInstance",
      metadata: { name: "first", namespace: "dev" },
    });
    await until(async () => {
      const instance = await read("VirtualMachineInstance").catch(() => undefined);
      return instance?.metadata.uid !== started.metadata.uid && instance?.status?.phase === "Running";
    });
    expect(vlanOf(await read("VirtualMachineInstance"))).to.equal("vlan-120");
    await engine.succeed("up", "--yes", "--skip-preview", "--expect-no-changes");
    await until(async () => condition(await read("VirtualMachine"), "RestartRequired") === undefined);
  });
});
