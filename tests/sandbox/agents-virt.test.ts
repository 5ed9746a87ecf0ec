import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { mergePatch, nextMachineStep, pulledImages } from "../../sandbox/agents/virt-handler";
import { machineInterfaces, macOf, migratability, podInterface } from "../../sandbox/agents/virt-launcher";
import { bridgeResources, nodeResources, nodeUpdate, staticCpuManager } from "../../sandbox/agents/virt-node";

const NOW = "2026-01-01T00:00:00Z";

function machine(status: JsonObject, spec: JsonObject = {}, metadata: object = {}): KubernetesObject {
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachineInstance",
    metadata: { name: "db", namespace: "tenant", uid: "u", ...metadata },
    spec: {
      domain: {
        devices: {
          interfaces: [
            { name: "default", masquerade: {} },
            { name: "data", bridge: {}, macAddress: "02:00:00:00:00:07" },
          ],
        },
      },
      networks: [
        { name: "default", pod: {} },
        { name: "data", multus: { networkName: "data" } },
      ],
      ...spec,
    },
    status,
  };
}

function pod(name: string, nodeName: string, podIP: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "tenant" },
    spec: { nodeName },
    status: { podIP },
  };
}

describe("the simulated virt-handler", () => {
  it("leaves machines alone until their launcher runs, and after their end", () => {
    for (const phase of ["Pending", "Scheduling", "Succeeded", "Failed"]) {
      expect(nextMachineStep(machine({ phase }), [], NOW)).to.equal(undefined);
    }
  });

  it("starts a scheduled machine and reports one interface per network", () => {
    const step = nextMachineStep(machine({ phase: "Scheduled", nodeName: "n1" }), [pod("p", "n1", "10.0.0.5")], NOW);
    const status = step?.patch.status as JsonObject;
    expect(step?.name).to.equal("start");
    expect(status.phase).to.equal("Running");
    const interfaces = status.interfaces as JsonObject[];
    expect(interfaces.map((entry) => [entry.name, entry.mac, entry.ipAddress])).to.deep.equal([
      ["default", macOf("u default"), "10.0.0.5"],
      ["data", "02:00:00:00:00:07", undefined],
    ]);
  });

  it("lets the agent answer once the machine runs, keeping the other conditions", () => {
    const ready = { type: "Ready", status: "True", lastProbeTime: null };
    const step = nextMachineStep(machine({ phase: "Running", conditions: [ready] }), [], NOW);
    const conditions = (step?.patch.status as JsonObject).conditions as JsonObject[];
    expect(step?.name).to.equal("agent");
    expect(conditions[0]).to.deep.equal(ready);
    expect(conditions[1]).to.include({ type: "AgentConnected", status: "True" });
    const connected = machine({ phase: "Running", conditions: [{ type: "AgentConnected", status: "True" }] });
    expect(nextMachineStep(connected, [], NOW)).to.equal(undefined);
  });

  it("shuts a machine down when it is deleted", () => {
    const step = nextMachineStep(machine({ phase: "Running" }, {}, { deletionTimestamp: NOW }), [], NOW);
    expect(step?.name).to.equal("stop");
    expect(step?.patch.status).to.deep.include({ phase: "Succeeded" });
  });

  it("moves a machine in three steps and ends the launcher it came from", () => {
    const pods = [pod("old", "n1", "10.0.0.5"), pod("new", "n2", "10.0.0.6")];
    const conditions = [{ type: "AgentConnected", status: "True" }];
    let vmi = machine({
      phase: "Running",
      nodeName: "n1",
      conditions,
      migrationState: { sourceNode: "n1", targetNode: "n2" },
    });
    const names: string[] = [];
    let completes: string | undefined;
    for (let step = nextMachineStep(vmi, pods, NOW); step; step = nextMachineStep(vmi, pods, NOW)) {
      names.push(step.name);
      completes = step.completes;
      vmi = mergePatch(vmi as unknown as JsonObject, step.patch) as unknown as KubernetesObject;
    }
    expect(names).to.deep.equal(["prepare target", "migrate", "arrive"]);
    expect(completes).to.equal("old");
    expect(vmi.status?.nodeName).to.equal("n2");
    expect(vmi.metadata.labels?.["kubevirt.io/nodeName"]).to.equal("n2");
    expect(vmi.status?.migrationState).to.deep.include({ completed: true });
    expect(((vmi.status?.interfaces as JsonObject[])[0] as JsonObject).ipAddress).to.equal("10.0.0.6");
  });

  it("keeps nulls inside lists when it merges a patch", () => {
    const merged = mergePatch({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: null, e: [{ f: null }] } });
    expect(merged).to.deep.equal({ a: { c: 2, e: [{ f: null }] }, d: 3 });
  });
});

describe("a simulated node for machines", () => {
  it("offers KubeVirt's devices and the node's bridges", () => {
    expect(nodeResources(bridgeResources(["br-tenant"], []))).to.deep.equal({
      "devices.kubevirt.io/kvm": "1k",
      "devices.kubevirt.io/tun": "1k",
      "devices.kubevirt.io/vhost-net": "1k",
      "bridge.network.kubevirt.io/br-tenant": "1k",
    });
  });

  it("offers bridges that policies made there, until one takes them away", () => {
    const enactment = (state: string, status = "True"): KubernetesObject => ({
      apiVersion: "nmstate.io/v1beta1",
      kind: "NodeNetworkConfigurationEnactment",
      metadata: { name: "worker-0.workers" },
      status: {
        conditions: [{ type: "Available", status }],
        desiredState: {
          interfaces: [
            { name: "bond1", type: "bond", state },
            { name: "br-storage", type: "linux-bridge", state },
            { name: "br-data", type: "ovs-bridge", state },
          ],
        },
      },
    });
    const made = ["bridge.network.kubevirt.io/br-storage", "ovs-cni.network.kubevirt.io/br-data"];
    expect(bridgeResources([], [enactment("up")], true)).to.deep.equal(made);
    expect(bridgeResources([], [enactment("up")])).to.deep.equal(made.slice(0, 1));
    expect(bridgeResources([], [enactment("up", "False")], true)).to.deep.equal([]);
    expect(bridgeResources(["br-storage"], [enactment("absent")], true)).to.deep.equal([]);
  });

  it("finds the kubelet's static CPU manager in the node's configuration", () => {
    const withKubelet = (source: string): KubernetesObject => ({
      apiVersion: "machineconfiguration.openshift.io/v1",
      kind: "MachineConfig",
      metadata: { name: "rendered" },
      spec: { config: { storage: { files: [{ path: "/etc/kubernetes/kubelet.conf", contents: { source } }] } } },
    });
    const base64 = Buffer.from('{"cpuManagerPolicy": "static"}').toString("base64");
    expect(staticCpuManager(withKubelet(`data:text/plain;charset=utf-8;base64,${base64}`))).to.equal(true);
    expect(staticCpuManager(withKubelet(`data:,${encodeURIComponent("cpuManagerPolicy: static\n")}`))).to.equal(true);
    expect(staticCpuManager(withKubelet("data:,cpuManagerPolicy%3A%20none"))).to.equal(false);
  });

  it("is left alone while its labels and resources are there and the heartbeat is fresh", () => {
    const node: KubernetesObject = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n1" },
      status: { allocatable: {} },
    };
    const first = nodeUpdate(node, [], undefined, new Date(NOW));
    expect(first?.labels).to.include({ "kubevirt.io/schedulable": "true", "kubevirt.io/cpumanager": "false" });
    const metadata = { name: "n1", labels: first?.labels, annotations: { "kubevirt.io/heartbeat": NOW } };
    const complete = { ...node, metadata, status: { allocatable: nodeResources([]) } };
    expect(nodeUpdate(complete, [], undefined, new Date(NOW))).to.equal(undefined);
    const [bridge = ""] = bridgeResources(["br-new"], []);
    expect(nodeUpdate(complete, [bridge], undefined, new Date(NOW))).to.not.equal(undefined);
    const offering = { ...complete, status: { allocatable: nodeResources([bridge]) } };
    expect(nodeUpdate(offering, [], undefined, new Date(NOW))?.resources).to.include({ [bridge]: null });
    expect(nodeUpdate(complete, [], undefined, new Date(Date.parse(NOW) + 60_000))).to.not.equal(undefined);
  });
});

describe("a simulated launcher", () => {
  it("reports image ids with a digest once it runs", () => {
    const containerStatuses = [{ name: "compute", image: "quay.example:5000/virt-launcher:v1.8.4", imageID: "" }];
    const running = { ...pod("p", "n1", ""), status: { phase: "Running", containerStatuses } };
    expect(pulledImages(running)?.[0]?.imageID).to.match(/^quay\.example:5000\/virt-launcher@sha256:[0-9a-f]{64}$/);
    expect(pulledImages({ ...running, status: { phase: "Pending", containerStatuses } })).to.equal(undefined);
    const pulled = [{ name: "compute", image: "x", imageID: "x@sha256:1" }];
    expect(pulledImages({ ...running, status: { phase: "Running", containerStatuses: pulled } })).to.equal(undefined);
  });

  it("names secondary interfaces as KubeVirt does", () => {
    expect(podInterface("data")).to.equal("pod3a6eb0790f3");
  });

  it("cannot move a machine with bridge binding on the pod network", () => {
    const spec = {
      domain: { devices: { interfaces: [{ name: "default", bridge: {} }] } },
      networks: [{ name: "default", pod: {} }],
    };
    const { migratable, conditions } = migratability(machine({}, spec), NOW);
    expect(migratable).to.equal(false);
    expect(conditions[0]).to.include({ type: "LiveMigratable", status: "False", reason: "InterfaceNotLiveMigratable" });
    const allowed = { annotations: { "kubevirt.io/allow-pod-bridge-network-live-migration": "" } };
    expect(migratability(machine({}, spec, allowed), NOW).migratable).to.equal(true);
  });

  it("cannot move a machine with a disk that only one node may write", () => {
    const volume = { name: "root", persistentVolumeClaimInfo: { claimName: "root", accessModes: ["ReadWriteOnce"] } };
    expect(migratability(machine({ volumeStatus: [volume] }), NOW).conditions[0]).to.include({
      reason: "DisksNotLiveMigratable",
    });
  });

  it("can move secondary bridges and SR-IOV", () => {
    const interfaces = [
      { name: "default", masquerade: {} },
      { name: "data", bridge: {} },
      { name: "fast", sriov: {} },
    ];
    expect(migratability(machine({}, { domain: { devices: { interfaces } } }), NOW).migratable).to.equal(true);
  });

  it("keeps its addresses", () => {
    const first = machineInterfaces(machine({}), undefined, false).map((entry) => entry.mac);
    expect(machineInterfaces(machine({}), undefined, true).map((entry) => entry.mac)).to.deep.equal(first);
  });
});
