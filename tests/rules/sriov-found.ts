import { expect } from "chai";
import { defaultFacts, findingText } from "../../model";
import type { Facts, InventoryNode, KubernetesObject } from "../../model";
import { evaluate, setRules } from "../../rules";

/** What is told of a set of objects. */
export type Found = [rule: string, path: string, objects: string[]];

/** The findings of the SR-IOV rules on a set of objects. */
export function found(objects: KubernetesObject[], inventory?: InventoryNode[]): Found[] {
  const facts: Facts = inventory ? { ...defaultFacts, nodes: inventory } : defaultFacts;
  return evaluate(setRules, objects, facts).map((each) => {
    expect(findingText(each))
      .to.match(/[.]$/s)
      .and.to.not.match(/undefined|\[object/);
    return [each.rule, each.path, each.objects ?? []];
  });
}
