import { sameJson } from "../../model";
import type { DisruptionRow, KubernetesObject } from "../../model";
import { machineConfigPoolRules, machineConfigRules } from "../../rules";
import { numberAt } from "../../rules/read";
import type { Before, ObjectKind, Related, Step, Verdict } from "../kind";
import { ignitionShape } from "./ignition";
import { machineConfigDisruptions } from "./machine-config-disruptions";
import { renderedName, rendering, sources } from "./pools";
import { notRendered } from "./rendered";
import { generatedShape } from "./shapes";
import { conditionIs, forAll, inOrder, ready, waiting } from "./verdict";
import { all, one, watch } from "./watches";

const apiVersion = "machineconfiguration.openshift.io/v1";
const roleLabel = "machineconfiguration.openshift.io/role";
const minutes = 60;

function role(config: KubernetesObject): string {
  return config.metadata.labels?.[roleLabel] ?? "";
}

/** Whether the pool's rendered MachineConfig has the present content of `config`, which is among its sources. */
function contentRendered(config: KubernetesObject, pool: KubernetesObject, related: Related, before: Before): Verdict {
  const name = renderedName(pool, "spec");
  const configs = all(related, "machineConfigs");
  const rendered = configs.find((each) => each.metadata.name === name);
  if (rendered) {
    const names = new Set(sources(pool, "spec"));
    const others = configs.filter(
      (each) => names.has(each.metadata.name) && each.metadata.name !== config.metadata.name,
    );
    const behind = notRendered(rendered, config, before.object, others);
    return behind ? waiting(`${name} has the new content`, `it has not the present ${behind}`) : ready;
  }
  const poolBefore = one(before.related, "pool");
  const unchanged = !before.object || sameJson(before.object.spec, config.spec);
  if (unchanged || !poolBefore || renderedName(poolBefore, "spec") !== name) return ready;
  return waiting(`pool ${pool.metadata.name} has a new rendered configuration`, `still ${name}`);
}

/**
 * Gate of a MachineConfig: the pool that its role label names has merged its present content. Nodes get it later, that
 * is the rollout's business. Right after a change the pool still shows the previous merge, whose list of sources has the
 * name already, so the content is compared as well.
 */
export function machineConfigReady(config: KubernetesObject, related: Related, before: Before): Verdict {
  const pool = one(related, "pool");
  if (!pool) return waiting(`MachineConfigPool ${role(config)} exists`, "not there");
  return inOrder(
    () => rendering(pool, one(before.related, "pool")),
    () => {
      const names = sources(pool, "spec");
      if (names.includes(config.metadata.name)) return ready;
      return waiting(
        `pool ${pool.metadata.name} has rendered ${config.metadata.name}`,
        `${names.length} other configurations`,
      );
    },
    () => contentRendered(config, pool, related, before),
  );
}

/** After a MachineConfig is gone: wait until the pool has merged the rest, so that the next rollout is without it. */
function withoutConfig(config: KubernetesObject): Step[] {
  const name = config.metadata.name;
  const verdict = (related: Related, before: Related): Verdict => {
    const pool = one(related, "pool");
    if (!pool || !sources(pool, "spec").includes(name)) return ready;
    const failure = rendering(pool, one(before, "pool"));
    return failure.state === "failed"
      ? failure
      : waiting(`pool ${role(config)} is rendered without ${name}`, "still part of it");
  };
  return [{ act: "wait", watches: [watch.pool(role(config))], verdict }];
}

export const machineConfig: ObjectKind = {
  is: "object",
  token: "ove:nodes:MachineConfig",
  doc: "Files, systemd units, kernel arguments and extensions for the nodes of a MachineConfigPool.",
  waits:
    "The pool that its role label names has merged its present content. Nodes get it later: that is what RolloutRelease waits for.",
  deletes: "Deleted, then waited for until the pool is rendered without it.",
  example: {
    metadata: { name: "60-worker-iommu", labels: { "machineconfiguration.openshift.io/role": "worker" } },
    spec: { config: { ignition: { version: "3.2.0" } }, kernelArguments: ["intel_iommu=on", "iommu=pt"] },
  },
  disruptions: machineConfigDisruptions,
  apiVersion,
  kind: "MachineConfig",
  plural: "machineconfigs",
  scope: "Cluster",
  shape: generatedShape("MachineConfig", (shape) => {
    const spec = shape.properties?.spec ?? {};
    return { ...shape, properties: { spec: { ...spec, properties: { ...spec.properties, config: ignitionShape } } } };
  }),
  listKeys: {
    "spec.config.passwd.users": { by: ["name"] },
    "spec.config.passwd.users.sshAuthorizedKeys": "set",
    "spec.config.storage.files": { by: ["path"] },
    "spec.config.systemd.units": { by: ["name"] },
    "spec.config.systemd.units.dropins": { by: ["name"] },
    "spec.extensions": "set",
    "spec.kernelArguments": "ordered",
  },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: machineConfigRules,
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 10 * minutes },
  ready: {
    watches: (config) => [watch.pool(role(config)), watch.machineConfigs],
    verdict: machineConfigReady,
  },
  deletion: { after: withoutConfig },
};

/** Gate of a pool: its configuration is merged. Whether the nodes have it is the rollout's business. */
export function machineConfigPoolReady(pool: KubernetesObject, _related: Related, before: Before): Verdict {
  return inOrder(
    () => rendering(pool, before.object),
    () => {
      if (pool.status?.observedGeneration === pool.metadata.generation) return ready;
      return waiting(
        "the pool has been seen in its present form",
        `generation ${numberAt(pool, "status", "observedGeneration") ?? "none"}`,
      );
    },
    () => (renderedName(pool, "spec") ? ready : waiting("spec.configuration.name is set", "no rendered configuration")),
    () => conditionIs(pool, "RenderDegraded", "False"),
  );
}

/** Pools that OpenShift itself makes. */
const builtIn = new Set(["master", "worker", "arbiter"]);

/** Whether a node has taken the worker pool's configuration. */
function fellBack(node: KubernetesObject, worker: KubernetesObject): Verdict {
  const annotations = node.metadata.annotations ?? {};
  const wanted = renderedName(worker, "spec");
  const current = annotations["machineconfiguration.openshift.io/currentConfig"];
  const done = annotations["machineconfiguration.openshift.io/state"] === "Done";
  if (current === wanted && done) return ready;
  return waiting(`node ${node.metadata.name} has the worker pool's configuration`, `${current ?? "none"}`);
}

/** After a custom pool is gone: its nodes fall back to the worker pool, which drains and reboots them. */
function nodesFallBack(pool: KubernetesObject): Step[] {
  const labels = (pool.spec?.nodeSelector as { matchLabels?: Record<string, string> } | undefined)?.matchLabels;
  if (!labels || Object.keys(labels).length === 0) return [];
  const verdict = (related: Related): Verdict => {
    const worker = one(related, "pool");
    return worker ? forAll(all(related, "nodes"), (node) => fellBack(node, worker)) : ready;
  };
  const workers = { ...labels, "node-role.kubernetes.io/worker": "" };
  return [{ act: "wait", watches: [watch.pool("worker"), watch.nodes(workers)], verdict }];
}

const machineConfigPoolDisruptions: readonly DisruptionRow[] = [
  {
    on: ["update"],
    paths: ["spec.machineConfigSelector", "spec.nodeSelector"],
    cost: "reboot",
    reach: "pool",
    by: "machine-config-operator",
    why: "Nodes that change their pool take another configuration.",
    source: "openshift/machine-config-operator docs/custom-pools.md",
  },
  {
    on: ["create", "delete"],
    cost: "reboot",
    reach: "pool",
    by: "machine-config-operator",
    why: "Nodes that the pool selects leave the worker pool, or fall back to it, and take its configuration.",
    source: "openshift/machine-config-operator docs/custom-pools.md",
  },
];

export const machineConfigPool: ObjectKind = {
  is: "object",
  token: "ove:nodes:MachineConfigPool",
  doc: "A group of nodes that share one merged configuration and take it one after the other.",
  waits:
    "Its configuration is merged in the present form; nodes take it later, which is what RolloutRelease waits for.",
  deletes:
    "Custom pools are deleted, then waited for until their nodes have fallen back to the worker pool. Built-in pools are given back.",
  example: {
    metadata: { name: "dpdk" },
    spec: {
      machineConfigSelector: {
        matchExpressions: [
          { key: "machineconfiguration.openshift.io/role", operator: "In", values: ["worker", "dpdk"] },
        ],
      },
      nodeSelector: { matchLabels: { "node-role.kubernetes.io/dpdk": "" } },
    },
  },
  disruptions: machineConfigPoolDisruptions,
  apiVersion,
  kind: "MachineConfigPool",
  plural: "machineconfigpools",
  scope: "Cluster",
  shape: generatedShape("MachineConfigPool"),
  listKeys: {
    "spec.machineConfigSelector.matchExpressions": { by: ["key", "operator"] },
    "spec.machineConfigSelector.matchExpressions.values": "set",
    "spec.nodeSelector.matchExpressions": { by: ["key", "operator"] },
    "spec.nodeSelector.matchExpressions.values": "set",
  },
  immutable: [],
  serverWritten: ["spec.configuration", "spec.paused"],
  adopt: ({ name }) => builtIn.has(name),
  rules: machineConfigPoolRules,
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 240 * minutes },
  ready: { watches: () => [], verdict: machineConfigPoolReady },
  deletion: { after: nodesFallBack },
};
