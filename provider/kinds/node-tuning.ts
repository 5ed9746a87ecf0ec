import type { DisruptionRow, KubernetesObject } from "../../model";
import { performanceProfileRules, tunedRules, tuningNamespace } from "../../rules";
import { objectsAt, textAt } from "../../rules/read";
import type { ObjectKind, Watch } from "../kind";
import type { Shape } from "../shape";
import { performanceProfileReady, withoutProfile } from "./performance-profile";
import { tunedReady } from "./tuned-nodes";
import { watch } from "./watches";

const minutes = 60;
const text: Shape = { type: "string" };
const flag: Shape = { type: "boolean" };
const texts: Shape = { type: "object", values: text };

const profiles: Watch = { ...watch.tuneds, id: "profiles", plural: "profiles" };
const kubeletConfigs: Watch = { ...watch.pools, id: "kubeletConfigs", plural: "kubeletconfigs" };

/** Source: cluster-node-tuning-operator manifests/20-performance-profile.crd.yaml. */
const profileSpec: Shape = {
  type: "object",
  required: ["cpu", "nodeSelector"],
  properties: {
    additionalKernelArgs: { type: "array", items: text, doc: "Further kernel arguments." },
    cpu: {
      type: "object",
      required: ["isolated", "reserved"],
      properties: {
        balanceIsolated: { ...flag, doc: "Whether the isolated CPUs are balanced by the kernel; true when absent." },
        isolated: { ...text, doc: "CPUs for workloads, a list such as `2-15`." },
        reserved: { ...text, doc: "CPUs for the system and the kubelet." },
        offlined: { ...text, doc: "CPUs that are switched off." },
        shared: { ...text, doc: "CPUs that guaranteed pods may share." },
        ovsDpdk: { ...text, doc: "CPUs for the poll threads of OVS-DPDK." },
      },
    },
    globallyDisableIrqLoadBalancing: flag,
    hardwareTuning: {
      type: "object",
      properties: { isolatedCpuFreq: { type: "integer" }, reservedCpuFreq: { type: "integer" } },
    },
    hugepages: {
      type: "object",
      properties: {
        defaultHugepagesSize: { ...text, doc: "For example `1G`." },
        pages: {
          type: "array",
          items: {
            type: "object",
            properties: {
              count: { type: "integer", format: "int32" },
              node: { type: "integer", format: "int32", doc: "NUMA node; spread over all when absent." },
              size: text,
            },
          },
        },
      },
    },
    kernelPageSize: { ...text, doc: "`4k` or, on ARM, `64k`." },
    machineConfigLabel: texts,
    machineConfigPoolSelector: texts,
    net: {
      type: "object",
      properties: {
        devices: {
          type: "array",
          items: { type: "object", properties: { deviceID: text, interfaceName: text, vendorID: text } },
        },
        userLevelNetworking: flag,
      },
    },
    nodeSelector: { ...texts, doc: "One label of the form `node-role.kubernetes.io/<pool>`." },
    numa: { type: "object", properties: { topologyPolicy: text } },
    realTimeKernel: { type: "object", properties: { enabled: flag } },
    workloadHints: {
      type: "object",
      properties: { highPowerConsumption: flag, mixedCpus: flag, perPodPowerManagement: flag, realTime: flag },
    },
  },
};

export const performanceProfile: ObjectKind = {
  is: "object",
  token: "ove:nodes:PerformanceProfile",
  doc: "Low-latency tuning of a pool's nodes: CPUs, huge pages, NUMA policy, real-time kernel.",
  waits:
    "The Node Tuning Operator has carried it out, and the pool is rendered with all that it made. Nodes get it later: that is what RolloutRelease waits for.",
  deletes: "Deleted, then waited for until no pool is rendered with what was made of it.",
  example: {
    metadata: { name: "dpdk" },
    spec: {
      cpu: { reserved: "0-3", isolated: "4-31" },
      hugepages: { defaultHugepagesSize: "1G", pages: [{ size: "1G", count: 16 }] },
      nodeSelector: { "node-role.kubernetes.io/dpdk": "" },
      numa: { topologyPolicy: "single-numa-node" },
    },
  },
  apiVersion: "performance.openshift.io/v2",
  kind: "PerformanceProfile",
  plural: "performanceprofiles",
  scope: "Cluster",
  shape: () => ({ type: "object", required: ["spec"], properties: { spec: profileSpec } }),
  otherVersions: [
    { apiVersion: "performance.openshift.io/v1", status: "deprecated", note: "Use performance.openshift.io/v2." },
    { apiVersion: "performance.openshift.io/v1alpha1", status: "deprecated", note: "Use performance.openshift.io/v2." },
  ],
  listKeys: { "spec.hugepages.pages": { by: ["size", "node"] }, "spec.additionalKernelArgs": "ordered" },
  immutable: [],
  serverWritten: ["spec.kernelPageSize", "spec.workloadHints.realTime"],
  adopt: () => false,
  rules: performanceProfileRules,
  disruptions: [
    {
      on: ["create", "update", "delete"],
      paths: ["spec"],
      cost: "reboot",
      reach: "pool",
      by: "machine-config-operator",
      why: "Kernel arguments and the kubelet's configuration change: every node of the pool is drained and rebooted.",
      source:
        "cluster-node-tuning-operator docs/performanceprofile; machine-config-operator docs/MachineConfigDaemon.md",
    },
  ],
  // Its webhook looks at the nodes and at the other profiles.
  admission: "dynamic",
  timeouts: { create: 20 * minutes, update: 20 * minutes, delete: 20 * minutes },
  ready: {
    watches: () => [watch.pools, watch.machineConfigs, kubeletConfigs],
    verdict: performanceProfileReady,
  },
  deletion: { after: withoutProfile },
};

/** What of a Tuned reaches the kernel's command line; `machineConfigLabels` says on whose nodes. */
function bootloader(object: KubernetesObject | undefined): string {
  const profiles = objectsAt(object, "spec", "profile").map((each) => textAt(each, "data") ?? "");
  return profiles.flatMap((data) => data.match(/^\s*cmdline\w*\s*=.*$/gm) ?? []).join("\n");
}

const tunedDisruptions: readonly DisruptionRow[] = [
  {
    on: ["create", "update", "delete"],
    paths: ["spec"],
    when: ({ before, after }) => bootloader(before) !== bootloader(after),
    cost: "reboot",
    reach: "pool",
    by: "machine-config-operator",
    why: "A section [bootloader] changes the kernel's arguments: every node of the pool is drained and rebooted.",
    source: "cluster-node-tuning-operator pkg/operator/controller.go syncMachineConfig",
  },
];

const match: Shape = {
  type: "object",
  required: ["label"],
  properties: {
    label: text,
    value: text,
    type: { ...text, enum: ["node", "pod"] },
    match: { type: "array", items: { type: "object", open: true } },
  },
};

export const tuned: ObjectKind = {
  is: "object",
  token: "ove:nodes:Tuned",
  doc: "TuneD profiles and the nodes that they are for.",
  waits: "Every node that it is the strongest recommendation for runs its profile.",
  deletes: "Deleted; nodes fall back to the next recommendation.",
  example: {
    metadata: { name: "storage", namespace: tuningNamespace },
    spec: {
      profile: [
        { name: "storage", data: "[main]\nsummary=Storage\ninclude=openshift-node\n[sysctl]\nvm.dirty_ratio=10\n" },
      ],
      recommend: [{ profile: "storage", priority: 20, match: [{ label: "node-role.kubernetes.io/storage" }] }],
    },
  },
  apiVersion: "tuned.openshift.io/v1",
  kind: "Tuned",
  plural: "tuneds",
  scope: "Namespaced",
  shape: () => ({
    type: "object",
    required: ["spec"],
    properties: {
      spec: {
        type: "object",
        properties: {
          managementState: { ...text, pattern: "^(Managed|Unmanaged|Force|Removed)$" },
          profile: {
            type: "array",
            items: {
              type: "object",
              required: ["name", "data"],
              properties: {
                name: { ...text, minLength: 1 },
                data: { ...text, doc: "The profile in TuneD's own format." },
              },
            },
          },
          recommend: {
            type: "array",
            items: {
              type: "object",
              required: ["profile", "priority"],
              properties: {
                profile: { ...text, minLength: 1 },
                priority: { type: "integer", format: "int64", minimum: 0, doc: "0 is the strongest." },
                match: { type: "array", items: match },
                machineConfigLabels: {
                  ...texts,
                  doc: "Labels of MachineConfigs: the nodes of the pool that takes such.",
                },
                operand: {
                  type: "object",
                  properties: {
                    debug: flag,
                    tunedConfig: { type: "object", properties: { reapply_sysctl: flag } },
                    verbosity: { type: "integer" },
                  },
                },
              },
            },
          },
        },
      },
    },
  }),
  listKeys: { "spec.profile": { by: ["name"] } },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: tunedRules,
  disruptions: tunedDisruptions,
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 5 * minutes },
  ready: { watches: () => [watch.tuneds, profiles, watch.pools, watch.nodes()], verdict: tunedReady },
};
