import { isObject, type JsonObject, type KubernetesObject } from "../../model";
import { objectsOf, textOf } from "./read";

export const TUNING_NAMESPACE = "openshift-cluster-node-tuning-operator";
const ROLE = "machineconfiguration.openshift.io/role";

const mapOf = (value: unknown): Record<string, string> => (isObject(value) ? (value as Record<string, string>) : {});

/** Whether labels have all that a map of labels asks for. */
export function hasLabels(labels: Record<string, string>, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** The labels that a pool's node selector wants; selectors by expressions do not occur here. */
function nodeLabels(pool: KubernetesObject): Record<string, string> {
  const selector = pool.spec?.nodeSelector;
  return isObject(selector) ? mapOf(selector.matchLabels) : {};
}

/** The pool whose nodes a profile's selector means. */
export function poolOfProfile(profile: KubernetesObject, pools: KubernetesObject[]): KubernetesObject | undefined {
  const wanted = mapOf(profile.spec?.nodeSelector);
  return pools.find((pool) => Object.keys(nodeLabels(pool)).length > 0 && hasLabels(wanted, nodeLabels(pool)));
}

/** The nodes of a pool. */
export function nodesOfPool(pool: KubernetesObject, nodes: KubernetesObject[]): KubernetesObject[] {
  const wanted = nodeLabels(pool);
  if (Object.keys(wanted).length === 0) return [];
  return nodes.filter((node) => hasLabels(node.metadata.labels ?? {}, wanted));
}

/** The kernel arguments of a profile, as the generated Tuned carries them. */
export function kernelArgumentsOf(profile: KubernetesObject): string[] {
  const { cpu, hugepages, additionalKernelArgs } = profile.spec ?? {};
  const cpus = isObject(cpu) ? cpu : {};
  const huge = isObject(hugepages) ? hugepages : {};
  const size = textOf(huge.defaultHugepagesSize);
  const pages = objectsOf(huge.pages).filter((page) => page.node === undefined);
  const more = Array.isArray(additionalKernelArgs) ? additionalKernelArgs.map(textOf) : [];
  return [
    `tuned.non_isolcpus=${textOf(cpus.reserved)}`,
    `isolcpus=managed_irq,${textOf(cpus.isolated)}`,
    "intel_iommu=on",
    "iommu=pt",
    ...(size ? [`default_hugepagesz=${size}`] : []),
    ...pages.flatMap((page) => [`hugepagesz=${textOf(page.size)}`, `hugepages=${textOf(page.count)}`]),
    ...more,
  ];
}

const owned = (profile: KubernetesObject): JsonObject[] => [
  {
    apiVersion: profile.apiVersion,
    kind: "PerformanceProfile",
    name: profile.metadata.name,
    uid: profile.metadata.uid ?? "",
    controller: true,
  },
];

/** An object with the API path of its collection. */
export interface TuningObject {
  resource: string;
  object: KubernetesObject;
}

/** The Tuned that the operator makes first: the nodes need it to report their kernel arguments. */
export function tunedOfProfile(profile: KubernetesObject, pool: string): TuningObject {
  const name = `openshift-node-performance-${profile.metadata.name}`;
  const data = `[main]\ninclude=openshift-node\n[bootloader]\ncmdline=${kernelArgumentsOf(profile).join(" ")}\n`;
  const object: KubernetesObject = {
    apiVersion: "tuned.openshift.io/v1",
    kind: "Tuned",
    metadata: { name, namespace: TUNING_NAMESPACE, ownerReferences: owned(profile) },
    spec: {
      profile: [{ name, data }],
      recommend: [{ profile: name, priority: 20, machineConfigLabels: { [ROLE]: pool } }],
    },
  };
  return { resource: "tuneds", object };
}

const machineConfig = (name: string, pool: string, spec: JsonObject, owners?: JsonObject[]): TuningObject => ({
  resource: "machineconfigs",
  object: {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfig",
    metadata: { name, labels: { [ROLE]: pool }, ...(owners ? { ownerReferences: owners } : {}) },
    spec: { config: { ignition: { version: "3.2.0" } }, ...spec },
  },
});

/** Settings of the kubelet that a profile carries along, as text. */
function settingsOf(profile: KubernetesObject): JsonObject {
  const text = profile.metadata.annotations?.["kubeletconfig.experimental"];
  return text === undefined ? {} : mapOf(JSON.parse(text) as unknown);
}

/** What the operator withholds until every node of the pool has reported. */
export function restOfProfile(profile: KubernetesObject, pool: KubernetesObject): TuningObject[] {
  const { name } = profile.metadata;
  const ownerReferences = owned(profile);
  const realTime = isObject(profile.spec?.realTimeKernel) && profile.spec.realTimeKernel.enabled === true;
  const { numa, cpu } = profile.spec ?? {};
  const policy = (isObject(numa) && textOf(numa.topologyPolicy)) || "best-effort";
  const poolLabels = mapOf(profile.spec?.machineConfigPoolSelector);
  const selector = Object.keys(poolLabels).length > 0 ? poolLabels : (pool.metadata.labels ?? {});
  const kubelet: KubernetesObject = {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "KubeletConfig",
    metadata: { name: `performance-${name}`, ownerReferences },
    spec: {
      machineConfigPoolSelector: { matchLabels: selector },
      kubeletConfig: {
        ...settingsOf(profile),
        cpuManagerPolicy: "static",
        reservedSystemCPUs: textOf(isObject(cpu) && cpu.reserved),
        topologyManagerPolicy: policy,
      },
    },
  };
  const runtimeClass: KubernetesObject = {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: `performance-${name}`, ownerReferences },
    handler: "high-performance",
  };
  return [
    machineConfig(
      `50-performance-${name}`,
      pool.metadata.name,
      { kernelType: realTime ? "realtime" : "default" },
      ownerReferences,
    ),
    { resource: "kubeletconfigs", object: kubelet },
    { resource: "runtimeclasses", object: runtimeClass },
  ];
}

/** The MachineConfig with a pool's kernel arguments. */
export function bootConfig(pool: string, kernelArguments: string[]): TuningObject {
  return machineConfig(`50-nto-${pool}`, pool, { kernelArguments });
}

/** Whether one entry of a recommendation's `match` fits a node; entries on pods do not occur here. */
function matches(match: JsonObject, labels: Record<string, string>): boolean {
  const present = labels[textOf(match.label)];
  const value = textOf(match.value);
  const inner = objectsOf(match.match);
  const fits = present !== undefined && (value === "" || value === present);
  return fits && (inner.length === 0 || inner.some((each) => matches(each, labels)));
}

/** The profile that a node gets: of what fits it the one with the least priority number. */
export function profileOfNode(node: KubernetesObject, tuneds: KubernetesObject[], pools: KubernetesObject[]): string {
  const labels = node.metadata.labels ?? {};
  const entries = tuneds.flatMap((tuned) => objectsOf(tuned.spec?.recommend));
  entries.sort((a, b) => Number(a.priority) - Number(b.priority));
  const fitting = entries.find((entry) => {
    const match = objectsOf(entry.match);
    const role = mapOf(entry.machineConfigLabels)[ROLE];
    const pool = pools.find((each) => each.metadata.name === role);
    if (pool && nodesOfPool(pool, [node]).length > 0) return true;
    if (match.length > 0) return match.some((each) => matches(each, labels));
    return role === undefined;
  });
  return textOf(fitting?.profile) || "openshift-node";
}

/** The kernel arguments that a profile of a Tuned asks for. */
export function bootArgumentsOf(profile: string, tuneds: KubernetesObject[]): string[] {
  const found = tuneds.flatMap((tuned) => objectsOf(tuned.spec?.profile)).find((each) => each.name === profile);
  const lines = [...textOf(found?.data).matchAll(/^\s*cmdline\w*\s*=(.*)$/gm)];
  return lines.flatMap((line) => (line[1] ?? "").split(/\s+/)).filter((argument) => argument !== "");
}
