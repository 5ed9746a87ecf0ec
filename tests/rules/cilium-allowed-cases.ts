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
    bad: [bad("tunnel", at("tunnel", "vxlan")), bad("encryption.keyFile", at("encryption.keyFile", "a"))],
    good: [at("encryption.ipsec.keyFile", "a")],
  },
  "cilium/removed-value": {
    bad: [
      bad("encryption.wireguard.userspaceFallback", at("encryption.wireguard.userspaceFallback", false)),
      bad("sessionAffinity", at("sessionAffinity", true)),
    ],
    good: [at("encryption.wireguard.persistentKeepalive", "25s")],
  },
  "cilium/strict-mode-place": {
    bad: [bad("encryption.strictMode.cidr", at("encryption.strictMode.cidr", "10.0.0.0/8"))],
    good: [strict({}), all(strict({}), at("encryption.strictMode.enabled", true))],
  },
  "cilium/cloud-mode": { bad: [bad("eni.enabled", at("eni.enabled", true))], good: [at("eni.enabled", false)] },
};
