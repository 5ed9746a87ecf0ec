import { all, at, bad, kpr, strict } from "./cilium-inputs";
import type { Cases } from "./support";

/** Cases of the rules in rules/cilium/allowed.ts. */
export const allowedCases: Record<string, Cases> = {
  "cilium/kube-proxy-replacement": {
    bad: ["strict", "partial", "probe", "True"].map((word) =>
      bad("kubeProxyReplacement", at("kubeProxyReplacement", word)),
    ),
    good: [kpr, at("kubeProxyReplacement", "true"), at("kubeProxyReplacement", false), {}],
  },
  "cilium/encryption-type": {
    bad: ["WireGuard", "wg", ""].map((word) => bad("encryption.type", at("encryption.type", word))),
    good: ["wireguard", "ipsec", "ztunnel"].map((word) => at("encryption.type", word)),
  },
  "cilium/value": {
    bad: [
      bad("routingMode", at("routingMode", "direct")),
      bad("bpf.datapathMode", at("bpf.datapathMode", "netkit-l3")),
      bad("loadBalancer.mode", at("loadBalancer.mode", "DSR")),
      bad("policyEnforcementMode", at("policyEnforcementMode", "Always")),
    ],
    good: [at("routingMode", ""), at("loadBalancer.mode", "hybrid"), at("cni.chainingMode", null)],
  },
  "cilium/refused-value": {
    bad: [
      bad("tunnel", at("tunnel", "vxlan")),
      bad("encryption.keyFile", at("encryption.keyFile", "a")),
      bad("clustermesh.apiserver.tls.server.key", at("clustermesh.apiserver.tls.server.key", "a")),
    ],
    good: [at("encryption.ipsec.keyFile", "a")],
  },
  "cilium/removed-value": {
    bad: [
      bad("encryption.wireguard.userspaceFallback", at("encryption.wireguard.userspaceFallback", false)),
      bad("sessionAffinity", at("sessionAffinity", true)),
      bad("l2podAnnouncements.interface", at("l2podAnnouncements.interface", "a")),
      bad("clustermesh.enableMCSAPISupport", at("clustermesh.enableMCSAPISupport", true)),
    ],
    good: [at("encryption.wireguard.persistentKeepalive", "25s")],
  },
  "cilium/unknown-value": {
    bad: [
      bad("kubeProxyReplacment", at("kubeProxyReplacment", true)),
      bad("hubble.relay.enable", at("hubble.relay.enable", true)),
      bad("something", at("something", true)),
      bad("bgp", at("bgp.announce", {})),
    ],
    good: [
      kpr,
      at("socketLB.hostNamespaceOnly", true),
      at("extraConfig.anything", "a"),
      at("tunnel", "vxlan"),
      at("bgp.enabled", true),
      at("unheardOf", null),
      at("sessionAffinity", true),
      at("hubble", "text"),
    ],
  },
  "cilium/strict-mode-place": {
    bad: [bad("encryption.strictMode.cidr", at("encryption.strictMode.cidr", "10.0.0.0/8"))],
    good: [strict({}), all(strict({}), at("encryption.strictMode.enabled", true))],
  },
  "cilium/cloud-mode": { bad: [bad("eni.enabled", at("eni.enabled", true))], good: [at("eni.enabled", false)] },
};
