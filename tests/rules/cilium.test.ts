import { expect } from "chai";
import { defaultFacts } from "../../model";
import type { JsonObject, KubernetesObject } from "../../model";
import { ciliumNodeConfig } from "../../provider/kinds/cilium-node-config";
import { ciliumConfigRules, ciliumNodeConfigRules, evaluate } from "../../rules";
import { allowedCases } from "./cilium-allowed-cases";
import { conflictCases } from "./cilium-conflict-cases";
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
  ...conflictCases,
});

testFine("rules of a CiliumConfig and a fine one", ciliumConfigRules, build(fine));

describe("values by version", () => {
  const found = (cilium: string, spec: JsonObject): string[] =>
    evaluate(ciliumConfigRules, build(spec), { ...defaultFacts, versions: { ...defaultFacts.versions, cilium } })
      .filter(({ rule }) => /(unknown|removed|refused)-value|strict-mode-place/.test(rule))
      .map(({ rule, path }) => `${rule} ${path}`);
  const strictMode = { encryption: { strictMode: { enabled: true } } };

  it("has strict mode where the version reads it", () => {
    expect(found("1.18", strictMode)).to.deep.equal([]);
    expect(found("1.19", strictMode)).to.deep.equal([]);
    expect(found("1.20", strictMode)).to.deep.equal(["cilium/strict-mode-place spec.encryption.strictMode.enabled"]);
    expect(found("1.18", { encryption: { strictMode: { egress: { enabled: true } } } })).to.deep.equal([
      "cilium/unknown-value spec.encryption.strictMode.egress.enabled",
    ]);
  });
  it("says that a key came later", () => {
    expect(found("1.19", { nativeRoutingCIDRFromClusterPool: true })).to.deep.equal([
      "cilium/unknown-value spec.nativeRoutingCIDRFromClusterPool",
    ]);
    expect(found("1.20", { nativeRoutingCIDRFromClusterPool: true })).to.deep.equal([]);
  });
  it("says that a key is gone from the version on that does not read it", () => {
    expect(found("1.18", { sessionAffinity: true })).to.deep.equal([]);
    expect(found("1.19", { sessionAffinity: true })).to.deep.equal(["cilium/removed-value spec.sessionAffinity"]);
    const mesh = { clustermesh: { apiserver: { tls: { server: { key: "a" } } } } };
    expect(found("1.19", mesh)).to.deep.equal([]);
    expect(found("1.20", mesh)).to.deep.equal(["cilium/refused-value spec.clustermesh.apiserver.tls.server.key"]);
  });
});

const nodeConfig = ({ namespace = "cilium", defaults = { debug: "true" } }: JsonObject): KubernetesObject => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumNodeConfig",
  metadata: { name: "a", namespace: namespace as string },
  spec: { nodeSelector: {}, defaults },
});

testRules("rules of a CiliumNodeConfig", ciliumNodeConfigRules, nodeConfig, {
  "cilium/node-config-key": {
    bad: [[{ defaults: { "bpf.masquerade": "true" } }, 'spec.defaults["bpf.masquerade"]']],
    good: [{ defaults: { "enable-bpf-masquerade": "true" } }],
  },
  "cilium/node-config-namespace": {
    bad: [[{ namespace: "shop" }, "metadata.namespace"]],
    good: [{}, { namespace: "kube-system" }],
  },
  "cilium/node-config-empty": { bad: [[{ defaults: {} }, "spec.defaults"]], good: [{}] },
});

testFine(
  "rules of a CiliumNodeConfig and a fine one",
  ciliumNodeConfigRules,
  nodeConfig(ciliumNodeConfig.example.spec as JsonObject),
);
