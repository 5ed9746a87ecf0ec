import { type JsonObject, type KubernetesObject, sameJson } from "../../model";
import { objectsOf, textOf } from "./read";

/** What an operator says in one condition. */
export interface Said {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
}

/** The present time as conditions have it. */
export const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, "Z");

/** Conditions with some of them said anew for the object's present generation; those that say the same stay as they are. */
export function conditionsWith(
  object: KubernetesObject,
  said: readonly Said[],
  before: readonly JsonObject[] = objectsOf(object.status?.conditions),
): JsonObject[] {
  const observedGeneration = object.metadata.generation ?? 0;
  const fresh = said.map((each): JsonObject => {
    const old = before.find((condition) => condition.type === each.type);
    const lastTransitionTime = old && old.status === each.status ? (old.lastTransitionTime ?? now()) : now();
    return { ...each, observedGeneration, lastTransitionTime };
  });
  return [...before.filter((old) => !said.some((each) => each.type === old.type)), ...fresh];
}

/** Whether two lists of conditions say the same, whatever the order. */
export function sameConditions(one: readonly JsonObject[], two: readonly JsonObject[]): boolean {
  const sorted = (list: readonly JsonObject[]): JsonObject[] =>
    [...list].sort((a, b) => (textOf(a.type) < textOf(b.type) ? -1 : 1));
  return sameJson(sorted(one), sorted(two));
}
