import { all, at, bad, bpf, ipsec, kpr, native } from "./cilium-inputs";
import type { Cases } from "./support";

/** Cases of the rules in rules/cilium/datapath.ts. */
export const datapathCases: Record<string, Cases> = {
  "cilium/api-server": {
    bad: [
      bad("k8sServiceHost", kpr),
      bad("k8sServicePort", kpr, at("k8sServiceHost", "a")),
      bad("k8sServiceHostRef", at("k8sServiceHost", "a"), at("k8sServiceHostRef.name", "b")),
    ],
    good: [all(kpr, at("k8sServiceHost", "a"), at("k8sServicePort", 6443)), all(kpr, at("k8sServiceHost", "auto")), {}],
  },
  "cilium/dsr": {
    bad: [
      bad("loadBalancer.mode", at("loadBalancer.mode", "dsr")),
      bad("loadBalancer.dsrDispatch", at("loadBalancer.mode", "hybrid"), at("tunnelProtocol", "geneve")),
    ],
    good: [
      all(at("loadBalancer.mode", "dsr"), native),
      all(at("loadBalancer", { mode: "dsr", dsrDispatch: "geneve" }), at("tunnelProtocol", "geneve")),
      at("loadBalancer.mode", "snat"),
    ],
  },
  "cilium/dsr-ipip": {
    bad: [bad("loadBalancer.dsrDispatch", at("loadBalancer.dsrDispatch", "ipip"))],
    good: [
      at("loadBalancer", { dsrDispatch: "ipip", acceleration: "native" }),
      at("loadBalancer", { dsrDispatch: "ipip", acceleration: "best-effort" }),
      {},
    ],
  },
  "cilium/native-routing-cidr": {
    bad: [bad("ipv4NativeRoutingCIDR", native)],
    good: [
      all(native, at("ipv4NativeRoutingCIDR", "10.0.0.0/8")),
      all(native, at("enableIPv4Masquerade", false)),
      all(native, at("ipMasqAgent.enabled", true)),
      {},
    ],
  },
  "cilium/direct-node-routes": {
    bad: [bad("autoDirectNodeRoutes", at("autoDirectNodeRoutes", true))],
    good: [all(native, at("autoDirectNodeRoutes", true))],
  },
  "cilium/conntrack-rules": {
    bad: [bad("installNoConntrackIptablesRules", at("installNoConntrackIptablesRules", true))],
    good: [all(native, kpr, at("installNoConntrackIptablesRules", true))],
  },
  "cilium/bpf-masquerade": {
    bad: [
      bad("egressMasqueradeInterfaces", bpf, at("egressMasqueradeInterfaces", "eth0")),
      bad("enableMasqueradeRouteSource", bpf, at("enableMasqueradeRouteSource", true)),
      bad("bpf.masquerade", bpf, at("enableIPv4Masquerade", false), at("enableIPv6Masquerade", false)),
      bad("ipMasqAgent.enabled", at("ipMasqAgent.enabled", true)),
    ],
    good: [bpf, all(bpf, at("ipMasqAgent.enabled", true)), at("egressMasqueradeInterfaces", "eth0")],
  },
  "cilium/host-routing": {
    bad: [
      bad("bpf.hostLegacyRouting", at("bpf.hostLegacyRouting", false), kpr),
      bad("bpf.hostLegacyRouting", at("bpf.hostLegacyRouting", false), bpf),
    ],
    good: [all(at("bpf.hostLegacyRouting", false), kpr, bpf), at("bpf.hostLegacyRouting", true)],
  },
  "cilium/bandwidth-manager": {
    bad: [
      bad("bandwidthManager.bbr", at("bandwidthManager.bbr", true)),
      bad(
        "bandwidthManager.bbr",
        at("bandwidthManager", { enabled: true, bbr: true }),
        at("bpf.hostLegacyRouting", true),
      ),
    ],
    good: [
      at("bandwidthManager", { enabled: true, bbr: true }),
      all(
        at("bandwidthManager", { enabled: true, bbr: true, bbrHostNamespaceOnly: true }),
        at("bpf.hostLegacyRouting", true),
      ),
    ],
  },
  "cilium/big-tcp": {
    bad: [
      bad("enableIPv4BIGTCP", at("enableIPv4BIGTCP", true)),
      bad("enableIPv6BIGTCP", native, ipsec, at("enableIPv6BIGTCP", true)),
      bad("enableIPv4BIGTCP", native, at("bpf.hostLegacyRouting", true), at("enableIPv4BIGTCP", true)),
    ],
    good: [
      all(native, at("enableIPv4BIGTCP", true)),
      all(at("enableIPv4BIGTCP", true), at("extraConfig.enable-tunnel-big-tcp", "true")),
    ],
  },
  "cilium/netkit": {
    bad: [
      bad("bpf.datapathMode", at("bpf.datapathMode", "netkit")),
      bad("bpf.tproxy", at("bpf", { datapathMode: "netkit-l2", tproxy: true })),
      bad("bpf.datapathMode", at("bpf", { datapathMode: "netkit-l2", hostLegacyRouting: true })),
    ],
    good: [at("bpf.datapathMode", "veth"), at("bpf.datapathMode", "netkit-l2")],
  },
  "cilium/socket-lb-machines": {
    bad: [
      bad("socketLB.hostNamespaceOnly", kpr),
      bad("socketLB.hostNamespaceOnly", at("socketLB", { enabled: true, hostNamespaceOnly: false })),
    ],
    good: [all(kpr, at("socketLB.hostNamespaceOnly", true)), all(kpr, at("gatewayAPI.enabled", true)), {}],
  },
  "cilium/mtu": { bad: [bad("MTU", {}), bad("MTU", at("MTU", 0))], good: [at("MTU", 1355), native] },
  "cilium/egress-gateway": {
    bad: [
      bad("egressGateway.enabled", at("egressGateway.enabled", true)),
      bad("egressGateway.enabled", kpr, at("egressGateway.enabled", true)),
      bad(
        "egressGateway.enabled",
        kpr,
        bpf,
        at("ciliumEndpointSlice.enabled", true),
        at("egressGateway.enabled", true),
      ),
    ],
    good: [all(kpr, bpf, at("egressGateway.enabled", true))],
  },
  "cilium/l2-announcements": {
    bad: [bad("l2announcements.enabled", at("l2announcements.enabled", true))],
    good: [all(kpr, at("l2announcements.enabled", true))],
  },
  "cilium/local-redirect": {
    bad: [
      bad("localRedirectPolicies.enabled", at("localRedirectPolicies.enabled", true)),
      bad("localRedirectPolicy", at("localRedirectPolicy", true)),
    ],
    good: [
      all(kpr, at("localRedirectPolicy", true)),
      all(at("socketLB.enabled", true), at("localRedirectPolicy", true)),
    ],
  },
};
