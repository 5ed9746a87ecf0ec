import { CiliumNetworkArgs } from "../../../../model/arguments";
import { ciliumValues } from "../../../../planning/cilium";
import type { KindRow } from "../row";

const SRIOV = "openshift-sriov-network-operator";
const policySpec = (numVfs: number) => ({
  resourceName: "life",
  nodeSelector: { "kubernetes.io/hostname": "worker-2" },
  nicSelector: { vendor: "15b3", pfNames: ["ens1f1"] },
  numVfs,
  deviceType: "netdevice",
});
const bridge = (vlan: number): string =>
  JSON.stringify({ cniVersion: "0.4.0", name: "life", type: "cnv-bridge", bridge: "br-tenant", vlan });
const machineSpec = (memory: string) => ({
  runStrategy: "Halted",
  template: {
    spec: {
      domain: { memory: { guest: memory }, devices: { interfaces: [{ name: "default", masquerade: {} }] } },
      networks: [{ name: "default", pod: {} }],
    },
  },
});
const pool = { name: "life", labels: { "pools.operator.machineconfiguration.openshift.io/life": "" } };
const poolSpec = (maxUnavailable: number) => ({
  maxUnavailable,
  machineConfigSelector: {
    matchExpressions: [{ key: "machineconfiguration.openshift.io/role", operator: "In", values: ["worker", "life"] }],
  },
  nodeSelector: { matchLabels: { "node-role.kubernetes.io/life": "" } },
});
const config = { name: "60-life", labels: { "machineconfiguration.openshift.io/role": "life" } };
const configSpec = (...kernelArguments: string[]) => ({ config: { ignition: { version: "3.2.0" } }, kernelArguments });

const cilium = { name: "ciliumconfig", namespace: "cilium" };
const values = (debug: boolean) => ({
  ...ciliumValues(
    CiliumNetworkArgs.parse({
      apiServer: { host: "api-int.sandbox.example" },
      clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
    }),
  ),
  debug: { enabled: debug },
});

export const coreRows: KindRow[] = [
  {
    token: "ove:cilium:CiliumConfig",
    inputs: { metadata: cilium, spec: values(false) },
    changed: { metadata: cilium, spec: values(true) },
    edit: { spec: { debug: { enabled: false } } },
    drift: "spec.debug.enabled",
  },
  {
    token: "ove:nodes:MachineConfigPool",
    inputs: { metadata: pool, spec: poolSpec(1) },
    changed: { metadata: pool, spec: poolSpec(2) },
    edit: { spec: { maxUnavailable: 3 } },
    drift: "spec.maxUnavailable",
  },
  {
    token: "ove:nodes:MachineConfig",
    after: ["ove:nodes:MachineConfigPool"],
    inputs: { metadata: config, spec: configSpec("quiet") },
    changed: { metadata: config, spec: configSpec("quiet", "audit=0") },
    edit: { spec: { kernelArguments: ["quiet", "audit=0", "mitigations=off"] } },
    drift: "spec.kernelArguments[2]",
  },
  {
    token: "ove:sriov:SriovOperatorConfig",
    inputs: {
      metadata: { name: "default", namespace: SRIOV },
      spec: { enableInjector: true, enableOperatorWebhook: true, logLevel: 2 },
    },
    changed: {
      metadata: { name: "default", namespace: SRIOV },
      spec: { enableInjector: true, enableOperatorWebhook: true, logLevel: 1 },
    },
    edit: { spec: { logLevel: 0 } },
    drift: "spec.logLevel",
  },
  {
    token: "ove:sriov:SriovNetworkNodePolicy",
    after: ["ove:sriov:SriovOperatorConfig"],
    inputs: { metadata: { name: "life", namespace: SRIOV }, spec: policySpec(2) },
    changed: { metadata: { name: "life", namespace: SRIOV }, spec: policySpec(4) },
    edit: { spec: { nicSelector: { pfNames: ["ens1f1", "ens9f9"] } } },
    drift: "spec.nicSelector.pfNames[1]",
  },
  {
    token: "ove:sriov:SriovNetwork",
    after: ["ove:sriov:SriovOperatorConfig"],
    inputs: {
      metadata: { name: "life", namespace: SRIOV },
      spec: { resourceName: "life", networkNamespace: "life", vlan: 10 },
    },
    changed: {
      metadata: { name: "life", namespace: SRIOV },
      spec: { resourceName: "life", networkNamespace: "life", vlan: 11 },
    },
    edit: { spec: { vlan: 12 } },
    drift: "spec.vlan",
  },
  {
    token: "ove:networks:NetworkAttachmentDefinition",
    inputs: { metadata: { name: "life-bridge", namespace: "life" }, spec: { config: bridge(10) } },
    changed: { metadata: { name: "life-bridge", namespace: "life" }, spec: { config: bridge(11) } },
    edit: { spec: { config: bridge(12) } },
    drift: "spec.config",
  },
  {
    token: "ove:machines:VirtualMachine",
    inputs: { metadata: { name: "life", namespace: "life" }, spec: machineSpec("1Gi") },
    changed: { metadata: { name: "life", namespace: "life" }, spec: machineSpec("2Gi") },
    edit: { spec: { template: { spec: { domain: { memory: { guest: "3Gi" } } } } } },
    drift: "spec.template.spec.domain.memory.guest",
  },
];
