import { UNKNOWN, isObject } from "../../model";
import type { Facts, Finding, Json, KubernetesObject } from "../../model";
import { evaluate } from "../../rules";
import type { Rule } from "../../rules";

/** The value with `undefined` in the place of what is not known yet: rules do not know Pulumi's marker. */
function withoutMarkers(value: Json | undefined): Json | undefined {
  if (value === UNKNOWN) return undefined;
  if (Array.isArray(value)) return value.map(withoutMarkers) as Json[];
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutMarkers(item)]));
}

/** What a kind's rules say of an object, which may hold Pulumi's marker for values that are not known yet. */
export function checkObject(
  rules: readonly Rule<KubernetesObject>[],
  object: KubernetesObject,
  facts?: Facts,
): Finding[] {
  return evaluate(rules, withoutMarkers(object as unknown as Json) as unknown as KubernetesObject, facts);
}
