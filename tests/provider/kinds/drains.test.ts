import { expect } from "chai";
import type { KubernetesObject } from "../../../model";
import { draining, drainWatches } from "../../../provider/kinds/drains";
import { rolledOut } from "../../../provider/kinds/pools";
import { pool, said } from "./objects";

const mco = "machineconfiguration.openshift.io";
const node = (name: string, desired?: string, applied?: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name,
    annotations: {
      [`${mco}/desiredConfig`]: "rendered-worker-1",
      ...(desired ? { [`${mco}/desiredDrain`]: desired } : {}),
      ...(applied ? { [`${mco}/lastAppliedDrain`]: applied } : {}),
    },
  },
});
const budget = (namespace: string, name: string, disruptionsAllowed: number, expectedPods = 1): KubernetesObject => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name, namespace },
  status: { disruptionsAllowed, expectedPods },
});
const report = (name: string, message: string): KubernetesObject => ({
  apiVersion: `${mco}/v1`,
  kind: "MachineConfigNode",
  metadata: { name },
  status: { conditions: [{ type: "Drained", status: "Unknown", message }] },
});
const waits = node("w1", "drain-rendered-worker-1", "uncordon-rendered-worker-0");

describe("drains", () => {
  it("are under way when the daemon has asked for one that is not done", () => {
    const nodes = [
      node("w0"),
      waits,
      node("w2", "drain-rendered-worker-1", "drain-rendered-worker-1"),
      node("w3", "uncordon-rendered-worker-1", "drain-rendered-worker-1"),
    ];
    expect(draining(nodes, {})).to.deep.equal(["node w1 is being drained"]);
  });

  it("are kept by the budgets that let no pod go", () => {
    const budgets = [
      budget("web", "b", 0),
      budget("web", "a", 0),
      budget("web", "some", 1),
      budget("web", "of-no-pods", 0, 0),
      { ...budget("web", "not-looked-at-yet", 0), status: { disruptionsAllowed: 0 } },
    ];
    expect(draining([waits], { budgets })).to.deep.equal([
      "node w1 is being drained; PodDisruptionBudgets that let no pod go: web/a, web/b",
    ]);
  });

  it("are told in the operator's words, which say whose budgets count", () => {
    const message = 'Error: Node Drain has not succeeded. Error is: error when evicting pods/"a" -n "web": timeout';
    const budgets = [budget("web", "a", 0), budget("db", "a", 0)];
    expect(draining([waits], { budgets, reports: [report("w0", "Error: x"), report("w1", message)] })).to.deep.equal([
      `node w1 is being drained; ${message}; PodDisruptionBudgets that let no pod go: web/a`,
    ]);
    expect(draining([waits], { reports: [report("w1", "Draining node.")] })).to.deep.equal([
      "node w1 is being drained",
    ]);
  });

  it("are part of what a rollout waits for", () => {
    const state = pool({ status: "rendered-worker-0", updated: 1, conditions: { Updated: "False" } });
    const drains = { budgets: [budget("web", "a", 0)] };
    expect(said(rolledOut(state, [waits], { configs: [], machineCount: 3 }, undefined, drains))).to.equal(
      "waiting: the nodes of pool worker have its configuration (1 of 3 nodes updated; node w1 is being drained; PodDisruptionBudgets that let no pod go: web/a)",
    );
    expect(drainWatches.map(({ id }) => id)).to.deep.equal(["budgets", "nodeReports"]);
  });
});
