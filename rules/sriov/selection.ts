import type { Facts, InventoryNode, KubernetesObject, Nic, PathStep } from "../../model";
import { objectAt } from "../read";
import type { Rule, Violation } from "../rule";
import { selectedNodes, selectionKnown, selectsNic } from "./matching";

/** What a policy selects of a known inventory. */
export interface Selection {
  policy: KubernetesObject;
  nodes: InventoryNode[];
  nics: { node: InventoryNode; nic: Nic }[];
}

/** What the policy selects; undefined while the inventory or the selection is not known. */
export function selectionOf(policy: KubernetesObject, facts: Facts): Selection | undefined {
  if (!facts.nodes || !selectionKnown(policy)) return undefined;
  const nodes = selectedNodes(policy, facts.nodes);
  const selector = objectAt(policy, "spec", "nicSelector");
  const nics = nodes.flatMap((node) =>
    node.nics.filter((nic) => selectsNic(selector, nic)).map((nic) => ({ node, nic })),
  );
  return { policy, nodes, nics };
}

/** A rule that says nothing while the inventory or what the policy selects is not known. */
export function hardwareRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (selection: Selection) => Violation[],
): Rule<KubernetesObject> {
  return {
    id,
    severity,
    source,
    check(policy, facts) {
      const selection = selectionOf(policy, facts);
      return selection ? check(selection) : [];
    },
  };
}

/** One violation for the first of the selected cards that has a problem. */
export function firstNic(
  { nics }: Selection,
  path: PathStep[],
  problem: (nic: Nic) => string | undefined,
  fix?: string,
): Violation[] {
  for (const { node, nic } of nics) {
    const text = problem(nic);
    if (text) return [{ path, message: `${nic.name} of node ${node.name} ${text}.`, ...(fix ? { fix } : {}) }];
  }
  return [];
}
