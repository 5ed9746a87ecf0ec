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
  "tuning-fails": "Nodes whose tuned pod cannot apply a profile that they do not run yet: Degraded is True.",
  "cilium-policy-not-checked": "Cilium policies (namespace/name, or name) that get no condition Valid.",
  "cilium-release-fails": "CiliumConfigs (namespace/name) whose Helm release fails: ReleaseFailed is True.",
  "network-operator-degraded":
    "Network operator configurations whose changes cannot be applied: ClusterOperator network is degraded.",
  "enactment-fails": "Nodes whose NMState handler fails to apply a policy and goes back: enactments Failing.",
  "hyperconverged-degraded": "HyperConvergeds (namespace/name) that cannot be deployed: Degraded is True.",
  "gateway-without-address": "Gateways (namespace/name) whose Service never gets an address: not Programmed.",
  "foreign-csv": "Subscriptions (namespace/name) whose install plan carries a version of another operator as well.",
  "crd-late":
    "CRDs (plural.group, or plural.group=seconds) that are taken away with their objects and come back 40 or that many seconds after the next operator was installed.",
  "webhook-down": "Webhook configurations whose webhooks cannot be reached.",
  "drain-blocked": "Nodes with a pod that a PodDisruptionBudget does not let go: they cannot be drained.",
} as const;

export type FaultName = keyof typeof faults;

/** The targets that the ConfigMap names for the fault. */
export function targetsIn(configMap: KubernetesObject | undefined, name: FaultName): string[] {
  const data = (configMap?.data ?? {}) as Record<string, string>;
  return (data[name] ?? "").split(/[\s,]+/).filter((target) => target !== "");
}

/** True when that ConfigMap switches the fault on for the target. */
export function faultIn(configMap: KubernetesObject | undefined, name: FaultName, target: string): boolean {
  const targets = targetsIn(configMap, name);
  return targets.includes(target) || targets.includes("*");
}
