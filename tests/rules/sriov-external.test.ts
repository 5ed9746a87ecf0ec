import { expect } from "chai";
import type { JsonObject, KubernetesObject, Nic } from "../../model";
import { found } from "./sriov-found";
import type { Found } from "./sriov-found";
import { nic, policy, worker } from "./sriov-inputs";

const external = (spec: JsonObject = {}): KubernetesObject => policy("fast", { externallyManaged: true, ...spec });

const host = (iface: JsonObject, spec: JsonObject = {}): KubernetesObject => ({
  apiVersion: "nmstate.io/v1",
  kind: "NodeNetworkConfigurationPolicy",
  metadata: { name: "pf" },
  spec: { desiredState: { interfaces: [{ name: "ens1f0", type: "ethernet", state: "up", ...iface }] }, ...spec },
});
const vfs = (count: number | string, more: JsonObject = {}): JsonObject => ({
  ethernet: { "sr-iov": { "total-vfs": count } },
  ...more,
});

const nobody: Found[] = [["sriov/prepared-by-nobody", "[0].spec.numVfs", ["fast"]]];

const cases: [title: string, objects: KubernetesObject[], expected: Found[], nic?: Partial<Nic>][] = [
  ["nobody", [external()], nobody],
  ["the host already", [external()], [], { numVfs: 4 }],
  ["nobody as far as the inventory tells", [external()], [], { numVfs: undefined }],
  ["a policy of the host's network", [external(), host(vfs(4))], []],
  ["one that counts in text", [external(), host(vfs("8"))], []],
  ["one that counts on the node", [external(), host(vfs("{{ capture.pf.total }}"))], []],
  ["one with fewer functions", [external(), host(vfs(3))], nobody],
  ["one without functions", [external(), host({ mtu: 9000 })], nobody],
  ["one for another card", [external(), host(vfs(4, { name: "ens1f1" }))], nobody],
  ["one that takes the card away", [external(), host(vfs(4, { state: "absent" }))], nobody],
  ["one that finds its card by address", [external(), host(vfs(4, { name: "pf", identifier: "mac-address" }))], []],
  ["one that finds its card by a capture", [external(), host(vfs(4, { name: "{{ capture.pf.name }}" }))], []],
  [
    "one whose interfaces are a capture",
    [external(), host({}, { desiredState: { interfaces: "{{ capture.pf.interfaces }}" } })],
    [],
  ],
  ["one that is not known yet", [external(), host({}, { desiredState: undefined })], []],
  ["one for other nodes", [external(), host(vfs(4), { nodeSelector: { zone: "b" } })], nobody],
  ["one for this node", [external(), host(vfs(4), { nodeSelector: { "kubernetes.io/hostname": "w0" } })], []],
  [
    "a policy that leaves the MTU",
    [external({ mtu: 9000 }), host(vfs(4))],
    [["sriov/prepared-by-nobody", "[0].spec.mtu", ["fast"]]],
  ],
  ["a policy that sets the MTU as well", [external({ mtu: 9000 }), host(vfs(4, { mtu: 9000 }))], []],
  ["the SR-IOV operator itself", [policy("fast")], []],
];

describe("who prepares the cards of an externally managed policy", () => {
  for (const [title, objects, expected, card = { numVfs: 0 }] of cases) {
    it(title, () => {
      const told = found(objects, [worker("w0", [nic(card)])]).filter(([rule]) => rule.startsWith("sriov/"));
      expect(told).to.deep.equal(expected);
    });
  }

  it("is not asked without an inventory", () => {
    expect(found([external()])).to.deep.equal([]);
  });
});
