import type { Json, JsonObject, KubernetesObject, PathStep } from "../../model";
import { parseQuantity } from "../quantity";
import { indexedAt, known, missing, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const kubelet: PathStep[] = ["spec", "kubeletConfig"];
const validation = "machine-config-operator pkg/controller/kubelet-config/helpers.go validateUserKubeletConfig";

const empty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.values(value).length === 0);

/** A rule that a pool selector selects something: what is left out, or is empty, selects no pool at all. */
export function poolSelectorRule(id: string, source: string): Rule<KubernetesObject> {
  return {
    id,
    severity: "error",
    source,
    check(object) {
      const path = ["spec", "machineConfigPoolSelector"];
      if (!object.spec) return [];
      const selector = objectAt(object, ...path);
      if (!missing(object.spec, "machineConfigPoolSelector") && !known(object.spec.machineConfigPoolSelector))
        return [];
      if (!empty(selector.matchLabels) || !empty(selector.matchExpressions)) return [];
      const fix = 'Write matchLabels: {"pools.operator.machineconfiguration.openshift.io/worker": ""}.';
      return [{ path, message: "Without labels the selector selects no pool, and the object fails.", fix }];
    },
  };
}

/** Names of what the operators make themselves. */
const ownName: Rule<KubernetesObject> = {
  id: "nodes/kubelet-generated-name",
  severity: "error",
  source:
    "cluster-node-tuning-operator components: a PerformanceProfile's KubeletConfig is named performance-<profile>",
  check({ metadata }) {
    if (typeof metadata.name !== "string" || !metadata.name.startsWith("performance-")) return [];
    const message =
      "Such names are those of KubeletConfigs that the Node Tuning Operator makes for PerformanceProfiles.";
    return [{ path: ["metadata", "name"], message, fix: "Choose another name." }];
  },
};

/** What only the operator may set, by path below kubeletConfig. */
const denied: readonly string[][] = [
  ["cgroupDriver"],
  ["clusterDNS"],
  ["clusterDomain"],
  ["featureGates"],
  ["staticPodPath"],
  ["failSwapOn"],
  ["memorySwap", "swapBehavior"],
];

const denyList: Rule<KubernetesObject> = {
  id: "nodes/kubelet-denied",
  severity: "error",
  source: validation,
  check(object) {
    return denied.flatMap((place) => {
      const parent = objectAt(object, ...kubelet, ...place.slice(0, -1));
      if (empty(parent[place.at(-1) ?? ""])) return [];
      const message = `${place.join(".")} cannot be set: the machine config operator sets it and refuses the whole object.`;
      return [{ path: [...kubelet, ...place], message, fix: "Leave it out." }];
    });
  },
};

const logLevel: Rule<KubernetesObject> = {
  id: "nodes/kubelet-log-level",
  severity: "error",
  source: `${validation}; the CRD has no bounds`,
  check(object) {
    const level = numberAt(object, "spec", "logLevel");
    if (level === undefined || (level >= 1 && level <= 10)) return [];
    return [{ path: ["spec", "logLevel"], message: `${level} is no log level of the kubelet.`, fix: "Use 1 to 10." }];
  },
};

const autoSizing: Rule<KubernetesObject> = {
  id: "nodes/kubelet-auto-sizing",
  severity: "error",
  source: validation,
  check(object) {
    const reserved = objectAt(object, ...kubelet).systemReserved;
    if (object.spec?.autoSizingReserved !== true || empty(reserved)) return [];
    const message = "What is reserved for the system is either computed or given, not both.";
    return [{ path: [...kubelet, "systemReserved"], message, fix: "Leave out autoSizingReserved or systemReserved." }];
  },
};

/** Settings that have a fixed set of values; the kubelet does not start with another. */
const values: Readonly<Record<string, readonly string[]>> = {
  cpuManagerPolicy: ["none", "static"],
  memoryManagerPolicy: ["None", "Static"],
  topologyManagerPolicy: ["none", "best-effort", "restricted", "single-numa-node"],
  topologyManagerScope: ["container", "pod"],
};

const enums: Rule<KubernetesObject> = {
  id: "nodes/kubelet-value",
  severity: "error",
  source: "kubernetes pkg/kubelet/apis/config/validation: the kubelet does not start with another value",
  check(object) {
    return Object.entries(values).flatMap(([key, allowed]) => {
      const value = textAt(object, ...kubelet, key);
      if (value === undefined || value === "" || allowed.includes(value)) return [];
      const message = `"${value}" is no value of ${key}; the kubelet would not start.`;
      return [{ path: [...kubelet, key], message, fix: `Allowed: ${allowed.join(", ")}.` }];
    });
  },
};

/** Memory that is reserved in a map such as systemReserved; undefined when it is not given or not known. */
function memory(config: JsonObject, key: string, of = "memory"): number | undefined {
  return parseQuantity(objectAt(config, key)[of]);
}

/** What the kubelet keeps free unless evictionHard says otherwise. */
const defaultEviction = 100 * 2 ** 20;

function reservedTwice(config: JsonObject, path: PathStep[]): Violation[] {
  const seen = new Set<number>();
  return indexedAt(config, "reservedMemory").flatMap(([index, entry]) => {
    const node = numberAt(entry, "numaNode");
    if (node === undefined) return [];
    if (!seen.has(node)) {
      seen.add(node);
      return [];
    }
    return [{ path: [...path, index, "numaNode"], message: `The NUMA node ${node} occurs twice.` }];
  });
}

const reservedMemory: Rule<KubernetesObject> = {
  id: "nodes/kubelet-reserved-memory",
  severity: "error",
  source: "kubernetes pkg/kubelet/cm/memorymanager getSystemReservedMemory: the sums must be equal",
  check(object) {
    const config = objectAt(object, ...kubelet);
    const path = [...kubelet, "reservedMemory"];
    if ("reservedMemory" in config && !known(config.reservedMemory)) return [];
    const list = indexedAt(config, "reservedMemory");
    if (textAt(config, "memoryManagerPolicy") !== "Static") return reservedTwice(config, path);
    const fix = "It must be kubeReserved + systemReserved + evictionHard, each for memory.";
    if (list.length === 0) {
      return [{ path, message: "The memory manager Static needs reservedMemory; the kubelet does not start.", fix }];
    }
    const amounts = list.map(([, entry]) => parseQuantity(objectAt(entry, "limits").memory) ?? 0);
    const system = memory(config, "systemReserved");
    const whole = ["kubeReserved", "systemReserved", "evictionHard"].every(
      (key) => !(key in config) || known(config[key]),
    );
    const threshold = objectAt(config, "evictionHard")["memory.available"];
    const eviction = threshold === undefined ? defaultEviction : parseQuantity(threshold);
    // Without systemReserved the operator reserves what depends on the node; a share of memory does as well.
    if (!whole || system === undefined || eviction === undefined) return reservedTwice(config, path);
    const wanted = (memory(config, "kubeReserved") ?? 0) + system + eviction;
    const given = amounts.reduce((sum, each) => sum + each, 0);
    if (given === wanted) return reservedTwice(config, path);
    const message = `reservedMemory comes to ${given} bytes, what is reserved to ${wanted}; the kubelet does not start.`;
    return [{ path, message, fix }];
  },
};

/** What the machine config operator refuses of a KubeletConfig, or what keeps the kubelet from starting. */
export const kubeletConfigRules: readonly Rule<KubernetesObject>[] = [
  poolSelectorRule(
    "nodes/kubelet-pool-selector",
    "machine-config-operator pkg/controller/kubelet-config getPoolsForKubeletConfig",
  ),
  ownName,
  denyList,
  logLevel,
  autoSizing,
  enums,
  reservedMemory,
];
