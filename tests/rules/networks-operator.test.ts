import type { JsonObject, KubernetesObject } from "../../model";
import { multiNetworkPolicyRules, networkOperatorRules } from "../../rules";
import { merged, testRules } from "./support";

const build =
  (apiVersion: string, kind: string, metadata: JsonObject) =>
  (input: JsonObject): KubernetesObject =>
    merged({ apiVersion, kind, metadata }, input) as unknown as KubernetesObject;
const one = (network: JsonObject): JsonObject => ({ spec: { additionalNetworks: [{ name: "n", ...network }] } });
const raw = (config: JsonObject): JsonObject => one({ type: "Raw", rawCNIConfig: JSON.stringify(config) });
const simple = (simpleMacvlanConfig: JsonObject): JsonObject => one({ type: "SimpleMacvlan", simpleMacvlanConfig });
const fixed = (staticIPAMConfig: JsonObject): JsonObject =>
  simple({ ipamConfig: { type: "Static", staticIPAMConfig } });
const at = (path: string): string => `spec.additionalNetworks[0].${path}`;
const macvlan = at("simpleMacvlanConfig");
const fixedAt = `${macvlan}.ipamConfig.staticIPAMConfig`;
const operator = build("operator.openshift.io/v1", "Network", { name: "cluster" });

testRules("rules of the network operator's configuration", networkOperatorRules, operator, {
  "networks/operator-name": { bad: [[{ metadata: { name: "other" } }, "metadata.name"]], good: [{}] },
  "networks/additional-without-multus": {
    bad: [
      [
        { spec: { disableMultiNetwork: true, additionalNetworks: [{ name: "n", type: "SimpleMacvlan" }] } },
        "spec.disableMultiNetwork",
      ],
    ],
    good: [{ spec: { disableMultiNetwork: true } }, one({ type: "SimpleMacvlan" })],
  },
  "networks/additional-type": {
    bad: [
      [one({}), at("type")],
      [one({ type: "raw" }), at("type")],
    ],
    good: [one({ type: "Raw" }), one({ type: "SimpleMacvlan" }), one({ type: undefined })],
  },
  "networks/additional-raw": {
    bad: [
      [one({ type: "Raw" }), at("rawCNIConfig")],
      [one({ type: "Raw", rawCNIConfig: "[]" }), at("rawCNIConfig")],
    ],
    good: [raw({}), one({ type: "SimpleMacvlan" }), one({ type: "Raw", rawCNIConfig: undefined })],
  },
  "networks/additional-macvlan": {
    bad: [
      [simple({ mode: "bridge" }), `${macvlan}.mode`],
      [simple({ ipamConfig: { type: "dhcp" } }), `${macvlan}.ipamConfig.type`],
      [fixed({ addresses: [{ address: "10.0.0.5" }] }), `${fixedAt}.addresses[0].address`],
      [fixed({ addresses: [{ address: "10.0.0.5/24", gateway: "x" }] }), `${fixedAt}.addresses[0].gateway`],
      [fixed({ routes: [{}] }), `${fixedAt}.routes[0].destination`],
    ],
    good: [
      simple({}),
      simple({ mode: "Bridge", ipamConfig: { type: "DHCP" } }),
      fixed({ addresses: [{ address: "10.0.0.5/24", gateway: "10.0.0.1" }], routes: [{ destination: "0.0.0.0/0" }] }),
      one({ type: "Raw" }),
    ],
  },
  "networks/additional-cni": {
    bad: [
      [raw({ type: "macvlan", ipam: { type: "cilium" } }), at("rawCNIConfig")],
      [one({ name: "a.b", type: "Raw", rawCNIConfig: "{}" }), at("name")],
    ],
    good: [raw({ cniVersion: "0.3.1", type: "bridge", ipam: { type: "dhcp" } }), one({ type: "SimpleMacvlan" })],
  },
  "networks/additional-cni-hint": {
    bad: [[raw({ type: "bridge", cniVersion: "0.3.1", brige: "x" }), at("rawCNIConfig")]],
    good: [raw({ cniVersion: "0.3.1", type: "bridge", ipam: { type: "dhcp" } })],
  },
});

const policyFor = "k8s.v1.cni.cncf.io/policy-for";
const metadata = { name: "p", namespace: "web", annotations: { [policyFor]: "web/storage" } };
const policy = build("k8s.cni.cncf.io/v1beta1", "MultiNetworkPolicy", metadata);
const peers = (...from: JsonObject[]): JsonObject => ({ spec: { ingress: [{ from }] } });
const ports = (...list: JsonObject[]): JsonObject => ({ spec: { egress: [{ ports: list }] } });
const peer = "spec.ingress[0].from[0]";
const port = "spec.egress[0].ports[0]";

testRules("rules of a MultiNetworkPolicy", multiNetworkPolicyRules, policy, {
  "networks/policy-for": {
    bad: [
      [{ metadata: { annotations: { [policyFor]: " " } } }, `metadata.annotations["${policyFor}"]`],
      [{ metadata: { annotations: null } }, `metadata.annotations["${policyFor}"]`],
    ],
    good: [{}, { metadata: { annotations: undefined } }, { metadata: { annotations: { [policyFor]: undefined } } }],
  },
  "networks/policy-types": {
    bad: [[{ spec: { policyTypes: ["ingress"] } }, "spec.policyTypes[0]"]],
    good: [{ spec: { policyTypes: ["Ingress", "Egress"] } }],
  },
  "networks/policy-side-unused": {
    bad: [[{ spec: { policyTypes: ["Ingress"], egress: [{}] } }, "spec.egress"]],
    good: [{ spec: { policyTypes: ["Egress"], egress: [{}] } }, { spec: { egress: [{}] } }],
  },
  "networks/policy-peer": {
    bad: [
      [peers({}), peer],
      [peers({ ipBlock: { cidr: "10.0.0.0/24" }, podSelector: {} }), `${peer}.ipBlock`],
      [peers({ ipBlock: { cidr: "10.0.0.0" } }), `${peer}.ipBlock.cidr`],
      [peers({ ipBlock: { cidr: "10.0.0.0/33" } }), `${peer}.ipBlock.cidr`],
      [peers({ ipBlock: { cidr: "10.0.0.0/24", except: ["10.0.1.0/25"] } }), `${peer}.ipBlock.except[0]`],
      [peers({ ipBlock: { cidr: "10.0.0.0/24", except: ["10.0.0.0/24"] } }), `${peer}.ipBlock.except[0]`],
    ],
    good: [
      peers({ podSelector: {} }),
      peers({ ipBlock: { cidr: "fd00::/64" } }),
      peers({ ipBlock: { cidr: "10.0.0.0/24", except: ["10.0.0.128/25"] } }),
      peers({ ipBlock: {} }),
    ],
  },
  "networks/policy-port": {
    bad: [
      [ports({ protocol: "tcp" }), `${port}.protocol`],
      [ports({ port: 70000 }), `${port}.port`],
      [ports({ endPort: 90 }), `${port}.endPort`],
      [ports({ port: "web", endPort: 90 }), `${port}.endPort`],
      [ports({ port: 80, endPort: 79 }), `${port}.endPort`],
    ],
    good: [ports({ protocol: "SCTP", port: 80, endPort: 90 }), ports({ port: "web" }), ports({})],
  },
});
