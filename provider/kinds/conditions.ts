import { objectsAt, textAt } from "../../rules/read";
import type { JsonObject, KubernetesObject } from "../../model";
import type { Verdict } from "../kind";
import { waiting } from "./verdict";

/** The condition of that type in a list, when it speaks of the object's present generation. */
export function presentCondition(
  object: KubernetesObject,
  type: string,
  conditions: readonly JsonObject[] = objectsAt(object, "status", "conditions"),
): JsonObject | undefined {
  return conditions.find((each) => each.type === type && each.observedGeneration === object.metadata.generation);
}

/** Not yet: nobody has said anything about the object's present form. */
export function notSeen(who: string, type: string, conditions: readonly JsonObject[]): Verdict {
  const stale = conditions.some((each) => each.type === type);
  return waiting(`${who} has seen its present form`, stale ? `${type} is of an earlier form` : `no condition ${type}`);
}

/** What a condition says, for people. */
export function saidBy(condition: JsonObject): string {
  return textAt(condition, "message") || textAt(condition, "reason") || "no message given";
}
