import type { KubernetesObject } from "../../model";
import { mapAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { commonCpus, parseCpuSet } from "./cpu-set";

const webhook = "cluster-node-tuning-operator pkg/apis/performanceprofile/v2/performanceprofile_validation.go";
const sets = ["reserved", "isolated", "offlined", "shared", "ovsDpdk"] as const;

function setOf(object: KubernetesObject, name: string): ReadonlySet<number> | undefined {
  const text = textAt(object, "spec", "cpu", name);
  return text === undefined ? undefined : parseCpuSet(text);
}

const form: Rule<KubernetesObject> = {
  id: "nodes/profile-cpu-list",
  severity: "error",
  source: `${webhook} validateCPUs; k8s.io/utils/cpuset Parse`,
  check(object) {
    return sets.flatMap((name): Violation[] => {
      const text = textAt(object, "spec", "cpu", name);
      if (text === undefined) return [];
      const path = ["spec", "cpu", name];
      const cpus = parseCpuSet(text);
      if (!cpus) return [{ path, message: `"${text}" is no list of CPUs.`, fix: 'Write for example "0-3,8".' }];
      if (cpus.size > 0 || (name !== "reserved" && name !== "isolated")) return [];
      return [{ path, message: `The ${name} CPUs cannot be empty.` }];
    });
  },
};

const disjoint: Rule<KubernetesObject> = {
  id: "nodes/profile-cpu-overlap",
  severity: "error",
  source: `${webhook} validateNoIntersectionExists`,
  check(object) {
    return sets.flatMap((name, index) =>
      sets.slice(0, index).flatMap((other): Violation[] => {
        const [a, b] = [setOf(object, name), setOf(object, other)];
        const common = a && b ? commonCpus(a, b) : [];
        if (common.length === 0) return [];
        const message = `The CPUs ${common.join(", ")} are among the ${other} ones as well.`;
        return [{ path: ["spec", "cpu", name], message, fix: "Each CPU belongs to one of the lists." }];
      }),
    );
  },
};

const nodesOf: Rule<KubernetesObject> = {
  id: "nodes/profile-node-cpus",
  severity: "warning",
  source: "cluster-node-tuning-operator v2 CRD: reserved and isolated CPUs together should be all that are online",
  check(object, { nodes }) {
    const selector = Object.keys(mapAt(object, "spec", "nodeSelector"))[0];
    const cpu = objectAt(object, "spec", "cpu");
    if (!nodes || selector === undefined || sets.some((name) => name in cpu && !setOf(object, name))) return [];
    const all = new Set(sets.flatMap((name) => [...(setOf(object, name) ?? [])]));
    if (all.size === 0) return [];
    const chosen = nodes.filter(
      (node) => `node-role.kubernetes.io/${node.role}` === selector || node.labels?.[selector] !== undefined,
    );
    return chosen.slice(0, 1).flatMap((node): Violation[] => {
      const beyond = [...all].filter((each) => each >= node.cpus);
      const missing = Array.from({ length: node.cpus }, (_, each) => each).filter((each) => !all.has(each));
      if (beyond.length + missing.length === 0) return [];
      const what = beyond.length > 0 ? `has no CPU ${beyond.join(", ")}` : `has CPUs in no list: ${missing.join(", ")}`;
      return [{ path: ["spec", "cpu"], message: `Node ${node.name} with ${node.cpus} CPUs ${what}.` }];
    });
  },
};

const capacity: Rule<KubernetesObject> = {
  id: "nodes/profile-same-nodes",
  severity: "error",
  source: `${webhook} validateAllNodesAreSameCpuCapacity`,
  check(object, { nodes = [] }) {
    const selector = Object.keys(mapAt(object, "spec", "nodeSelector"))[0];
    const chosen = nodes.filter(
      (node) =>
        `node-role.kubernetes.io/${node.role}` === selector || (selector && node.labels?.[selector] !== undefined),
    );
    const other = chosen.find((node) => node.cpus !== chosen[0]?.cpus);
    if (!other) return [];
    const message = `Node ${other.name} has ${other.cpus} CPUs, node ${chosen[0]?.name} has ${chosen[0]?.cpus}.`;
    return [{ path: ["spec", "nodeSelector"], message, fix: "Make one pool and profile for each kind of node." }];
  },
};

/** Rules on the CPUs of a PerformanceProfile. */
export const profileCpuRules: readonly Rule<KubernetesObject>[] = [form, disjoint, nodesOf, capacity];
