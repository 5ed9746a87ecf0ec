import { all, at, bad, ipsec, kpr, native, strict, wireguard } from "./cilium-inputs";
import type { Cases } from "./support";

/** Cases of the rules in rules/cilium/encryption.ts. */
export const encryptionCases: Record<string, Cases> = {
  "cilium/wireguard-and-ipsec": {
    bad: [bad("encryption.type", wireguard, at("extraConfig.enable-ipsec", "true"))],
    good: [wireguard, ipsec, at("extraConfig.enable-ipsec", "true")],
  },
  "cilium/node-encryption": {
    bad: [bad("encryption.nodeEncryption", ipsec, at("encryption.nodeEncryption", true))],
    good: [all(wireguard, at("encryption.nodeEncryption", true)), ipsec],
  },
  "cilium/strict-egress-cidr": {
    bad: [
      bad("encryption.strictMode.egress.cidr", strict({})),
      bad("encryption.strictMode.egress.cidr", strict({ cidr: "10.0.0.1/8" })),
      bad("encryption.strictMode.egress.cidr", strict({ cidr: "fd00::/64" })),
      bad("encryption.strictMode.cidr", at("encryption.strictMode.enabled", true)),
    ],
    good: [
      strict({ cidr: "10.0.0.0/8" }),
      strict({ cidr: undefined }),
      at("encryption.strictMode.egress.enabled", false),
    ],
  },
  "cilium/strict-egress-nodes": {
    bad: [bad("encryption.strictMode.egress.allowRemoteNodeIdentities", strict({}))],
    good: [strict({ allowRemoteNodeIdentities: true }), all(strict({}), native)],
  },
  "cilium/strict-egress-pool": {
    bad: [
      bad(
        "encryption.strictMode.egress.cidr",
        strict({ cidr: "10.128.0.0/16" }),
        at("ipam.operator.clusterPoolIPv4PodCIDRList", ["10.128.0.0/14"]),
      ),
    ],
    good: [
      all(strict({ cidr: "10.0.0.0/8" }), at("ipam.operator.clusterPoolIPv4PodCIDRList", ["10.128.0.0/14"])),
      strict({ cidr: "10.0.0.0/8" }),
    ],
  },
  "cilium/strict-ingress": {
    bad: [
      bad("encryption.strictMode.ingress.enabled", ipsec, at("encryption.strictMode.ingress.enabled", true)),
      bad(
        "encryption.strictMode.ingress.enabled",
        wireguard,
        native,
        at("encryption.strictMode.ingress.enabled", true),
      ),
      bad(
        "encryption.strictMode.ingress.enabled",
        wireguard,
        at("cni.chainingMode", "portmap"),
        at("encryption.strictMode.ingress.enabled", true),
      ),
    ],
    good: [all(wireguard, at("encryption.strictMode.ingress.enabled", true)), native],
  },
  "cilium/ipsec-dns-proxy": {
    bad: [bad("dnsProxy.enableTransparentMode", ipsec, at("dnsProxy.enableTransparentMode", false))],
    good: [
      all(wireguard, at("dnsProxy.enableTransparentMode", false)),
      all(ipsec, at("l7Proxy", false), at("dnsProxy.enableTransparentMode", false)),
      all(ipsec, at("dnsProxy.enableTransparentMode", true)),
    ],
  },
  "cilium/ipsec-host-firewall": {
    bad: [bad("hostFirewall.enabled", ipsec, at("hostFirewall.enabled", true))],
    good: [all(wireguard, at("hostFirewall.enabled", true))],
  },
  "cilium/ipsec-bandwidth": {
    bad: [bad("bandwidthManager.enabled", ipsec, at("bandwidthManager.enabled", true))],
    good: [all(wireguard, at("bandwidthManager.enabled", true))],
  },
  "cilium/ipsec-kube-proxy": { bad: [bad("encryption.type", ipsec, kpr)], good: [all(wireguard, kpr), ipsec] },
  "cilium/wireguard-xdp": {
    bad: ["native", "best-effort"].map((mode) =>
      bad("loadBalancer.acceleration", wireguard, at("loadBalancer.acceleration", mode)),
    ),
    good: [all(wireguard, at("loadBalancer.acceleration", "disabled")), at("loadBalancer.acceleration", "native")],
  },
  "cilium/wireguard-dsr": {
    bad: [bad("loadBalancer.dsrDispatch", wireguard, at("loadBalancer.mode", "dsr"))],
    good: [all(wireguard, at("loadBalancer.mode", "dsr"), at("loadBalancer.dsrDispatch", "geneve")), wireguard],
  },
};
