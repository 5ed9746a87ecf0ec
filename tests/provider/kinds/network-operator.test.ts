import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { multiNetworkPolicy } from "../../../provider/kinds/multi-network-policies";
import { networkOperator, networkOperatorReady, wantedDaemonSets } from "../../../provider/kinds/network-operator";
import { wantedOf } from "../../../sandbox/agents/network-operator";
import { before, object, said } from "./objects";

const make = (spec: JsonObject): KubernetesObject =>
  object("operator.openshift.io/v1", "Network", { name: "cluster", spec });
const raw = (config: JsonObject | string): JsonObject => ({
  name: "n",
  type: "Raw",
  rawCNIConfig: typeof config === "string" ? config : JSON.stringify(config),
});
const dhcp = raw({ type: "bridge", ipam: { type: "dhcp" } });
const daemonSet = (ready = 1): KubernetesObject =>
  object("apps/v1", "DaemonSet", {
    metadata: { name: "ds", generation: 1 },
    status: { observedGeneration: 1, desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberReady: ready },
  });
const operator = (conditions: Record<string, string>, message = ""): KubernetesObject =>
  object("config.openshift.io/v1", "ClusterOperator", {
    name: "network",
    status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status, message })) },
  });
const atRest = operator({ Progressing: "False", Degraded: "False" });

describe("daemons that the network operator runs", () => {
  const cases: [title: string, spec: JsonObject, expected: string[]][] = [
    ["none", {}, []],
    ["DHCP of a raw network", { additionalNetworks: [dhcp] }, ["dhcp-daemon"]],
    [
      "the first IPAM of a list",
      {
        additionalNetworks: [
          raw({ plugins: [{ type: "a" }, { ipam: { type: "whereabouts" } }, { ipam: { type: "dhcp" } }] }),
        ],
      },
      ["whereabouts-reconciler"],
    ],
    ["macvlan without further words", { additionalNetworks: [{ name: "n", type: "SimpleMacvlan" }] }, ["dhcp-daemon"]],
    [
      "macvlan with fixed addresses",
      {
        additionalNetworks: [
          { name: "n", type: "SimpleMacvlan", simpleMacvlanConfig: { ipamConfig: { type: "Static" } } },
        ],
      },
      [],
    ],
    ["policies", { useMultiNetworkPolicy: true }, ["multus-networkpolicy"]],
    ["nothing without Multus", { useMultiNetworkPolicy: true, disableMultiNetwork: true }, []],
  ];
  for (const [title, spec, expected] of cases) {
    it(title, () => {
      expect(wantedDaemonSets(make(spec))).to.deep.equal(expected);
      expect(wantedOf(make(spec)).daemonSets, "the simulator").to.deep.equal(expected);
    });
  }

  it("none for what cannot be read", () => {
    expect(wantedDaemonSets(make({ additionalNetworks: [raw("{")] }))).to.deep.equal([]);
    expect(wantedDaemonSets(make({ additionalNetworks: [{ name: "n", type: "x" }] }))).to.deep.equal([]);
    expect(wantedDaemonSets(make({ additionalNetworks: [{ name: "n", type: "Raw" }] }))).to.deep.equal([]);
  });
});

describe("readiness of the network operator", () => {
  const attachment = (config: string): KubernetesObject =>
    object("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", { name: "n", spec: { config } });
  const live = make({ additionalNetworks: [dhcp], useMultiNetworkPolicy: true });
  const done = {
    operator: [atRest],
    "attachment n": [attachment('{ "type":"bridge", "ipam": {"type":"dhcp"} }')],
    "dhcp-daemon": [daemonSet()],
    "multus-networkpolicy": [daemonSet()],
  };
  const verdict = (more: Record<string, KubernetesObject[]>, was: KubernetesObject[] = []): string =>
    said(networkOperatorReady(live, { ...done, ...more }, before({ operator: was })));

  it("waits for the attachments, the daemons and for rest", () => {
    expect(verdict({})).to.equal("ready");
    expect(verdict({ operator: [] })).to.match(/ClusterOperator network exists/);
    expect(verdict({ "attachment n": [] })).to.match(/default\/n exists/);
    expect(verdict({ "attachment n": [attachment("{}")] })).to.match(/present form/);
    const empty = object("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", { name: "n" });
    expect(verdict({ "attachment n": [empty] })).to.match(/present form \(no configuration/);
    expect(verdict({ "dhcp-daemon": [] })).to.match(/dhcp-daemon exists/);
    expect(verdict({ "multus-networkpolicy": [daemonSet(0)] })).to.match(/0 ready of 1/);
    const fresh = object("apps/v1", "DaemonSet", { name: "ds" });
    expect(verdict({ "multus-networkpolicy": [fresh] })).to.match(/0 updated and 0 ready of 0/);
    expect(verdict({ operator: [operator({ Progressing: "True" })] })).to.match(/Progressing is False/);
  });

  it("fails with the operator's message unless it is an old one", () => {
    const broken = operator({ Degraded: "True" }, "bad network");
    expect(verdict({ operator: [broken] })).to.equal("failed: bad network");
    expect(verdict({ operator: [broken] }, [broken])).to.match(/^waiting.*bad network/);
    expect(verdict({ operator: [operator({ Degraded: "True" })] })).to.match(
      /failed: ClusterOperator network is degraded/,
    );
  });

  it("does not compare what the operator writes for macvlan", () => {
    const spec = { additionalNetworks: [{ name: "n", namespace: "web", type: "SimpleMacvlan" }] };
    const related = { ...done, "attachment n": [attachment("{}")] };
    expect(said(networkOperatorReady(make(spec), related, before()))).to.equal("ready");
    expect(networkOperator.ready.watches(make(spec)).map((each) => each.name)).to.deep.equal([
      "network",
      "dhcp-daemon",
      "n",
    ]);
    expect(networkOperator.adopt({ name: "cluster" })).to.equal(true);
  });

  it("a MultiNetworkPolicy waits for its daemon", () => {
    const policy = object("k8s.cni.cncf.io/v1beta1", "MultiNetworkPolicy", {});
    const check = (found: KubernetesObject[]): string =>
      said(multiNetworkPolicy.ready.verdict(policy, { "multus-networkpolicy": found }, before()));
    expect(check([])).to.match(/multus-networkpolicy exists/);
    expect(check([daemonSet()])).to.equal("ready");
    expect(multiNetworkPolicy.ready.watches(policy)).to.have.length(1);
    expect(multiNetworkPolicy.adopt({ name: "p" })).to.equal(false);
  });
});
