import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import {
  sriovNetworkNodePolicy,
  sriovNetworkNodePolicyReady,
  sriovOperatorConfig,
  sriovOperatorConfigReady,
} from "../../../provider/kinds/sriov";
import { selectsNic, synced } from "../../../provider/kinds/node-states";
import { before, node, object, pool, said } from "./objects";

const api = "sriovnetwork.openshift.io/v1";
const namespace = "openshift-sriov-network-operator";

interface State {
  name?: string;
  wanted?: JsonObject[];
  nics?: JsonObject[];
  sync?: string;
  error?: string;
  desired?: string;
  current?: string;
}

const card = (more: JsonObject = {}): JsonObject => ({
  name: "ens1f0",
  pciAddress: "0000:3b:00.0",
  vendor: "15b3",
  deviceID: "1017",
  mtu: 1500,
  totalvfs: 8,
  ...more,
});

const vfs = (count: number, driver: string): JsonObject[] =>
  Array.from({ length: count }, (_, vfID) => ({ vfID, driver, pciAddress: `0000:3b:00.${vfID + 2}` }));

const group = (more: JsonObject = {}): JsonObject => ({
  policyName: "fast",
  resourceName: "fast",
  deviceType: "vfio-pci",
  vfRange: "0-3",
  ...more,
});

const wantedNic = (groups: JsonObject[] = [group()], numVfs = 4): JsonObject => ({
  name: "ens1f0",
  pciAddress: "0000:3b:00.0",
  numVfs,
  vfGroups: groups,
});

function nodeState(state: State = {}): KubernetesObject {
  const {
    name = "n1",
    wanted = [],
    nics = [card()],
    sync = "Succeeded",
    error,
    desired = "Idle",
    current = "Idle",
  } = state;
  const annotations = {
    "sriovnetwork.openshift.io/desired-state": desired,
    "sriovnetwork.openshift.io/current-state": current,
  };
  return object(api, "SriovNetworkNodeState", {
    metadata: { name, namespace, annotations },
    spec: { interfaces: wanted },
    status: { interfaces: nics, syncStatus: sync, ...(error ? { lastSyncError: error } : {}) },
  });
}

const policy = object(api, "SriovNetworkNodePolicy", {
  metadata: { name: "fast", namespace },
  spec: {
    resourceName: "fast",
    numVfs: 4,
    deviceType: "vfio-pci",
    nodeSelector: { sriov: "yes" },
    nicSelector: { vendor: "15b3", pfNames: ["ens1f0"] },
  },
});

const doneNic = card({ numVfs: 4, Vfs: vfs(4, "vfio-pci") });

describe("readiness of a SriovNetworkNodePolicy", () => {
  const verdict = (state: State | KubernetesObject[], was: State[] = [], of = policy): string => {
    const states = Array.isArray(state) ? state : [nodeState(state)];
    const related = { nodes: [node("n1"), node("n2")], nodeStates: states, pools: [] };
    return said(sriovNetworkNodePolicyReady(of, related, before({ nodeStates: was.map(nodeState) })));
  };
  const done: State = { wanted: [wantedNic()], nics: [doneNic] };

  it("is ready when the cards have what the policy asks for", () => expect(verdict(done)).to.equal("ready"));

  const races: [string, State, RegExp][] = [
    [
      "stale Succeeded before the operator has handed it out",
      { nics: [doneNic] },
      /given ens1f0 the virtual functions .*no policy/,
    ],
    ["stale Succeeded before the daemon has begun", { wanted: [wantedNic()] }, /has 4 virtual functions \(it has 0/],
    [
      "virtual functions without their driver",
      { wanted: [wantedNic()], nics: [card({ numVfs: 4, Vfs: vfs(4, "mlx5_core") })] },
      /vfio-pci driver .*mlx5_core/,
    ],
    ["in progress", { ...done, sync: "InProgress" }, /syncStatus is InProgress/],
    ["waiting to be drained", { ...done, desired: "Drain_Required" }, /desired state is Drain_Required/],
    ["being drained", { ...done, current: "Draining" }, /current state is Draining/],
    [
      "the previous form is handed out",
      { wanted: [wantedNic([group({ deviceType: "netdevice" })])], nics: [doneNic] },
      /present form/,
    ],
    ["the previous number is handed out", { wanted: [wantedNic([group()], 2)], nics: [doneNic] }, /present form/],
    [
      "a stronger policy has the card",
      { wanted: [wantedNic([group({ policyName: "other" })])], nics: [doneNic] },
      /those of other/,
    ],
    ["no card is reported yet", { nics: [] }, /a selected node has a network card/],
    ["another card only", { nics: [card({ name: "ens9f0" })] }, /a selected node has a network card/],
  ];
  for (const [race, state, expected] of races) {
    it(`waits: ${race}`, () =>
      expect(verdict(state))
        .to.match(/^waiting/)
        .and.to.match(expected));
  }

  it("waits for every node that has such a card, and for no other", () => {
    const other = nodeState({ name: "n2" });
    expect(verdict([nodeState(done), other])).to.match(/^waiting/);
    const without = nodeState({ name: "n2", nics: [card({ vendor: "8086" })] });
    expect(verdict([nodeState(done), without])).to.equal("ready");
    const unselected = nodeState({ name: "n3" });
    expect(verdict([nodeState(done), unselected])).to.equal("ready");
  });

  it("fails with the daemon's error, unless it is the one from before the change", () => {
    const state = { ...done, sync: "Failed", error: "no space left" };
    expect(verdict(state)).to.equal("failed: node n1 failed: no space left");
    expect(verdict(state, [{ sync: "Failed", error: "no space left" }])).to.match(/^waiting: .*no space left/);
    expect(verdict(state, [{ sync: "Failed", error: "something else" }])).to.equal(
      "failed: node n1 failed: no space left",
    );
    expect(verdict({ ...state, wanted: [] })).to.match(/^waiting: the operator has given/);
  });

  it("looks at the range of virtual functions that is the policy's own", () => {
    const part = { ...policy, spec: { ...policy.spec, nicSelector: { pfNames: ["ens1f0#2-3"] } } };
    const mixed = card({ numVfs: 4, Vfs: [...vfs(2, "mlx5_core"), ...vfs(4, "vfio-pci").slice(2)] });
    expect(verdict({ wanted: [wantedNic([group({ vfRange: "2-3" })])], nics: [mixed] }, [], part)).to.equal("ready");
    expect(verdict({ wanted: [wantedNic([group({ vfRange: "2-3" })])], nics: [mixed] })).to.match(/^waiting/);
  });

  it("waits for MTU and mode", () => {
    const jumbo = { ...policy, spec: { ...policy.spec, mtu: 9000 } };
    const wanted = [wantedNic([group({ mtu: 9000 })])];
    expect(verdict({ wanted, nics: [doneNic] }, [], jumbo)).to.match(/has MTU 9000 \(it has 1500/);
    expect(verdict({ wanted, nics: [{ ...doneNic, mtu: 9000 }] }, [], jumbo)).to.equal("ready");
    const switchdev = { ...policy, spec: { ...policy.spec, eSwitchMode: "switchdev" } };
    expect(verdict(done, [], switchdev)).to.match(/mode switchdev/);
  });

  it("takes what the daemon leaves out for none, and a policy without a device type for kernel drivers", () => {
    const kernel = { ...policy, spec: { ...policy.spec, deviceType: undefined, mtu: 9000 } };
    const { deviceType: _type, ...plain } = group({ mtu: 9000 });
    const wanted = [wantedNic([plain])];
    const { mtu: _mtu, ...bare } = card({ numVfs: 4, Vfs: vfs(4, "mlx5_core") });
    expect(verdict({ wanted, nics: [bare] }, [], kernel)).to.match(/has MTU 9000 \(it has none/);
    const jumbo = { ...bare, mtu: 9000 };
    expect(verdict({ wanted, nics: [jumbo] }, [], kernel)).to.equal("ready");
    const { driver: _driver, ...unbound } = vfs(1, "")[0] ?? {};
    expect(verdict({ wanted, nics: [{ ...jumbo, Vfs: [unbound] }] }, [], kernel)).to.match(
      /of ens1f0 have a kernel driver \(0000:3b:00.2: no driver/,
    );
    const { numVfs: _count, ...uncounted } = wantedNic([plain]);
    expect(verdict({ wanted: [uncounted], nics: [jumbo] }, [], kernel)).to.match(/present form/);
  });

  it("names a card that has lost its name by its address", () => {
    const { name: _name, ...nameless } = card();
    const byAddress = { ...policy, spec: { ...policy.spec, nicSelector: { rootDevices: ["0000:3b:00.0"] } } };
    expect(verdict({ nics: [nameless] }, [], byAddress)).to.match(/has given 0000:3b:00.0 the virtual functions/);
  });

  it("says what a node state without any status lacks, and of a failure without a reason that there is none", () => {
    const blank = object(api, "SriovNetworkNodeState", { name: "n1" });
    expect(said(synced(blank, undefined))).to.equal("waiting: node n1 has synchronised (syncStatus is none)");
    const broken = { ...blank, status: { syncStatus: "Failed" } };
    expect(said(synced(broken, undefined))).to.equal("failed: node n1 failed: no error given");
    expect(said(synced(broken, broken))).to.match(/^waiting: node n1 has synchronised \(.*no error given/);
    const done = { ...blank, status: { syncStatus: "Succeeded" } };
    expect(said(synced(done, undefined)), "a node that was never drained has no annotations").to.equal("ready");
  });

  const selectors: [selector: JsonObject, selected: boolean][] = [
    [{}, false],
    [{ vendor: "15b3" }, true],
    [{ vendor: "8086" }, false],
    [{ deviceID: "1017" }, true],
    [{ deviceID: "1019" }, false],
    [{ netFilter: "openstack/NetworkID:a" }, true],
    [{ netFilter: "openstack/NetworkID:b" }, false],
    [{ rootDevices: ["0000:3b:00.0"] }, true],
    [{ rootDevices: ["0000:3b:00.1"] }, false],
    [{ pfNames: ["ens9f0", "ens1f0#2-3"] }, true],
    [{ pfNames: ["ens1f1"] }, false],
    [{ vendor: "15b3", deviceID: "1017", rootDevices: ["0000:3b:00.0"], pfNames: ["ens1f1"] }, false],
  ];
  for (const [selector, selected] of selectors) {
    it(`${JSON.stringify(selector)} selects ${selected ? "the card" : "nothing"}`, () => {
      expect(selectsNic(selector, card({ netFilter: "openstack/NetworkID:a" }))).to.equal(selected);
    });
  }

  it("waits until the operator has given the pool back", () => {
    const at = node("n1", { annotations: { "machineconfiguration.openshift.io/desiredConfig": "rendered-worker-a1" } });
    const check = (state: string): string => {
      const pools = [
        pool({ annotations: { "sriovnetwork.openshift.io/state": state } }),
        pool({ name: "other", annotations: { "sriovnetwork.openshift.io/state": "Paused" } }),
      ];
      return said(sriovNetworkNodePolicyReady(policy, { nodes: [at], nodeStates: [nodeState(done)], pools }, before()));
    };
    expect(check("Paused")).to.match(/^waiting: the SR-IOV operator is done with pool worker/);
    expect(check("Idle")).to.equal("ready");
  });

  it("waits after its deletion until its virtual functions are gone", () => {
    const [step] = sriovNetworkNodePolicy.deletion?.after?.(policy) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    const gone = (state?: State): string => said(step.verdict({ nodeStates: state ? [nodeState(state)] : [] }, {}));
    expect(gone(done)).to.match(/is told to drop the policy/);
    expect(gone({ nics: [doneNic] })).to.match(/has no virtual functions \(4/);
    expect(gone({ sync: "InProgress" })).to.match(/has synchronised/);
    expect(gone({})).to.equal("ready");
    expect(gone()).to.equal("ready");
    const shared = { wanted: [wantedNic([group({ policyName: "other" })])], nics: [doneNic] };
    expect(gone(shared)).to.equal("ready");
    expect(gone({ nics: [{ ...doneNic, externallyManaged: true }] })).to.equal("ready");
  });
});

describe("readiness of the SriovOperatorConfig", () => {
  const daemonSet = (desired: number, ready = desired, observed = 1): KubernetesObject =>
    object("apps/v1", "DaemonSet", {
      metadata: { name: "ds", generation: 1 },
      status: {
        observedGeneration: observed,
        desiredNumberScheduled: desired,
        updatedNumberScheduled: desired,
        numberReady: ready,
      },
    });
  const config = (spec: JsonObject = {}): KubernetesObject =>
    object(api, "SriovOperatorConfig", { metadata: { name: "default", namespace }, spec });
  const running = { "sriov-network-config-daemon": [daemonSet(1)], nodes: [node("n1")], nodeStates: [nodeState()] };
  const verdict = (related: Record<string, KubernetesObject[]>, spec?: JsonObject): string =>
    said(sriovOperatorConfigReady(config(spec), related, before()));

  it("waits for the daemon on all nodes", () => {
    expect(verdict({ ...running, "sriov-network-config-daemon": [] })).to.match(/config-daemon exists/);
    expect(verdict({ ...running, "sriov-network-config-daemon": [daemonSet(0)] })).to.match(/runs on all its nodes/);
    expect(verdict({ ...running, "sriov-network-config-daemon": [daemonSet(2, 1)] })).to.match(/1 ready of 2/);
    expect(verdict({ ...running, "sriov-network-config-daemon": [daemonSet(1, 1, 0)] })).to.match(
      /has not seen it yet/,
    );
  });

  it("waits for the webhooks that are switched on", () => {
    expect(verdict(running)).to.equal("ready");
    expect(verdict(running, { enableOperatorWebhook: true })).to.match(/DaemonSet operator-webhook exists/);
    expect(verdict(running, { enableInjector: true })).to.match(/DaemonSet network-resources-injector exists/);
    const all = { ...running, "operator-webhook": [daemonSet(1)], "network-resources-injector": [daemonSet(1)] };
    expect(verdict(all, { enableOperatorWebhook: true, enableInjector: true })).to.equal("ready");
  });

  it("waits until every node has reported its cards, for policies are refused before", () => {
    expect(verdict({ ...running, nodeStates: [] })).to.match(/SriovNetworkNodeState n1 exists/);
    expect(verdict({ ...running, nodeStates: [nodeState({ nics: [] })] })).to.match(/has reported its network cards/);
    expect(verdict({ ...running, nodeStates: [nodeState({ sync: "InProgress" })] })).to.match(/has synchronised/);
  });

  it("looks at the nodes that the daemon runs on", () => {
    const selectorOf = (spec: JsonObject): string | undefined =>
      sriovOperatorConfig.ready.watches(config(spec)).find((watch) => watch.id === "nodes")?.labelSelector;
    expect(selectorOf({})).to.equal("node-role.kubernetes.io/worker=,kubernetes.io/os=linux");
    expect(selectorOf({ configDaemonNodeSelector: { sriov: "yes" } })).to.equal("sriov=yes");
  });
});
