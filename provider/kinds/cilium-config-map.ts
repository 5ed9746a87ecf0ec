import { valueAt } from "../../model";
import type { Json, KubernetesObject } from "../../model";
import { objectAt, textAt } from "../../rules/read";
import type { Verdict } from "../kind";
import { ready, waiting } from "./verdict";

/**
 * Keys of the ConfigMap `cilium-config` by the Helm value that is written there as it is.
 * Source: Cilium 1.20 install/kubernetes/cilium/templates/cilium-configmap.yaml.
 */
const keys: Readonly<Record<string, string>> = {
  "bpf.datapathMode": "datapath-mode",
  "bpf.hostLegacyRouting": "enable-host-legacy-routing",
  "bpf.masquerade": "enable-bpf-masquerade",
  "hostFirewall.enabled": "enable-host-firewall",
  "hubble.enabled": "enable-hubble",
  "ipam.mode": "ipam",
  kubeProxyReplacement: "kube-proxy-replacement",
  l7Proxy: "enable-l7-proxy",
  "loadBalancer.acceleration": "bpf-lb-acceleration",
  "loadBalancer.algorithm": "bpf-lb-algorithm",
  "loadBalancer.mode": "bpf-lb-mode",
  routingMode: "routing-mode",
  "socketLB.enabled": "bpf-lb-sock",
  tunnelProtocol: "tunnel-protocol",
};

/** Like `keys`, for values whose key is written only when they are set: absent means false or none. */
const optionalKeys: Readonly<Record<string, string>> = {
  MTU: "mtu",
  "bandwidthManager.enabled": "enable-bandwidth-manager",
  "bgpControlPlane.enabled": "enable-bgp-control-plane",
  "l2announcements.enabled": "enable-l2-announcements",
  tunnelPort: "tunnel-port",
};

type Expected = [key: string, value: string];

function scalar(value: Json | undefined): string | undefined {
  const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return plain && value !== "" ? String(value) : undefined;
}

/** A list of words, or one word, as the chart joins them. */
function words(value: Json | undefined): string {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((item) => (typeof item === "string" ? [item] : [])).join(" ");
}

function plainKeys(spec: Json): Expected[] {
  const required = Object.entries(keys).map(([path, key]) => [key, scalar(valueAt(spec, path.split(".")))] as const);
  const optional = Object.entries(optionalKeys).map(([path, key]) => {
    const value = scalar(valueAt(spec, path.split(".")));
    return [key, value === "false" || value === "0" ? "" : value] as const;
  });
  return [...required, ...optional].filter((entry): entry is Expected => entry[1] !== undefined);
}

/** What `cilium-config` must say for these Helm values; an empty text stands for an absent or `false` key. */
export function expectedKeys(spec: Json): Expected[] {
  const expected = plainKeys(spec);
  const { enabled, type, nodeEncryption } = objectAt(spec, "encryption");
  if (enabled === false || (enabled === true && type === "wireguard")) {
    expected.push(["enable-wireguard", enabled ? "true" : ""]);
    expected.push(["encrypt-node", enabled && nodeEncryption === true ? "true" : ""]);
  }
  const cni = objectAt(spec, "cni");
  if (typeof cni.exclusive === "boolean" && cni.install !== false && cni.customConf !== true) {
    expected.push(["cni-exclusive", String(cni.exclusive)]);
  }
  const hostOnly = valueAt(spec, ["socketLB", "hostNamespaceOnly"]);
  // With the Gateway API it is always on.
  if (typeof hostOnly === "boolean" && valueAt(spec, ["gatewayAPI", "enabled"]) !== true) {
    expected.push(["bpf-lb-sock-hostns-only", String(hostOnly)]);
  }
  const pools = valueAt(spec, ["ipam", "operator", "clusterPoolIPv4PodCIDRList"]);
  if (pools !== undefined && (textAt(spec, "ipam", "mode") ?? "cluster-pool") === "cluster-pool") {
    expected.push(["cluster-pool-ipv4-cidr", words(pools)]);
  }
  const devices = words(valueAt(spec, ["devices"]));
  if (devices) expected.push(["devices", devices]);
  return expected;
}

/** Ready when the agents' configuration agrees with the values; only keys that the values determine are compared. */
export function configMapAgrees(config: KubernetesObject, configMap: KubernetesObject | undefined): Verdict {
  if (!configMap) return waiting("ConfigMap cilium-config exists", "not there");
  const data = (configMap.data ?? {}) as Record<string, string>;
  for (const [key, value] of expectedKeys(config.spec ?? {})) {
    const seen = data[key] ?? "";
    const agrees = value === "" ? seen === "" || seen === "false" || seen === "0" : seen === value;
    if (!agrees) return waiting(`cilium-config has ${key} ${value || "off"}`, seen || "not set");
  }
  return ready;
}
