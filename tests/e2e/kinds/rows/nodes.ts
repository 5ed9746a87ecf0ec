import type { KindRow } from "../row";

const selector = { matchLabels: { "pools.operator.machineconfiguration.openshift.io/worker": "" } };
const name = { name: "life" };
const tuning = { name: "life", namespace: "openshift-cluster-node-tuning-operator" };

const kubelet = (maxPods: number) => ({
  metadata: name,
  spec: { machineConfigPoolSelector: selector, kubeletConfig: { maxPods } },
});
const runtime = (pidsLimit: number) => ({
  metadata: name,
  spec: { machineConfigPoolSelector: selector, containerRuntimeConfig: { pidsLimit } },
});
const policy = (type: string) => ({
  metadata: { name: "cluster" },
  spec: { nodeDisruptionPolicy: { files: [{ path: "/etc/life", actions: [{ type }] }] } },
});
const profile = (reserved: string, isolated: string) => ({
  metadata: name,
  spec: { cpu: { reserved, isolated }, nodeSelector: { "node-role.kubernetes.io/worker": "" } },
});
const tuned = (ratio: number) => ({
  metadata: tuning,
  spec: {
    profile: [{ name: "life", data: `[main]\ninclude=openshift-node\n[sysctl]\nvm.dirty_ratio=${ratio}\n` }],
    recommend: [{ profile: "life", priority: 10, match: [{ label: "kubernetes.io/hostname", value: "worker-2" }] }],
  },
});

const nodeLabels = (speed: string) => ({
  name: "life",
  nodes: ["master-0"],
  labels: { "example.com/life": speed },
  taints: [{ key: "example.com/life", effect: "PreferNoSchedule" }],
});

export const nodeRows: KindRow[] = [
  {
    token: "ove:nodes:NodeLabels",
    on: { apiVersion: "v1", kind: "Node", metadata: { name: "master-0" } },
    inputs: nodeLabels("slow"),
    changed: nodeLabels("fast"),
    edit: { metadata: { labels: { "example.com/life": "none" } } },
    drift: 'labels["example.com/life"]',
  },
  {
    token: "ove:nodes:KubeletConfig",
    inputs: kubelet(400),
    changed: kubelet(410),
    edit: { spec: { kubeletConfig: { maxPods: 420 } } },
    drift: "spec.kubeletConfig.maxPods",
  },
  {
    token: "ove:nodes:ContainerRuntimeConfig",
    inputs: runtime(4096),
    changed: runtime(8192),
    edit: { spec: { containerRuntimeConfig: { pidsLimit: 5000 } } },
    drift: "spec.containerRuntimeConfig.pidsLimit",
  },
  {
    token: "ove:nodes:NodeDisruptionPolicy",
    inputs: policy("None"),
    changed: policy("Drain"),
    edit: { spec: { nodeDisruptionPolicy: { files: [{ path: "/etc/life", actions: [{ type: "Reboot" }] }] } } },
    drift: "spec.nodeDisruptionPolicy.files[0].actions[0].type",
  },
  {
    token: "ove:nodes:PerformanceProfile",
    inputs: profile("0-1", "2-31"),
    changed: profile("0-3", "4-31"),
    edit: { spec: { cpu: { isolated: "4-30" } } },
    drift: "spec.cpu.isolated",
  },
  {
    token: "ove:nodes:Tuned",
    inputs: tuned(10),
    changed: tuned(12),
    edit: { spec: { recommend: [{ profile: "life", priority: 9, match: [{ label: "kubernetes.io/hostname" }] }] } },
    drift: "spec.recommend[0].priority",
  },
];
