import { KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { operatorParts } from "../../sandbox/operators";
import { Sandbox, down, up } from "../../sandbox/sandbox";
import { listeners, processNumbers } from "../sandbox/listeners";
import { until } from "../support/cluster";
import { Engine } from "./engine";
import { footprint, WORKERS } from "./footprint";
import { History } from "./history";
import { removalOrders, REMOVED } from "./removals";
import { rows } from "./rows";
import { oneStory } from "../support/story";

/** These tests only read: one that fails says nothing of the others. */
const ROWS = "has every row of the source document";

const SRIOV = "openshift-sriov-network-operator";
const REBOOTS = "sandbox.pulumi-ove/reboots";

/** 127.0.0.1 as the kernel writes it, in the tables for IPv4 and IPv6. */
const LOOPBACK = /^(0{16}FFFF0000)?0100007F:/;

const FOLLOWED = [
  { kind: "Node", apiVersion: "v1", plural: "nodes" },
  { kind: "MachineConfig", apiVersion: "machineconfiguration.openshift.io/v1", plural: "machineconfigs" },
  { kind: "MachineConfigPool", apiVersion: "machineconfiguration.openshift.io/v1", plural: "machineconfigpools" },
  { kind: "SriovNetworkNodePolicy", apiVersion: "sriovnetwork.openshift.io/v1", plural: "sriovnetworknodepolicies" },
  { kind: "SriovNetwork", apiVersion: "sriovnetwork.openshift.io/v1", plural: "sriovnetworks" },
  { kind: "NetworkAttachmentDefinition", apiVersion: "k8s.cni.cncf.io/v1", plural: "network-attachment-definitions" },
  { kind: "CiliumConfig", apiVersion: "cilium.io/v1alpha1", plural: "ciliumconfigs" },
  { kind: "VirtualMachine", apiVersion: "kubevirt.io/v1", plural: "virtualmachines" },
];

/** The pool with further kernel arguments and a file: two MachineConfigs change in one hold. */
const changedPool: JsonObject = {
  nodePools: [
    {
      name: "worker",
      kernelArguments: ["audit=0"],
      files: [{ path: "/etc/modules-load.d/vfio.conf", mode: "0644", content: "vfio-pci\n" }],
    },
  ],
};

/** The tests tell one story on one sandbox, in order: each begins where the one before it ended. */
describe("end to end: the sandbox environment with the real engine", function () {
  this.timeout(600_000);
  oneStory(this, [ROWS]);
  let sandbox: Sandbox;
  let engine: Engine;
  let api: KubernetesObjectApi;
  let history: History;
  let untouched: string;

  const read = async (apiVersion: string, kind: string, name: string, namespace?: string): Promise<KubernetesObject> =>
    (await api.read({ apiVersion, kind, metadata: { name, namespace } })) as unknown as KubernetesObject;
  const pool = (): Promise<KubernetesObject> =>
    read("machineconfiguration.openshift.io/v1", "MachineConfigPool", "worker");
  const nodes = (): Promise<KubernetesObject[]> => Promise.all(WORKERS.map((name) => read("v1", "Node", name)));
  const reboots = async (): Promise<number[]> =>
    (await nodes()).map((node) => Number(node.metadata.annotations?.[REBOOTS] ?? 0));

  before(async () => {
    sandbox = await up({ name: `e2e-${process.pid}`, parts: operatorParts });
    engine = new Engine(sandbox);
    api = KubernetesObjectApi.makeApiClient(sandbox.kubeconfig);
    history = await History.follow(sandbox.kubeconfig, FOLLOWED);
    await engine.succeed("stack", "init", "sandbox");
    untouched = await footprint(api);
  });

  after(async () => {
    history?.stop();
    if (sandbox) await down(sandbox.name);
    engine?.dispose();
  });

  describe("comes up", () => {
    it("control plane, operators and agents listen on 127.0.0.1 only", () => {
      const elsewhere = listeners(processNumbers(sandbox.dir)).filter((address) => !LOOPBACK.test(address));
      expect(elsewhere).to.deep.equal([]);
    });

    it("up creates everything in the order of the graph", async () => {
      history.clear();
      await engine.succeed("up", "--yes", "--skip-preview");
      const paused = (object: KubernetesObject): boolean => object.spec?.paused === true;
      const held = history.first("MachineConfigPool", /^worker$/, paused);
      const configs = history.allOf("MachineConfig", ["60-worker-files", "50-performance-worker", "50-nto-worker"]);
      const rolledOut = history.first("MachineConfigPool", /^worker$/, (object) => {
        const names = (object.status?.configuration as { source?: { name: string }[] } | undefined)?.source ?? [];
        return names.some(({ name }) => name === "50-performance-worker") && !paused(object);
      });
      const policy = history.first("SriovNetworkNodePolicy", /^tenant$/);
      const offered = history.allOf(
        "Node",
        WORKERS,
        (node) => Number((node.status?.allocatable as JsonObject)["openshift.io/tenant"]) === 4,
      );
      const cilium = history.first("CiliumConfig", /^ciliumconfig$/);
      const bridge = history.first("NetworkAttachmentDefinition", /^tenant$/);
      const fast = history.first("NetworkAttachmentDefinition", /^fast$/);
      const machine = history.first("VirtualMachine", /^frontend$/);
      expect([held, configs, rolledOut, policy, offered, machine]).to.deep.equal(
        [held, configs, rolledOut, policy, offered, machine].toSorted((a, b) => a - b),
      );
      expect(cilium).to.be.lessThan(bridge);
      expect(Math.max(bridge, fast)).to.be.lessThan(machine);
      expect(await reboots()).to.deep.equal([1, 1, 1]);
    });

    it("a second preview has no changes", async () => {
      await engine.succeed("preview", "--expect-no-changes");
    });
  });

  describe(ROWS, () => {
    for (const [name, row] of Object.entries(rows)) describe(name, () => row(read));
  });

  describe("takes changes and faults", () => {
    it("a policy that the SR-IOV webhook refuses and a VM that KubeVirt's refuses are errors on these resources", async () => {
      // No check can know without the cluster that no node has this card.
      const absent = {
        name: "absent",
        resourceName: "absent",
        nodePool: "worker",
        pfs: ["ens7f0"],
        vendor: "15b3",
        numVfs: 2,
      };
      engine.setEnvironment({ fabric: { vfPools: [absent] } });
      const policy = await engine.run("up", "--yes", "--skip-preview");
      expect(policy.code).to.equal(1);
      expect(policy.text).to.match(
        /SriovNetworkNodePolicy \(sriov\/policy\/absent\):\s+error: .*denied the request: .*NIC/,
      );
      const reserved = {
        name: "reserved",
        namespace: "web",
        labels: { "kubevirt.io/nodeName": "worker-0" },
        memory: "1Gi",
      };
      const rootDisk = { source: "containerDisk", image: "quay.io/containerdisks/fedora:42" };
      const nics = [{ name: "default", binding: "masquerade" }];
      engine.setEnvironment({ machines: [{ ...reserved, rootDisk, nics }] });
      const machine = await engine.run("up", "--yes", "--skip-preview");
      expect(machine.code).to.equal(1);
      expect(machine.text).to.match(
        /VirtualMachine \(machines\/web\/reserved\/vm\):\s+error: .*kubevirt\.io\/nodeName/s,
      );
      expect(policy.text + machine.text).to.not.match(/^\s+at .+:\d+:\d+/m);
      engine.setEnvironment({});
    });

    it("several changes to MachineConfigs hold the pool, roll once and release it", async () => {
      history.clear();
      engine.setEnvironment(changedPool);
      await engine.succeed("up", "--yes", "--skip-preview");
      expect(history.of("MachineConfigPool", "worker").some((object) => object.spec?.paused === true)).to.equal(true);
      expect((await pool()).spec?.paused).to.not.equal(true);
      const handedOut = WORKERS.map((name) => {
        const wanted = history
          .of("Node", name)
          .map((node) => node.metadata.annotations?.["machineconfiguration.openshift.io/desiredConfig"]);
        return new Set(wanted.filter(Boolean)).size - 1;
      });
      expect(handedOut, "configurations that the Machine Config Controller handed to each node").to.deep.equal([
        1, 1, 1,
      ]);
      expect(await reboots()).to.deep.equal([2, 2, 2]);
    });

    it("refresh shows an edit and an appended element with their field managers, and up takes them back", async () => {
      const edited = {
        apiVersion: "sriovnetwork.openshift.io/v1",
        kind: "SriovNetworkNodePolicy",
        metadata: { name: "tenant", namespace: SRIOV },
      };
      const live = await read(edited.apiVersion, edited.kind, "tenant", SRIOV);
      const selector = live.spec?.nicSelector as { pfNames: string[] };
      await api.patch(
        { ...edited, spec: { nicSelector: { pfNames: [...selector.pfNames, "ens9f0"] } } } as never,
        undefined,
        undefined,
        "night-shift",
        undefined,
        PatchStrategy.MergePatch,
      );
      const network = {
        apiVersion: "sriovnetwork.openshift.io/v1",
        kind: "SriovNetwork",
        metadata: { name: "fast", namespace: SRIOV },
      };
      await api.patch(
        { ...network, spec: { vlan: 201 } } as never,
        undefined,
        undefined,
        "kubectl-edit",
        undefined,
        PatchStrategy.MergePatch,
      );
      const text = await engine.succeed("refresh", "--preview-only", "--diff");
      expect(text).to.match(/spec\.nicSelector\.pfNames\[1\] added.*"night-shift" \(Update\)/);
      expect(text).to.match(/spec\.vlan changed.*"kubectl-edit" \(Update\)/);
      await engine.succeed("up", "--yes", "--skip-preview", "--refresh");
      const corrected = await read(edited.apiVersion, edited.kind, "tenant", SRIOV);
      expect(corrected.spec?.nicSelector).to.deep.equal(selector);
      expect((await read(network.apiVersion, network.kind, "fast", SRIOV)).spec?.vlan).to.equal(200);
      await engine.succeed("refresh", "--preview-only", "--expect-no-changes");
    });

    it("without the API server preview still works, refresh says why it cannot, and the state keeps everything", async () => {
      const before = await engine.resources();
      await sandbox.stopApiServer();
      try {
        await engine.succeed("preview", "--expect-no-changes");
        const refresh = await engine.run("refresh", "--yes");
        expect(refresh.code).to.not.equal(0);
        expect(refresh.text)
          .to.contain(`the cluster at ${sandbox.server} does not answer`)
          .and.not.match(/^\s+at .+:\d+:\d+/m);
      } finally {
        await sandbox.startApiServer();
      }
      expect([...(await engine.resources()).keys()].sort()).to.deep.equal([...before.keys()].sort());
    });

    it("an up that is killed while it waits is resumed to the same end", async () => {
      engine.setEnvironment({});
      const running = engine.start("up", "--yes", "--skip-preview");
      const waits = (): boolean => /release updating.*waiting: /.test(running.soFar());
      await until(() => Promise.resolve(waits() || running.process.exitCode !== null));
      expect(waits(), running.soFar()).to.equal(true);
      running.process.kill("SIGKILL");
      await running.ended;
      await engine.succeed("cancel", "--yes");
      await engine.succeed("up", "--yes", "--skip-preview");
      await engine.succeed("preview", "--expect-no-changes");
      expect((await pool()).spec?.paused).to.not.equal(true);
    });
  });

  describe("is destroyed", () => {
    let removals: History;

    before(async () => {
      removals = await History.follow(sandbox.kubeconfig, REMOVED);
      await engine.succeed("destroy", "--yes", "--skip-preview");
    });

    after(() => removals?.stop());

    it("leaves nodes, pools and singletons as they were", async () => {
      expect(await footprint(api)).to.equal(untouched);
      expect((await engine.resources()).size).to.equal(0);
    });

    for (const order of removalOrders) {
      it(`takes ${order.map(([kind, name]) => `${kind} ${name}`).join(", then ")}`, () => {
        const versions = order.map(([kind, name]) => removals.gone(kind, name));
        expect(versions).to.deep.equal(versions.toSorted((a, b) => a - b));
      });
    }
  });
});
