import { expect } from "chai";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { attachmentRules, evaluate } from "../../rules";

/** Rules that a configuration violates for certain, each with the place in the JSON text. */
function refused(config: Json): string[] {
  const object: KubernetesObject = {
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata: { name: "storage", namespace: "web", annotations: { "k8s.v1.cni.cncf.io/resourceName": "a/b" } },
    spec: { config: JSON.stringify(config) },
  };
  return evaluate(attachmentRules, object)
    .filter(({ severity }) => severity === "error")
    .map(({ rule, message }) => `${rule} ${/^In ([^:]*|[^ ]*):/.exec(message)?.[1] ?? ""}`.trim());
}

const version = { cniVersion: "0.3.1" };
const bridge = { ...version, type: "bridge" };
const ipam = (section: Json): JsonObject => ({ ...version, type: "macvlan", master: "eth0", ipam: section });
const bond = { ...version, type: "bond", mode: "active-backup", miimon: "100", linksInContainer: true };
const links = [{ name: "net1" }, { name: "net2" }];
const after = (plugin: JsonObject): JsonObject => ({ ...version, plugins: [{ type: "tap" }, plugin] });
const local = (section: JsonObject): JsonObject => ipam({ type: "host-local", ...section });
const set = (...ranges: JsonObject[]): JsonObject => local({ ranges: [ranges] });
const subnet = "10.0.0.0/24";
const where = (section: JsonObject): JsonObject => ipam({ type: "whereabouts", ...section });

/** Verdicts of the plugins' own code (containernetworking/plugins 1.9.1, whereabouts 0.9.4, bond, ovs and sriov). */
const cases: [title: string, config: Json, expected: string[]][] = [
  ["keys in capitals count", { ...bridge, VLAN: 5000 }, ["networks/key-value vlan"]],
  [
    "a trunk of texts",
    { ...bridge, vlanTrunk: [{ id: "5" }] },
    ["networks/key-type vlanTrunk[0].id", "networks/bridge vlanTrunk[0]"],
  ],
  ["a trunk of numbers", { ...bridge, vlanTrunk: [5] }, ["networks/key-type vlanTrunk[0]"]],
  ["trunk keys in capitals", { ...bridge, vlanTrunk: [{ ID: 5 }] }, []],
  ["DNS as a text", { ...bridge, dns: { nameservers: "10.0.0.1" } }, ["networks/key-type dns.nameservers"]],
  ["DNS as a list", { ...bridge, dns: [] }, ["networks/key-type dns"]],
  ["a capability of null", { ...bridge, capabilities: { ips: null } }, []],
  ["a negative owner", { ...version, type: "tap", owner: -1 }, ["networks/key-type owner"]],
  ["an owner beyond 32 bits", { ...version, type: "tap", owner: 2 ** 32 }, ["networks/key-type owner"]],
  [
    "a negative VLAN of ovs",
    { ...version, type: "ovs", bridge: "b", vlan: -1 },
    ["networks/key-type vlan", "networks/key-value vlan"],
  ],
  ["the last VLAN of ovs", { ...version, type: "ovs", bridge: "b", trunk: [{ id: 4095 }] }, []],
  ["a negative MTU", ipam(null), []],
  ["a negative MTU of macvlan", { ...ipam({}), mtu: -5 }, ["networks/key-value mtu"]],
  ["a hardware address with hyphens", { ...ipam({}), mac: "02-00-00-00-00-01" }, []],
  ["a hardware address with dots", { ...ipam({}), mac: "0200.0000.0001" }, []],
  ["a link state of nothing", { ...version, type: "sriov", link_state: "" }, []],
  ["an id of a device that Multus gives", { ...version, type: "host-device", device: "eth1" }, []],
  ["a bond without milliseconds", { ...bond, links, miimon: null }, ["networks/key-value miimon"]],
  ["a bond with other milliseconds", { ...bond, links, miimon: "x" }, ["networks/bond miimon"]],
  ["a bond without mode", { ...bond, links, mode: "" }, ["networks/key-value mode", "networks/key-value mode"]],
  ["a bond with a key of another mode", { ...bond, links, tlbDynamicLb: 1 }, ["networks/bond tlbDynamicLb"]],
  ["a bond with it", { ...bond, links, mode: "balance-alb", tlbDynamicLb: 1 }, []],
  ["a hash policy", { ...bond, links, xmitHashPolicy: "layer4" }, ["networks/key-value xmitHashPolicy"]],
  ["a VRF without name", after({ type: "vrf" }), ["networks/key-value plugins[1].vrfname"]],
  [
    "a burst of 4 GiB",
    after({ type: "bandwidth", ingressRate: 5, ingressBurst: 34359738360 }),
    ["networks/bandwidth plugins[1].ingressBurst"],
  ],
  [
    "the network's own address, in a list of plugins",
    { ...version, plugins: [{ ...bridge, ipam: { type: "static", addresses: [{ address: subnet }] } }] },
    ["networks/ipam plugins[0].ipam.addresses[0].address"],
  ],
  ["an IPAM type of nothing", ipam({ type: "" }), []],
  ["IPAM keys without a type", ipam({ a: 1 }), ["networks/ipam ipam.type"]],
  ["a gateway of nothing", ipam({ type: "static", addresses: [{ address: "10.0.0.5/24", gateway: "" }] }), []],
  [
    "a gateway of a number",
    ipam({ type: "static", addresses: [{ address: "10.0.0.5/24", gateway: 5 }] }),
    ["networks/ipam ipam.addresses[0].gateway"],
  ],
  ["routes of texts", ipam({ type: "static", routes: ["x"] }), ["networks/ipam ipam.routes[0]"]],
  [
    "a route's MTU as a text",
    ipam({ type: "static", routes: [{ dst: "10.1.0.0/16", mtu: "1" }] }),
    ["networks/ipam ipam.routes[0].mtu"],
  ],
  ["an empty set of ranges", local({ ranges: [[]] }), ["networks/ipam ipam.ranges[0]"]],
  ["two ranges that overlap", set({ subnet }, { subnet }), ["networks/ipam ipam.ranges[0][1]"]],
  ["sets that overlap", local({ subnet, ranges: [[{ subnet }]] }), ["networks/ipam ipam.ranges[0][0]"]],
  ["ranges side by side", set({ subnet, rangeEnd: "10.0.0.9" }, { subnet, rangeStart: "10.0.0.10" }), []],
  ["two families in a set", set({ subnet }, { subnet: "fd00::/64" }), ["networks/ipam ipam.ranges[0][1]"]],
  [
    "a range that ends first",
    local({ subnet, rangeStart: "10.0.0.9", rangeEnd: "10.0.0.5" }),
    ["networks/ipam ipam.rangeEnd"],
  ],
  ["a range without a start", local({ subnet, rangeStart: "10.0.0.255" }), ["networks/ipam ipam.rangeStart"]],
  ["a range without subnet", set({}), ["networks/ipam ipam.ranges[0][0].subnet"]],
  ["a range of null", local({ ranges: [[null]] }), ["networks/ipam ipam.ranges[0][0].subnet"]],
  ["a small network of IPv6", local({ subnet: "fd00::/127" }), ["networks/ipam ipam.subnet"]],
  [
    "an option that DHCP has not",
    ipam({ type: "dhcp", request: [{ option: "x" }] }),
    ["networks/ipam ipam.request[0].option"],
  ],
  [
    "an option beyond a byte",
    ipam({ type: "dhcp", provide: [{ option: "300" }] }),
    ["networks/ipam ipam.provide[0].option"],
  ],
  ["options of DHCP", ipam({ type: "dhcp", request: [{ skipDefault: true }, { option: "12" }] }), []],
  ["a socket of DHCP", ipam({ type: "dhcp", daemonSocketPath: 5 }), ["networks/ipam ipam.daemonSocketPath"]],
  ["a start outside", where({ range: "10.0.1.10-10.0.0.20/24" }), ["networks/ipam ipam.range"]],
  ["a length that is none", where({ range: "10.0.0.0/33" }), ["networks/ipam ipam.range"]],
  ["leading zeros", where({ range: "010.0.0.0/24" }), []],
  ["a gateway that is none", where({ range: subnet, gateway: "x" }), ["networks/ipam ipam.gateway"]],
  [
    "an address that is none",
    where({ range: subnet, addresses: [{ address: "10.0.0.5" }] }),
    ["networks/ipam ipam.addresses[0].address"],
  ],
  [
    "an address",
    where({ range: subnet, addresses: [{ address: "10.0.0.5/24" }, {}] }),
    ["networks/ipam ipam.addresses[1].address"],
  ],
  ["a seconds' text", where({ range: subnet, sleep_for_race: "1" }), ["networks/ipam ipam.sleep_for_race"]],
  ["a range in a list that is none", where({ ipRanges: [{}] }), ["networks/ipam ipam.ipRanges[0].range"]],
];

describe("what CNI plugins decode", () => {
  for (const [title, config, expected] of cases) it(title, () => expect(refused(config)).to.deep.equal(expected));

  it("port mappings", () => {
    const portmap = (keys: JsonObject): string[] => refused(after({ type: "portmap", ...keys }));
    expect(portmap({ externalSetMarkChain: "A", markMasqBit: 5 })).to.deep.equal([
      "networks/portmap plugins[1].markMasqBit",
    ]);
    expect(portmap({ externalSetMarkChain: "A", backend: "nftables" })).to.deep.equal([
      "networks/portmap plugins[1].externalSetMarkChain",
    ]);
    expect(portmap({ conditionsV4: ["tcp dport 80"] })).to.deep.equal(["networks/portmap plugins[1].conditionsV4"]);
    expect(portmap({ conditionsV4: ["-s", "10.0.0.0/8"], externalSetMarkChain: "A" })).to.deep.equal([]);
    expect(portmap({ backend: "x" })).to.deep.equal(["networks/key-value plugins[1].backend"]);
  });
});
