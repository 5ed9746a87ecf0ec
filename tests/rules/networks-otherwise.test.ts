import type { Json, JsonObject, KubernetesObject } from "../../model";
import { otherwiseRules } from "../../rules/networks/works-otherwise";
import { testRules } from "./support";

const build = ({ config }: JsonObject): KubernetesObject => ({
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  metadata: { name: "storage", namespace: "web" },
  spec: { config: JSON.stringify({ cniVersion: "0.3.1", ...(config as JsonObject) }) },
});

const cni = (config: Json): JsonObject => ({ config });
const bad = (config: Json): [JsonObject, string] => [cni(config), "spec.config"];
const fixed = (more: JsonObject = {}, ...rest: JsonObject[]): JsonObject => ({
  type: "static",
  addresses: [{ address: "10.0.0.5/24", ...more }, ...rest],
});
const ovn = (more: JsonObject): JsonObject => ({ type: "ovn-k8s-cni-overlay", ...more });

testRules("rules of a NetworkAttachmentDefinition that works otherwise", otherwiseRules, build, {
  "networks/ipam-dns": {
    bad: [bad({ type: "macvlan", ipam: { ...fixed(), dns: { nameservers: ["10.0.0.1"] } } })],
    good: [cni({ type: "macvlan", ipam: fixed(), dns: { nameservers: ["10.0.0.1"] } }), cni({ type: "macvlan" })],
  },
  "networks/gateway-no-route": {
    bad: [bad({ type: "macvlan", ipam: fixed({}, { address: "10.0.1.5/24", gateway: "10.0.1.1" }) })],
    good: [
      cni({ type: "macvlan", ipam: { ...fixed({ gateway: "10.0.0.1" }), routes: [{ dst: "0.0.0.0/0" }] } }),
      cni({ type: "macvlan", ipam: fixed() }),
      cni({ type: "macvlan", ipam: { type: "host-local", subnet: "10.0.0.0/24", gateway: "10.0.0.1" } }),
    ],
  },
  "networks/master-vlan": {
    bad: [bad({ type: "macvlan", master: "ens192.100" })],
    good: [cni({ type: "macvlan", master: "ens192" }), cni({ type: "vlan", master: "net1.5", linkInContainer: true })],
  },
  "networks/ovs-address": {
    bad: [bad({ type: "ovs", bridge: "br0", ipam: fixed() })],
    good: [cni({ type: "ovs", bridge: "br0" }), cni({ type: "ovs", bridge: "br0", ipam: { type: "dhcp" } })],
  },
  "networks/cni-version-oldest": {
    bad: [
      bad({ cniVersion: "0.3.1", plugins: [{ type: "bridge" }, { type: "firewall" }] }),
      bad({ cniVersion: "0.3.0", plugins: [{ type: "bridge" }, { type: "vrf" }] }),
      bad({ cniVersion: null, plugins: [{ type: "bridge" }, { type: "bandwidth" }] }),
    ],
    good: [
      cni({ cniVersion: "0.4.0", plugins: [{ type: "bridge" }, { type: "firewall" }] }),
      cni({ plugins: [{ type: "bridge" }, { type: "vrf" }, { type: "bandwidth" }] }),
    ],
  },
  "networks/ovn-topology": {
    bad: [
      bad(ovn({ topology: "localnet", role: "primary" })),
      bad(ovn({ topology: "localnet", joinSubnet: "100.65.0.0/16" })),
      bad(ovn({ topology: "layer2", vlanID: 5 })),
      bad(ovn({ topology: "layer3", physicalNetworkName: "x" })),
      bad(ovn({ topology: "layer2", role: "primary" })),
    ],
    good: [
      cni(ovn({ topology: "localnet", vlanID: 5, physicalNetworkName: "x", role: "secondary" })),
      cni(ovn({ topology: "layer2", role: "primary", subnets: "10.0.0.0/16" })),
      cni(ovn({})),
    ],
  },
});
