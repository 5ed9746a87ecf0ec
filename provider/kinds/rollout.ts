import type { JsonObject, KubernetesObject } from "../../model";
import { parseQuantity } from "../../rules";
import { mapAt, numberAt, textAt, textsAt } from "../../rules/read";
import type { ActionKind, Related, Step, Verdict } from "../kind";
import type { Shape } from "../shape";
import { drainWatches } from "./drains";
import { notDrainedBySriov, rendered, rendering, rolledOut } from "./pools";
import type { Rollout } from "./pools";
import { inOrder, ready, waiting } from "./verdict";
import { all, one, watch } from "./watches";

/** Field manager of `spec.paused` and of nothing else, so that giving it back takes nothing else along. */
export const rolloutManager = "pulumi-ove-rollout";

const minutes = 60;

const poolName: Shape = { type: "string", minLength: 1, doc: "Name of the MachineConfigPool." };
const digest: Shape = {
  type: "string",
  doc: "Digest of everything that is changed while the pool is held; a new one holds and releases the pool again.",
};

const pool = (inputs: JsonObject): string => textAt(inputs, "pool") ?? "";

function pausedField(inputs: JsonObject, spec: JsonObject | undefined): Step {
  const object: KubernetesObject = {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfigPool",
    metadata: { name: pool(inputs) },
    ...(spec ? { spec } : {}),
  };
  return {
    act: "apply",
    manager: rolloutManager,
    plural: "machineconfigpools",
    object,
    ...(spec ? { force: true } : {}),
  };
}

/**
 * Holds the pool: its configuration goes on being merged, but no node gets it. The field is taken over from whoever
 * set it, which is why the SR-IOV operator must not be draining: it pauses and unpauses pools by itself.
 */
function hold(inputs: JsonObject, whenGone: Verdict): Step[] {
  const verdict = (related: Related): Verdict => {
    const seen = one(related, "pool");
    return seen ? notDrainedBySriov(seen) : whenGone;
  };
  return [{ act: "wait", watches: [watch.pool(pool(inputs))], verdict }, pausedField(inputs, { paused: true })];
}

/** Waits until the pool's nodes have its configuration; nothing to wait for when the pool is gone. */
function untilRolledOut(inputs: JsonObject, rollout: Rollout): Step {
  return {
    act: "wait",
    watches: [watch.pool(pool(inputs)), watch.nodes(), ...drainWatches],
    verdict: (related, before) => {
      const seen = one(related, "pool");
      const drains = { budgets: all(related, "budgets"), reports: all(related, "nodeReports") };
      return seen ? rolledOut(seen, all(related, "nodes"), rollout, one(before, "pool"), drains) : ready;
    },
  };
}

/** Holds and releases put out nothing; they are gone when their pool is. */
const poolState: Pick<ActionKind, "observe" | "observed"> = {
  observe: (inputs) => [watch.pool(pool(inputs))],
  observed: (_inputs, related) => (one(related, "pool") ? {} : undefined),
};

export const rolloutHold: ActionKind = {
  is: "action",
  token: "ove:nodes:RolloutHold",
  doc: "Pauses a MachineConfigPool, so that everything changed until its RolloutRelease reaches the nodes in one rollout.",
  waits: "The pool exists and the SR-IOV operator is not draining it; then it is paused.",
  deletes: "The pool is released and waited for until its nodes have what is left.",
  example: { pool: "worker", digest: "1f2e3d" },
  inputs: () => ({ type: "object", required: ["pool", "digest"], properties: { pool: poolName, digest } }),
  outputs: () => ({ type: "object", properties: {} }),
  check: () => [],
  id: pool,
  immutable: ["pool"],
  timeouts: { create: 120 * minutes, update: 120 * minutes, delete: 240 * minutes },
  create: (inputs) => hold(inputs, waiting(`MachineConfigPool ${pool(inputs)} exists`, "not there")),
  update: (inputs) => hold(inputs, waiting(`MachineConfigPool ${pool(inputs)} exists`, "not there")),
  delete: (inputs) => [pausedField(inputs, undefined), untilRolledOut(inputs, { configs: [], machineCount: 0 })],
  ...poolState,
};

/** Waits until everything is merged, releases the pool and waits until its nodes have it. */
function release(inputs: JsonObject): Step[] {
  const rollout: Rollout = {
    configs: textsAt(inputs, "configs"),
    machineCount: numberAt(inputs, "machineCount") ?? 0,
  };
  const merged = (related: Related, before: Related): Verdict => {
    const seen = one(related, "pool");
    if (!seen) return waiting(`MachineConfigPool ${pool(inputs)} exists`, "not there");
    return inOrder(
      () => rendering(seen, one(before, "pool")),
      () => rendered(seen, rollout.configs),
    );
  };
  return [
    { act: "wait", watches: [watch.pool(pool(inputs))], verdict: merged },
    pausedField(inputs, undefined),
    untilRolledOut(inputs, rollout),
  ];
}

export const rolloutRelease: ActionKind = {
  is: "action",
  token: "ove:nodes:RolloutRelease",
  doc: "Releases a held MachineConfigPool once everything is merged and waits until all its nodes have the new configuration.",
  waits:
    "Everything is merged; then the pool is released, and every node has drained, rebooted and taken the new configuration.",
  deletes: "The pool is paused again, so that the deletions that follow are one rollout.",
  example: { pool: "worker", digest: "1f2e3d", configs: ["60-worker-iommu"], machineCount: 3 },
  inputs: () => ({
    type: "object",
    required: ["pool", "digest", "configs", "machineCount"],
    properties: {
      pool: poolName,
      digest,
      configs: {
        type: "array",
        items: { type: "string" },
        doc: "Names of the MachineConfigs that every node must have.",
      },
      machineCount: { type: "integer", minimum: 0, doc: "How many nodes the pool must have at least." },
    },
  }),
  outputs: () => ({ type: "object", properties: {} }),
  check: () => [],
  id: pool,
  immutable: ["pool"],
  timeouts: { create: 240 * minutes, update: 240 * minutes, delete: 120 * minutes },
  create: release,
  update: release,
  delete: (inputs) => hold(inputs, ready),
  ...poolState,
};

function offered(node: KubernetesObject, resource: string): number {
  const allocatable = node.status?.allocatable as JsonObject | undefined;
  return parseQuantity(allocatable?.[resource]) ?? 0;
}

/** Ready when enough nodes that the selector names are Ready and offer enough of the resource. */
export function nodesOffer(inputs: JsonObject, nodes: readonly KubernetesObject[]): Verdict {
  const resource = textAt(inputs, "resource") ?? "";
  const minimum = parseQuantity(inputs.minimum) ?? 0;
  const wanted = numberAt(inputs, "nodes") ?? 1;
  const up = nodes.filter((node) =>
    (node.status?.conditions as { type: string; status: string }[] | undefined)?.some(
      ({ type, status }) => type === "Ready" && status === "True",
    ),
  );
  const enough = up.filter((node) => offered(node, resource) >= minimum);
  if (enough.length >= wanted) return ready;
  const short = nodes.filter((node) => !enough.includes(node));
  const seen = short.map(
    (node) => `${node.metadata.name}: ${up.includes(node) ? offered(node, resource) : "not Ready"}`,
  );
  const condition = `${wanted} nodes offer ${JSON.stringify(inputs.minimum)} of ${resource}`;
  return waiting(
    condition,
    `${enough.length}${seen.length > 0 ? `; ${seen.join(", ")}` : "; the selector names no other node"}`,
  );
}

function untilOffered(inputs: JsonObject): Step[] {
  const watches = [watch.nodes(mapAt(inputs, "nodeSelector"))];
  return [{ act: "wait", watches, verdict: (related) => nodesOffer(inputs, all(related, "nodes")) }];
}

export const nodeAllocatable: ActionKind = {
  is: "action",
  token: "ove:nodes:NodeAllocatable",
  doc: "Waits until nodes offer a resource, for example the virtual functions of a fabric: device plugins announce them late.",
  waits: "As many nodes as wanted offer the resource.",
  deletes: "Nothing is deleted.",
  example: {
    nodeSelector: { "node-role.kubernetes.io/worker": "" },
    resource: "openshift.io/fast",
    minimum: 8,
    nodes: 3,
  },
  inputs: () => ({
    type: "object",
    required: ["nodeSelector", "resource", "minimum", "nodes"],
    properties: {
      nodeSelector: { type: "object", values: { type: "string" }, doc: "Labels of the nodes that count." },
      resource: { type: "string", minLength: 1, doc: "Name of the resource, for example `openshift.io/fast`." },
      minimum: { intOrString: true, doc: "How much each node must offer, a quantity." },
      nodes: { type: "integer", minimum: 1, doc: "How many nodes must offer it." },
    },
  }),
  outputs: () => ({
    type: "object",
    required: ["allocatable", "total"],
    properties: {
      allocatable: { type: "object", values: { type: "number" }, doc: "What each node offers, by its name." },
      total: { type: "number", doc: "What all nodes together offer." },
    },
  }),
  check: () => [],
  id: (inputs) => textAt(inputs, "resource") ?? "",
  immutable: [],
  timeouts: { create: 30 * minutes, update: 30 * minutes, delete: 1 * minutes },
  create: untilOffered,
  update: untilOffered,
  delete: () => [],
  observe: (inputs) => [watch.nodes(mapAt(inputs, "nodeSelector"))],
  observed: (inputs, related) => {
    const resource = textAt(inputs, "resource") ?? "";
    const nodes = all(related, "nodes").map((node): [string, number] => [node.metadata.name, offered(node, resource)]);
    return {
      allocatable: Object.fromEntries(nodes.sort(([a], [b]) => (a < b ? -1 : 1))),
      total: nodes.reduce((sum, [, count]) => sum + count, 0),
    };
  },
};
