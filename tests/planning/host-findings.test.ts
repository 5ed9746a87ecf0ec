import { expect } from "chai";
import { Environment } from "../../model/environment";
import { planPlatform } from "../../planning";
import { full } from "./environments";

type Input = typeof full;
type Networks = NonNullable<Input["networks"]>;

const plan = (input: Input) => planPlatform(Environment.parse(input));

const bare: Input = {
  name: full.name,
  cluster: full.cluster,
  cilium: {},
  namespaces: [{ name: "web" }, { name: "db" }],
};

/** Findings of an environment with these networks. */
function found(more: Partial<Input>): string[] {
  return plan({ ...bare, nodePools: full.nodePools ?? [], ...more }).findings.map(
    ({ severity, path, message }) => `${severity} ${path}: ${message}`,
  );
}

const web = { namespace: "web" } as const;
const lan = { ...web, name: "lan", type: "cnv-bridge", uplink: "ens192", vlan: 100 } as const;
const group = { name: "workers", nodePool: "worker" } as const;

describe("findings on networks and their hosts", () => {
  const bridge = (more: object) => ({ hostNetwork: { groups: [{ ...group, bridges: [{ name: "br", ...more }] }] } });
  const on = (more: object): Networks => [{ ...web, name: "n", type: "cnv-bridge", bridge: "br", ...more }];
  const macvlan = (name: string, more: object): Networks[number] => ({
    ...web,
    name,
    type: "macvlan",
    master: "ens3",
    ...more,
  });
  const range = (text: string) => ({ ipam: { type: "whereabouts" as const, range: text } });
  const local = (subnet: string) => ({ ipam: { type: "host-local" as const, subnet } });
  const cases: [what: string, environment: Partial<Input>, expected: string[]][] = [
    ["nothing known of the host", { networks: on({}) }, []],
    [
      "a bridge that nothing makes",
      { networks: on({}), hostInterfaces: ["ens3"] },
      [
        'error networks[0].bridge: Nothing says that the nodes have "br": without it the plugin makes a bridge that leads nowhere.',
      ],
    ],
    [
      "a bridge that the host network does not mention",
      { networks: on({ bridge: "other" }), ...bridge({}) },
      [
        'warning networks[0].bridge: Nothing says that the nodes have "other": without it the plugin makes a bridge that leads nowhere.',
      ],
    ],
    ["a bridge that the nodes have", { networks: on({}), hostInterfaces: ["br"] }, []],
    [
      "an uplink that the nodes do not have",
      { networks: [lan], hostInterfaces: ["ens3"] },
      ['error networks[0].uplink: The nodes have no interface "ens192".'],
    ],
    [
      "an uplink of macvlan that the nodes do not have",
      { networks: [{ ...web, name: "n", type: "macvlan", uplink: "ens4" }], hostInterfaces: ["ens3"] },
      ['error networks[0].uplink: Nothing says that the nodes have "ens4": without it members do not start.'],
    ],
    ["a VLAN on a filtering bridge", { networks: on({ vlan: 5 }), ...bridge({}) }, []],
    [
      "a VLAN on a bridge without filtering",
      { networks: on({ vlan: 5 }), ...bridge({ vlanFiltering: false }) },
      ["error networks[0].vlan: Bridge br filters no VLANs, so 5 has no effect."],
    ],
    [
      "a VLAN that does not pass",
      { networks: on({ vlan: 5 }), ...bridge({ vlans: ["6-9", 4] }) },
      ["error networks[0].vlan: VLAN 5 does not pass the ports of bridge br."],
    ],
    [
      "an MTU above the bridge's",
      { networks: on({ mtu: 1401 }), ...bridge({ mtu: 1400 }) },
      ["error networks[0].mtu: Is above the MTU 1400 of br: larger frames are lost."],
    ],
    ["an MTU as the bridge's", { networks: on({ mtu: 1400 }), ...bridge({ mtu: 1400 }) }, []],
    [
      "frames that hardware may not carry",
      { networks: [{ ...lan, mtu: 9000 }] },
      ["warning networks[0].mtu: Nothing says that ens192 carries 9000 bytes."],
    ],
    [
      "frames that a bond carries",
      {
        networks: on({ mtu: 9000 }),
        hostNetwork: {
          groups: [
            {
              ...group,
              bonds: [{ name: "bond0", mode: "802.3ad" as const, ports: ["ens3", "ens4"], mtu: 9000 }],
              bridges: [{ name: "br", ports: ["bond0"], mtu: 9000 }],
            },
          ],
        },
      },
      [],
    ],
    [
      "an uplink that is a port already",
      { networks: [{ ...web, name: "n", type: "cnv-bridge", uplink: "ens3" }], ...bridge({ ports: ["ens3"] }) },
      ["error networks[0].uplink: ens3 is a port of br already: a port has one controller."],
    ],
    [
      "an uplink whose bridge is another one",
      {
        networks: [{ ...web, name: "n", type: "cnv-bridge", uplink: "ens3", bridge: "br" }],
        ...bridge({ ports: ["ens4"] }),
      },
      ['error networks[0].uplink: Needs an interface "br", which is something else already.'],
    ],
    [
      "macvlan on a port",
      { networks: [macvlan("n", {})], ...bridge({ ports: ["ens3"] }) },
      ["error networks[0].master: ens3 is a port of br, and cannot carry macvlan as well."],
    ],
    [
      "Open vSwitch on a Linux bridge",
      { networks: [{ ...web, name: "n", type: "ovs", bridge: "br" }], ...bridge({}) },
      ["error networks[0].bridge: br is no Open vSwitch bridge."],
    ],
    [
      "ranges that overlap on one network",
      { networks: [macvlan("a", range("10.0.0.0/24")), macvlan("b", local("10.0.0.128/25"))] },
      ['warning networks[1].ipam.subnet: "web/a" gives out addresses of 10.0.0.128/25 on the same network.'],
    ],
    ["one pool twice", { networks: [macvlan("a", range("10.0.0.0/24")), macvlan("b", range("10.0.0.0/24"))] }, []],
    [
      "ranges that overlap on two networks",
      { networks: [macvlan("a", local("10.0.0.0/24")), macvlan("b", { master: "ens4", ...local("10.0.0.0/24") })] },
      [],
    ],
    [
      "ranges that overlap on a VLAN and its bridge",
      {
        networks: [
          lan,
          { ...web, name: "a", type: "macvlan", uplink: "ens192", vlan: 101, ...local("10.0.0.0/24") },
          { ...web, name: "b", type: "vlan", master: "ens192", vlanId: 101, ...local("10.0.0.0/25") },
        ],
      },
      ['warning networks[2].ipam.subnet: "web/a" gives out addresses of 10.0.0.0/25 on the same network.'],
    ],
    [
      "a group of a pool that there is not",
      { hostNetwork: { groups: [{ name: "g", nodePool: "gpu" }] } },
      ['error hostNetwork.groups[0].nodePool: The environment has no node pool "gpu".'],
    ],
    [
      "an uplink on a pool that there is not",
      { networks: [{ ...lan, nodePool: "gpu" }] },
      ['error networks[0].nodePool: The environment has no node pool "gpu".'],
    ],
    [
      "the same interface for workers and some of them",
      {
        hostNetwork: {
          groups: [
            { ...group, bridges: [{ name: "br" }] },
            { name: "dpdk", nodePool: "dpdk", bridges: [{ name: "br" }] },
            { name: "masters", nodePool: "master", bridges: [{ name: "br" }] },
          ],
        },
      },
      [
        'error hostNetwork.groups[1].bridges[0].name: Group "workers" has br too, and nodes of both would get it twice.',
      ],
    ],
    [
      "ports that the nodes do not have",
      { hostInterfaces: ["ens3"], ...bridge({ ports: ["ens3", "ens4"] }) },
      ['error hostNetwork.groups[0].bridges[0].ports: The nodes have no interface "ens4".'],
    ],
  ];
  for (const [what, environment, expected] of cases) {
    it(`${expected.length > 0 ? "are told" : "are none"}: ${what}`, () =>
      expect(found(environment)).to.deep.equal(expected));
  }

  /** Findings of a machine of `db` on a network. */
  const member = (network: Networks[number], name: string): string[] => {
    const nics = [{ name: "n", binding: "bridge" as const, network: name }];
    const disk = { source: "containerDisk" as const, image: "image" };
    const machines = [{ name: "vm", namespace: "db", memory: "1Gi", rootDisk: disk, nics }];
    return found({ networks: [network], machines });
  };
  const db = { name: "n", namespace: "db" };
  const ipam = { type: "whereabouts", range: "10.0.0.0/24" } as const;

  it("name why a machine cannot be on a network", () => {
    const at = "error machines[0].nics[0].network";
    expect(member({ ...db, type: "macvlan", master: "ens3" }, "n")).to.deep.equal([
      `${at}: "db/n" is of type macvlan and carries no machines: macvlan drops frames for the guest's own address.`,
    ]);
    expect(member({ ...db, type: "ipvlan", master: "ens3", ipam }, "n")[0]).to.include("share one address");
    expect(member({ ...db, type: "bond", mode: "802.3ad" }, "n")[0]).to.include("a bond is made of a pod's interfaces");
    expect(member({ ...db, type: "macvlan", master: "ens3", mode: "passthru" }, "n")).to.deep.equal([]);
    expect(member({ ...db, type: "ovs", bridge: "br" }, "n")).to.deep.equal([]);
  });

  it("keep machines in the namespaces of their networks", () => {
    const elsewhere = { name: "n", namespace: "web", type: "cnv-bridge", bridge: "br" } as const;
    expect(member(elsewhere, "web/n")).to.deep.equal([
      'error machines[0].nics[0].network: OpenShift does not let "db" join networks of "web".',
    ]);
    expect(member({ ...elsewhere, namespaces: ["db"] }, "n")).to.deep.equal([]);
    expect(member({ ...elsewhere, namespace: "openshift-multus" }, "openshift-multus/n")).to.deep.equal([]);
  });
});
