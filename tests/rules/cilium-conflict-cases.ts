import { all, at, bad, bpf, kpr, wireguard } from "./cilium-inputs";
import type { Cases } from "./support";

const pools = "ipam.operator.clusterPoolIPv4PodCIDRList";
const xdp = at("loadBalancer.acceleration", "native");
const gateway = at("gatewayAPI.enabled", true);

/** Cases of the rules in rules/cilium/conflicts.ts. */
export const conflictCases: Record<string, Cases> = {
  "cilium/kube-proxy": {
    bad: [bad("kubeProxyReplacement", at("kubeProxyReplacement", false))],
    good: [kpr, {}],
  },
  "cilium/xdp-devices": {
    bad: [
      bad("devices", xdp, at("devices", ["ens3", "bond0"])),
      bad("devices", xdp, at("devices", "ens3.100")),
      bad("MTU", xdp, at("MTU", 9000)),
    ],
    good: [all(xdp, at("devices", ["ens3"]), at("MTU", 1500)), at("devices", ["bond0"])],
  },
  "cilium/machine-host-routing": {
    bad: [bad("bpf.hostLegacyRouting", kpr, bpf)],
    good: [kpr, bpf, all(kpr, bpf, at("bpf.hostLegacyRouting", true))],
  },
  "cilium/policies-without-proxy": { bad: [bad("l7Proxy", at("l7Proxy", false))], good: [{}, at("l7Proxy", true)] },
  "cilium/node-port-range": {
    bad: [
      bad("nodePort.range", at("nodePort.range", "30000,33000")),
      bad("nodePort.range", at("nodePort.range", ["40000", "41000"])),
    ],
    good: [at("nodePort.range", "30000,32767"), at("nodePort.range", "61000,62000"), {}],
  },
  "cilium/wireguard-nodes": {
    bad: [bad("encryption.nodeEncryption", wireguard)],
    good: [all(wireguard, at("encryption.nodeEncryption", true)), {}],
  },
  "cilium/gateway-sockets": {
    bad: [bad("socketLB.hostNamespaceOnly", gateway, at("socketLB.hostNamespaceOnly", false))],
    good: [gateway, at("socketLB.hostNamespaceOnly", false)],
  },
  "cilium/chart": {
    bad: [
      bad("hubble.redact.http.headers.deny", at("hubble.redact.http.headers", { allow: ["a"], deny: ["b"] })),
      bad("gatewayAPI.externalTrafficPolicy", gateway, at("gatewayAPI.externalTrafficPolicy", "local")),
      bad("dnsProxy.proxyPort", at("standaloneDnsProxy.enabled", true)),
      bad("dnsProxy.proxyPort", at("standaloneDnsProxy.enabled", true), at("dnsProxy.proxyPort", 0)),
      bad("disableEndpointCRD", at("ciliumEndpointSlice.enabled", true), at("disableEndpointCRD", true)),
    ],
    good: [
      at("hubble.redact.http.headers", { allow: ["a"], deny: [] }),
      all(gateway, at("gatewayAPI.externalTrafficPolicy", "Local")),
      all(at("standaloneDnsProxy.enabled", true), at("dnsProxy.proxyPort", 10094)),
    ],
  },
  "cilium/node-taints": {
    bad: [bad("operator.setNodeTaints", at("operator", { setNodeTaints: true, removeNodeTaints: false }))],
    good: [at("operator.setNodeTaints", true)],
  },
  "cilium/pod-pool-blocks": {
    bad: [
      bad(pools, at(pools, ["10.0.0.0/8", "10.1.0.0/16"])),
      bad(pools, at("ipam.operator", { clusterPoolIPv4PodCIDRList: ["10.0.0.0/24"], clusterPoolIPv4MaskSize: 23 })),
    ],
    good: [at(pools, ["10.0.0.0/8", "11.0.0.0/8"]), at(pools, "10.0.0.0/8"), {}],
  },
};
