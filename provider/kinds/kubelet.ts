import type { DisruptionRow } from "../../model";
import { containerRuntimeConfigRules, kubeletConfigRules } from "../../rules";
import type { ObjectKind } from "../kind";
import { generatedConfigReady, withoutGenerated } from "./generated-configs";
import { generatedShape } from "./shapes";
import { watch } from "./watches";

const minutes = 60;

/** What both kinds have in common: the same controller makes a MachineConfig of either. */
const common = {
  is: "object",
  apiVersion: "machineconfiguration.openshift.io/v1",
  scope: "Cluster",
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  admission: "static",
  waits:
    "The controller has taken its present form and made a MachineConfig of it for each pool that it selects, and the pools are rendered with it. Nodes get it later: that is what RolloutRelease waits for.",
  deletes: "Deleted, then waited for until no pool is rendered with what was made of it.",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 10 * minutes },
  ready: { watches: () => [watch.pools, watch.machineConfigs], verdict: generatedConfigReady },
  deletion: { after: withoutGenerated },
} as const satisfies Partial<ObjectKind>;

const selectorLists = {
  "spec.machineConfigPoolSelector.matchExpressions": { by: ["key", "operator"] },
  "spec.machineConfigPoolSelector.matchExpressions.values": "set",
} satisfies ObjectKind["listKeys"];

const reboots = (what: string): readonly DisruptionRow[] => [
  {
    on: ["create", "update", "delete"],
    paths: ["spec"],
    cost: "reboot",
    reach: "pool",
    by: "machine-config-operator",
    why: `The ${what} is written by a MachineConfig: every node of the selected pools is drained and rebooted.`,
    source: "openshift/machine-config-operator docs/KubeletConfigDesign.md, docs/ContainerRuntimeConfigDesign.md",
  },
];

export const kubeletConfig: ObjectKind = {
  ...common,
  token: "ove:nodes:KubeletConfig",
  doc: "Settings of the kubelet on the nodes of the selected MachineConfigPools.",
  kind: "KubeletConfig",
  plural: "kubeletconfigs",
  shape: generatedShape("KubeletConfig"),
  listKeys: selectorLists,
  rules: kubeletConfigRules,
  disruptions: reboots("kubelet's configuration"),
  example: {
    metadata: { name: "worker-cpus" },
    spec: {
      machineConfigPoolSelector: { matchLabels: { "pools.operator.machineconfiguration.openshift.io/worker": "" } },
      kubeletConfig: { cpuManagerPolicy: "static", topologyManagerPolicy: "single-numa-node" },
    },
  },
};

export const containerRuntimeConfig: ObjectKind = {
  ...common,
  token: "ove:nodes:ContainerRuntimeConfig",
  doc: "Settings of the container runtime CRI-O on the nodes of the selected MachineConfigPools.",
  kind: "ContainerRuntimeConfig",
  plural: "containerruntimeconfigs",
  shape: generatedShape("ContainerRuntimeConfig"),
  listKeys: selectorLists,
  rules: containerRuntimeConfigRules,
  disruptions: reboots("runtime's configuration"),
  example: {
    metadata: { name: "worker-runtime" },
    spec: {
      machineConfigPoolSelector: { matchLabels: { "pools.operator.machineconfiguration.openshift.io/worker": "" } },
      containerRuntimeConfig: { defaultRuntime: "crun", pidsLimit: 4096 },
    },
  },
};
