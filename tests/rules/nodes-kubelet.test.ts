import type { Json, JsonObject, KubernetesObject } from "../../model";
import { containerRuntimeConfigRules, kubeletConfigRules, machineConfigurationRules } from "../../rules";
import { merged, testFine, testRules } from "./support";

const api = "machineconfiguration.openshift.io/v1";
const selector = { matchLabels: { "pools.operator.machineconfiguration.openshift.io/worker": "" } };
const build =
  (kind: string, spec: JsonObject = {}, name = "x") =>
  (input: JsonObject): KubernetesObject =>
    merged({ apiVersion: api, kind, metadata: { name }, spec }, input) as unknown as KubernetesObject;

const kubelet = (kubeletConfig: JsonObject): JsonObject => ({ spec: { kubeletConfig } });
const pools = "spec.machineConfigPoolSelector";
const memory = (amount: string, more: JsonObject = {}): JsonObject =>
  kubelet({
    memoryManagerPolicy: "Static",
    kubeReserved: { memory: "500Mi" },
    systemReserved: { memory: "500Mi" },
    reservedMemory: [{ numaNode: 0, limits: { memory: amount } }],
    ...more,
  });

testRules("rules of a KubeletConfig", kubeletConfigRules, build("KubeletConfig"), {
  "nodes/kubelet-pool-selector": {
    bad: [
      [{}, pools],
      [{ spec: { machineConfigPoolSelector: {} } }, pools],
      [{ spec: { machineConfigPoolSelector: { matchLabels: {} } } }, pools],
    ],
    good: [
      { spec: { machineConfigPoolSelector: selector } },
      { spec: { machineConfigPoolSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } } },
      { spec: { machineConfigPoolSelector: undefined } },
    ],
  },
  "nodes/kubelet-generated-name": {
    bad: [[{ metadata: { name: "performance-dpdk" } }, "metadata.name"]],
    good: [{ metadata: { name: "dpdk" } }],
  },
  "nodes/kubelet-denied": {
    bad: (
      [
        ["cgroupDriver", "systemd"],
        ["clusterDNS", ["10.0.0.10"]],
        ["clusterDomain", "x"],
        ["featureGates", { A: true }],
        ["staticPodPath", "/etc"],
        ["failSwapOn", false],
      ] as [string, Json][]
    )
      .map(([key, value]): [JsonObject, string] => [kubelet({ [key]: value }), `spec.kubeletConfig.${key}`])
      .concat([
        [kubelet({ memorySwap: { swapBehavior: "LimitedSwap" } }), "spec.kubeletConfig.memorySwap.swapBehavior"],
      ]),
    good: [kubelet({ maxPods: 500 }), kubelet({ cgroupDriver: "", clusterDNS: [], featureGates: {} })],
  },
  "nodes/kubelet-log-level": {
    bad: [0, 11, -1].map((logLevel): [JsonObject, string] => [{ spec: { logLevel } }, "spec.logLevel"]),
    good: [{ spec: { logLevel: 1 } }, { spec: { logLevel: 10 } }, {}],
  },
  "nodes/kubelet-auto-sizing": {
    bad: [
      [
        { spec: { autoSizingReserved: true, kubeletConfig: { systemReserved: { cpu: "1" } } } },
        "spec.kubeletConfig.systemReserved",
      ],
    ],
    good: [
      { spec: { autoSizingReserved: true, kubeletConfig: { systemReserved: {} } } },
      { spec: { autoSizingReserved: false, kubeletConfig: { systemReserved: { cpu: "1" } } } },
    ],
  },
  "nodes/kubelet-value": {
    bad: [
      [kubelet({ cpuManagerPolicy: "Static" }), "spec.kubeletConfig.cpuManagerPolicy"],
      [kubelet({ memoryManagerPolicy: "static" }), "spec.kubeletConfig.memoryManagerPolicy"],
      [kubelet({ topologyManagerPolicy: "single-numa" }), "spec.kubeletConfig.topologyManagerPolicy"],
      [kubelet({ topologyManagerScope: "node" }), "spec.kubeletConfig.topologyManagerScope"],
    ],
    good: [kubelet({ cpuManagerPolicy: "static", topologyManagerPolicy: "", topologyManagerScope: "pod" })],
  },
  "nodes/kubelet-reserved-memory": {
    bad: [
      [memory("1000Mi"), "spec.kubeletConfig.reservedMemory"],
      [memory("1100Mi", { evictionHard: { "memory.available": "200Mi" } }), "spec.kubeletConfig.reservedMemory"],
      [kubelet({ memoryManagerPolicy: "Static" }), "spec.kubeletConfig.reservedMemory"],
      [
        kubelet({ reservedMemory: [{ numaNode: 0 }, { numaNode: 0 }, {}] }),
        "spec.kubeletConfig.reservedMemory[1].numaNode",
      ],
      [
        memory("1100Mi", {
          reservedMemory: [
            { numaNode: 1, limits: { memory: "600Mi" } },
            { numaNode: 1, limits: { memory: "500Mi" } },
          ],
        }),
        "spec.kubeletConfig.reservedMemory[1].numaNode",
      ],
    ],
    good: [
      memory("1100Mi"),
      memory("1200Mi", { evictionHard: { "memory.available": "200Mi" } }),
      memory("1Gi", { evictionHard: { "memory.available": "5%" } }),
      memory("1Gi", { systemReserved: {} }),
      memory("600Mi", { kubeReserved: {} }),
      kubelet({ reservedMemory: undefined, memoryManagerPolicy: "Static" }),
    ],
  },
});

testFine("rules of a KubeletConfig and a fine one", kubeletConfigRules, {
  apiVersion: api,
  kind: "KubeletConfig",
  metadata: { name: "cpus" },
  spec: {
    machineConfigPoolSelector: selector,
    logLevel: 3,
    kubeletConfig: {
      cpuManagerPolicy: "static",
      memoryManagerPolicy: "Static",
      kubeReserved: { memory: "500Mi" },
      systemReserved: { memory: "500Mi" },
      evictionHard: { "memory.available": "100Mi" },
      reservedMemory: [{ numaNode: 0, limits: { memory: "1100Mi" } }],
    },
  },
});

const runtime = (containerRuntimeConfig: JsonObject): JsonObject => ({ spec: { containerRuntimeConfig } });
const at = (key: string): string => `spec.containerRuntimeConfig.${key}`;

testRules("rules of a ContainerRuntimeConfig", containerRuntimeConfigRules, build("ContainerRuntimeConfig"), {
  "nodes/runtime-pool-selector": {
    bad: [[{}, pools]],
    good: [{ spec: { machineConfigPoolSelector: selector } }],
  },
  "nodes/runtime-pids": {
    bad: [1, 19, -1].map((pidsLimit): [JsonObject, string] => [runtime({ pidsLimit }), at("pidsLimit")]),
    good: [0, 20, 4096].map((pidsLimit) => runtime({ pidsLimit })),
  },
  "nodes/runtime-log-size": {
    bad: ["8Ki", 8192, "1k"].map((logSizeMax): [JsonObject, string] => [runtime({ logSizeMax }), at("logSizeMax")]),
    good: [-1, "-1", 0, 8193, "9Ki"].map((logSizeMax) => runtime({ logSizeMax })),
  },
  "nodes/runtime-overlay-size": {
    bad: [[runtime({ overlaySize: "-1G" }), at("overlaySize")]],
    good: [runtime({ overlaySize: "8G" }), runtime({ overlaySize: 0 })],
  },
  "nodes/runtime-value": {
    bad: [
      [runtime({ logLevel: "verbose" }), at("logLevel")],
      [runtime({ defaultRuntime: "kata" }), at("defaultRuntime")],
    ],
    good: [runtime({ logLevel: "trace", defaultRuntime: "crun" }), runtime({ logLevel: "", defaultRuntime: "" })],
  },
});

testFine("rules of a ContainerRuntimeConfig and a fine one", containerRuntimeConfigRules, {
  apiVersion: api,
  kind: "ContainerRuntimeConfig",
  metadata: { name: "runtime" },
  spec: {
    machineConfigPoolSelector: selector,
    containerRuntimeConfig: { pidsLimit: 4096, logSizeMax: "1Gi", overlaySize: "8G", logLevel: "info" },
  },
});

const policy = (nodeDisruptionPolicy: JsonObject): JsonObject => ({ spec: { nodeDisruptionPolicy } });
const actions = (...list: JsonObject[]): JsonObject => policy({ files: [{ path: "/a", actions: list }] });
const first = "spec.nodeDisruptionPolicy.files[0].actions";
const restart = { type: "Restart", restart: { serviceName: "a.service" } };

testRules(
  "rules of a node disruption policy",
  machineConfigurationRules,
  build("MachineConfiguration", {}, "cluster"),
  {
    "nodes/machine-configuration-name": {
      bad: [[{ metadata: { name: "other" } }, "metadata.name"]],
      good: [{}, { metadata: { name: undefined } }],
    },
    "nodes/disruption-action-alone": {
      bad: [
        [actions(restart, { type: "None" }), `${first}[1].type`],
        [actions({ type: "Reboot" }, { type: "Drain" }), `${first}[0].type`],
        [
          policy({ sshkey: { actions: [{ type: "None" }, { type: "Drain" }] } }),
          "spec.nodeDisruptionPolicy.sshkey.actions[0].type",
        ],
      ],
      good: [actions({ type: "None" }), actions({ type: "Drain" }, restart, { type: "DaemonReload" })],
    },
    "nodes/disruption-action-service": {
      bad: [
        [actions({ type: "Restart" }), `${first}[0].restart`],
        [actions({ type: "Reload", restart: { serviceName: "a.service" } }), `${first}[0].reload`],
        [actions({ type: "Drain", reload: { serviceName: "a.service" } }), `${first}[0].reload`],
      ],
      good: [actions(restart), actions({ type: undefined }), actions({ type: "Restart", restart: undefined })],
    },
    "nodes/disruption-unit-name": {
      bad: [
        [policy({ units: [{ name: "chronyd", actions: [] }] }), "spec.nodeDisruptionPolicy.units[0].name"],
        [actions({ type: "Reload", reload: { serviceName: "a b.service" } }), `${first}[0].reload.serviceName`],
      ],
      good: [policy({ units: [{ name: "chronyd.service", actions: [restart] }] })],
    },
    "nodes/disruption-file-path": {
      bad: [[policy({ files: [{ path: "etc/a", actions: [] }] }), "spec.nodeDisruptionPolicy.files[0].path"]],
      good: [actions(restart)],
    },
    "nodes/disruption-no-actions": {
      bad: [[policy({ sshkey: { actions: [] } }), "spec.nodeDisruptionPolicy.sshkey.actions"]],
      good: [policy({ sshkey: { actions: [{ type: "None" }] } }), {}],
    },
  },
);
