import { isObject, type Json, type JsonObject, valueAt } from "../../model";
import { textOf } from "./read";

/** Version of the chart that is played. */
export const CILIUM_VERSION = "1.20.2";

/** Values that `cilium-config` gets as they are: ConfigMap key, path of the Helm value, the chart's default. */
const plain: [key: string, path: string, byDefault: string][] = [
  ["kube-proxy-replacement", "kubeProxyReplacement", "false"],
  ["routing-mode", "routingMode", "tunnel"],
  ["tunnel-protocol", "tunnelProtocol", "vxlan"],
  ["ipam", "ipam.mode", "cluster-pool"],
  ["enable-l7-proxy", "l7Proxy", "true"],
  ["enable-host-firewall", "hostFirewall.enabled", "false"],
  ["datapath-mode", "bpf.datapathMode", "veth"],
  ["enable-bpf-masquerade", "bpf.masquerade", "false"],
  ["enable-hubble", "hubble.enabled", "true"],
  ["auto-direct-node-routes", "autoDirectNodeRoutes", "false"],
  ["bpf-lb-acceleration", "loadBalancer.acceleration", "disabled"],
  ["cluster-name", "cluster.name", "default"],
  ["cluster-id", "cluster.id", "0"],
];

/** Keys that are only there when the value is set (and, for switches, on). */
const optional: [key: string, path: string][] = [
  ["mtu", "MTU"],
  ["tunnel-port", "tunnelPort"],
  ["ipv4-native-routing-cidr", "ipv4NativeRoutingCIDR"],
  ["bpf-lb-mode", "loadBalancer.mode"],
  ["bpf-lb-algorithm", "loadBalancer.algorithm"],
  ["enable-bandwidth-manager", "bandwidthManager.enabled"],
  ["enable-bgp-control-plane", "bgpControlPlane.enabled"],
  ["enable-l2-announcements", "l2announcements.enabled"],
  ["cluster-health-port", "clusterHealthPort"],
  ["labels", "labels"],
];

/** Switches whose key is written whenever the value is there, also when it is false. */
const whenSet: [key: string, path: string][] = [
  ["enable-host-legacy-routing", "bpf.hostLegacyRouting"],
  ["bpf-lb-sock", "socketLB.enabled"],
  ["bpf-lb-sock-hostns-only", "socketLB.hostNamespaceOnly"],
];

/**
 * Data of ConfigMap `cilium-config` for these Helm values: the keys that this project's decisions depend on (chart
 * 1.20, templates/cilium-configmap.yaml). Everything is text, as in any ConfigMap.
 */
export function configMapData(values: JsonObject): Record<string, string> {
  const data: Record<string, string> = {};
  for (const [key, path, byDefault] of plain) data[key] = textAt(values, path) || byDefault;
  data["enable-policy"] = (textAt(values, "policyEnforcementMode") || "default").toLowerCase();
  for (const [key, path] of optional) {
    const value = textAt(values, path);
    if (value && value !== "false" && value !== "0") data[key] = value;
  }
  for (const [key, path] of whenSet) if (textAt(values, path)) data[key] = textAt(values, path);
  if (isOn(values, "gatewayAPI.enabled")) data["bpf-lb-sock-hostns-only"] = "true";
  if (at(values, "devices") !== undefined) data.devices = words(at(values, "devices"));
  return { ...data, ...encryption(values), ...cni(values), ...pool(values), ...hubble(values), ...extra(values) };
}

/** The chart compares the type exactly: any other spelling writes nothing, and traffic stays in clear. */
function encryption(values: JsonObject): Record<string, string> {
  const data: Record<string, string> = {};
  if (isOn(values, "encryption.enabled")) {
    const type = textAt(values, "encryption.type") || "ipsec";
    if (type === "wireguard") data["enable-wireguard"] = "true";
    if (type === "ipsec") data["enable-ipsec"] = "true";
    if (isOn(values, "encryption.nodeEncryption")) data["encrypt-node"] = "true";
  }
  if (isOn(values, "encryption.strictMode.egress.enabled")) {
    data["enable-encryption-strict-mode-egress"] = "true";
    data["encryption-strict-egress-cidr"] = textAt(values, "encryption.strictMode.egress.cidr");
    const remote = textAt(values, "encryption.strictMode.egress.allowRemoteNodeIdentities");
    data["encryption-strict-egress-allow-remote-node-identities"] = remote || "false";
  }
  if (isOn(values, "encryption.strictMode.ingress.enabled")) data["enable-encryption-strict-mode-ingress"] = "true";
  return data;
}

function cni(values: JsonObject): Record<string, string> {
  if (textAt(values, "cni.install") === "false" || isOn(values, "cni.customConf")) return {};
  return {
    "write-cni-conf-when-ready": "/host/etc/cni/net.d/05-cilium.conflist",
    "cni-exclusive": textAt(values, "cni.exclusive") || "true",
  };
}

function pool(values: JsonObject): Record<string, string> {
  if ((textAt(values, "ipam.mode") || "cluster-pool") !== "cluster-pool") return {};
  return {
    "cluster-pool-ipv4-cidr": words(at(values, "ipam.operator.clusterPoolIPv4PodCIDRList")) || "10.0.0.0/8",
    "cluster-pool-ipv4-mask-size": textAt(values, "ipam.operator.clusterPoolIPv4MaskSize") || "24",
  };
}

function hubble(values: JsonObject): Record<string, string> {
  if (textAt(values, "hubble.enabled") === "false") return {};
  const data: Record<string, string> = {
    "hubble-socket-path": textAt(values, "hubble.socketPath") || "/var/run/cilium/hubble.sock",
    "hubble-listen-address": textAt(values, "hubble.listenAddress") || ":4244",
    "hubble-disable-tls": textAt(values, "hubble.tls.enabled") === "false" ? "true" : "false",
  };
  const metrics = at(values, "hubble.metrics.enabled");
  if (Array.isArray(metrics) && metrics.length > 0) {
    data["hubble-metrics-server"] = `:${textAt(values, "hubble.metrics.port") || "9965"}`;
    data["hubble-metrics"] = words(metrics);
  }
  return data;
}

/** `extraConfig` goes in as it is. */
function extra(values: JsonObject): Record<string, string> {
  const config = at(values, "extraConfig");
  return isObject(config) ? Object.fromEntries(Object.entries(config).map(([key, value]) => [key, textOf(value)])) : {};
}

/** Why the chart refuses to render these values (its `fail` calls that are reachable on OpenShift), or undefined. */
export function renderFailure(values: JsonObject): string | undefined {
  const replacement = textAt(values, "kubeProxyReplacement") || "false";
  if (replacement !== "true" && replacement !== "false") {
    return "kubeProxyReplacement must be explicitly set to a valid value (true or false) to continue.";
  }
  if (at(values, "tunnel") !== undefined) {
    return "tunnel was deprecated in v1.14 and has been removed in v1.15.";
  }
  const native = textAt(values, "routingMode") === "native" && isOn(values, "enableIPv4Masquerade");
  if (native && !textAt(values, "ipv4NativeRoutingCIDR") && !isOn(values, "ipMasqAgent.enabled")) {
    return "ipv4NativeRoutingCIDR must be set when routingMode is native";
  }
  const observed = textAt(values, "hubble.enabled") !== "false";
  if (isOn(values, "hubble.relay.enabled") && !observed) return "Hubble Relay requires .Values.hubble.enabled=true";
  if (isOn(values, "hubble.ui.enabled") && !isOn(values, "hubble.relay.enabled")) {
    return "Hubble UI requires .Values.hubble.relay.enabled=true";
  }
  return undefined;
}

/** True when the value at the dotted path is true, as boolean or text. */
export function isOn(values: JsonObject, path: string): boolean {
  return textAt(values, path) === "true";
}

/** The scalar at the dotted path as text, empty when there is none. */
export function textAt(values: JsonObject, path: string): string {
  return textOf(at(values, path));
}

function at(values: JsonObject, path: string): Json | undefined {
  return valueAt(values, path.split("."));
}

function words(value: Json | undefined): string {
  return Array.isArray(value) ? value.map(textOf).join(" ") : textOf(value);
}
