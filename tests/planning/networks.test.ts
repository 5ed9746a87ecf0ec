import { expect } from "chai";
import type { z } from "zod";
import { AttachmentsArgs, planAttachments } from "../../planning";
import { doubts } from "./checked";
import { arrows, properties } from "./plans";

type Input = z.input<typeof AttachmentsArgs>["attachments"];

const plan = (attachments: Input) => planAttachments(AttachmentsArgs.parse({ attachments }));

/** The plugin configuration of one attachment, as text. */
function config(attachment: Record<string, unknown>): string {
  const objects = properties(plan([{ name: "net", namespace: "web", ...attachment }] as Input));
  return (objects["networks/web/net"]?.spec as { config: string }).config;
}

describe("planning of attachments", () => {
  it("plans a bridge for machines: no addresses, MAC check, and the resource that nodes with the bridge offer", () => {
    const planned = plan([{ name: "tenant", namespace: "web", type: "cnv-bridge", bridge: "br-tenant", vlan: 100 }]);
    expect(properties(planned)).to.deep.equal({
      "networks/web/tenant": {
        metadata: {
          name: "tenant",
          namespace: "web",
          annotations: { "k8s.v1.cni.cncf.io/resourceName": "bridge.network.kubevirt.io/br-tenant" },
        },
        spec: {
          config:
            '{"cniVersion":"0.3.1","name":"tenant","type":"cnv-bridge","bridge":"br-tenant","vlan":100,"macspoofchk":true}',
        },
      },
    });
    expect(planned.components[0]?.gate).to.equal("networks/web/tenant");
  });

  it("writes each plugin's own keys", () => {
    const ipam = { type: "whereabouts", range: "10.0.50.0/24", exclude: ["10.0.50.0/28"] };
    expect(config({ type: "macvlan", master: "ens2", mtu: 9000, ipam })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"macvlan","master":"ens2","mode":"bridge","mtu":9000,' +
        '"ipam":{"type":"whereabouts","range":"10.0.50.0/24","exclude":["10.0.50.0/28"]}}',
    );
    expect(config({ type: "ipvlan", master: "ens2", mode: "l3", ipam: { type: "dhcp" } })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"ipvlan","master":"ens2","mode":"l3","ipam":{"type":"dhcp"}}',
    );
    expect(
      config({ type: "vlan", master: "ens2", vlanId: 7, ipam: { type: "host-local", subnet: "10.1.0.0/24" } }),
    ).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"vlan","master":"ens2","vlanId":7,' +
        '"ipam":{"type":"host-local","subnet":"10.1.0.0/24"}}',
    );
    expect(config({ type: "host-device", device: "ens9" })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"host-device","device":"ens9"}',
    );
  });

  it("writes the same text whatever the order of keys", () => {
    const a = config({ type: "bridge", bridge: "br", mtu: 9000, vlan: 5, portIsolation: true });
    const b = config({ portIsolation: true, vlan: 5, mtu: 9000, bridge: "br", type: "bridge" });
    expect(a).to.equal(b);
  });

  it("is ready with a gate where there are several", () => {
    const bridge = { type: "bridge", bridge: "br" } as const;
    const planned = plan([
      { name: "b", namespace: "web", ...bridge },
      { name: "a", namespace: "web", ...bridge },
    ]);
    expect(planned.components[0]?.gate).to.equal("networks/ready");
    expect(arrows(planned)).to.deep.equal(["networks/ready -> networks/web/a", "networks/ready -> networks/web/b"]);
  });

  it("names the bridge, VLAN interface or Open vSwitch bridge of an uplink", () => {
    const uplink = { uplink: "ens192", vlan: 100 };
    expect(config({ type: "cnv-bridge", ...uplink })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"cnv-bridge","bridge":"br-ens192.100","macspoofchk":true}',
    );
    expect(config({ type: "cnv-bridge", uplink: "ens192", bridge: "br-lan" })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"cnv-bridge","bridge":"br-lan","macspoofchk":true}',
    );
    expect(config({ type: "macvlan", ...uplink })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"macvlan","master":"ens192.100","mode":"bridge"}',
    );
    expect(config({ type: "macvlan", uplink: "ens192" })).to.include('"master":"ens192"');
    expect(config({ type: "ovs", ...uplink })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"ovs","bridge":"br-ens192","vlan":100}',
    );
  });

  it("makes what an uplink needs as one policy for each pool, before its attachments", () => {
    const planned = plan([
      { name: "a", namespace: "web", type: "cnv-bridge", uplink: "ens192", vlan: 100, mtu: 1400 },
      { name: "b", namespace: "web", type: "macvlan", uplink: "ens192", vlan: 100 },
      { name: "c", namespace: "web", type: "ovs", uplink: "ens224", nodePool: "dpdk" },
    ]);
    const objects = properties(planned);
    const made = (id: string) => {
      const spec = objects[id]?.spec as { desiredState: { interfaces: { name: string; mtu?: number }[] } };
      return spec.desiredState.interfaces.map(({ name, mtu }) => `${name} ${mtu}`);
    };
    expect(made("networks/uplinks-worker")).to.deep.equal(["ens192.100 1400", "br-ens192.100 1400"]);
    expect(made("networks/uplinks-dpdk")).to.deep.equal(["br-ens224 undefined"]);
    expect(objects["networks/web/c"]?.metadata).to.deep.include({
      annotations: { "k8s.v1.cni.cncf.io/resourceName": "ovs-cni.network.kubevirt.io/br-ens224" },
    });
    expect(arrows(planned).filter((arrow) => !arrow.startsWith("networks/ready"))).to.deep.equal([
      "networks/web/a -> networks/uplinks-worker",
      "networks/web/b -> networks/uplinks-worker",
      "networks/web/c -> networks/uplinks-dpdk",
    ]);
  });

  it("bonds interfaces of the pod, never those of the node, and writes miimon as a text", () => {
    expect(config({ type: "bond", mode: "active-backup" })).to.equal(
      '{"cniVersion":"0.3.1","name":"net","type":"bond","mode":"active-backup","miimon":"100","linksInContainer":true,' +
        '"links":[{"name":"net1"},{"name":"net2"}]}',
    );
  });

  it("has the network operator run the daemons of its addresses, before the attachments that need them", () => {
    const onHost = { namespace: "web", type: "macvlan", master: "ens2" } as const;
    const planned = plan([
      { name: "a", ...onHost, ipam: { type: "dhcp" } },
      { name: "b", ...onHost, ipam: { type: "whereabouts", range: "10.1.0.0/24" } },
      { name: "c", ...onHost, ipam: { type: "host-local", subnet: "10.2.0.0/24" } },
    ]);
    const shim = (type: string, ipam: string) => ({
      name: `${type}-shim`,
      namespace: "default",
      type: "Raw",
      rawCNIConfig: `{"cniVersion":"0.3.1","name":"${type}-shim","type":"bridge","bridge":"br-shim","ipam":${ipam}}`,
    });
    expect(properties(planned)["networks/operator"]).to.deep.equal({
      metadata: { name: "cluster" },
      spec: {
        additionalNetworks: [
          shim("dhcp", '{"type":"dhcp"}'),
          shim("whereabouts", '{"type":"whereabouts","range":"192.0.2.0/24"}'),
        ],
      },
    });
    expect(arrows(planned).filter((arrow) => arrow.endsWith("operator"))).to.deep.equal([
      "networks/web/a -> networks/operator",
      "networks/web/b -> networks/operator",
    ]);
  });

  it("has the network operator carry out policies on networks if asked", () => {
    const attachments: Input = [{ name: "a", namespace: "web", type: "macvlan", master: "ens2" }];
    const planned = planAttachments(AttachmentsArgs.parse({ attachments, multiNetworkPolicy: true }));
    expect(properties(planned)["networks/operator"]?.spec).to.deep.equal({ useMultiNetworkPolicy: true });
  });

  it("makes an attachment in each of its namespaces", () => {
    const bridge = { type: "bridge", bridge: "br" } as const;
    const planned = plan([{ name: "a", namespace: "web", namespaces: ["db", "batch"], ...bridge }]);
    const ids = planned.objects.map(({ id }) => id);
    expect(ids).to.deep.equal(["networks/batch/a", "networks/db/a", "networks/ready", "networks/web/a"]);
  });

  it("makes objects in which their kinds find no error, of every type", () => {
    const ipam = { type: "whereabouts", range: "10.1.0.0/24" } as const;
    const planned = plan([
      { name: "a", namespace: "web", type: "cnv-bridge", uplink: "ens192", vlan: 100 },
      { name: "b", namespace: "web", type: "macvlan", uplink: "ens192", vlan: 101, ipam: { type: "dhcp" } },
      { name: "c", namespace: "web", type: "ovs", uplink: "ens224", vlan: 5 },
      { name: "d", namespace: "web", type: "ipvlan", master: "ens3", ipam },
      { name: "e", namespace: "web", type: "vlan", master: "ens3", vlanId: 5, ipam },
      { name: "f", namespace: "web", type: "bond", mode: "802.3ad", failOverMac: 1, mtu: 1400, ipam },
      { name: "g", namespace: "web", type: "host-device", device: "ens9" },
    ]);
    expect(doubts(planned).filter((each) => each.includes(": error "))).to.deep.equal([]);
  });
});

describe("attachments", () => {
  const wrong = (...attachments: object[]) => {
    const named = attachments.map((each, index) => ({ name: `n${index}`, namespace: "web", ...each }));
    const { error } = AttachmentsArgs.safeParse({ attachments: named });
    return (error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  };
  const cases: [what: string, attachment: object, expected: string[]][] = [
    ["neither bridge nor uplink", { type: "bridge" }, ["attachments.0.bridge: Give `bridge` or `uplink`."]],
    ["neither master nor uplink", { type: "macvlan" }, ["attachments.0.master: Give `master` or `uplink`."]],
    [
      "both master and uplink",
      { type: "macvlan", master: "a", uplink: "a" },
      ["attachments.0.master: Give either `master` or `uplink`."],
    ],
    [
      "a VLAN of a master",
      { type: "macvlan", master: "a", vlan: 5 },
      ["attachments.0.vlan: Needs an `uplink` that carries it."],
    ],
    [
      "a pool without uplink",
      { type: "ovs", bridge: "a", nodePool: "b" },
      ["attachments.0.nodePool: Needs an `uplink`."],
    ],
    [
      "a name that gets too long",
      { type: "bridge", uplink: "ens1f0np0", vlan: 1000 },
      [
        'attachments.0.uplink: Makes the interface "br-ens1f0np0.1000", whose name has more than 15 characters: ' +
          "give a shorter `bridge`.",
      ],
    ],
    ["a bridge of a name that fits", { type: "bridge", uplink: "ens1f0np0", vlan: 1000, bridge: "br-lan" }, []],
    ["a bond of one", { type: "bond", mode: "802.3ad", links: ["net1"] }, ["attachments.0.links: "]],
    ["VLAN 0", { type: "ovs", bridge: "a", vlan: 0 }, ["attachments.0.vlan: "]],
  ];
  for (const [what, attachment, expected] of cases) {
    it(`${expected.length > 0 ? "refuse" : "take"} ${what}`, () => {
      const found = wrong(attachment);
      expect(found).to.have.length(expected.length);
      expected.forEach((text, index) => expect(found[index]).to.match(new RegExp(`^${escaped(text)}`)));
    });
  }

  it("are there once in a namespace", () => {
    const bridge = { type: "bridge", bridge: "br", name: "a" };
    expect(wrong({ ...bridge, namespaces: ["db"] }, { ...bridge, namespace: "db" })).to.deep.equal([
      'attachments.0.namespaces.0: "db/a" occurs twice.',
    ]);
  });
});

/** A text as a pattern that matches it alone. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
