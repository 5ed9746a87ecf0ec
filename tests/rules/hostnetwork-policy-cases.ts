import type { JsonObject } from "../../model";
import { address, at, bridge, eth, host, ovs, spec, state, vlan } from "./hostnetwork-inputs";
import type { Cases } from "./support";

/** Cases of the rules on policies and on interfaces of any type. */
export const policyCases: Record<string, Cases> = {
  "hostnetwork/policy-name": {
    bad: ["a".repeat(64), "a-", "-a"].map((name): [JsonObject, string] => [{ metadata: { name } }, "metadata.name"]),
    good: ["a".repeat(63), "a.b", "A_b"].map((name) => ({ metadata: { name } })),
  },
  "hostnetwork/policy-node-selector": {
    bad: [
      [spec({ nodeSelector: { "a b": "x" } }), 'spec.nodeSelector["a b"]'],
      [spec({ nodeSelector: { "a/b/c": "x" } }), 'spec.nodeSelector["a/b/c"]'],
      [spec({ nodeSelector: { "A!/b": "x" } }), 'spec.nodeSelector["A!/b"]'],
      [spec({ nodeSelector: { a: "x y" } }), "spec.nodeSelector.a"],
      [
        spec({ nodeSelector: Object.fromEntries(Array.from({ length: 257 }, (_, n) => [`k${n}`, ""])) }),
        "spec.nodeSelector",
      ],
    ],
    good: [spec({ nodeSelector: { "node-role.kubernetes.io/worker": "", a: "b" } }), spec({})],
  },
  "hostnetwork/policy-max-unavailable": {
    bad: ["half", "1.5%", "0%", 0].map((maxUnavailable): [JsonObject, string] => [
      spec({ maxUnavailable }),
      "spec.maxUnavailable",
    ]),
    good: [spec({ maxUnavailable: 2 }), spec({ maxUnavailable: "50%" }), spec({})],
  },
  "hostnetwork/policy-empty": {
    bad: [
      [spec({}), "spec.desiredState"],
      [spec({ desiredState: {} }), "spec.desiredState"],
    ],
    good: [state(eth()), spec({ desiredState: undefined })],
  },
  "hostnetwork/state-key": {
    bad: [
      [spec({ desiredState: { interface: [] } }), "spec.desiredState.interface"],
      [spec({ desiredState: { something: {} } }), "spec.desiredState.something"],
    ],
    good: [spec({ desiredState: { interfaces: [], routes: {}, "dns-resolver": {} } })],
  },
  "hostnetwork/capture-missing": {
    bad: [
      [state(eth({ name: "{{ capture.nic.interfaces.0.name }}" })), at("name")],
      [spec({ capture: { a: "capture.b | interfaces.name == 'x'" } }), "spec.capture.a"],
    ],
    good: [
      spec({
        capture: { nic: "x" },
        desiredState: { interfaces: [eth({ name: "{{ capture.nic.interfaces.0.name }}" })] },
      }),
      spec({ capture: undefined, desiredState: { description: "{{ capture.x }}" } }),
      spec({ desiredState: { description: "what capture.x was" } }),
    ],
  },
  "hostnetwork/static-address": {
    bad: [[state(address("ipv4", "192.0.2.1", 24)), at("ipv4.address[0].ip")]],
    good: [
      { spec: { ...host, desiredState: { interfaces: [address("ipv4", "192.0.2.1", 24)] } } },
      state(eth()),
      state(address("ipv4", "{{ capture.x.interfaces.0.ip }}", 24)),
      state({ ...address("ipv4", "192.0.2.1", 24), type: "loopback" }),
    ],
  },
  "hostnetwork/interface-name": {
    bad: [
      [state(eth({ name: "a234567890123456" })), at("name")],
      [state(eth({ name: "a/b" })), at("name")],
      [state(eth({ name: "" })), at("name")],
      [state({ type: "vlan" }), at("name")],
    ],
    good: [
      state(eth({ name: "a23456789012345" })),
      state({ name: "a-very-long-name-of-a-bridge", type: "ovs-bridge" }),
      state({ name: "sriov:ens1f0np0:12345", type: "ethernet" }),
      state({ name: "profile of the first card", type: "ethernet", identifier: "mac-address" }),
      state({ name: "{{ capture.nic.interfaces.0.name }}" }),
    ],
  },
  "hostnetwork/interface-twice": {
    bad: [[state(eth(), bridge(), eth({ mtu: 9000 })), at("name", 2)]],
    good: [state(eth(), bridge()), state({ ...ovs(), name: "x" }, { name: "x", type: "ovs-interface" })],
  },
  "hostnetwork/interface-type": {
    bad: [[state(eth({ type: "bridge" })), at("type")]],
    good: [state(eth()), state({ name: "eth1" }), state(eth({ type: undefined }))],
  },
  "hostnetwork/interface-state": {
    bad: [[state(eth({ state: "removed" })), at("state")]],
    good: [state(eth({ state: "absent" })), state(eth())],
  },
  "hostnetwork/interface-mtu": {
    bad: [
      [state(eth({ mtu: 67 })), at("mtu")],
      [state(eth({ mtu: "90000" })), at("mtu")],
      [state(eth({ mtu: 1279, ipv6: { enabled: true } })), at("mtu")],
    ],
    good: [
      state(eth({ mtu: 9000 })),
      state(eth({ mtu: 1280, ipv6: { enabled: true } })),
      state(eth({ mtu: "{{ x }}" })),
    ],
  },
  "hostnetwork/interface-mtu-parent": {
    bad: [[state(eth({ mtu: 1500 }), vlan({}, { mtu: 9000 })), at("mtu", 1)]],
    good: [
      state(eth({ mtu: 9000 }), vlan({}, { mtu: 9000 })),
      state(eth(), vlan({}, { mtu: 9000 })),
      state(vlan({}, { mtu: 9000 })),
    ],
  },
  "hostnetwork/interface-parent": {
    bad: [
      [state(vlan({ "base-iface": "eth1.5" })), at("vlan.base-iface")],
      [state(eth({ state: "absent" }), vlan()), at("vlan.base-iface", 1)],
    ],
    good: [state(eth(), vlan()), state(vlan())],
  },
  "hostnetwork/interface-section": {
    bad: [[state({ name: "v", type: "vlan" }), at("vlan")]],
    good: [
      state(vlan()),
      state({ name: "br1", type: "linux-bridge" }),
      state({ name: "v", type: "vlan", state: "absent" }),
    ],
  },
  "hostnetwork/interface-section-ignored": {
    bad: [[state(eth({ bridge: { port: [] } })), at("bridge")]],
    good: [state(bridge()), state({ name: "x", bridge: {} })],
  },
  "hostnetwork/ovs-service": {
    bad: [[state(ovs()), at("type")]],
    good: [state(bridge()), state({ ...ovs(), state: "absent" })],
  },
  "hostnetwork/interface-vfs": {
    bad: [
      [state(eth({ ethernet: { "sr-iov": { "total-vfs": -1 } } })), at("ethernet.sr-iov.total-vfs")],
      [state(eth({ ethernet: { "sr-iov": { "total-vfs": "all" } } })), at("ethernet.sr-iov.total-vfs")],
    ],
    good: [state(eth({ ethernet: { "sr-iov": { "total-vfs": 4 } } })), state(eth())],
  },
};
