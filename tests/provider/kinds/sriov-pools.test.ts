import { expect } from "chai";
import { disruptionsOf } from "../../../model";
import type { JsonObject, KubernetesObject } from "../../../model";
import { sriovNetworkPoolConfig, sriovNetworkPoolConfigReady } from "../../../provider/kinds/sriov-pools";
import { before, object, pool, said } from "./objects";

const api = "sriovnetwork.openshift.io/v1";
const make = (spec: JsonObject): KubernetesObject => object(api, "SriovNetworkPoolConfig", { spec });
const offload = make({ ovsHardwareOffloadConfig: { name: "worker" } });
const node = (name: string, labels: Record<string, string> = {}): KubernetesObject =>
  object("v1", "Node", { metadata: { name, labels } });
const state = (name: string, told?: string, has = told, sync = "Succeeded", error = ""): KubernetesObject =>
  object(api, "SriovNetworkNodeState", {
    metadata: { name },
    spec: told ? { system: { rdmaMode: told } } : {},
    status: { syncStatus: sync, lastSyncError: error, ...(has ? { system: { rdmaMode: has } } : {}) },
  });

describe("readiness of a SriovNetworkPoolConfig", () => {
  const verdict = (spec: JsonObject, states: KubernetesObject[], was: KubernetesObject[] = []): string =>
    said(
      sriovNetworkPoolConfigReady(
        make(spec),
        { nodes: [node("n1", { zone: "a" }), node("n2", { zone: "b" })], nodeStates: states },
        before({ nodeStates: was }),
      ),
    );

  it("has nothing to wait for where it only says how nodes are drained", () => {
    expect(verdict({ maxUnavailable: 1 }, [state("n1")])).to.equal("ready");
    expect(sriovNetworkPoolConfig.ready.watches(make({})).map((each) => each.id)).to.deep.equal([
      "nodes",
      "nodeStates",
    ]);
  });

  it("waits until the RDMA mode is on the selected nodes", () => {
    const spec = { rdmaMode: "exclusive" };
    expect(verdict(spec, [state("n1"), state("n2")])).to.match(/n1 is told RDMA mode exclusive \(none/);
    expect(verdict(spec, [state("n1", "exclusive", "shared")])).to.match(/n1 has RDMA mode exclusive \(shared/);
    expect(verdict(spec, [state("n1", "exclusive", "")])).to.match(/none reported/);
    expect(verdict(spec, [state("n1", "exclusive", "exclusive", "InProgress")])).to.match(/has synchronised/);
    expect(verdict(spec, [state("n1", "exclusive"), state("n2", "exclusive")])).to.equal("ready");
  });

  it("fails with the daemon's error unless it is an old one", () => {
    const failed = state("n1", "exclusive", "shared", "Failed", "no");
    expect(verdict({ rdmaMode: "exclusive" }, [failed])).to.equal("failed: node n1 failed: no");
    expect(verdict({ rdmaMode: "exclusive" }, [failed], [failed])).to.match(/^waiting/);
  });

  const selectors: [JsonObject, string[]][] = [
    [{ matchLabels: { zone: "a" } }, ["n1"]],
    [{ matchExpressions: [{ key: "zone", operator: "In", values: ["b"] }] }, ["n2"]],
    [{ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["b"] }] }, ["n1"]],
    [{ matchExpressions: [{ key: "zone", operator: "Exists" }] }, ["n1", "n2"]],
    [{ matchExpressions: [{ key: "zone", operator: "DoesNotExist" }] }, []],
  ];
  for (const [nodeSelector, selected] of selectors) {
    it(`looks at ${selected.join(" and ") || "no node"} for ${JSON.stringify(nodeSelector)}`, () => {
      const waitsFor = ["n1", "n2"].filter(
        (name) => verdict({ rdmaMode: "shared", nodeSelector }, [state(name)]) !== "ready",
      );
      expect(waitsFor).to.deep.equal(selected);
    });
  }

  it("waits until hardware offload is part of its pool", () => {
    const check = (now?: KubernetesObject, was?: KubernetesObject): string =>
      said(sriovNetworkPoolConfigReady(offload, { pool: now ? [now] : [] }, before({ pool: was ? [was] : [] })));
    expect(check()).to.match(/MachineConfigPool worker exists/);
    expect(check(pool())).to.match(/has rendered 00-worker-ovs-hw-offload/);
    expect(check(pool({ sources: ["00-worker-ovs-hw-offload"] }))).to.equal("ready");
    expect(check(pool({ conditions: { RenderDegraded: "True:broken" } }))).to.equal("failed: broken");
    expect(sriovNetworkPoolConfig.ready.watches(offload).map((each) => each.name)).to.deep.equal(["worker"]);
  });

  it("waits after its deletion until the pool is without it", () => {
    const [step] = sriovNetworkPoolConfig.deletion?.after?.(offload) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    expect(said(step.verdict({ pool: [pool({ sources: ["00-worker-ovs-hw-offload"] })] }, {}))).to.match(/^waiting/);
    expect(said(step.verdict({ pool: [pool()] }, {}))).to.equal("ready");
    expect(said(step.verdict({ pool: [] }, {}))).to.equal("ready");
    expect(sriovNetworkPoolConfig.deletion?.after?.(make({}))).to.deep.equal([]);
  });
});

describe("what a change of a SriovNetworkPoolConfig costs", () => {
  const costs = (path: string, was: JsonObject, is: JsonObject): string[] =>
    disruptionsOf(sriovNetworkPoolConfig.disruptions, {
      change: "update",
      paths: [["spec", path]],
      before: make(was),
      after: make(is),
    }).map((row) => `${row.cost} by ${row.by}`);

  it("nothing for the pace", () => {
    expect(costs("maxUnavailable", {}, {})).to.deep.equal([]);
    expect(costs("nodeSelector", {}, {})).to.deep.equal([]);
  });

  it("reboots for the RDMA mode and for hardware offload", () => {
    expect(costs("rdmaMode", {}, { rdmaMode: "shared" })).to.deep.equal(["reboot by sriov-network-operator"]);
    expect(costs("rdmaMode", { rdmaMode: "shared" }, {})).to.deep.equal(["reboot by sriov-network-operator"]);
    expect(costs("nodeSelector", {}, { rdmaMode: "shared" })).to.deep.equal(["reboot by sriov-network-operator"]);
    expect(costs("ovsHardwareOffloadConfig", {}, { ovsHardwareOffloadConfig: { name: "worker" } })).to.deep.equal([
      "reboot by machine-config-operator",
    ]);
    const create = { change: "create", paths: [], after: make({ maxUnavailable: 1 }) } as const;
    expect(disruptionsOf(sriovNetworkPoolConfig.disruptions, create)).to.deep.equal([]);
  });
});
