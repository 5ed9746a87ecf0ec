import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import type { Step } from "../../../provider/kind";
import { absentState } from "../../../provider/kinds/absent-state";
import { nmstate, nodeNetworkConfigurationPolicy as kind } from "../../../provider/kinds/hostnetwork";
import { before, object, said } from "./objects";

const api = "nmstate.io/v1";

function conditions(states: Record<string, string>): JsonObject[] {
  return Object.entries(states).map(([type, text]) => {
    const [status = "", reason = "", message = ""] = text.split("|");
    return { type, status, reason, message };
  });
}

const handler = (ready: number): KubernetesObject =>
  object("apps/v1", "DaemonSet", {
    name: "nmstate-handler",
    metadata: { name: "nmstate-handler", generation: 1 },
    status: { observedGeneration: 1, desiredNumberScheduled: 4, updatedNumberScheduled: ready, numberReady: ready },
  });

const slice = (...conditionsOf: JsonObject[]): KubernetesObject =>
  object("discovery.k8s.io/v1", "EndpointSlice", { endpoints: conditionsOf.map((each) => ({ conditions: each })) });

describe("readiness of NMState", () => {
  const live = (states: Record<string, string> = {}): KubernetesObject =>
    object(api, "NMState", { name: "nmstate", status: { conditions: conditions(states) } });
  const fine = { handler: [handler(4)], webhook: [slice({ ready: true })] };
  const verdict = (of: KubernetesObject, related: Record<string, KubernetesObject[]>, was?: KubernetesObject): string =>
    said(nmstate.ready.verdict(of, related, before({}, was)));

  it("watches the handler and the webhook wherever they are", () => {
    expect(nmstate.ready.watches(live()).map((each) => each.labelSelector)).to.deep.equal([
      "component=kubernetes-nmstate-handler",
      "kubernetes.io/service-name=nmstate-webhook",
    ]);
  });

  it("waits for the handler on all nodes, then for the webhook, then for Available", () => {
    const deploying = live({ Available: "False|Deploying|Deploying is in progress" });
    expect(verdict(deploying, {})).to.match(/^waiting: DaemonSet nmstate-handler exists/);
    expect(verdict(deploying, { handler: [handler(3)] })).to.match(/^waiting: DaemonSet nmstate-handler runs/);
    expect(verdict(deploying, { handler: [handler(4)] })).to.equal(
      "waiting: the service nmstate-webhook has a ready pod (no pod)",
    );
    expect(verdict(deploying, { handler: [handler(4)], webhook: [slice({ ready: false })] })).to.match(/none ready/);
    expect(verdict(deploying, fine)).to.equal(
      "waiting: Available is True (Available is False (Deploying is in progress))",
    );
    expect(verdict(live({ Available: "True|SuccessfullyDeployed" }), fine)).to.equal("ready");
  });

  it("does without conditions, which older releases never write", () => {
    expect(verdict(live(), fine)).to.equal("ready");
  });

  it("fails with the operator's message, unless it is that of before the change", () => {
    const broken = live({ Degraded: "True|InternalError|cannot render" });
    expect(verdict(broken, fine)).to.equal("failed: NMState is degraded: cannot render");
    expect(verdict(broken, fine, broken)).to.equal("waiting: Degraded is False (cannot render)");
    expect(verdict(live({ Degraded: "True" }), fine)).to.equal("failed: NMState is degraded: no message given");
    expect(verdict(live({ Degraded: "True|InternalError" }), fine)).to.match(/InternalError$/);
  });

  it("works with a TLS profile that is only partly honoured", () => {
    const partly = live({ Degraded: "True|TLSProfileNotFullyHonored|no", Available: "True" });
    expect(verdict(partly, fine)).to.equal("ready");
  });
});

describe("deletion of NMState", () => {
  it("waits until the handler is gone", () => {
    const [step] = (nmstate.deletion?.after?.(object(api, "NMState", {})) ?? []) as Extract<Step, { act: "wait" }>[];
    expect(said(step!.verdict({ handler: [handler(4)] }, {}))).to.match(/^waiting: DaemonSet nmstate-handler is gone/);
    expect(said(step!.verdict({}, {}))).to.equal("ready");
  });

  it("gives back what was there before", () => expect(nmstate.adopt({ name: "nmstate" })).to.equal(true));
});

describe("readiness of a NodeNetworkConfigurationPolicy", () => {
  const done = { Available: "True|SuccessfullyConfigured" };
  const policy = (states: Record<string, string> = done, generation = 2): KubernetesObject =>
    object(api, "NodeNetworkConfigurationPolicy", {
      metadata: { name: "br", generation },
      spec: { nodeSelector: { role: "worker" } },
      status: { conditions: conditions(states) },
    });
  const node = (name: string, labels: Record<string, string> = {}): KubernetesObject =>
    object("v1", "Node", { metadata: { name, labels: { role: "worker", ...labels } } });
  const enactment = (of: string, states: Record<string, string>, generation = 2): KubernetesObject =>
    object("nmstate.io/v1beta1", "NodeNetworkConfigurationEnactment", {
      metadata: { name: `${of}.br`, labels: { "nmstate.io/policy": "br", "nmstate.io/node": of } },
      status: { policyGeneration: generation, conditions: conditions(states) },
    });
  const nodes = [node("n1"), node("n2")];
  const verdict = (of: KubernetesObject, related: Record<string, KubernetesObject[]>): string =>
    said(kind.ready.verdict(of, { nodes, ...related }, before()));
  const available = { Available: "True|SuccessfullyConfigured|ok" };

  it("watches its enactments, the nodes that it selects and where the handler runs", () => {
    expect(kind.ready.watches(policy()).map((each) => each.labelSelector)).to.deep.equal([
      "nmstate.io/policy=br",
      "role=worker",
      undefined,
    ]);
  });

  it("waits for every node that it selects", () => {
    expect(verdict(policy(), { enactments: [enactment("n1", available)] })).to.match(/^waiting: node n2 has begun/);
    expect(verdict(policy(), { enactments: [enactment("n1", available), enactment("n2", available)] })).to.equal(
      "ready",
    );
  });

  it("is not fooled by enactments of its previous form", () => {
    const enactments = [enactment("n1", available), enactment("n2", available, 1)];
    expect(verdict(policy(), { enactments })).to.match(/^waiting: node n2 has begun with the policy's present form/);
    const failed = [enactment("n1", { Failing: "True|FailedToConfigure|old" }, 1)];
    expect(verdict(policy(), { enactments: failed })).to.match(/^waiting: node n1/);
  });

  it("is not fooled by the moment in which an enactment has the new generation and says what was before", () => {
    const enactments = [enactment("n1", available), enactment("n2", available)];
    const unknown = policy({ Available: "Unknown" });
    expect(verdict(unknown, { enactments })).to.equal("waiting: the policy is Available (not said yet)");
    expect(verdict(policy({ Available: "Unknown|ConfigurationProgressing" }), { enactments })).to.match(
      /Progressing\)$/,
    );
    expect(verdict(policy({}), { enactments })).to.match(/^waiting/);
  });

  it("says what a node is at", () => {
    const seen = (states: Record<string, string>): string =>
      verdict(policy(), { enactments: [enactment("n1", states), enactment("n2", available)] });
    expect(seen({ Progressing: "True|ConfigurationProgressing|Applying" })).to.match(/\(Progressing: Applying\)/);
    expect(seen({ Pending: "True|MaxUnavailableLimitReached" })).to.match(/\(Pending\)/);
    expect(seen({})).to.match(/\(nothing said yet\)/);
  });

  it("goes on waiting while the handler tries again", () => {
    const retrying = { Failing: "True|Retrying|try 2/5", Progressing: "True|Retrying|try 2/5" };
    const enactments = [enactment("n1", retrying), enactment("n2", available)];
    expect(verdict(policy(), { enactments })).to.match(/^waiting: node n1 has .*\(Failing: try 2\/5\)/);
  });

  it("fails with the node and its message, before the nodes that were aborted for it", () => {
    const aborted = enactment("n1", { Aborted: "True|ConfigurationAborted|aborted" });
    const failing = enactment("n2", { Failing: "True|FailedToConfigure|no eth9" });
    expect(verdict(policy(), { enactments: [aborted, failing] })).to.equal(
      "failed: node n2 failed and went back to its old network: no eth9",
    );
    expect(verdict(policy(), { enactments: [aborted] })).to.match(/^failed: node n1 was not begun .* aborted$/);
    expect(verdict(policy(), { enactments: [enactment("n1", { Failing: "True" })] })).to.match(/no message given$/);
  });

  it("fails when no node matches, once the operator says so", () => {
    const none = { nodes: [] as KubernetesObject[] };
    expect(verdict(policy({}), none)).to.match(/^waiting: a node matches the policy/);
    expect(verdict(policy({ Ignored: "True|NoMatchingNode" }), none)).to.match(/^failed: NoMatchingNode/);
    expect(verdict(policy({ Ignored: "True" }), none)).to.match(/^failed: /);
  });

  it("leaves out nodes that the handler does not run on", () => {
    const nmstates = [object(api, "NMState", { spec: { nodeSelector: { zone: "a" } } })];
    const some = [node("n1", { zone: "a" }), node("n2"), node("n3", { zone: "a", "kubernetes.io/os": "windows" })];
    const related = { nodes: some, nmstates, enactments: [enactment("n1", available)] };
    expect(verdict(policy(), related)).to.equal("ready");
  });

  it("tries an update again that is refused while the last one is in progress", () => {
    const text = `admission webhook "x" denied: policy br is still in progress`;
    expect([kind.busy?.(text), kind.busy?.("capture field cannot be modified")]).to.deep.equal([true, false]);
  });

  describe("deletion", () => {
    const state = { interfaces: [{ name: "br1", type: "linux-bridge", bridge: { port: [{ name: "eth1" }] } }] };
    const live = { ...policy(), spec: { desiredState: state } };
    const steps = kind.deletion?.before?.(live) ?? [];
    const step = (index: number): Extract<Step, { act: "wait" }> => steps[index] as Extract<Step, { act: "wait" }>;
    const nmstates = [object(api, "NMState", {})];

    it("waits until the policy can be changed, makes it absent, and waits for every node", () => {
      expect(steps.map((each) => each.act)).to.deep.equal(["wait", "apply", "wait"]);
      const related = (of: KubernetesObject, enactments: KubernetesObject[] = []) => ({
        policy: [of],
        nodes: [node("n1")],
        nmstates,
        enactments,
      });
      const progressing = policy({ Available: "Unknown|ConfigurationProgressing" });
      expect(said(step(0).verdict(related(progressing), {}))).to.match(/^waiting: the policy is not in progress/);
      expect(said(step(0).verdict(related(policy({})), {}))).to.match(/\(not begun\)/);
      expect(said(step(0).verdict(related(policy({ Available: "False|FailedToConfigure" })), {}))).to.equal("ready");
      const now = policy(done, 3);
      expect(said(step(2).verdict(related(now, [enactment("n1", available)]), {}))).to.match(/^waiting: node n1/);
      expect(said(step(2).verdict(related(now, [enactment("n1", available, 3)]), {}))).to.equal("ready");
    });

    it("does not wait where nothing acts on policies, or where it is gone", () => {
      const alone = { policy: [policy({})], nodes: [node("n1")], nmstates: [] };
      expect(said(step(2).verdict(alone, {}))).to.equal("ready");
      expect(said(step(2).verdict({ ...alone, nmstates, nodes: [] }, {}))).to.equal("ready");
      expect(said(step(2).verdict({ ...alone, nmstates, policy: [] }, {}))).to.equal("ready");
    });

    it("changes nothing for a policy that has made nothing", () => {
      expect(kind.deletion?.before?.({ ...live, spec: {} })).to.deep.equal([]);
      const only = { interfaces: [{ name: "eth1", type: "ethernet", mtu: 9000 }] };
      expect(kind.deletion?.before?.({ ...live, spec: { desiredState: only } })).to.deep.equal([]);
    });
  });
});

describe("the state that takes a policy's network back", () => {
  const of = (...interfaces: JsonObject[]): JsonObject[] =>
    (absentState({ interfaces })?.interfaces ?? []) as JsonObject[];

  it("makes interfaces absent and brings their ports up again", () => {
    const bond = { name: "bond1", type: "bond", "link-aggregation": { mode: "802.3ad", port: ["eth1", "eth2"] } };
    const vlan = { name: "bond1.5", type: "vlan", vlan: { "base-iface": "bond1", id: 5 } };
    const bridge = { name: "br1", type: "linux-bridge", bridge: { port: [{ name: "bond1.5" }] } };
    expect(of(bond, { name: "eth1", type: "ethernet", mtu: 9000 }, vlan, bridge)).to.deep.equal([
      { name: "bond1", type: "bond", state: "absent" },
      { name: "bond1.5", type: "vlan", state: "absent" },
      { name: "br1", type: "linux-bridge", state: "absent" },
      { name: "eth1", type: "ethernet", state: "up" },
      { name: "eth2", state: "up" },
    ]);
  });

  it("reads the ports of a bond inside an Open vSwitch bridge", () => {
    const port = { name: "b", "link-aggregation": { mode: "balance-slb", port: [{ name: "eth1" }, { name: "eth2" }] } };
    const names = of(
      { name: "ovs", type: "ovs-bridge", bridge: { port: [port, { name: "ovs0" }] } },
      { name: "ovs0", type: "ovs-interface" },
    );
    expect(names.map((each) => `${each.name as string} ${each.state as string}`)).to.deep.equal([
      "ovs absent",
      "ovs0 absent",
      "eth1 up",
      "eth2 up",
    ]);
  });

  it("takes virtual functions back, but no hardware", () => {
    const pf = { name: "ens1", type: "ethernet", ethernet: { "sr-iov": { "total-vfs": 4 } } };
    expect(of(pf)).to.deep.equal([
      { name: "ens1", type: "ethernet", state: "up", ethernet: { "sr-iov": { "total-vfs": 0 } } },
    ]);
    expect(of({ ...pf, ethernet: { "sr-iov": { "total-vfs": 0 } } })).to.deep.equal([]);
  });

  it("leaves alone what the policy has not made", () => {
    const extra = { name: "br-ex", type: "ovs-bridge", bridge: { port: [{ name: "eth0" }] } };
    const gone = { name: "old", type: "vlan", state: "absent" };
    expect(of(extra, gone, { type: "vlan" }, { name: "lo", type: "loopback" }, { name: "x" })).to.deep.equal([]);
  });

  it("takes routes back, which may not go through what is absent", () => {
    const route = { destination: "10.0.0.0/8", "next-hop-interface": "v" };
    const state = absentState({
      interfaces: [{ name: "v", type: "vlan" }],
      routes: { config: [route, { ...route, state: "absent" }] },
      "route-rules": { config: [{ "ip-to": "10.0.0.0/8" }] },
    });
    expect(state?.routes).to.deep.equal({ config: [{ ...route, state: "absent" }] });
    expect(state?.["route-rules"]).to.deep.equal({ config: [{ "ip-to": "10.0.0.0/8", state: "absent" }] });
  });
});
