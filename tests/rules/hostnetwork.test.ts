import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { nmstateRules, nodeNetworkConfigurationPolicyRules } from "../../rules";
import { goDuration } from "../../rules/duration";
import { partCases } from "./hostnetwork-part-cases";
import { policyCases } from "./hostnetwork-policy-cases";
import { merged, testFine, testRules } from "./support";

const build =
  (kind: string, name: string) =>
  (input: JsonObject): KubernetesObject =>
    merged({ apiVersion: "nmstate.io/v1", kind, metadata: { name } }, input) as unknown as KubernetesObject;

const sign = (content: JsonObject): JsonObject => ({ spec: { selfSignConfiguration: content } });

testRules("rules of NMState", nmstateRules, build("NMState", "nmstate"), {
  "hostnetwork/nmstate-name": {
    bad: [[{ metadata: { name: "other" } }, "metadata.name"]],
    good: [{}, { metadata: { name: undefined } }],
  },
  "hostnetwork/nmstate-intervals": {
    bad: [
      [sign({ caRotateInterval: "365d" }), "spec.selfSignConfiguration.caRotateInterval"],
      [sign({ certOverlapInterval: "24" }), "spec.selfSignConfiguration.certOverlapInterval"],
    ],
    good: [sign({ caRotateInterval: "8760h0m0s", certOverlapInterval: "1.5h" }), {}],
  },
  "hostnetwork/nmstate-interval-order": {
    bad: [
      [sign({ caOverlapInterval: "2h", caRotateInterval: "1h" }), "spec.selfSignConfiguration.caOverlapInterval"],
      [sign({ certRotateInterval: "2h", caRotateInterval: "1h" }), "spec.selfSignConfiguration.certRotateInterval"],
      [sign({ certOverlapInterval: "2h", certRotateInterval: "1h" }), "spec.selfSignConfiguration.certOverlapInterval"],
    ],
    good: [sign({ caOverlapInterval: "1h", caRotateInterval: "1h" }), sign({ caOverlapInterval: "1h" })],
  },
});

testFine("rules of NMState and a fine one", nmstateRules, {
  apiVersion: "nmstate.io/v1",
  kind: "NMState",
  metadata: { name: "nmstate" },
  spec: { selfSignConfiguration: { caRotateInterval: "8760h0m0s", caOverlapInterval: "24h0m0s" } },
});

testRules(
  "rules of a NodeNetworkConfigurationPolicy",
  nodeNetworkConfigurationPolicyRules,
  build("NodeNetworkConfigurationPolicy", "tenant"),
  { ...policyCases, ...partCases },
);

testFine("rules of a NodeNetworkConfigurationPolicy and a fine one", nodeNetworkConfigurationPolicyRules, {
  apiVersion: "nmstate.io/v1",
  kind: "NodeNetworkConfigurationPolicy",
  metadata: { name: "tenant" },
  spec: {
    nodeSelector: { "kubernetes.io/hostname": "worker-0" },
    maxUnavailable: "50%",
    desiredState: {
      interfaces: [
        { name: "ens1f0", type: "ethernet", state: "up", mtu: 9000 },
        {
          name: "bond1",
          type: "bond",
          state: "up",
          "link-aggregation": { mode: "802.3ad", options: { miimon: "140" }, port: ["ens1f0", "ens1f1"] },
        },
        { name: "bond1.100", type: "vlan", state: "up", vlan: { "base-iface": "bond1", id: 100 } },
        {
          name: "br-tenant",
          type: "linux-bridge",
          state: "up",
          ipv4: { enabled: true, address: [{ ip: "192.0.2.10", "prefix-length": 24 }] },
          bridge: {
            options: { stp: { enabled: false } },
            port: [{ name: "bond1.100", vlan: { mode: "trunk", "trunk-tags": [{ id: 7 }] } }],
          },
        },
      ],
      routes: {
        config: [{ destination: "10.0.0.0/8", "next-hop-interface": "br-tenant", "next-hop-address": "192.0.2.1" }],
      },
    },
  },
});

describe("Go durations", () => {
  it("are read as Go reads them", () => {
    const read = ["1h30m", "-1.5s", "0", "+.5m", "2h0m0s", "1us500ns", "1.h", "1µs", "2ms", "-0"].map(goDuration);
    expect(read).to.deep.equal([5400, -1.5, 0, 30, 7200, 0.0000015, 3600, 1e-6, 0.002, 0]);
    for (const text of ["", "1", "1d", "h", "1h 3m", "-", "1hx"]) expect(goDuration(text), text).to.equal(undefined);
  });
});
