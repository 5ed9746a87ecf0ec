import * as fc from "fast-check";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { attachmentRules, evaluate } from "../../rules";
import { otherwiseRules } from "../../rules/networks/works-otherwise";
import { merged, testFine, testRules } from "./support";

const attachment = (input: JsonObject): KubernetesObject => {
  const { config, ...rest } = input;
  const text = typeof config === "string" || config === undefined ? config : JSON.stringify(config);
  const base = {
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata: { name: "storage", namespace: "web" },
    spec: {},
  };
  const spec = "config" in input ? { spec: { config: text } } : {};
  return merged(base, { ...spec, ...rest }) as unknown as KubernetesObject;
};

const cni = (config: Json, more: JsonObject = {}): JsonObject => ({ config: config, ...more });
const bad = (config: Json, more: JsonObject = {}): [JsonObject, string] => [cni(config, more), "spec.config"];
const resource = "k8s.v1.cni.cncf.io/resourceName";
const annotated = { metadata: { annotations: { [resource]: "openshift.io/fast" } } };
const bridge = { cniVersion: "0.3.1", type: "bridge", bridge: "br0" };
const addresses = (address: string, gateway?: string): JsonObject => ({
  type: "static",
  addresses: [{ address, ...(gateway ? { gateway } : {}) }],
});
const macvlan = (ipam: JsonObject): JsonObject => ({ cniVersion: "0.3.1", type: "macvlan", master: "eth0", ipam });

const mainRules = attachmentRules.filter((rule) => !otherwiseRules.includes(rule));

testRules("rules of a NetworkAttachmentDefinition", mainRules, attachment, {
  "networks/name": {
    bad: ["a.b", "0a", "A"].map((name): [JsonObject, string] => [{ metadata: { name } }, "metadata.name"]),
    good: ["a-b", "1a", "storage"].map((name) => ({ metadata: { name } })),
  },
  "networks/config-missing": {
    bad: [
      [{}, "spec.config"],
      [cni(""), "spec.config"],
    ],
    good: [cni(bridge), { config: undefined }],
  },
  "networks/config-json": { bad: [bad("{"), bad("[]"), bad("1")], good: [cni("{}")] },
  "networks/config-type": {
    bad: [bad({}), bad({ plugins: [{}] }), bad({ plugins: [] }), bad({ plugins: {} })],
    good: [cni(bridge), cni({ plugins: [bridge] })],
  },
  "networks/config-name": {
    bad: [bad({ ...bridge, name: "a b" }), bad({ type: "a/b" })],
    good: [cni({ ...bridge, name: "a_b.c-d" })],
  },
  "networks/config-keys": {
    bad: [
      bad({ ...bridge, name: null }),
      bad({ name: 5, plugins: [bridge] }),
      bad({ cniVersion: null, plugins: [bridge] }),
      bad({ plugins: [bridge], disableCheck: "no" }),
      bad({ plugins: [bridge], disableGC: 1 }),
      bad({ plugins: [bridge], loadOnlyInlinedPlugins: "no" }),
      bad({ plugins: [bridge], cniVersions: "0.3.1" }),
      bad({ plugins: [bridge], cniVersions: ["x"] }),
      bad({ plugins: [bridge, 1] }),
    ],
    good: [
      cni({ ...bridge, name: "" }),
      cni({ plugins: [bridge], disableCheck: "TRUE", disableGC: false, cniVersions: ["0.3.1", "1.0.0"] }),
    ],
  },
  "networks/config-name-differs": {
    bad: [bad({ ...bridge, name: "other" })],
    good: [cni({ ...bridge, name: "storage" }), cni(bridge), cni({ type: "ovn-k8s-cni-overlay", name: "shared" })],
  },
  "networks/cni-version": {
    bad: [
      bad({ ...bridge, cniVersion: "1" }),
      bad({ ...bridge, cniVersion: "9.0.0" }),
      bad({ type: "macvtap", cniVersion: "1.0.0" }),
      bad({ type: "ovn-k8s-cni-overlay", cniVersion: "1.1.0" }),
    ],
    good: [cni(bridge), cni({ ...bridge, cniVersion: "1.1.0" }), cni({ type: "macvtap", cniVersion: "0.4.0" })],
  },
  "networks/cni-version-old": {
    bad: [bad({ type: "bridge" }), bad({ type: "macvlan", cniVersion: "0.2.0", ipam: {} })],
    good: [cni({ type: "bridge", ipam: { type: "dhcp" } }), cni(bridge), cni({ type: "tap" })],
  },
  "networks/bridge-check": {
    bad: [bad({ ...bridge, cniVersion: "1.0.0" })],
    good: [
      cni(bridge),
      cni({ cniVersion: "1.0.0", disableCheck: true, plugins: [{ type: "bridge" }] }),
      cni({ ...bridge, cniVersion: "1.0.0", ipam: { type: "dhcp" } }),
    ],
  },
  "networks/capabilities": {
    bad: [bad({ ...bridge, capabilities: { ips: "true" } })],
    good: [cni({ ...bridge, capabilities: { ips: true } })],
  },
  "networks/ignored-beside-plugins": {
    bad: [bad({ plugins: [bridge], ipam: {} })],
    good: [cni({ plugins: [{ ...bridge, ipam: {} }] })],
  },
  "networks/plugin-unknown": {
    bad: [bad({ type: "bridg" }), bad({ type: "multus" })],
    good: [cni(bridge), cni({ type: "cilium-cni" })],
  },
  "networks/unknown-key": {
    bad: [bad({ ...bridge, Vlan: 5, vlans: 5 }), bad({ type: "sriov", vf: 0 })],
    good: [
      cni({ ...bridge, vlan: 5, macspoofchk: true, name: "x", dns: {} }),
      cni({ type: "unknown", a: 1 }),
      cni({ type: "portmap", snat: true }),
    ],
  },
  "networks/key-type": {
    bad: [
      bad({ ...bridge, vlan: "5" }),
      bad({ type: "bond", miimon: 100 }),
      bad({ ...bridge, ipam: [] }),
      bad({ ...bridge, isGateway: "true" }),
      bad({ type: "tuning", sysctl: [] }),
    ],
    good: [cni({ ...bridge, vlan: 5, vlanTrunk: [] }), cni({ type: "bond", miimon: "100" })],
  },
  "networks/key-value": {
    bad: [
      bad({ type: "macvlan", mode: "Bridge" }),
      bad({ ...bridge, vlan: 4095 }),
      bad({ type: "sriov", spoofchk: "yes" }),
      bad({ type: "vlan", vlanId: 4095 }),
    ],
    good: [
      cni({ type: "macvlan", mode: "" }),
      cni({ ...bridge, vlan: 4094 }),
      cni({ type: "sriov", link_state: "auto" }),
    ],
  },
  "networks/ipam": {
    bad: [
      ...["192.168.100.0/24", "192.168.100.255/24", "224.0.0.1/24", "10.0.0.5", "10.0.0/24"].map((each) =>
        bad(macvlan(addresses(each))),
      ),
      bad(macvlan(addresses("10.0.0.5/24", "10.0.1.1"))),
      bad(macvlan({ type: "static", addresses: "10.0.0.5/24" })),
      bad(macvlan({ type: "static", addresses: [{}] })),
      bad(macvlan({ ...addresses("10.0.0.5/24"), routes: [{ dst: "10.0.0.1/24" }] })),
      bad(macvlan({ ...addresses("10.0.0.5/24"), routes: [{ gw: "10.0.0.1" }] })),
      bad(macvlan({ type: "cilium" })),
      bad(macvlan({ subnet: "10.0.0.0/24" })),
      bad(macvlan({ type: "host-local" })),
      ...["10.0.0.1/24", "10.0.0.0/31", "10.0.0.0"].map((subnet) => bad(macvlan({ type: "host-local", subnet }))),
      bad(macvlan({ type: "host-local", subnet: "10.0.0.0/24", rangeStart: "10.0.1.1" })),
      bad(macvlan({ type: "host-local", ranges: [[{ subnet: "10.0.0.0/24", gateway: "10.0.1.1" }]] })),
      bad(macvlan({ type: "whereabouts" })),
      bad(macvlan({ type: "whereabouts", range: "10.0.0.0" })),
      bad(macvlan({ type: "whereabouts", range: "10.0.0.0/24", range_start: "10.0.1.1" })),
      bad(macvlan({ type: "whereabouts", range: "10.0.0.0/24", exclude: ["10.0.0.300/32"] })),
      bad({ plugins: [{ ...bridge, ipam: addresses("10.0.0.0/24") }] }),
    ],
    good: [
      macvlan({}),
      macvlan({ ...addresses("10.0.0.5/24", "10.0.0.1"), routes: [{ dst: "0.0.0.0/0", gw: "10.0.0.1" }] }),
      macvlan(addresses("10.0.0.5/32")),
      macvlan(addresses("fd00::5/64", "fd00::1")),
      macvlan({ type: "dhcp" }),
      macvlan({ type: "host-local", subnet: "10.0.0.0/24", rangeStart: "10.0.0.10", rangeEnd: "10.0.0.20" }),
      macvlan({ type: "host-local", ranges: [[{ subnet: "10.0.0.0/24" }]] }),
      macvlan({ type: "whereabouts", range: "10.0.0.10-10.0.0.20/24", exclude: ["10.0.0.12/32"] }),
      macvlan({ type: "whereabouts", ipRanges: [{ range: "10.0.0.0/24" }] }),
    ].map((config) => cni(config)),
  },
  "networks/ipam-hint": {
    bad: [
      bad(macvlan({ type: "dhcp" })),
      bad(macvlan({ type: "whereabouts", range: "10.0.0.0/24" })),
      bad(macvlan(addresses("10.0.0.5/24"))),
    ],
    good: [cni(macvlan({})), cni(macvlan({ type: "host-local", subnet: "10.0.0.0/24" }))],
  },
  "networks/ipam-needed": {
    bad: [bad({ type: "vlan", master: "eth0", vlanId: 5 }), bad({ type: "ipvlan", master: "eth0" })],
    good: [
      cni({ type: "vlan", ipam: { type: "dhcp" } }),
      cni(bridge),
      cni({ plugins: [{ type: "ipvlan" }, { type: "tuning" }] }),
    ],
  },
  "networks/ipam-refused": {
    bad: [bad({ type: "macvtap", ipam: { type: "dhcp" } })],
    good: [cni({ type: "macvtap", ipam: {} })],
  },
  "networks/chained-first": {
    bad: [bad({ type: "tuning" }), bad({ plugins: [{ type: "portmap" }] })],
    good: [cni({ plugins: [bridge, { type: "tuning" }] })],
  },
  "networks/cilium-secondary": { bad: [bad({ type: "cilium-cni" })], good: [cni(bridge)] },
  "networks/sriov-resource": { bad: [bad({ type: "sriov" })], good: [cni({ type: "sriov" }, annotated)] },
  "networks/sriov-device": {
    bad: [bad({ type: "sriov", deviceID: "1017" }), bad({ type: "sriov", deviceID: "0000:3b:02.0" })],
    good: [cni({ type: "sriov", deviceID: "" })],
  },
  "networks/sriov-vlan": {
    bad: [
      bad({ type: "sriov", vlanQoS: 3 }),
      bad({ type: "sriov", vlan: 0, vlanProto: "802.1ad" }),
      bad({ type: "sriov", vlanQoS: 0 }),
    ],
    good: [
      cni({ type: "sriov", vlan: 0, vlanProto: "802.1Q" }),
      cni({ type: "sriov", vlan: 5, vlanQoS: 3 }),
      cni({ type: "sriov", vlan: 0, vlanQoS: 0 }),
    ],
  },
  "networks/vlan-master": { bad: [bad({ type: "vlan", vlanId: 5 })], good: [cni({ type: "vlan", master: "eth0" })] },
  "networks/default-master": { bad: [bad({ type: "macvlan" })], good: [cni({ type: "macvlan", master: "eth0" })] },
  "networks/not-for-machines": {
    bad: [bad({ type: "macvlan" }), bad({ type: "ipvlan" })],
    good: [cni({ type: "macvlan", mode: "passthru" }), cni(bridge)],
  },
  "networks/bridge": {
    bad: [
      bad({ ...bridge, hairpinMode: true, promiscMode: true }),
      bad({ ...bridge, disableContainerInterface: true, ipam: { type: "dhcp" } }),
      bad({ ...bridge, vlan: 5, vlanTrunk: [{ id: 6 }] }),
      bad({ ...bridge, bridge: "a-very-long-name" }),
      bad({ ...bridge, vlanTrunk: [{ id: 0 }] }),
      bad({ ...bridge, vlanTrunk: [{ minID: 5 }] }),
      bad({ ...bridge, vlanTrunk: [{ minID: 5, maxID: 4 }] }),
      bad({ ...bridge, vlanTrunk: [{}] }),
    ],
    good: [cni({ ...bridge, vlanTrunk: [{ id: 5 }, { minID: 6, maxID: 9 }] }), cni({ ...bridge, vlan: 5 })],
  },
  "networks/bridge-marker": { bad: [bad(bridge)], good: [cni(bridge, annotated)] },
  "networks/host-device": {
    bad: [bad({ type: "host-device" })],
    good: [cni({ type: "host-device", device: "eth1" }), cni({ type: "host-device" }, annotated)],
  },
  "networks/bond": {
    bad: [
      bad({ type: "bond", links: [{ name: "ens192" }, { name: "ens224" }] }),
      bad({ type: "bond", linksInContainer: true, links: [{ name: "net1" }] }),
      bad({ type: "bond", linksInContainer: true, links: ["net1", "net2"] }),
    ],
    good: [cni({ type: "bond", linksInContainer: true, links: [{ name: "net1" }, { name: "net2" }] })],
  },
  "networks/ovs": {
    bad: [bad({ type: "ovs" }), bad({ type: "ovs", bridge: "br0", trunk: [{ minID: 3, maxID: 2 }] })],
    good: [cni({ type: "ovs", bridge: "br0", trunk: [{ id: 0 }] })],
  },
  "networks/ovs-installed": { bad: [bad({ type: "ovs", bridge: "br0" })], good: [cni(bridge)] },
  "networks/ovn": {
    bad: [
      bad({ type: "ovn-k8s-cni-overlay", topology: "layer2", netAttachDefName: "web/other" }),
      bad({ type: "ovn-k8s-cni-overlay", netAttachDefName: "web/storage" }),
      bad({
        type: "ovn-k8s-cni-overlay",
        topology: "layer3",
        allowPersistentIPs: true,
        netAttachDefName: "web/storage",
      }),
    ],
    good: [cni({ type: "ovn-k8s-cni-overlay", topology: "layer2", netAttachDefName: "web/storage" })],
  },
  "networks/ovn-with-cilium": { bad: [bad({ type: "ovn-k8s-cni-overlay" })], good: [cni(bridge)] },
  "networks/tuning": {
    bad: [
      bad({ plugins: [bridge, { type: "tuning", sysctl: { "kernel.x": "1" } }] }),
      bad({ plugins: [bridge, { type: "tuning", sysctl: { "net.a": 1 } }] }),
    ],
    good: [cni({ plugins: [bridge, { type: "tuning", sysctl: { "net.ipv4.conf.IFNAME.arp_filter": "1" } }] })],
  },
  "networks/portmap": {
    bad: [bad({ plugins: [bridge, { type: "portmap", externalSetMarkChain: "A", markMasqBit: 5 }] })],
    good: [cni({ plugins: [bridge, { type: "portmap", snat: true }] })],
  },
  "networks/bandwidth": {
    bad: [bad({ plugins: [bridge, { type: "bandwidth", ingressRate: 5 }] })],
    good: [cni({ plugins: [bridge, { type: "bandwidth", ingressRate: 5, ingressBurst: 5 }] })],
  },
  "networks/mac": {
    bad: [bad({ type: "macvlan", mac: "01:00:00:00:00:01" }), bad({ ...bridge, mac: "02:00" })],
    good: [cni({ type: "macvlan", mac: "02:00:00:00:00:01" })],
  },
});

testFine(
  "rules of a NetworkAttachmentDefinition and a fine one",
  attachmentRules,
  attachment({
    config: { cniVersion: "0.3.1", name: "storage", type: "bridge", bridge: "br0", macspoofchk: true },
    metadata: { annotations: { [resource]: "bridge.network.kubevirt.io/br0" } },
  }),
);

describe("rules of a NetworkAttachmentDefinition and any JSON", () => {
  it("never throw", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        evaluate(attachmentRules, attachment({ config: text }));
        evaluate(attachmentRules, attachment({ config: { type: "bridge", ipam: JSON.parse(text) as Json } }));
        evaluate(attachmentRules, attachment({ config: { plugins: JSON.parse(text) as Json } }));
      }),
    );
  });
});
