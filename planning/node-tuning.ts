import type { JsonObject } from "../model";
import { isBuiltIn, type NodePoolArgs } from "../model/arguments";
import { canonical, nonEmpty } from "./canonical";

/** The label that names the role of a node and of a pool. */
export function roleLabel(pool: string): string {
  return `node-role.kubernetes.io/${pool}`;
}

/** The label of a pool itself, by which a KubeletConfig finds it; the built-in pools have theirs from the installer. */
function poolLabel(pool: string): Record<string, string> {
  return { [`pools.operator.machineconfiguration.openshift.io/${pool}`]: "" };
}

/** Sizes of huge pages as the kernel and profiles write them. */
export const KERNEL_PAGE_SIZE = { "2Mi": "2M", "1Gi": "1G" } as const;

/** The labels of a pool's object: a custom one has none by itself, and could not be selected. */
export function poolLabels({ name, performance, kubelet }: NodePoolArgs): Record<string, string> | undefined {
  return (performance ?? kubelet) && !isBuiltIn(name) ? poolLabel(name) : undefined;
}

/** Labels and taints of the pool's nodes; undefined when they get none. */
export function nodeLabels({ name, nodes, labels, taints }: NodePoolArgs): JsonObject | undefined {
  if (nodes.length + taints.length + Object.keys(labels).length === 0) return undefined;
  const role = { [roleLabel(name)]: "" };
  const isNamed = nodes.length > 0;
  return {
    name: `pool-${name}`,
    ...(isNamed ? { nodes: [...nodes].sort() } : { nodeSelector: role }),
    labels: nonEmpty({ ...labels, ...(isNamed ? role : {}) }),
    taints: taints.length > 0 ? taints.map((taint) => ({ ...taint })) : undefined,
  };
}

/**
 * The pool's PerformanceProfile. Settings of the kubelet go into it: the operator makes the pool's KubeletConfig, and
 * of two for one pool the later one wins as a whole.
 */
export function performanceProfile(args: NodePoolArgs): JsonObject | undefined {
  const { name, performance, hugepages, kubelet } = args;
  if (!performance) return undefined;
  const { isolated, reserved, topologyPolicy, realTimeKernel } = performance;
  const size = hugepages && KERNEL_PAGE_SIZE[hugepages.size];
  const annotations = kubelet && { "kubeletconfig.experimental": JSON.stringify(canonical({ ...kubelet })) };
  return {
    metadata: { name, annotations },
    spec: {
      cpu: { isolated, reserved },
      hugepages: hugepages && { defaultHugepagesSize: size, pages: [{ size, count: hugepages.count }] },
      numa: topologyPolicy && { topologyPolicy },
      realTimeKernel: realTimeKernel ? { enabled: true } : undefined,
      nodeSelector: { [roleLabel(name)]: "" },
      machineConfigPoolSelector: poolLabel(name),
    },
  };
}

/** The pool's KubeletConfig: one at most, and none beside a profile. */
export function kubeletConfig({ name, performance, kubelet }: NodePoolArgs): JsonObject | undefined {
  if (performance || !kubelet) return undefined;
  return {
    metadata: { name: `kubelet-${name}` },
    spec: { machineConfigPoolSelector: { matchLabels: poolLabel(name) }, kubeletConfig: { ...kubelet } },
  };
}

/** Names of the MachineConfigs that operators make of the pool's profile or KubeletConfig. */
export function generatedConfigs({ name, performance, kubelet }: NodePoolArgs): string[] {
  const ofProfile = performance ? [`50-nto-${name}`, `50-performance-${name}`] : [];
  return [...ofProfile, ...((performance ?? kubelet) ? [`99-${name}-generated-kubelet`] : [])];
}

/** Whether the pool's nodes give CPUs to pods exclusively. */
export function hasStaticCpus({ performance, kubelet }: NodePoolArgs): boolean {
  return performance !== undefined || kubelet?.cpuManagerPolicy === "static";
}
