import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { attachmentRules, evaluate, networkSetRules, sriovNetworkRules } from "../../rules";

/** An attachment in namespace `infra`, with a configuration of CNI 0.3.1. */
function attachment(name: string, config: JsonObject, resource?: string): KubernetesObject {
  return {
    apiVersion: "k8s.cni.cncf.io/v1",
    kind: "NetworkAttachmentDefinition",
    metadata: {
      name,
      namespace: "infra",
      ...(resource ? { annotations: { "k8s.v1.cni.cncf.io/resourceName": resource } } : {}),
    },
    spec: { config: JSON.stringify({ cniVersion: "0.3.1", name, ...config }) },
  };
}

const fixed = (address: string, more: JsonObject = {}): JsonObject => ({
  type: "static",
  addresses: [{ address, ...more }],
});

/** A bridge of the host, made by a NodeNetworkConfigurationPolicy: the right form for machines. */
const bridge = (name: string, more: JsonObject = {}): KubernetesObject =>
  attachment(name, { type: "cnv-bridge", bridge: "br-lan", ...more }, "bridge.network.kubevirt.io/br-lan");

interface Family {
  title: string;
  /** The form that a well-known but wrong guide gives. */
  wrong: KubernetesObject;
  /** Rules that must speak up, and what they have to say. */
  expected: [rule: string, severity: "error" | "warning" | "info", message: RegExp][];
  right: KubernetesObject;
}

const families: Family[] = [
  {
    title: "the cluster's own plugin as a second network",
    wrong: attachment("vm-network", { type: "cilium-cni", ipam: { type: "cilium" } }),
    expected: [
      ["networks/cilium-secondary", "error", /./],
      ["networks/ipam", "error", /no IPAM plugin "cilium"/],
    ],
    right: bridge("vm-network"),
  },
  {
    title: "macvlan with the address of the network itself, a gateway and IPAM's DNS",
    wrong: attachment("management-network", {
      type: "macvlan",
      master: "ens192",
      mode: "bridge",
      ipam: { ...fixed("192.168.100.0/24", { gateway: "192.168.100.1" }), dns: { nameservers: ["192.168.100.10"] } },
    }),
    expected: [
      ["networks/ipam", "error", /addresses\[0\]\.address/],
      ["networks/ipam-hint", "warning", /same address/],
      ["networks/ipam-dns", "warning", /dns/],
      ["networks/gateway-no-route", "warning", /route/],
      ["networks/not-for-machines", "info", /macvlan/],
    ],
    right: bridge("management-network"),
  },
  {
    title: "macvlan with the address of the network itself, without a gateway",
    wrong: attachment("storage-network", { type: "macvlan", master: "ens224", ipam: fixed("10.0.200.0/24") }),
    expected: [
      ["networks/ipam", "error", /addresses\[0\]\.address/],
      ["networks/not-for-machines", "info", /macvlan/],
    ],
    right: bridge("storage-network"),
  },
  {
    title: "macvlan on a VLAN of the host with DHCP",
    wrong: attachment("vlan-100-network", { type: "macvlan", master: "ens192.100", ipam: { type: "dhcp" } }),
    expected: [
      ["networks/ipam-hint", "warning", /DHCP daemon/],
      ["networks/master-vlan", "info", /ens192\.100/],
      ["networks/not-for-machines", "info", /macvlan/],
    ],
    right: bridge("vlan-100-network", { vlan: 100 }),
  },
  {
    title: "SR-IOV by hand with the id of a card",
    wrong: attachment("sriov-high-performance", {
      type: "sriov",
      deviceID: "1017",
      vf: 0,
      ipam: fixed("10.0.50.0/24"),
    }),
    expected: [
      ["networks/sriov-resource", "error", /resourceName/],
      ["networks/sriov-device", "error", /1017/],
      ["networks/unknown-key", "warning", /"vf"/],
      ["networks/ipam", "error", /addresses\[0\]\.address/],
    ],
    right: {
      apiVersion: "sriovnetwork.openshift.io/v1",
      kind: "SriovNetwork",
      metadata: { name: "sriov-high-performance", namespace: "openshift-sriov-network-operator" },
      spec: { resourceName: "fast", networkNamespace: "infra" },
    },
  },
  {
    title: "a bond of the host's own interfaces",
    wrong: attachment("bond-network", {
      type: "bond",
      mode: "active-backup",
      miimon: "100",
      links: [{ name: "ens192" }, { name: "ens224" }],
      ipam: fixed("10.0.100.0/24", { gateway: "10.0.100.1" }),
    }),
    expected: [
      ["networks/bond", "error", /linksInContainer/],
      ["networks/ipam", "error", /addresses\[0\]\.address/],
    ],
    right: attachment("bond-network", {
      type: "bond",
      mode: "active-backup",
      miimon: "100",
      linksInContainer: true,
      links: [{ name: "net1" }, { name: "net2" }],
    }),
  },
  {
    title: "Open vSwitch on a cluster that has none",
    wrong: attachment("ovs-bridge-network", {
      type: "ovs",
      bridge: "br-data",
      vlan: 200,
      ipam: fixed("10.0.200.0/24"),
    }),
    expected: [
      ["networks/ovs-installed", "warning", /Open vSwitch/],
      ["networks/ovs-address", "warning", /hardware address/],
      ["networks/ipam", "error", /addresses\[0\]\.address/],
    ],
    right: bridge("ovs-bridge-network", { vlan: 200 }),
  },
];

describe("networks as a well-known guide writes them", () => {
  for (const { title, wrong, expected, right } of families) {
    it(`${title}: told with reason and fix`, () => {
      const found = evaluate(attachmentRules, wrong);
      for (const [rule, severity, message] of expected) {
        const own = found.filter((each) => each.rule === rule);
        expect(
          own.map((each) => each.severity),
          rule,
        ).to.include(severity);
        expect(
          own.some((each) => message.test(each.message)),
          `${rule}: ${own.map((each) => each.message).join(" ")}`,
        ).to.equal(true);
        expect(own[0]?.source, rule).to.be.a("string");
        expect(
          own.some((each) => each.fix !== undefined),
          `${rule} has a fix`,
        ).to.equal(true);
      }
      expect(found.some((each) => each.severity !== "info")).to.equal(true);
    });

    it(`${title}: the right form passes`, () => {
      const rules = right.kind === "SriovNetwork" ? sriovNetworkRules : attachmentRules;
      expect(evaluate(rules, right)).to.deep.equal([]);
    });
  }

  it("a machine joins networks of its own namespace", () => {
    const machine = (networkName: string, namespace: string): KubernetesObject => ({
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: "vm", namespace },
      spec: { template: { spec: { networks: [{ name: "lan", multus: { networkName } }] } } },
    });
    const network = bridge("management-network");
    const wrong = evaluate(networkSetRules, [machine("management-network", "production"), network]);
    expect(wrong.map((each) => each.rule)).to.deep.equal(["networks/attachment-elsewhere"]);
    expect(evaluate(networkSetRules, [machine("management-network", "infra"), network])).to.deep.equal([]);
  });
});
