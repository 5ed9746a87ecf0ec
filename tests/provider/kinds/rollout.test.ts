import { expect } from "chai";
import * as fc from "fast-check";
import type { JsonObject, KubernetesObject } from "../../../model";
import type { Related, Step } from "../../../provider/kind";
import {
  nodeAllocatable,
  nodesOffer,
  rolloutHold,
  rolloutManager,
  rolloutRelease,
} from "../../../provider/kinds/rollout";
import { rolledOut } from "../../../provider/kinds/pools";
import { node, pool, said } from "./objects";
import type { PoolState } from "./objects";

function waitAt(steps: Step[], index: number): Extract<Step, { act: "wait" }> {
  const step = steps[index];
  if (step?.act !== "wait") throw new Error(`step ${index} is no wait`);
  return step;
}

function applyAt(steps: Step[], index: number): Extract<Step, { act: "apply" }> {
  const step = steps[index];
  if (step?.act !== "apply") throw new Error(`step ${index} is no apply`);
  return step;
}

const sriovDrain = { "sriovnetwork.openshift.io/state": "Paused" };

describe("RolloutHold", () => {
  const inputs = { pool: "worker", digest: "1" };

  it("waits for the pool and for the SR-IOV operator, then pauses under a manager of its own", () => {
    const steps = rolloutHold.create(inputs);
    const wait = waitAt(steps, 0);
    expect(said(wait.verdict({ pool: [] }, {}))).to.match(/^waiting: MachineConfigPool worker exists/);
    expect(said(wait.verdict({ pool: [pool({ annotations: sriovDrain })] }, {}))).to.match(
      /^waiting: the SR-IOV operator/,
    );
    expect(
      said(wait.verdict({ pool: [pool({ annotations: { "sriovnetwork.openshift.io/state": "Idle" } })] }, {})),
    ).to.equal("ready");
    const apply = applyAt(steps, 1);
    expect(apply).to.deep.include({ manager: rolloutManager, plural: "machineconfigpools", force: true });
    expect(apply.object).to.deep.include({ metadata: { name: "worker" }, spec: { paused: true } });
  });

  it("holds the pool again when what it protects changes", () => {
    const steps = rolloutHold.update({ ...inputs, digest: "2" }, inputs);
    expect(applyAt(steps, 1).object.spec).to.deep.equal({ paused: true });
  });

  it("gives the field back when it is deleted and waits for the nodes", () => {
    const steps = rolloutHold.delete(inputs);
    expect(applyAt(steps, 0).object).to.not.have.property("spec");
    const wait = waitAt(steps, 1);
    const pending = pool({ status: "rendered-worker-0", updated: 1, conditions: { Updated: "False" } });
    expect(said(wait.verdict({ pool: [pending], nodes: [] }, {}))).to.match(
      /^waiting: the nodes of pool worker have its configuration \(1 of 3/,
    );
    expect(said(wait.verdict({ pool: [pool()], nodes: [] }, {}))).to.equal("ready");
    expect(said(wait.verdict({ pool: [], nodes: [] }, {}))).to.equal("ready");
  });

  it("is gone when its pool is", () => {
    expect(rolloutHold.observed(inputs, { pool: [] })).to.equal(undefined);
    expect(rolloutHold.observed(inputs, { pool: [pool()] })).to.deep.equal({});
  });
});

describe("RolloutRelease", () => {
  const inputs = { pool: "worker", digest: "1", configs: ["60-a", "60-b"], machineCount: 3 };
  const sources = ["00-worker", "60-a", "60-b"];

  it("releases only when everything is rendered", () => {
    const steps = rolloutRelease.create(inputs);
    const wait = waitAt(steps, 0);
    expect(said(wait.verdict({ pool: [] }, {}))).to.match(/^waiting: MachineConfigPool worker exists/);
    expect(said(wait.verdict({ pool: [pool({ sources: ["00-worker", "60-a"] })] }, {}))).to.match(
      /^waiting: pool worker has rendered 60-b/,
    );
    expect(said(wait.verdict({ pool: [pool({ sources, status: "rendered-worker-0", paused: true })] }, {}))).to.equal(
      "ready",
    );
    const broken = pool({ sources, conditions: { RenderDegraded: "True:conflict" } });
    expect(said(wait.verdict({ pool: [broken] }, { pool: [pool()] }))).to.equal("failed: conflict");
    expect(applyAt(steps, 1)).to.deep.include({ manager: rolloutManager });
    expect(applyAt(steps, 1).object).to.not.have.property("spec");
  });

  it("pauses again before things are deleted, unless the pool is gone", () => {
    const steps = rolloutRelease.delete(inputs);
    expect(said(waitAt(steps, 0).verdict({ pool: [] }, {}))).to.equal("ready");
    expect(applyAt(steps, 1).object.spec).to.deep.equal({ paused: true });
  });

  describe("the robust wait for a rollout", () => {
    const done: PoolState = { spec: "rendered-worker-b2", sources };
    const verdict = (state: PoolState, nodes: KubernetesObject[] = [], was?: KubernetesObject): string => {
      const related: Related = { pool: [pool(state)], nodes };
      return said(waitAt(rolloutRelease.create(inputs), 2).verdict(related, { pool: was ? [was] : [] }));
    };

    it("is ready when all nodes have it", () => expect(verdict(done)).to.equal("ready"));

    const races: [string, PoolState, RegExp][] = [
      ["Updated of the previous configuration", { sources: ["00-worker"] }, /has rendered 60-a, 60-b/],
      ["the release is not seen yet", { ...done, generation: 3, observed: 2 }, /has seen its present form/],
      [
        "rendered, not handed out",
        { ...done, status: "rendered-worker-a1", done: ["00-worker"] },
        /nodes of pool worker/,
      ],
      ["status has the name but not the sources", { ...done, done: ["00-worker"] }, /nodes of pool worker/],
      ["conditions lag behind", { ...done, conditions: { Updated: "False" } }, /Updated is True/],
      ["still updating", { ...done, conditions: { Updating: "True" } }, /Updating is False/],
      ["degraded for another reason", { ...done, conditions: { Degraded: "True:build" } }, /Degraded is False .*build/],
      ["a pool without nodes is always Updated", { ...done, machines: 0 }, /has 3 nodes \(it has 0/],
      ["drained by the SR-IOV operator", { ...done, paused: true, annotations: sriovDrain }, /SR-IOV operator is done/],
    ];
    for (const [race, state, expected] of races) {
      it(`waits: ${race}`, () =>
        expect(verdict(state))
          .to.match(/^waiting/)
          .and.to.match(expected));
    }

    it("names who else has paused the pool", () => {
      const managedFields = [{ manager: "oc-patch", fieldsV1: { "f:spec": { "f:paused": {} } } }];
      expect(verdict({ ...done, paused: true, managedFields })).to.match(/not paused \(paused by oc-patch\)/);
      const unnamed = [{ fieldsV1: { "f:spec": { "f:paused": {} } } }];
      expect(verdict({ ...done, paused: true, managedFields: unnamed })).to.match(/paused by an unknown manager/);
      const without = pool({ ...done, paused: true });
      delete without.metadata.managedFields;
      expect(said(rolledOut(without, [], { configs: [], machineCount: 0 }, undefined))).to.match(/an unknown manager/);
    });

    it("fails with the reason of the node that cannot take the configuration", () => {
      const state = { ...done, status: "rendered-worker-a1", conditions: { NodeDegraded: "True:1 node is degraded" } };
      const degraded = (config: string): KubernetesObject =>
        node("n2", {
          annotations: {
            "machineconfiguration.openshift.io/desiredConfig": config,
            "machineconfiguration.openshift.io/state": "Degraded",
            "machineconfiguration.openshift.io/reason": "unexpected on-disk state",
          },
        });
      expect(verdict(state, [degraded("rendered-worker-b2")])).to.equal(
        "failed: pool worker: node n2 is Degraded: unexpected on-disk state",
      );
      expect(verdict(state, [degraded("rendered-worker-dpdk-b2")])).to.equal("failed: pool worker: 1 node is degraded");
      const mute = { ...state, conditions: { NodeDegraded: "True" } };
      expect(verdict(mute)).to.equal("failed: pool worker: NodeDegraded is True");
      const desired = { "machineconfiguration.openshift.io/desiredConfig": "rendered-worker-b2" };
      const healthy = node("n1", { annotations: { ...desired, "machineconfiguration.openshift.io/state": "Done" } });
      const stuck = node("n3", {
        annotations: { ...desired, "machineconfiguration.openshift.io/state": "Unreconcilable" },
      });
      expect(verdict(mute, [healthy, stuck])).to.equal(
        "failed: pool worker: node n3 is Unreconcilable: no reason given",
      );
    });

    it("does not take a pool that has no status yet for done", () => {
      const fresh = pool(done);
      const rollout = { configs: [], machineCount: 1 };
      fresh.status = { conditions: [] };
      expect(said(rolledOut(fresh, [], rollout, undefined))).to.match(/seen its present form \(generation none/);
      fresh.status = { observedGeneration: 1, conditions: [] };
      expect(said(rolledOut(fresh, [], rollout, undefined))).to.match(/have its configuration \(0 of 0 nodes updated/);
    });

    it("gives nodes that were degraded before the change time to recover", () => {
      const state = { ...done, status: "rendered-worker-a1", conditions: { NodeDegraded: "True:old" } };
      expect(verdict(state, [], pool({ conditions: { NodeDegraded: "True:old" } }))).to.match(
        /^waiting: no node of pool worker is degraded/,
      );
    });

    it("is never ready before generation, names, sources, conditions and count all agree", () => {
      const bit = fc.boolean();
      fc.assert(
        fc.property(
          fc.record({ seen: bit, named: bit, sourced: bit, updated: bit, still: bit, counted: bit }),
          (facts) => {
            const state: PoolState = {
              spec: "rendered-worker-b2",
              status: facts.named ? "rendered-worker-b2" : "rendered-worker-a1",
              sources,
              done: facts.sourced ? sources : ["00-worker"],
              generation: 2,
              observed: facts.seen ? 2 : 1,
              machines: facts.counted ? 3 : 2,
              conditions: { Updated: facts.updated ? "True" : "False", Updating: facts.still ? "False" : "True" },
            };
            const all = Object.values(facts).every(Boolean);
            const found = rolledOut(pool(state), [], { configs: inputs.configs, machineCount: 3 }, undefined);
            expect(found.state).to.equal(all ? "ready" : "waiting");
          },
        ),
      );
    });
  });
});

describe("NodeAllocatable", () => {
  const inputs: JsonObject = { nodeSelector: { a: "b" }, resource: "openshift.io/fast", minimum: 4, nodes: 2 };
  const offering = (name: string, count: string | undefined, isReady = "True"): KubernetesObject =>
    node(name, {
      status: { allocatable: { "openshift.io/fast": count }, conditions: [{ type: "Ready", status: isReady }] },
    });

  it("waits until enough nodes offer enough, and says who does not", () => {
    expect(said(nodesOffer(inputs, []))).to.match(/names no other node/);
    expect(said(nodesOffer(inputs, [offering("n1", "4"), offering("n2", "0")]))).to.match(/\(1; n2: 0\)/);
    expect(said(nodesOffer(inputs, [offering("n1", "4"), offering("n2", undefined)]))).to.match(/n2: 0/);
    expect(said(nodesOffer(inputs, [offering("n1", "4"), offering("n2", "8", "False")]))).to.match(/n2: not Ready/);
    expect(said(nodesOffer(inputs, [offering("n1", "4"), offering("n2", "8")]))).to.equal("ready");
  });

  it("waits when its inputs say no number of nodes until one offers it", () => {
    const { nodes: _nodes, ...one } = inputs;
    expect(said(nodesOffer(one, [offering("n1", "4")]))).to.equal("ready");
    expect(said(nodesOffer(one, []))).to.match(/^waiting: 1 nodes offer 4 of openshift.io\/fast/);
  });

  it("counts quantities", () => {
    const pages = { ...inputs, resource: "hugepages-1Gi", minimum: "8Gi", nodes: 1 };
    const with8 = node("n", {
      status: { allocatable: { "hugepages-1Gi": "8Gi" }, conditions: [{ type: "Ready", status: "True" }] },
    });
    expect(said(nodesOffer(pages, [with8]))).to.equal("ready");
    expect(said(nodesOffer({ ...pages, minimum: "9Gi" }, [with8]))).to.match(/^waiting/);
  });

  it("puts out what each node offers, and selects by label", () => {
    const nodes = [offering("n2", "8"), offering("n1", "4")];
    expect(nodeAllocatable.observed(inputs, { nodes })).to.deep.equal({ allocatable: { n1: 4, n2: 8 }, total: 12 });
    expect(
      Object.keys(nodeAllocatable.observed(inputs, { nodes: [...nodes].reverse() })?.allocatable ?? {}),
    ).to.deep.equal(["n1", "n2"]);
    expect(nodeAllocatable.observe(inputs)[0]?.labelSelector).to.equal("a=b");
    expect(nodeAllocatable.delete(inputs)).to.deep.equal([]);
  });
});
