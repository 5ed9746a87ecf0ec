import type { KubernetesObject } from "../../../model";
import type { FaultRow } from "./faults";

/** A MachineConfig that reboots all workers. */
const rebooting = (name: string, argument: string): KubernetesObject => ({
  apiVersion: "machineconfiguration.openshift.io/v1",
  kind: "MachineConfig",
  metadata: { name, labels: { "machineconfiguration.openshift.io/role": "worker" } },
  spec: { config: { ignition: { version: "3.2.0" } }, kernelArguments: [argument] },
});

/** Faults that an operator outlasts: the wait says what it waits for, and comes to its end once the fault is lifted. */
export const liftedFaultRows: FaultRow[] = [
  {
    token: "ove:machines:VirtualMachineClusterInstancetype",
    fault: { name: "webhook-down", target: "virt-api-validator,virt-api-mutator" },
    lifted: true,
    refused: true,
    inputs: { metadata: { name: "late" }, spec: { cpu: { guest: 1 }, memory: { guest: "1Gi" } } },
    says: /^waiting: .*failed calling webhook "[^"]*kubevirt.io"/,
  },
  {
    token: "ove:loadbalancing:CiliumL2AnnouncementPolicy",
    fault: { name: "crd-late", target: "ciliuml2announcementpolicies.cilium.io=600" },
    lifted: true,
    refused: true,
    inputs: { metadata: { name: "late" }, spec: { loadBalancerIPs: true } },
    says: /^waiting: the cluster does not serve cilium.io\/v2alpha1 CiliumL2AnnouncementPolicy yet/,
  },
  {
    token: "ove:gateway:Gateway",
    fault: { name: "gateway-without-address", target: "life/late" },
    lifted: true,
    inputs: {
      metadata: { name: "late", namespace: "life" },
      spec: { gatewayClassName: "cilium", listeners: [{ name: "http", protocol: "HTTP", port: 80 }] },
    },
    says: /^waiting: .*Gateway waiting for address/,
  },
  {
    token: "ove:nodes:RolloutRelease",
    fault: { name: "drain-blocked", target: "worker-1" },
    lifted: true,
    needs: [rebooting("61-drain-blocked", "drain=blocked")],
    inputs: { pool: "worker", digest: "drain", configs: ["61-drain-blocked"], machineCount: 3 },
    says: /^waiting: .*node worker-1 is being drained; .*sandbox\/drain-blocked-worker-1/,
  },
];

/** Faults of operators beside those of faults.ts that end the wait at once, in the operator's words. */
export const endingFaultRows: FaultRow[] = [
  {
    token: "ove:nodes:Tuned",
    fault: { name: "tuning-fails", target: "worker-1" },
    inputs: {
      metadata: { name: "broken", namespace: "openshift-cluster-node-tuning-operator" },
      spec: {
        profile: [{ name: "broken", data: "[main]\ninclude=openshift-node\n" }],
        recommend: [
          { profile: "broken", priority: 1, match: [{ label: "kubernetes.io/hostname", value: "worker-1" }] },
        ],
      },
    },
    says: /node worker-1: simulated failure: the profile has an error/,
  },
  {
    token: "ove:networks:NetworkOperator",
    fault: { name: "network-operator-degraded", target: "cluster" },
    inputs: {
      metadata: { name: "cluster" },
      spec: {
        additionalNetworks: [
          { name: "broken", namespace: "life", type: "Raw", rawCNIConfig: '{"cniVersion":"0.3.1","type":"bridge"}' },
        ],
      },
    },
    says: /simulated failure: the configuration cannot be applied/,
  },
  {
    // Beside the row's own, in another namespace.
    token: "ove:cilium:CiliumConfig",
    fault: { name: "cilium-release-fails", target: "life/ciliumconfig" },
    inputs: { metadata: { name: "ciliumconfig", namespace: "life" }, spec: { debug: { enabled: true } } },
    says: /ReleaseFailed: simulated failure: the release cannot be applied/,
  },
  {
    token: "ove:nodes:RolloutRelease",
    fault: { name: "degrade-node", target: "worker-1" },
    needs: [rebooting("61-degraded", "node=degraded")],
    inputs: { pool: "worker", digest: "degraded", configs: ["61-degraded"], machineCount: 3 },
    says: /node worker-1 is Degraded: simulated failure: cannot apply the update/,
  },
];
