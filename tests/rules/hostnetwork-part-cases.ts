import {
  address,
  at,
  bond,
  bridge,
  eth,
  options,
  ovs,
  portVlan,
  route,
  state,
  through,
  vlan,
} from "./hostnetwork-inputs";
import type { Cases } from "./support";

/** Cases of the rules on bonds, ports, VLANs, bridges, addresses and routes. */
export const partCases: Record<string, Cases> = {
  "hostnetwork/bond-mode": {
    bad: [
      [state(bond({ mode: "lacp" })), at("link-aggregation.mode")],
      [state(bond({ mode: 7 })), at("link-aggregation.mode")],
      [state({ name: "b", type: "bond", "link-aggregation": { port: ["eth1"] } }), at("link-aggregation.mode")],
    ],
    good: [
      state(bond()),
      state(bond({ mode: "4" })),
      state(bond({ mode: 0 })),
      state(bond({ mode: "{{ x }}" })),
      state(eth()),
    ],
  },
  "hostnetwork/bond-option-mode": {
    bad: [[options({ lacp_rate: "fast" }), at("link-aggregation.options.lacp_rate")]],
    good: [
      options({ lacp_rate: "fast" }, { mode: "802.3ad" }),
      options({ miimon: "140", primary: "eth1" }),
      state(eth()),
    ],
  },
  "hostnetwork/bond-options": {
    bad: [
      [options({ miimon: "140", arp_interval: 100 }), at("link-aggregation.options.arp_interval")],
      [options({ ad_actor_system: "01:00:5e:00:00:01" }), at("link-aggregation.options.ad_actor_system")],
      [options({ "balance-slb": 1 }), at("link-aggregation.options.balance-slb")],
      [
        state(bond({ options: { fail_over_mac: "active" } }, { "mac-address": "02:00:00:00:00:01" })),
        at("mac-address"),
      ],
    ],
    good: [
      options({ miimon: 140, arp_interval: 0 }),
      options({ "balance-slb": true, xmit_hash_policy: "vlan+srcmac" }, { mode: "balance-xor" }),
      state(bond({ options: { fail_over_mac: 1 } })),
      state(eth()),
    ],
  },
  "hostnetwork/bond-ports-config": {
    bad: [
      [state(bond({ "ports-config": [{ name: "eth1" }, { name: "eth3" }] })), at("link-aggregation.ports-config")],
      [
        state(
          bond({
            "ports-config": [
              { name: "eth1", "queue-id": 1 },
              { name: "eth2", "queue-id": 1 },
            ],
          }),
        ),
        at("link-aggregation.ports-config[1].queue-id"),
      ],
    ],
    good: [state(bond({ "ports-config": [{ name: "eth2" }, { name: "eth1" }] })), state(bond()), state(eth())],
  },
  "hostnetwork/port-twice": {
    bad: [
      [state(bond({ port: ["eth1", "eth1"] })), at("link-aggregation.port[1]")],
      [state(bridge({ port: [{ name: "eth1" }, { name: "eth1" }] })), at("bridge.port[1].name")],
      [
        state({ name: "b", type: "bond", "link-aggregation": { "ports-config": [{ name: "a" }, { name: "a" }] } }),
        at("link-aggregation.ports-config[1].name"),
      ],
    ],
    good: [state(bond()), state(bridge({ ports: [{ name: "a" }], port: undefined }))],
  },
  "hostnetwork/port-self": {
    bad: [[state(bridge({ port: [{ name: "br1" }] })), at("bridge.port[0].name")]],
    good: [state(bridge()), state(ovs({ name: "ovs1" }))],
  },
  "hostnetwork/port-of-two": {
    bad: [[state(bond(), bridge()), at("bridge.port[0].name", 1)]],
    good: [state(bond(), bridge({ port: [{ name: "bond1" }] })), state(bond({}, { state: "absent" }), bridge())],
  },
  "hostnetwork/port-absent": {
    bad: [[state(eth({ state: "absent" }), bridge()), at("bridge.port[0].name", 1)]],
    good: [state(eth(), bridge()), state(bridge())],
  },
  "hostnetwork/port-controller": {
    bad: [[state(eth({ controller: "other" }), bridge()), at("controller")]],
    good: [state(eth({ controller: "br1" }), bridge()), state(eth({ controller: "br9" })), state(eth(), bridge())],
  },
  "hostnetwork/port-address": {
    bad: [[state(eth({ ipv4: { enabled: true } }), bridge()), at("ipv4.enabled")]],
    good: [
      state(eth({ ipv4: { enabled: false } }), bridge()),
      state(eth({ ipv4: { enabled: true } }), { name: "v", type: "vrf", vrf: { port: ["eth1"] } }),
      state({ name: "i", type: "ovs-interface", ipv4: { enabled: true } }, ovs({ name: "i" })),
      state(eth({ ipv4: { enabled: true } })),
    ],
  },
  "hostnetwork/vlan": {
    bad: [
      [state(vlan({ id: 4095 })), at("vlan.id")],
      [state(vlan({ id: "-1" })), at("vlan.id")],
      [state(vlan({ protocol: "802.3" })), at("vlan.protocol")],
      [state({ name: "v", type: "vlan", vlan: { id: 5 } }), at("vlan.base-iface")],
      [state({ name: "v", type: "vlan", vlan: { "base-iface": "eth1" } }), at("vlan.id")],
    ],
    good: [
      state(vlan({ id: "4094", protocol: "802.1ad" })),
      state(eth()),
      state({ name: "v", type: "vlan", vlan: undefined }),
    ],
  },
  "hostnetwork/vlan-zero": { bad: [[state(vlan({ id: 0 })), at("vlan.id")]], good: [state(vlan()), state(eth())] },
  "hostnetwork/vxlan": {
    bad: [[state({ name: "x", type: "vxlan", vxlan: { id: 2 ** 24 } }), at("vxlan.id")]],
    good: [state({ name: "x", type: "vxlan", vxlan: { id: 5 } }), state(eth())],
  },
  "hostnetwork/section-field": {
    bad: [
      [state(vlan({ "base-interface": "eth1" })), at("vlan.base-interface")],
      [state(bond({ slaves: [] })), at("link-aggregation.slaves")],
      [state(bridge({ port: [{ name: "eth1", tag: 5 }] })), at("bridge.port[0].tag")],
    ],
    good: [state(vlan(), bond(), bridge(), ovs({ name: "x", vlan: {} }))],
  },
  "hostnetwork/bridge-port-name": {
    bad: [[state(bridge({ port: [{ vlan: {} }] })), at("bridge.port[0].name")]],
    good: [state(bridge()), state(eth())],
  },
  "hostnetwork/bridge-port-vlan": {
    bad: [
      [portVlan({ mode: "hybrid" }), at("bridge.port[0].vlan.mode")],
      [portVlan({ mode: "access", "enable-native": true }), at("bridge.port[0].vlan.enable-native")],
      [portVlan({ mode: "access", "trunk-tags": [{ id: 5 }] }), at("bridge.port[0].vlan.trunk-tags")],
      [portVlan({ mode: "trunk" }), at("bridge.port[0].vlan.trunk-tags")],
      [portVlan({ mode: "trunk", tag: 5, "trunk-tags": [{ id: 6 }] }), at("bridge.port[0].vlan.tag")],
      [
        portVlan({ mode: "trunk", "trunk-tags": [{ "id-range": { min: 5, max: 9 } }, { id: 7 }] }),
        at("bridge.port[0].vlan.trunk-tags[1].id"),
      ],
      [
        portVlan({ mode: "trunk", "trunk-tags": [{ "id-range": { min: 9, max: 5 } }] }),
        at("bridge.port[0].vlan.trunk-tags[0].id-range"),
      ],
      [portVlan({ mode: "trunk", "trunk-tags": [{ id: 4095 }] }), at("bridge.port[0].vlan.trunk-tags[0].id")],
      [portVlan({ mode: "access", tag: 5000 }), at("bridge.port[0].vlan.tag")],
      [portVlan({ tags: [] }), at("bridge.port[0].vlan.tags")],
    ],
    good: [
      portVlan({ mode: "access", tag: 5 }),
      portVlan({
        mode: "trunk",
        tag: 5,
        "enable-native": "true",
        "trunk-tags": [{ id: "6" }, { "id-range": { min: 7, max: 9 } }, {}],
      }),
      portVlan({ mode: "access", "trunk-tags": [] }),
      state(eth()),
    ],
  },
  "hostnetwork/bridge-stp": {
    bad: [
      [state(bridge({ options: { stp: false } })), at("bridge.options.stp")],
      [state(bridge({ options: { stp: { "hello-time": 11 } } })), at("bridge.options.stp.hello-time")],
      [state(bridge({ options: { stp: { enable: false } } })), at("bridge.options.stp.enable")],
    ],
    good: [state(bridge({ options: { stp: { enabled: false, "max-age": 20 } } })), state(ovs(), eth())],
  },
  "hostnetwork/bridge-pvid": {
    bad: [[state(bridge({ options: { "vlan-default-pvid": 5 } })), at("bridge.options.vlan-default-pvid")]],
    good: [
      state(bridge({ options: { "vlan-default-pvid": 1 } })),
      state(
        bridge({ options: { "vlan-default-pvid": 5 }, port: [{ name: "eth1", vlan: { mode: "access", tag: 5 } }] }),
      ),
      state(eth()),
    ],
  },
  "hostnetwork/ovs-bridge-mac": {
    bad: [[state({ ...ovs(), "mac-address": "02:00:00:00:00:01" }), at("mac-address")]],
    good: [state(ovs()), state(bridge({}, { "mac-address": "02:00:00:00:00:01" }))],
  },
  "hostnetwork/address": {
    bad: [
      [state(address("ipv4", "192.0.2.1", 33)), at("ipv4.address[0].prefix-length")],
      [state(address("ipv4", "192.0.2.1", undefined)), at("ipv4.address[0].prefix-length")],
      [state(address("ipv4", "192.0.2.1/24", 24)), at("ipv4.address[0].ip")],
      [state(address("ipv4", "192.0.2", 24)), at("ipv4.address[0].ip")],
      [state(address("ipv4", "2001:db8::1", 24)), at("ipv4.address[0].ip")],
      [state(address("ipv6", "192.0.2.1", 24)), at("ipv6.address[0].ip")],
      [state(address("ipv4", "192.0.2.0", 24)), at("ipv4.address[0].ip")],
    ],
    good: [
      state(address("ipv4", "192.0.2.1", 24)),
      state(address("ipv6", "2001:db8::1", 64)),
      state(address("ipv4", "{{ x }}", 24)),
      state({ ...address("ipv4", "127.0.0.1", 8), type: "loopback" }),
    ],
  },
  "hostnetwork/address-not-enabled": {
    bad: [
      [state(eth({ ipv4: { address: [{ ip: "192.0.2.1", "prefix-length": 24 }] } })), at("ipv4.enabled")],
      [state(eth({ ipv6: { enabled: false, dhcp: true } })), at("ipv6.enabled")],
    ],
    good: [state(eth({ ipv4: { enabled: true, dhcp: true } })), state(eth({ ipv4: { enabled: false } })), state(eth())],
  },
  "hostnetwork/route": {
    bad: [
      [route({ destination: "10.0.0.0/8" }), "spec.desiredState.routes.config[0].next-hop-interface"],
      [route({ ...through, destination: "10.0.0.0/33" }), "spec.desiredState.routes.config[0].destination"],
      [route({ ...through, destination: "10.0.0.0/x" }), "spec.desiredState.routes.config[0].destination"],
      [route({ ...through, destination: "default" }), "spec.desiredState.routes.config[0].destination"],
      [route({ "next-hop-interface": "eth1" }), "spec.desiredState.routes.config[0].destination"],
      [route({ ...through, "next-hop-address": "gw" }), "spec.desiredState.routes.config[0].next-hop-address"],
      [route({ ...through, weight: 257 }), "spec.desiredState.routes.config[0].weight"],
    ],
    good: [
      route(through),
      route({ ...through, destination: "::/0", weight: 1 }),
      route({ state: "absent" }),
      route({ destination: "10.0.0.0/8", "route-type": "blackhole" }),
    ],
  },
  "hostnetwork/route-interface": {
    bad: [
      [route(through, eth({ state: "absent" })), "spec.desiredState.routes.config[0].next-hop-interface"],
      [route(through, eth({ ipv4: { enabled: false } })), "spec.desiredState.routes.config[0].next-hop-interface"],
    ],
    good: [
      route(through),
      route(through, eth()),
      route({ ...through, destination: undefined }, eth({ ipv4: { enabled: false } })),
    ],
  },
};
