import { expect } from "chai";
import fc from "fast-check";
import type { z } from "zod";
import { defaultFacts, type JsonObject } from "../../model";
import { NodeGroup } from "../../model/arguments";
import { HostNetworkArgs, planHostNetwork } from "../../planning";
import { policySpec, vlanRanges } from "../../planning/hostnetwork";
import { kindOf } from "../../provider/kinds";
import { checkInputs } from "../../provider/server/checks";
import { arrows, properties } from "./plans";

type Group = z.input<typeof NodeGroup>;

const plan = (args: z.input<typeof HostNetworkArgs>) => planHostNetwork(HostNetworkArgs.parse(args));

/** Interfaces of a group's policy by their names. */
function interfaces(group: Partial<Group>): JsonObject[] {
  const spec = policySpec(NodeGroup.parse({ name: "g", nodePool: "worker", ...group }));
  return (spec.desiredState as { interfaces: JsonObject[] }).interfaces;
}

const names = (group: Partial<Group>) => interfaces(group).map((each) => each.name);

/** Paths and messages of everything that is wrong with a group. */
function wrong(group: Partial<Group>): string[] {
  const { error } = NodeGroup.safeParse({ name: "g", nodePool: "worker", ...group });
  return (error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

const whole: Group = {
  name: "workers",
  nodePool: "worker",
  nodeSelector: { rack: "a" },
  maxUnavailable: 1,
  interfaces: [{ name: "ens3", mtu: 9000, dhcp4: true }],
  bonds: [{ name: "bond0", mode: "802.3ad", ports: ["ens2", "ens1"], mtu: 9000 }],
  vlans: [{ name: "bond0.5", base: "bond0", id: 5, mtu: 9000, addresses: ["192.0.2.5/24", "2001:db8::5/64"] }],
  bridges: [{ name: "br-a", ports: ["bond0"], vlans: [7, "100-199"], mtu: 9000 }],
  ovsBridges: [{ name: "ovs-a", ports: ["ens9"] }],
  routes: [{ destination: "10.0.0.0/8", interface: "bond0.5", gateway: "192.0.2.1", metric: 10 }],
};

describe("planning of host networks", () => {
  it("makes one policy of a group, with everything in it, after the handler", () => {
    const planned = plan({ groups: [whole] });
    const off = { ipv4: { enabled: false }, ipv6: { enabled: false } };
    expect(properties(planned)).to.deep.equal({
      "hostnetwork/nmstate": { metadata: { name: "nmstate" }, spec: {} },
      "hostnetwork/policy/workers": {
        metadata: { name: "workers" },
        spec: {
          nodeSelector: { "node-role.kubernetes.io/worker": "", rack: "a" },
          maxUnavailable: 1,
          desiredState: {
            interfaces: [
              {
                name: "bond0",
                type: "bond",
                state: "up",
                mtu: 9000,
                ...off,
                "link-aggregation": { mode: "802.3ad", options: { miimon: "100" }, port: ["ens1", "ens2"] },
              },
              {
                name: "bond0.5",
                type: "vlan",
                state: "up",
                mtu: 9000,
                ipv4: { enabled: true, dhcp: false, address: [{ ip: "192.0.2.5", "prefix-length": 24 }] },
                ipv6: {
                  enabled: true,
                  dhcp: false,
                  autoconf: false,
                  address: [{ ip: "2001:db8::5", "prefix-length": 64 }],
                },
                vlan: { "base-iface": "bond0", id: 5 },
              },
              {
                name: "br-a",
                type: "linux-bridge",
                state: "up",
                mtu: 9000,
                ...off,
                bridge: {
                  options: { stp: { enabled: false } },
                  port: [
                    {
                      name: "bond0",
                      vlan: { mode: "trunk", "trunk-tags": [{ id: 7 }, { "id-range": { min: 100, max: 199 } }] },
                    },
                  ],
                },
              },
              { name: "ens3", type: "ethernet", state: "up", mtu: 9000, ipv4: { enabled: true, dhcp: true } },
              { name: "ovs-a", type: "ovs-bridge", state: "up", bridge: { port: [{ name: "ens9" }] } },
            ],
            routes: {
              config: [
                {
                  destination: "10.0.0.0/8",
                  "next-hop-interface": "bond0.5",
                  "next-hop-address": "192.0.2.1",
                  metric: 10,
                },
              ],
            },
          },
        },
      },
    });
    expect(arrows(planned)).to.deep.equal(["hostnetwork/policy/workers -> hostnetwork/nmstate"]);
    expect(planned.components).to.deep.equal([
      { id: "hostnetwork", token: "ove:hostnetwork:HostNetwork", gate: "hostnetwork/policy/workers" },
    ]);
  });

  it("makes objects in which their kinds find no error", () => {
    for (const { id, token, properties: inputs } of plan({ groups: [whole] }).objects) {
      const kind = kindOf(token);
      const errors = kind && checkInputs(kind, inputs as JsonObject, defaultFacts).filter(isError);
      expect(errors, id).to.deep.equal([]);
    }
  });

  it("leaves the NMState object to others if told to", () => {
    const planned = plan({ nmstate: false, groups: [{ name: "w", nodePool: "worker", bridges: [{ name: "br" }] }] });
    expect(Object.keys(properties(planned))).to.deep.equal(["hostnetwork/policy/w"]);
  });

  it("puts each interface after those on which it stands", () => {
    expect(
      names({
        bridges: [{ name: "a-bridge", ports: ["c-vlan"] }],
        vlans: [{ name: "c-vlan", base: "z-bond", id: 4 }],
        bonds: [{ name: "z-bond", mode: "active-backup", ports: ["e2", "e1"] }],
        interfaces: [{ name: "e1", mtu: 1500 }],
      }),
    ).to.deep.equal(["e1", "z-bond", "c-vlan", "a-bridge"]);
  });

  it("filters VLANs as the NMState operator does by itself, unless told otherwise", () => {
    const vlan = (more: object) => {
      const [bridge] = interfaces({ bridges: [{ name: "br", ports: ["e1"], ...more }] });
      return (bridge?.bridge as { port: { vlan: unknown }[] }).port[0]?.vlan;
    };
    expect(vlan({})).to.deep.equal({ mode: "trunk", "trunk-tags": [{ "id-range": { min: 2, max: 4094 } }] });
    expect(vlan({ vlanFiltering: false })).to.deep.equal({});
  });

  it("joins ranges of VLANs without gaining or losing one", () => {
    const range = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1 }), (ranges) => {
        const given = new Set(ranges.flatMap(([min, more]) => Array.from({ length: more + 1 }, (_, at) => min + at)));
        const joined = vlanRanges(ranges.map(([min, more]) => (more === 0 ? min : `${min}-${min + more}`)));
        const got = joined.flatMap(({ min, max }) => Array.from({ length: max - min + 1 }, (_, at) => min + at));
        expect(got).to.deep.equal([...given].sort((a, b) => a - b));
        joined.slice(1).forEach(({ min }, index) => expect(min).to.be.greaterThan((joined[index]?.max ?? 0) + 1));
      }),
    );
  });
});

const isError = ({ severity }: { severity: string }): boolean => severity === "error";

describe("groups of nodes", () => {
  const bond = { name: "bond0", mode: "active-backup" as const, ports: ["e1", "e2"] };
  const cases: [what: string, group: Partial<Group>, expected: string[]][] = [
    ["nothing", {}, []],
    ["no nodes", { nodePool: undefined }, ["nodePool: Give `nodePool`, `nodeSelector`, or both."]],
    [
      "Open vSwitch without a pool",
      { nodePool: undefined, nodeSelector: { a: "b" }, ovsBridges: [{ name: "o" }] },
      ["nodePool: Open vSwitch bridges need it: its service is enabled in a node pool."],
    ],
    [
      "a long name",
      { bridges: [{ name: "br-with-16-chars" }] },
      ["bridges.0.name: Must be the name of a network interface, at most 15 characters."],
    ],
    [
      "a name in two lists",
      { bonds: [{ ...bond, name: "x" }], bridges: [{ name: "x" }] },
      ['bridges.0.name: "x" is in `bonds` already.'],
    ],
    [
      "a port of two",
      { bonds: [bond], bridges: [{ name: "br", ports: ["e2"] }] },
      ["bridges.0.ports: e2 is a port of bond0 already: a port has one controller."],
    ],
    [
      "a VLAN beside a bridge",
      { vlans: [{ name: "v", base: "e1", id: 1 }], bridges: [{ name: "b", ports: ["e1"] }] },
      [],
    ],
    ["a bridge on itself", { bridges: [{ name: "br", ports: ["br"] }] }, ["bridges.0.ports: br stands on itself."]],
    [
      "a circle",
      { vlans: [{ name: "v", base: "br", id: 1 }], bridges: [{ name: "br", ports: ["v"] }] },
      ["vlans.0.base: v stands on itself.", "bridges.0.ports: br stands on itself."],
    ],
    [
      "an MTU above that of the base",
      { bonds: [bond], vlans: [{ name: "v", base: "bond0", id: 1, mtu: 9000 }] },
      ["vlans.0.mtu: Is above the 1500 of bond0, on which it stands."],
    ],
    [
      "an MTU above that of a base two below",
      {
        interfaces: [{ name: "e1", mtu: 4000 }],
        vlans: [{ name: "v", base: "e1", id: 1 }],
        bridges: [{ name: "br", ports: ["v"], mtu: 4001 }],
      },
      ["bridges.0.mtu: Is above the 4000 of v, on which it stands."],
    ],
    [
      "an MTU as that of the base",
      { interfaces: [{ name: "e1", mtu: 9000 }], bridges: [{ name: "br", ports: ["e1"], mtu: 9000 }] },
      [],
    ],
    [
      "addresses of a port",
      { interfaces: [{ name: "e1", dhcp4: true }], bridges: [{ name: "br", ports: ["e1"] }] },
      ["interfaces.0.dhcp4: A port of br has no addresses: give them to br."],
    ],
    [
      "addresses and DHCP",
      { bridges: [{ name: "br", addresses: ["192.0.2.1/24"], dhcp4: true, dhcp6: true }] },
      ["bridges.0.dhcp4: Give addresses of this family or ask for them, not both."],
    ],
    [
      "the same VLAN twice",
      {
        vlans: [
          { name: "a", base: "e1", id: 1 },
          { name: "b", base: "e1", id: 1 },
          { name: "c", base: "e2", id: 1 },
        ],
      },
      ["vlans.1.id: a is this VLAN of e1 already."],
    ],
    [
      "something on Open vSwitch",
      { ovsBridges: [{ name: "o" }], vlans: [{ name: "v", base: "o", id: 1 }] },
      ["vlans.0.base: o is an Open vSwitch bridge: nothing stands on it."],
    ],
    [
      "a range upside down",
      { bridges: [{ name: "br", vlans: ["9-8"] }] },
      ["bridges.0.vlans.0: Must be a range of VLANs such as `200-299`, within 1 and 4094."],
    ],
  ];
  for (const [what, group, expected] of cases) {
    it(`${expected.length > 0 ? "refuse" : "take"} ${what}`, () => expect(wrong(group)).to.deep.equal(expected));
  }

  it("are told apart by their nodes, as one policy describes them", () => {
    const groups = [
      { name: "a", nodePool: "worker" },
      { name: "b", nodeSelector: { "node-role.kubernetes.io/worker": "" } },
      { name: "c", nodePool: "worker", nodeSelector: { rack: "a" } },
    ];
    const { error } = HostNetworkArgs.safeParse({ groups });
    expect(error?.issues.map((issue) => issue.path.join("."))).to.deep.equal(["groups.1.name"]);
  });
});
