import { condition, sameJson } from "../../model";
import type { Json, KubernetesObject } from "../../model";
import { numberAt, objectsAt, textAt } from "../../rules/read";
import type { Verdict } from "../kind";
import { draining } from "./drains";
import type { Drains } from "./drains";
import { conditionIs, conditionText, failed, inOrder, ready, waiting } from "./verdict";

/** Annotation by which the SR-IOV operator says that it drains nodes of a pool. Source: sriov-network-operator pkg/consts. */
const drainAnnotation = "sriovnetwork.openshift.io/state";

/** Names of the MachineConfigs that a pool's `spec.configuration` or `status.configuration` was rendered from. */
export function sources(pool: KubernetesObject, part: "spec" | "status"): string[] {
  return objectsAt(pool, part, "configuration", "source").map((source) => textAt(source, "name") ?? "");
}

/** Name of the rendered MachineConfig that a pool's nodes shall have (`spec`) or that all of them have (`status`). */
export function renderedName(pool: KubernetesObject, part: "spec" | "status"): string {
  return textAt(pool, part, "configuration", "name") ?? "";
}

/**
 * Whether the pool's MachineConfigs can be merged. A failure counts only when it is not the one that was there before
 * the change: the controller takes it back some seconds after the cause is gone.
 */
export function rendering(pool: KubernetesObject, before: KubernetesObject | undefined): Verdict {
  const degraded = condition(pool, "RenderDegraded");
  if (degraded?.status !== "True") return ready;
  const message = degraded.message || "RenderDegraded is True";
  if (conditionText(pool, "RenderDegraded") === conditionText(before, "RenderDegraded")) {
    return waiting("the pool's configuration can be rendered", message);
  }
  return failed(message);
}

/** Ready when all the MachineConfigs are part of what the pool's nodes are going to get. */
export function rendered(pool: KubernetesObject, names: readonly string[]): Verdict {
  const present = new Set(sources(pool, "spec"));
  const absent = names.filter((name) => !present.has(name));
  if (absent.length === 0) return ready;
  return waiting(
    `pool ${pool.metadata.name} has rendered ${absent.join(", ")}`,
    `${present.size} other configurations`,
  );
}

/** Who has set `spec.paused` besides the provider, from the managed fields. */
function pausers(pool: KubernetesObject): string {
  const managers = (pool.metadata.managedFields ?? [])
    .filter(
      (entry) =>
        !sameJson((entry.fieldsV1 as Record<string, Record<string, Json>>)?.["f:spec"]?.["f:paused"], undefined),
    )
    .flatMap((entry) => entry.manager ?? []);
  return managers.length > 0 ? managers.join(", ") : "an unknown manager";
}

/** Ready when the SR-IOV operator is not draining nodes of the pool: it pauses and unpauses the pool by itself then. */
export function notDrainedBySriov(pool: KubernetesObject): Verdict {
  const state = pool.metadata.annotations?.[drainAnnotation];
  if (state === undefined || state === "Idle") return ready;
  return waiting(`the SR-IOV operator is done with pool ${pool.metadata.name}`, `its state is ${state}`);
}

/** The reason of the first node that cannot take its configuration. */
function nodeReason(nodes: readonly KubernetesObject[]): string | undefined {
  for (const node of nodes) {
    const annotations = node.metadata.annotations ?? {};
    const state = annotations["machineconfiguration.openshift.io/state"];
    if (state !== "Degraded" && state !== "Unreconcilable") continue;
    const reason = annotations["machineconfiguration.openshift.io/reason"] || "no reason given";
    return `node ${node.metadata.name} is ${state}: ${reason}`;
  }
  return undefined;
}

/** What a rollout has to come to. */
export interface Rollout {
  /** MachineConfigs that all nodes must have. */
  configs: readonly string[];
  /** How many nodes the pool must have at least. */
  machineCount: number;
}

function nodesHealthy(pool: KubernetesObject, nodes: readonly KubernetesObject[], before?: KubernetesObject): Verdict {
  const degraded = condition(pool, "NodeDegraded");
  if (degraded?.status !== "True") return ready;
  const reason = nodeReason(nodesOf(pool, nodes)) ?? (degraded.message || "NodeDegraded is True");
  if (conditionText(pool, "NodeDegraded") === conditionText(before, "NodeDegraded")) {
    return waiting(`no node of pool ${pool.metadata.name} is degraded`, reason);
  }
  return failed(`pool ${pool.metadata.name}: ${reason}`);
}

/** The nodes that carry a configuration of this pool. */
function nodesOf(pool: KubernetesObject, nodes: readonly KubernetesObject[]): KubernetesObject[] {
  const prefix = `rendered-${pool.metadata.name}-`;
  return nodes.filter((node) => {
    const desired = node.metadata.annotations?.["machineconfiguration.openshift.io/desiredConfig"];
    return desired?.startsWith(prefix) && /^[0-9a-f]+$/.test(desired.slice(prefix.length));
  });
}

/** How far the nodes are, and what keeps the one that is being drained. */
function progress(pool: KubernetesObject, nodes: readonly KubernetesObject[], drains: Drains): string {
  return [counts(pool), ...draining(nodesOf(pool, nodes), drains)].join("; ");
}

function counts(pool: KubernetesObject): string {
  const [machines, updated] = ["machineCount", "updatedMachineCount"].map((key) => numberAt(pool, "status", key) ?? 0);
  return `${updated} of ${machines} nodes updated`;
}

/**
 * The robust wait for a rollout: the pool has looked at its own present form, everything expected is rendered *and*
 * rolled out, and the conditions say so. The conditions alone lie: a pool says Updated of the previous configuration
 * until the new one is rendered, a paused pool never says Updating, and a pool without nodes is always Updated.
 * Source: machine-config-operator pkg/controller/node/status.go.
 */
export function rolledOut(
  pool: KubernetesObject,
  nodes: readonly KubernetesObject[],
  rollout: Rollout,
  before: KubernetesObject | undefined,
  drains: Drains = {},
): Verdict {
  const name = pool.metadata.name;
  return inOrder(
    () => rendering(pool, before),
    () => nodesHealthy(pool, nodes, before),
    () => {
      if (pool.spec?.paused !== true) return ready;
      const sriov = notDrainedBySriov(pool);
      return sriov.state === "ready" ? waiting(`pool ${name} is not paused`, `paused by ${pausers(pool)}`) : sriov;
    },
    () => {
      if (pool.status?.observedGeneration === pool.metadata.generation) return ready;
      return waiting(
        `pool ${name} has seen its present form`,
        `generation ${numberAt(pool, "status", "observedGeneration") ?? "none"}`,
      );
    },
    () => rendered(pool, rollout.configs),
    () => {
      const done = new Set(sources(pool, "status"));
      const absent = rollout.configs.filter((config) => !done.has(config));
      const same = renderedName(pool, "spec") === renderedName(pool, "status") && renderedName(pool, "spec") !== "";
      return same && absent.length === 0
        ? ready
        : waiting(`the nodes of pool ${name} have its configuration`, progress(pool, nodes, drains));
    },
    () => conditionIs(pool, "Updated", "True"),
    () => conditionIs(pool, "Updating", "False"),
    () => conditionIs(pool, "Degraded", "False"),
    () => {
      const machines = numberAt(pool, "status", "machineCount") ?? 0;
      if (machines >= rollout.machineCount) return ready;
      return waiting(`pool ${name} has ${rollout.machineCount} nodes`, `it has ${machines}`);
    },
  );
}
