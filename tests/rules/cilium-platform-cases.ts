import { all, at, bad, kpr, native } from "./cilium-inputs";
import type { Cases } from "./support";

/** Cases of the rules in rules/cilium/platform.ts. */
export const platformCases: Record<string, Cases> = {
  "cilium/cni-paths": {
    bad: [bad("cni.binPath", {}), bad("cni.confPath", at("cni.confPath", "/etc/cni/net.d"))],
    good: [at("cni", { binPath: "/var/lib/cni/bin", confPath: "/var/run/multus/cni/net.d" })],
  },
  "cilium/cni-exclusive": {
    bad: [bad("cni.exclusive", {}), bad("cni.exclusive", at("cni.exclusive", true))],
    good: [at("cni.exclusive", false)],
  },
  "cilium/hubble": {
    bad: [
      bad("hubble.relay.enabled", at("hubble", { enabled: false, relay: { enabled: true } })),
      bad("hubble.ui.enabled", at("hubble.ui.enabled", true)),
      bad("hubble.tls.auto.certManagerIssuerRef", at("hubble.tls.auto.method", "certmanager")),
    ],
    good: [
      at("hubble", { relay: { enabled: true }, ui: { enabled: true } }),
      at("hubble.tls.auto", { method: "certmanager", certManagerIssuerRef: { name: "a" } }),
    ],
  },
  "cilium/hubble-metrics": {
    bad: [["http", "httpV2"], ["kafka"], ["dnss"]].map((list) =>
      bad("hubble.metrics.enabled", at("hubble.metrics.enabled", list)),
    ),
    good: [at("hubble.metrics.enabled", ["dns:query;ignoreAAAA", "httpV2:exemplars=true", "port-distribution"]), {}],
  },
  "cilium/l7-proxy": {
    bad: [
      bad("gatewayAPI.enabled", at("l7Proxy", false), at("gatewayAPI.enabled", true)),
      bad("loadBalancer.l7.backend", at("l7Proxy", false), at("loadBalancer.l7.backend", "envoy")),
    ],
    good: [at("gatewayAPI.enabled", true), at("l7Proxy", false)],
  },
  "cilium/cluster": {
    bad: [
      bad("cluster.name", at("cluster.name", "a_b")),
      bad("cluster.name", at("cluster.id", 3)),
      bad("clustermesh.maxConnectedClusters", at("clustermesh.maxConnectedClusters", 300)),
      bad("ipv4.enabled", at("ipv4.enabled", false)),
    ],
    good: [
      at("cluster", { name: "a-b", id: 3 }),
      at("cluster.id", 0),
      all(at("ipv4.enabled", false), at("ipv6.enabled", true)),
    ],
  },
  "cilium/identity-labels": { bad: [bad("labels", {})], good: [at("labels", "!kubevirt\\.io/nodeName")] },
  "cilium/devices": { bad: [bad("devices", kpr)], good: [all(kpr, at("devices", ["ens3"])), {}] },
  "cilium/ports": {
    bad: [bad("tunnelPort", {})],
    good: [at("tunnelPort", 4789), native, at("tunnelProtocol", "geneve")],
  },
  "cilium/agent-restart": { bad: [bad("rollOutCiliumPods", {})], good: [at("rollOutCiliumPods", true)] },
  "cilium/pod-pools": {
    bad: [
      bad("ipam.operator.clusterPoolIPv4PodCIDRList", at("ipam.operator.clusterPoolIPv4PodCIDRList", ["10.0.0.1/8"])),
      bad("ipam.operator.clusterPoolIPv4PodCIDRList", at("ipam.operator.clusterPoolIPv4PodCIDRList", "10.0.0.1/8")),
      bad("ipam.operator.clusterPoolIPv4MaskSize", at("ipam.operator.clusterPoolIPv4MaskSize", "24")),
    ],
    good: [at("ipam.operator", { clusterPoolIPv4PodCIDRList: ["10.0.0.0/8"], clusterPoolIPv4MaskSize: 24 })],
  },
  "cilium/hubble-certificates": {
    bad: [bad("hubble.tls.auto.method", {})],
    good: [at("hubble.tls.auto.method", "cronJob"), at("hubble.enabled", false)],
  },
};
