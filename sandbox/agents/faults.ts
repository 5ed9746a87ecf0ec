import type { KubernetesObject } from "../../model";

/**
 * Faults that a test can switch on: keys of ConfigMap `sandbox-faults` in namespace `sandbox`. The value names the
 * targets, separated by blanks or commas; `*` is all of them. Removing the key ends the fault.
 */
export const faults = {
  "degrade-node": "Nodes whose machine-config-daemon cannot apply an update: state Degraded with a reason.",
  "sriov-sync-fails": "Nodes whose SR-IOV config daemon fails to configure its interfaces: syncStatus Failed.",
  "device-plugin-late": "Nodes that never offer SR-IOV resources although syncStatus is Succeeded.",
  "vm-not-started": "Machines (namespace/name) whose guest is never started: they stay Scheduled.",
  "cilium-release-fails": "CiliumConfigs (namespace/name) whose Helm release fails: ReleaseFailed is True.",
} as const;

export type FaultName = keyof typeof faults;

/** True when that ConfigMap switches the fault on for the target. */
export function faultIn(configMap: KubernetesObject | undefined, name: FaultName, target: string): boolean {
  const data = (configMap?.data ?? {}) as Record<string, string>;
  const targets = (data[name] ?? "").split(/[\s,]+/);
  return targets.includes(target) || targets.includes("*");
}
