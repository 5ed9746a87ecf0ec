import type { JsonObject, KubernetesObject } from "../../model";
import { known, mapAt, missing, objectAt, objectsAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { builtInPools, roleLabel } from "./roles";

const custom = (object: KubernetesObject): boolean =>
  typeof object.metadata.name === "string" && !builtInPools.includes(object.metadata.name);

/** Roles whose MachineConfigs the selector takes; undefined when it selects by something else as well. */
function rolesOf(selector: JsonObject): string[] | undefined {
  const label = mapAt(selector, "matchLabels")[roleLabel];
  const expressions = objectsAt(selector, "matchExpressions").filter((each) => textAt(each, "key") === roleLabel);
  if (label === undefined && expressions.length === 0) return undefined;
  const wanted = expressions.filter((each) => textAt(each, "operator") === "In").map((each) => textsAt(each, "values"));
  return [...(label === undefined ? [] : [label]), ...wanted.flat()];
}

const inheritance: Rule<KubernetesObject> = {
  id: "nodes/pool-selector",
  severity: "error",
  source: "machine-config-operator docs/custom-pools.md and its admission policy custom-machine-config-pool-selector",
  check(object) {
    if (!custom(object) || !object.spec) return [];
    const path = ["spec", "machineConfigSelector"];
    const name = object.metadata.name;
    const fix = `Write matchExpressions: [{key: ${roleLabel}, operator: In, values: [worker, ${name}]}].`;
    if (missing(object.spec, "machineConfigSelector")) {
      return [{ path, message: "Without a selector the pool has no MachineConfigs and cannot be rendered.", fix }];
    }
    if (!known(object.spec.machineConfigSelector)) return [];
    const selector = objectAt(object, ...path);
    if (Object.keys(selector).length === 0) {
      return [{ path, message: "The selector takes every MachineConfig; such a pool is never rendered.", fix }];
    }
    const roles = rolesOf(selector);
    if (!roles) return [];
    const found: Violation[] = [];
    if (!roles.some((role) => builtInPools.includes(role))) {
      const message = "The pool does not take the MachineConfigs of the workers, without which a node does not work.";
      found.push({ path, message, fix });
    }
    if (!roles.includes(name)) {
      found.push({ path, message: `The pool does not take the MachineConfigs with the role "${name}".`, fix });
    }
    return found;
  },
};

const nodes: Rule<KubernetesObject> = {
  id: "nodes/pool-nodes",
  severity: "warning",
  source: "machine-config-operator docs/custom-pools.md",
  check(object) {
    if (!custom(object) || !object.spec) return [];
    const path = ["spec", "nodeSelector"];
    const fix = `Write matchLabels: {"node-role.kubernetes.io/${object.metadata.name}": ""}.`;
    const selector = objectAt(object, ...path);
    if (missing(object.spec, "nodeSelector")) {
      return [{ path, message: "Without a node selector the pool has no nodes.", fix }];
    }
    if (!known(object.spec.nodeSelector)) return [];
    const labels = Object.keys(mapAt(selector, "matchLabels"));
    if (labels.includes("node-role.kubernetes.io/master")) {
      const message = "Control-plane nodes cannot be in a custom pool; its configuration is not applied to them.";
      return [{ path: [...path, "matchLabels"], message, fix }];
    }
    if (!labels.includes("node-role.kubernetes.io/worker") || labels.length > 1) return [];
    const message = "The pool selects every worker, and a node can be in one pool only.";
    return [{ path: [...path, "matchLabels"], message, fix }];
  },
};

const paused: Rule<KubernetesObject> = {
  id: "nodes/pool-paused",
  severity: "warning",
  source:
    "sriov-network-operator pkg/platforms/openshift pauses and unpauses pools; machine-config-operator rotates certificates through them",
  check(object) {
    if (typeof object.spec?.paused !== "boolean") return [];
    const message = object.spec.paused
      ? "A pool that stays paused gets no configuration and no new certificates."
      : "The SR-IOV operator pauses the pool while it drains nodes; declaring the field works against it.";
    return [
      {
        path: ["spec", "paused"],
        message,
        fix: "Leave it out; RolloutHold and RolloutRelease pause a pool for a change.",
      },
    ];
  },
};

const maxUnavailable: Rule<KubernetesObject> = {
  id: "nodes/max-unavailable",
  severity: "error",
  source: "machine-config-operator pkg/controller/node maxUnavailable; the CRD checks neither sign nor form",
  check(object) {
    const path = ["spec", "maxUnavailable"];
    const value = object.spec?.maxUnavailable;
    if (value === undefined || value === null) return [];
    const good = typeof value === "number" ? value >= 0 : typeof value === "string" && /^\d{1,3}%$/.test(value);
    if (good) return [];
    return [
      {
        path,
        message: `${JSON.stringify(value)} is no number of nodes.`,
        fix: 'Write a number or a share such as "10%".',
      },
    ];
  },
};

const noneUnavailable: Rule<KubernetesObject> = {
  id: "nodes/max-unavailable-zero",
  severity: "warning",
  source: "machine-config-operator pkg/controller/node maxUnavailable treats 0 as 1",
  check(object) {
    const value = object.spec?.maxUnavailable;
    if (value !== 0 && value !== "0%") return [];
    const message = "0 does not stop a rollout: it is treated as 1.";
    return [{ path: ["spec", "maxUnavailable"], message, fix: "Use RolloutHold to hold a pool." }];
  },
};

/** Rules on a MachineConfigPool. */
export const poolRules: readonly Rule<KubernetesObject>[] = [
  inheritance,
  nodes,
  paused,
  maxUnavailable,
  noneUnavailable,
];
