import { join } from "node:path";
import { KubernetesObjectApi } from "@kubernetes/client-node";
import { expect } from "chai";
import type { PlatformArgs } from "../../../components";
import type { JsonObject, KubernetesObject } from "../../../model";
import { operatorParts } from "../../../sandbox/operators";
import { down, type Sandbox, up } from "../../../sandbox/sandbox";
import { Engine } from "../engine";
import { History } from "../history";
import { oneStory } from "../../support/story";

const WORKERS = ["worker-0", "worker-1", "worker-2"];
const REBOOTS = "sandbox.pulumi-ove/reboots";
const MCO = "machineconfiguration.openshift.io";
const STATE = "sriovnetwork.openshift.io/current-state";

const FOLLOWED = [
  { kind: "Node", apiVersion: "v1", plural: "nodes" },
  { kind: "MachineConfigPool", apiVersion: `${MCO}/v1`, plural: "machineconfigpools" },
  { kind: "SriovNetworkNodeState", apiVersion: "sriovnetwork.openshift.io/v1", plural: "sriovnetworknodestates" },
];

type Pool = NonNullable<PlatformArgs["nodePools"]>[number];

const worker: Pool = { name: "worker", machineCount: 3, iommu: "intel", hugepages: { size: "1Gi", count: 8 } };

/** Five things at once: a kernel argument, a file, a unit, fewer huge pages, and the kubelet's CPU manager. */
const changed: Pool = {
  ...worker,
  kernelArguments: ["audit=0"],
  files: [{ path: "/etc/modules-load.d/vfio.conf", content: "vfio-pci\n" }],
  units: [{ name: "openvswitch.service", enabled: true }],
  hugepages: { size: "1Gi", count: 4 },
  kubelet: { cpuManagerPolicy: "static", reservedSystemCPUs: "0-3" },
};

/** A pool of its own for one node, with isolated CPUs, a label and a taint. */
const fast: Pool = {
  name: "fast",
  machineCount: 1,
  nodes: ["worker-2"],
  labels: { "example.com/fast": "yes" },
  taints: [{ key: "example.com/fast", effect: "PreferNoSchedule" }],
  performance: { reserved: "0-3", isolated: "4-31", topologyPolicy: "single-numa-node" },
  kubelet: { maxPods: 100 },
};

/** An environment of node pools and virtual functions. */
const environment = (nodePools: Pool[], numVfs: number): PlatformArgs => ({
  name: "scenario",
  cluster: {
    openshift: "4.20",
    kubevirt: "1.8",
    apiServer: { host: "api-int.scenario.example" },
    clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  },
  nodePools,
  fabric: {
    pools: [{ name: "workers", nodePool: "worker" }],
    vfPools: [{ name: "tenant", resourceName: "tenant", nodePool: "worker", nodes: 3, pfs: ["ens1f0"], numVfs }],
  },
});

/** The tests tell one story on one sandbox, in order: each begins where the one before it ended. */
describe("end to end: node-level changes of a pool are one reboot a node", function () {
  this.timeout(600_000);
  oneStory(this);
  let sandbox: Sandbox;
  let engine: Engine;
  let api: KubernetesObjectApi;
  let history: History;

  const read = async (apiVersion: string, kind: string, name: string): Promise<KubernetesObject> =>
    (await api.read({ apiVersion, kind, metadata: { name } })) as unknown as KubernetesObject;
  const nodes = (): Promise<KubernetesObject[]> => Promise.all(WORKERS.map((name) => read("v1", "Node", name)));
  const reboots = async (): Promise<number[]> =>
    (await nodes()).map((node) => Number(node.metadata.annotations?.[REBOOTS] ?? 0));

  async function apply(nodePools: Pool[], numVfs: number): Promise<void> {
    engine.setVariable("SCENARIO", JSON.stringify(environment(nodePools, numVfs)));
    history.clear();
    await engine.succeed("up", "--yes", "--skip-preview");
  }

  /** How many configurations the Machine Config Controller has handed to each node since the history was cleared. */
  const handedOut = (): number[] =>
    WORKERS.map((name) => {
      const wanted = history.of("Node", name).map((node) => node.metadata.annotations?.[`${MCO}/desiredConfig`]);
      // A node of which nothing was seen has kept its configuration.
      return Math.max(0, new Set(wanted.filter(Boolean)).size - 1);
    });

  /** Who takes nodes out of service, after each event in the order of the API server. */
  function drains(): { byMco: string[]; bySriov: string[] }[] {
    const events = WORKERS.flatMap((name) => [
      ...history.of("Node", name),
      ...history.of("SriovNetworkNodeState", name),
    ]).sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion));
    const byMco = new Set<string>();
    const bySriov = new Set<string>();
    return events.map(({ kind, metadata: { name, annotations = {} } }) => {
      const [set, isOut] =
        kind === "Node"
          ? [byMco, annotations[`${MCO}/currentConfig`] !== annotations[`${MCO}/desiredConfig`]]
          : [bySriov, ["Draining", "DrainComplete"].includes(annotations[STATE] ?? "")];
      if (isOut) set.add(name);
      else set.delete(name);
      return { byMco: [...byMco], bySriov: [...bySriov] };
    });
  }

  before(async () => {
    sandbox = await up({ name: `one-reboot-${process.pid}`, parts: operatorParts });
    engine = new Engine(sandbox, { folder: join(__dirname, "environment"), stack: "scenario" });
    api = KubernetesObjectApi.makeApiClient(sandbox.kubeconfig);
    history = await History.follow(sandbox.kubeconfig, FOLLOWED);
    await engine.succeed("stack", "init", "scenario");
    await apply([worker], 4);
  });

  after(async () => {
    history?.stop();
    if (sandbox) await down(sandbox.name);
    engine?.dispose();
  });

  it("five changes of a pool at once reboot each node once, and no node while the SR-IOV operator drains", async () => {
    expect(await reboots()).to.deep.equal([1, 1, 1]);
    await apply([changed], 6);
    expect(handedOut(), "configurations handed to each node").to.deep.equal([1, 1, 1]);
    expect(await reboots()).to.deep.equal([2, 2, 2]);
    const seen = drains();
    expect(Math.max(...seen.map(({ byMco }) => byMco.length)), "nodes that roll out at once").to.equal(1);
    expect(Math.max(...seen.map(({ bySriov }) => bySriov.length)), "nodes that SR-IOV drains at once").to.equal(1);
    expect(seen.filter(({ byMco, bySriov }) => byMco.length > 0 && bySriov.length > 0)).to.deep.equal([]);
    for (const { metadata, status } of await nodes()) {
      const allocatable = status?.allocatable as JsonObject;
      expect(allocatable["hugepages-1Gi"], metadata.name).to.equal("4Gi");
      expect(allocatable["openshift.io/tenant"], metadata.name).to.equal("6");
      expect(metadata.labels?.["kubevirt.io/cpumanager"], metadata.name).to.equal("true");
    }
  });

  it("a node that gets a pool of its own, with a performance profile, reboots once and the others do not", async () => {
    await apply([{ ...changed, machineCount: 2 }, fast], 6);
    expect(handedOut()).to.deep.equal([0, 0, 1]);
    expect(await reboots()).to.deep.equal([2, 2, 3]);
    const node = await read("v1", "Node", "worker-2");
    expect(node.metadata.labels).to.include({ "node-role.kubernetes.io/fast": "", "example.com/fast": "yes" });
    expect(node.spec?.taints).to.deep.equal([{ key: "example.com/fast", effect: "PreferNoSchedule" }]);
    const pool = await read(`${MCO}/v1`, "MachineConfigPool", "fast");
    const { source } = pool.status?.configuration as { source: { name: string }[] };
    expect(source.map(({ name }) => name)).to.include.members([
      "50-nto-fast",
      "50-performance-fast",
      "60-worker-kernel-arguments",
      "99-fast-generated-kubelet",
    ]);
    expect(pool.spec?.paused).to.not.equal(true);
    const kubelet = await read(`${MCO}/v1`, "KubeletConfig", "performance-fast");
    expect(kubelet.spec?.kubeletConfig).to.deep.equal({
      cpuManagerPolicy: "static",
      maxPods: 100,
      reservedSystemCPUs: "0-3",
      topologyManagerPolicy: "single-numa-node",
    });
  });

  it("a second preview has no changes", async () => {
    await engine.succeed("preview", "--expect-no-changes");
  });
});
