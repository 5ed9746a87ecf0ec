import type { JsonObject, KubernetesObject } from "../../model";
import { builtInRules } from "../../rules";
import { merged, testRules } from "./support";
import type { Build } from "./support";

const build =
  (base: JsonObject): Build =>
  (input) =>
    merged(base, input) as unknown as KubernetesObject;

const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cilium-config", namespace: "cilium" } };
const helm = { metadata: { labels: { "app.kubernetes.io/managed-by": "Helm" } } };
const release = { metadata: { annotations: { "meta.helm.sh/release-name": "cilium" } } };
const owned = { metadata: { ownerReferences: [{ kind: "CiliumConfig" }] } };
const other = { metadata: { name: "other" } };

testRules("rules of a ConfigMap", builtInRules["v1/ConfigMap"] ?? [], build(config), {
  "cilium/config-map-edited": { bad: [[{}, "metadata.name"]], good: [helm, release, owned, other] },
  "cilium/config-map-key": {
    bad: [
      [{ data: { "wireguard-userspace-fallback": "true" } }, "data.wireguard-userspace-fallback"],
      [{ data: { "enable-wireguard-userspace-fallback": "true" } }, "data.enable-wireguard-userspace-fallback"],
    ],
    good: [{ data: { "enable-wireguard": "true" } }, { ...other, data: { "wireguard-userspace-fallback": "true" } }],
  },
  "cilium/config-map-replacement": {
    bad: [[{ data: { "kube-proxy-replacement": "strict" } }, "data.kube-proxy-replacement"]],
    good: [
      { data: { "kube-proxy-replacement": "true" } },
      {},
      { ...other, data: { "kube-proxy-replacement": "strict" } },
    ],
  },
  "cilium/config-map-http-metrics": {
    bad: [
      [{ data: { "hubble-metrics": "drop tcp http" } }, "data.hubble-metrics"],
      [{ data: { "hubble-metrics": "http:labelsContext=source_pod\ndrop" } }, "data.hubble-metrics"],
    ],
    good: [
      { data: { "hubble-metrics": "drop httpV2:exemplars=true" } },
      {},
      { ...other, data: { "hubble-metrics": "http" } },
    ],
  },
});

const agent = (container: JsonObject, name = "cilium-agent"): JsonObject => ({
  spec: { template: { spec: { containers: [{ name: "other" }, { name, ...container }] } } },
});
const containers = "spec.template.spec.containers[1]";

testRules(
  "rules of a DaemonSet",
  builtInRules["apps/v1/DaemonSet"] ?? [],
  build({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "cilium" } }),
  {
    "cilium/agent-edited": {
      bad: [[agent({}), "metadata.name"]],
      good: [{ ...agent({}), ...helm }, { ...agent({}), ...other }, agent({}, "sidecar")],
    },
    "cilium/agent-replacement": {
      bad: [[agent({ args: ["--debug", "--kube-proxy-replacement=strict"] }), `${containers}.args[1]`]],
      good: [
        agent({ args: ["--kube-proxy-replacement=true"] }),
        agent({ args: ["--kube-proxy-replacement=x"] }, "other"),
      ],
    },
    "cilium/agent-cpu-limit": {
      bad: [[agent({ resources: { limits: { cpu: "500m" } } }), `${containers}.resources.limits.cpu`]],
      good: [agent({ resources: { limits: { memory: "1Gi" } } }), agent({})],
    },
  },
);

testRules(
  "rules of a Service",
  builtInRules["v1/Service"] ?? [],
  build({ apiVersion: "v1", kind: "Service", metadata: { name: "web" } }),
  {
    "loadbalancing/service-annotation": {
      bad: [
        [
          { metadata: { annotations: { "io.cilium/lb-ipam-ips": "10.0.0.1" } } },
          'metadata.annotations["io.cilium/lb-ipam-ips"]',
        ],
      ],
      good: [{ metadata: { annotations: { "lbipam.cilium.io/ips": "10.0.0.1" } } }, {}],
    },
  },
);
