import { expect } from "chai";
import { defaultFacts, findingText } from "../../model";
import type { InventoryNode, JsonObject, KubernetesObject } from "../../model";
import { evaluate } from "../../rules";
import { hardwareRules } from "../../rules/sriov/hardware";
import { intel, nic, policy, worker } from "./sriov-inputs";

const nodes = [worker("w0"), worker("w1", [nic(), intel], { zone: "a" })];

function found(spec: JsonObject, inventory: InventoryNode[] = nodes): [rule: string, path: string][] {
  const findings = evaluate(hardwareRules, policy("fast", spec), { ...defaultFacts, nodes: inventory });
  for (const each of findings)
    expect(findingText(each))
      .to.match(/[.]$/)
      .and.to.not.match(/undefined|\[object/);
  return findings.map((each) => [each.rule, each.path]);
}

const select = (nicSelector: JsonObject, more: JsonObject = {}): JsonObject => ({ nicSelector, ...more });

/** Expected answers by the operator's webhook (pkg/webhook/validate.go v1.6.0) where it answers. */
const cases: [title: string, spec: JsonObject, expected: [string, string][], inventory?: InventoryNode[]][] = [
  ["a policy that fits", {}, []],
  ["nodes by host name", { nodeSelector: { "kubernetes.io/hostname": "w1" } }, []],
  ["nodes by their own label", { nodeSelector: { zone: "a", "kubernetes.io/os": "linux" } }, []],
  ["an architecture that is not told", { nodeSelector: { "kubernetes.io/arch": "amd64" } }, []],
  ["all nodes", { nodeSelector: {} }, []],
  ["no such label", { nodeSelector: { zone: "b" } }, [["sriov/no-node", "spec.nodeSelector"]]],
  [
    "no control-plane node",
    { nodeSelector: { "node-role.kubernetes.io/control-plane": "" } },
    [["sriov/no-node", "spec.nodeSelector"]],
  ],
  [
    "a control-plane node",
    { nodeSelector: { "node-role.kubernetes.io/control-plane": "" } },
    [],
    [{ ...worker("m0"), role: "master" }],
  ],
  ["no such vendor", select({ vendor: "14e4" }), [["sriov/no-nic", "spec.nicSelector"]]],
  ["no such device", select({ deviceID: "1013" }), [["sriov/no-nic", "spec.nicSelector"]]],
  ["no such name", select({ pfNames: ["eth0"] }), [["sriov/no-nic", "spec.nicSelector"]]],
  ["no such address", select({ rootDevices: ["0000:00:00.0"] }), [["sriov/no-nic", "spec.nicSelector"]]],
  ["parts of different cards", select({ vendor: "8086", pfNames: ["ens1f0"] }), [["sriov/no-nic", "spec.nicSelector"]]],
  ["an unsupported card", {}, [["sriov/no-nic", "spec.nicSelector"]], [worker("w0", [nic({ deviceID: "ffff" })])]],
  ["nodes without cards", {}, [["sriov/no-nic", "spec.nicSelector"]], [worker("w0", [])]],
  ["an empty selector, which another rule refuses", select({}), [], [worker("w0", [])]],
  ["a range of a name", select({ pfNames: ["ens1f0#0-1"] }), []],
  [
    "one name that nobody has",
    select({ pfNames: ["ens1f0", "ens9#0-1"] }),
    [["sriov/selector-unmatched", "spec.nicSelector.pfNames[1]"]],
  ],
  [
    "one address that nobody has",
    select({ rootDevices: ["0000:3b:00.0", "0000:00:00.0"] }),
    [["sriov/selector-unmatched", "spec.nicSelector.rootDevices[1]"]],
  ],
  ["64 of an Intel card with 64", select({ vendor: "8086" }, { numVfs: 64 }), []],
  ["65 of an Intel card with 64", select({ vendor: "8086" }, { numVfs: 65 }), [["sriov/num-vfs-limit", "spec.numVfs"]]],
  [
    "too many for one of two cards",
    select({ pfNames: ["ens1f0", "ens2f0"] }, { numVfs: 65 }),
    [
      ["sriov/num-vfs-limit", "spec.numVfs"],
      ["sriov/num-vfs-card", "spec.numVfs"],
    ],
  ],
  ["9 of a Mellanox card that reports 8", { numVfs: 9 }, [["sriov/num-vfs-card", "spec.numVfs"]]],
  [
    "129 of a Mellanox card",
    { numVfs: 129 },
    [
      ["sriov/num-vfs-limit", "spec.numVfs"],
      ["sriov/num-vfs-card", "spec.numVfs"],
    ],
  ],
  [
    "1000 of another card",
    { numVfs: 1000 },
    [["sriov/num-vfs-card", "spec.numVfs"]],
    [worker("w0", [nic({ vendor: "14e4", deviceID: "16d7" })])],
  ],
  ["externally managed within limits", { externallyManaged: true, mtu: 1500, linkType: "eth" }, []],
  [
    "more than the card has, externally managed",
    { externallyManaged: true, numVfs: 9 },
    [["sriov/externally-managed", "spec.numVfs"]],
  ],
  [
    "more than the host has made, externally managed",
    { externallyManaged: true, numVfs: 3 },
    [["sriov/not-prepared", "spec.numVfs"]],
    [worker("w0", [nic({ numVfs: 2 })])],
  ],
  [
    "what the host has made, externally managed",
    { externallyManaged: true, numVfs: 2 },
    [],
    [worker("w0", [nic({ numVfs: 2 })])],
  ],
  ["more than the host has made, which the operator makes", { numVfs: 3 }, [], [worker("w0", [nic({ numVfs: 2 })])]],
  ["an MTU above the card's", { externallyManaged: true, mtu: 9000 }, [["sriov/not-prepared", "spec.mtu"]]],
  ["an MTU that the card has", { externallyManaged: true, mtu: 9000 }, [], [worker("w0", [nic({ mtu: 9000 })])]],
  ["an MTU that the operator sets", { mtu: 9000 }, []],
  ["another link type", { externallyManaged: true, linkType: "IB" }, [["sriov/externally-managed", "spec.linkType"]]],
  ["another link type, not externally managed", { linkType: "IB" }, []],
  ["vDPA on Mellanox", { vdpaType: "vhost" }, []],
  ["vDPA on another", select({ pfNames: ["ens2f0"] }, { vdpaType: "vhost" }), [["sriov/vdpa-nic", "spec.vdpaType"]]],
];

describe("rules of a SriovNetworkNodePolicy against an inventory", () => {
  for (const [title, spec, expected, inventory] of cases) {
    it(title, () => expect(found(spec, inventory)).to.deep.equal(expected));
  }

  it("say nothing without an inventory", () => {
    expect(evaluate(hardwareRules, policy("fast", { nodeSelector: { zone: "b" } }))).to.deep.equal([]);
  });

  it("say nothing of selectors that are not known yet", () => {
    const unknown = (spec: JsonObject): KubernetesObject => policy("fast", spec);
    for (const spec of [
      { nodeSelector: undefined },
      { nodeSelector: { zone: undefined } },
      { nicSelector: { pfNames: [undefined] } },
    ]) {
      const facts = { ...defaultFacts, nodes: [] };
      expect(evaluate(hardwareRules, unknown(spec as unknown as JsonObject), facts)).to.deep.equal([]);
    }
    const bare = { apiVersion: "v1", kind: "x", metadata: { name: "x" } };
    expect(evaluate(hardwareRules, bare, { ...defaultFacts, nodes })).to.deep.equal([]);
  });
});
