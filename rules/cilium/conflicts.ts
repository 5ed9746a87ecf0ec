import type { KubernetesObject } from "../../model";
import { isNetwork, overlaps } from "../../model/addresses";
import { isAtLeast } from "../../model";
import type { Rule } from "../rule";
import { encrypts, keepsKubeProxy, replacesKubeProxy, valuesRule } from "./values";
import type { Fault, Values } from "./values";

/** The texts of a value that is a list or one text. */
function texts(values: Values, at: string): string[] {
  const value = values.get(at);
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === "string");
}

/** C03. */
const kubeProxy = valuesRule(
  "kube-proxy",
  "info",
  "cluster-network-operator pkg/network/kube_proxy.go",
  (values) =>
    values.has("kubeProxyReplacement") &&
    keepsKubeProxy(values) && {
      at: "kubeProxyReplacement",
      message: "Services work only while OpenShift runs kube-proxy.",
      fix: "Keep deployKubeProxy: true in the Network of operator.openshift.io, or write true here.",
    },
);

/** C16: names of interfaces that have no driver of their own. */
const virtual = /^(bond|team|br|vlan|ovs)|\./;

const xdpDevices = valuesRule(
  "xdp-devices",
  "warning",
  "cilium#30072, cilium#22970, cilium#32699: XDP is attached by a card's own driver",
  (values): Fault[] => {
    if (values.text("loadBalancer.acceleration") !== "native") return [];
    const fix = "Write best-effort, or disabled.";
    const found = texts(values, "devices")
      .filter((device) => virtual.test(device))
      .map((device) => ({ at: "devices", message: `XDP cannot be attached to ${device}; agents do not start.`, fix }));
    if (Number(values.text("MTU") ?? 0) > 3498) {
      found.push({ at: "MTU", message: "XDP takes packets of up to about 3500 bytes only.", fix });
    }
    return found;
  },
);

/** C30. */
const bpfRouting = valuesRule(
  "machine-host-routing",
  "info",
  "cilium#32026",
  (values) =>
    replacesKubeProxy(values) &&
    values.on("bpf.masquerade") &&
    values.isNot("bpf.hostLegacyRouting", "true", "false") && {
      at: "bpf.hostLegacyRouting",
      message: "On some clusters machines with masquerade are not reached when BPF routes for the host.",
      fix: "If so, write true.",
    },
);

/** C35. */
const noProxy = valuesRule(
  "policies-without-proxy",
  "warning",
  "Cilium pkg/policy/api: L7 policy is not supported since L7 proxy is not enabled",
  (values) =>
    values.text("l7Proxy") === "false" && {
      at: "l7Proxy",
      message: "Policies with HTTP or DNS rules are refused, and names in policies are never resolved.",
    },
);

/** C39: ports that Linux gives to outgoing connections. */
const nodePorts = valuesRule(
  "node-port-range",
  "warning",
  "Cilium documentation, kubeproxy-free: the range must not overlap net.ipv4.ip_local_port_range",
  (values) => {
    const range = texts(values, "nodePort.range").join(",");
    const [, low, high] = /^(\d+)[,-](\d+)$/.exec(range) ?? [];
    if (low === undefined || Number(high) < 32768 || Number(low) > 60999) return undefined;
    const message = `${range} overlaps the ports 32768 to 60999, from which Linux takes those of its own connections.`;
    return { at: "nodePort.range", message, fix: "Choose a range below 32768." };
  },
);

/** C44. */
const clearText = valuesRule(
  "wireguard-nodes",
  "info",
  "Cilium documentation, encryption-wireguard",
  (values) =>
    encrypts(values, "wireguard") &&
    values.isNot("encryption.nodeEncryption", "true", "false") && {
      at: "encryption.nodeEncryption",
      message: "Traffic between pods and nodes, and of pods on the host's network, is not encrypted.",
      fix: "Write true.",
    },
);

/** C47. */
const gatewaySockets = valuesRule(
  "gateway-sockets",
  "info",
  "templates/cilium-configmap.yaml, bpf-lb-sock-hostns-only",
  (values, facts) =>
    isAtLeast(facts.versions.cilium, "1.20") &&
    values.on("gatewayAPI.enabled") &&
    values.text("socketLB.hostNamespaceOnly") === "false" && {
      at: "socketLB.hostNamespaceOnly",
      message: "With the Gateway API it is on, whatever is written here.",
    },
);

/** C33, C34 and C41: what the chart refuses. */
const chart = valuesRule("chart", "error", "templates/validate.yaml", (values): Fault[] => {
  const found: Fault[] = [];
  const refuse = (at: string, message: string): unknown => found.push({ at, message: `${message}; the chart fails.` });
  const headers = "hubble.redact.http.headers";
  const filled = (key: string): boolean => texts(values, `${headers}.${key}`).length > 0;
  if (filled("allow") && filled("deny")) refuse(`${headers}.deny`, "It cannot go with headers to allow");
  for (const [on, at] of [
    ["ingressController.enabled", "ingressController.service.externalTrafficPolicy"],
    ["gatewayAPI.enabled", "gatewayAPI.externalTrafficPolicy"],
  ] as const) {
    const policy = values.text(at);
    if (values.on(on) && policy !== undefined && !["Cluster", "Local"].includes(policy)) {
      refuse(at, "It is Cluster or Local");
    }
  }
  if (values.on("standaloneDnsProxy.enabled") && !values.isNot("dnsProxy.proxyPort", "0", "0")) {
    if (values.without("dnsProxy.proxyPort") || values.text("dnsProxy.proxyPort") === "0") {
      refuse("dnsProxy.proxyPort", "The standalone DNS proxy needs a port");
    }
  }
  if (values.on("ciliumEndpointSlice.enabled") && values.on("disableEndpointCRD")) {
    refuse("disableEndpointCRD", "It cannot go with ciliumEndpointSlice");
  }
  return found;
});

/** C41: what the operator refuses. */
const taints = valuesRule(
  "node-taints",
  "error",
  "Cilium operator, set-cilium-node-taints needs remove-cilium-node-taints",
  (values) =>
    values.on("operator.setNodeTaints") &&
    values.text("operator.removeNodeTaints") === "false" && {
      at: "operator.setNodeTaints",
      message: "Taints that are set are never removed without operator.removeNodeTaints.",
    },
);

/** C49, as far as the values alone tell. */
const poolBlocks = valuesRule(
  "pod-pool-blocks",
  "error",
  "Cilium pkg/ipam/allocator/clusterpool: blocks must not overlap and hold at least one node's",
  (values): Fault[] => {
    const at = "ipam.operator.clusterPoolIPv4PodCIDRList";
    const pools = texts(values, at).filter(isNetwork);
    const found = pools.flatMap((pool, index): Fault[] => {
      const other = pools.slice(0, index).find((each) => overlaps(each, pool));
      return other ? [{ at, message: `${pool} overlaps ${other}.` }] : [];
    });
    const mask = Number(values.text("ipam.operator.clusterPoolIPv4MaskSize") ?? 32);
    const small = pools.filter((pool) => Number(pool.split("/")[1]) > mask);
    return [
      ...found,
      ...small.map((pool) => ({ at, message: `No node's block of length ${mask} fits into ${pool}.` })),
    ];
  },
);

/** Conflicts with the platform, with policies and among values. */
export const conflictRules: readonly Rule<KubernetesObject>[] = [
  kubeProxy,
  xdpDevices,
  bpfRouting,
  noProxy,
  nodePorts,
  clearText,
  gatewaySockets,
  chart,
  taints,
  poolBlocks,
];
