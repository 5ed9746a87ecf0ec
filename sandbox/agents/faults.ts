import type { KubernetesObject } from "../../model";

/**
 * Faults that a test can switch on: keys of ConfigMap `sandbox-faults` in namespace `sandbox`. The value names the
 * targets, separated by blanks or commas; `*` is all of them. Removing the key ends the fault.
 */
export const faults = {
  "degrade-node": "Nodes whose machine-config-daemon cannot apply an update: state Degraded with a reason.",
  "sriov-sync-fails": "Nodes whose SR-IOV config daemon fails to configure its interfaces: syncStatus Failed.",
  "device-plugin-late": "Nodes that never offer SR-IOV resources although syncStatus is Succeeded.",
  "import-fails": "DataVolumes (namespace/name) whose import fails: phase Failed.",
  "vm-not-started": "Machines (namespace/name) whose guest is never started: they stay Scheduled.",
  "tuning-fails": "Nodes whose tuned pod cannot apply its profile: Degraded is True.",
  "cilium-policy-not-checked": "Cilium policies (namespace/name, or name) that get no condition Valid.",
  "cilium-release-fails": "CiliumConfigs (namespace/name) whose Helm release fails: ReleaseFailed is True.",
  "network-operator-degraded":
    "Network operator configurations that cannot be applied: ClusterOperator network is degraded.",
  "enactment-fails": "Nodes whose NMState handler fails to apply a policy and goes back: enactments Failing.",
  "gateway-without-address": "Gateways (namespace/name) whose Service never gets an address: not Programmed.",
  "foreign-csv": "Subscriptions (namespace/name) whose install plan carries a version of another operator as well.",
} as const;

export type FaultName = keyof typeof faults;

/** True when that ConfigMap switches the fault on for the target. */
export function faultIn(configMap: KubernetesObject | undefined, name: FaultName, target: string): boolean {
  const data = (configMap?.data ?? {}) as Record<string, string>;
  const targets = (data[name] ?? "").split(/[\s,]+/);
  return targets.includes(target) || targets.includes("*");
}
