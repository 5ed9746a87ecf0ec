import type { JsonObject, KubernetesObject } from "../../model";
import { ciliumConfigRules } from "../../rules";
import { allowedCases } from "./cilium-allowed-cases";
import { datapathCases } from "./cilium-datapath-cases";
import { encryptionCases } from "./cilium-encryption-cases";
import { all, kpr, wireguard } from "./cilium-inputs";
import { platformCases } from "./cilium-platform-cases";
import { testFine, testRules } from "./support";

const build = (spec: JsonObject): KubernetesObject => ({
  apiVersion: "cilium.io/v1alpha1",
  kind: "CiliumConfig",
  metadata: { name: "ciliumconfig", namespace: "cilium" },
  spec,
});

const fine = all(kpr, wireguard, {
  k8sServiceHost: "api-int.example.com",
  k8sServicePort: 6443,
  rollOutCiliumPods: true,
  cni: { binPath: "/var/lib/cni/bin", confPath: "/var/run/multus/cni/net.d", exclusive: false },
  ipam: {
    mode: "cluster-pool",
    operator: { clusterPoolIPv4PodCIDRList: ["10.128.0.0/14"], clusterPoolIPv4MaskSize: 23 },
  },
  routingMode: "tunnel",
  tunnelProtocol: "vxlan",
  tunnelPort: 4789,
  MTU: 1355,
  devices: ["ens3"],
  encryption: {
    nodeEncryption: true,
    strictMode: { egress: { enabled: true, cidr: "10.128.0.0/14", allowRemoteNodeIdentities: true } },
  },
  socketLB: { hostNamespaceOnly: true },
  bpf: { datapathMode: "veth", masquerade: true, hostLegacyRouting: false },
  bandwidthManager: { enabled: true, bbr: true, bbrHostNamespaceOnly: true },
  egressGateway: { enabled: true },
  l2announcements: { enabled: true },
  localRedirectPolicies: { enabled: true },
  labels: "!kubevirt\\.io/nodeName",
  hubble: {
    enabled: true,
    relay: { enabled: true },
    ui: { enabled: true },
    metrics: { enabled: ["dns:query;ignoreAAAA", "drop"] },
    tls: { auto: { method: "cronJob" } },
  },
});

testRules("rules of a CiliumConfig", ciliumConfigRules, build, {
  ...allowedCases,
  ...encryptionCases,
  ...datapathCases,
  ...platformCases,
});

testFine("rules of a CiliumConfig and a fine one", ciliumConfigRules, build(fine));
