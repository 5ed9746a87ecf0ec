import type { KubernetesObject } from "../../model";
import { mapAt, numberAt, objectAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { externalRules } from "./external";
import { pfName } from "./matching";
import { mellanox } from "./nics";
import { firstNic, hardwareRule } from "./selection";

const webhook = "sriov-network-operator v1.6.0 pkg/webhook/validate.go";
const intel = "8086";

const noNode = hardwareRule(
  "sriov/no-node",
  "error",
  `${webhook} dynamicValidateSriovNetworkNodePolicy`,
  ({ nodes, policy }) => {
    if (nodes.length > 0) return [];
    const labels = Object.entries(mapAt(policy, "spec", "nodeSelector")).map(([key, value]) => `${key}=${value}`);
    const message = `No node of the inventory has the labels ${labels.join(", ") || "that are asked for"}.`;
    return [{ path: ["spec", "nodeSelector"], message, fix: "Label the nodes before the policy, or select others." }];
  },
);

const noNic = hardwareRule("sriov/no-nic", "error", `${webhook} validateNicModel`, ({ nodes, nics, policy }) => {
  if (nodes.length === 0 || nics.length > 0 || Object.keys(objectAt(policy, "spec", "nicSelector")).length === 0)
    return [];
  const have = [
    ...new Set(nodes.flatMap((node) => node.nics.map((nic) => `${nic.name} ${nic.vendor}:${nic.deviceID}`))),
  ];
  const message = "No selected node has a supported network card that the selector matches.";
  return [{ path: ["spec", "nicSelector"], message, fix: `They have: ${have.join(", ") || "none"}.` }];
});

const unmatchedEntry = hardwareRule(
  "sriov/selector-unmatched",
  "warning",
  "sriov-network-operator v1.6.0 api/v1/helper.go SriovNetworkNicSelector.Selected: what matches nothing is left out without a word",
  ({ nodes, nics, policy }) => {
    if (nics.length === 0) return [];
    const all = nodes.flatMap((node) => node.nics);
    const path = ["spec", "nicSelector"];
    const unmatched = (key: string, has: (entry: string) => boolean, what: string): Violation[] =>
      textsAt(policy, ...path, key).flatMap((entry, index) =>
        has(entry) ? [] : [{ path: [...path, key, index], message: `No selected node has a ${what} "${entry}".` }],
      );
    return [
      ...unmatched("pfNames", (entry) => all.some((nic) => nic.name === pfName(entry)), "physical function"),
      ...unmatched("rootDevices", (entry) => all.some((nic) => nic.pciAddress === entry), "card at"),
    ];
  },
);

const tooMany = hardwareRule("sriov/num-vfs-limit", "error", `${webhook} validatePolicyForNodeState`, (selection) => {
  const vfs = numberAt(selection.policy, "spec", "numVfs") ?? 0;
  return firstNic(selection, ["spec", "numVfs"], (nic) => {
    if (nic.vendor === intel && vfs > nic.totalVfs) return `has ${nic.totalVfs} virtual functions at most, not ${vfs}`;
    return nic.vendor === mellanox && vfs > 128 ? `may have 128 virtual functions at most, not ${vfs}` : undefined;
  });
});

const beyondCard = hardwareRule(
  "sriov/num-vfs-card",
  "warning",
  "sriov-network-operator v1.6.0 pkg/plugins/mellanox changes the firmware; other cards answer the kernel's request with an error",
  (selection) => {
    const { policy } = selection;
    const vfs = numberAt(policy, "spec", "numVfs") ?? 0;
    if (policy.spec?.externallyManaged === true) return [];
    return firstNic(selection, ["spec", "numVfs"], (nic) => {
      if (vfs <= nic.totalVfs || nic.vendor === intel) return undefined;
      const text = `reports ${nic.totalVfs} virtual functions at most, not ${vfs}`;
      return nic.vendor === mellanox ? `${text}; the operator changes its firmware and reboots the node` : text;
    });
  },
);

const vdpa = hardwareRule("sriov/vdpa-nic", "error", `${webhook} validatePolicyForNodeState`, (selection) => {
  if (!textAt(selection.policy, "spec", "vdpaType")) return [];
  return firstNic(selection, ["spec", "vdpaType"], (nic) =>
    nic.vendor === mellanox ? undefined : `is of vendor ${nic.vendor}, and vdpaType works with ${mellanox} only`,
  );
});

/** Rules on a policy against the nodes and cards of a known inventory. */
export const hardwareRules: readonly Rule<KubernetesObject>[] = [
  noNode,
  noNic,
  unmatchedEntry,
  tooMany,
  beyondCard,
  ...externalRules,
  vdpa,
];
