import { condition } from "../../model";
import type { JsonObject, KubernetesObject } from "../../model";
import { mapAt, numberAt, objectAt, objectsAt, textAt } from "../../rules/read";
import type { Before, Related, Verdict } from "../kind";
import { labelSelects } from "./labels";
import { conditionIs, failed, forAll, inOrder, ready, waiting } from "./verdict";
import { all } from "./watches";

/** An entry of a Tuned's list of recommendations, with the Tuned it is in. */
interface Recommendation {
  tuned: string;
  entry: JsonObject;
}

/** Whether nodes with these labels are meant; undefined when that depends on pods, which are not looked at. */
function matches(match: JsonObject, labels: Readonly<Record<string, string>>): boolean | undefined {
  if (textAt(match, "type") === "pod") return undefined;
  const present = labels[textAt(match, "label") ?? ""];
  const value = textAt(match, "value");
  if (present === undefined || (value !== undefined && value !== present)) return false;
  const inner = objectsAt(match, "match").map((each) => matches(each, labels));
  if (inner.length === 0 || inner.includes(true)) return true;
  return inner.includes(undefined) ? undefined : false;
}

function fits(entry: JsonObject, node: KubernetesObject, pools: readonly KubernetesObject[]): boolean | undefined {
  const labels = node.metadata.labels ?? {};
  const wanted = mapAt(entry, "machineConfigLabels");
  const match = objectsAt(entry, "match");
  if (Object.keys(wanted).length > 0) {
    const of = pools.filter((pool) => labelSelects(objectAt(pool, "spec", "machineConfigSelector"), wanted));
    if (of.some((pool) => labelSelects(objectAt(pool, "spec", "nodeSelector"), labels))) return true;
    if (match.length === 0) return false;
  }
  if (match.length === 0) return true;
  const found = match.map((each) => matches(each, labels));
  if (found.includes(true)) return true;
  return found.includes(undefined) ? undefined : false;
}

/**
 * What a node is to be tuned by: of all recommendations that fit it the one with the least priority number.
 * Undefined when none does, or when it depends on pods.
 */
export function recommendedFor(
  node: KubernetesObject,
  tuneds: readonly KubernetesObject[],
  pools: readonly KubernetesObject[],
): { tuned: string; profile: string } | undefined {
  const list = tuneds.flatMap((tuned): Recommendation[] =>
    objectsAt(tuned, "spec", "recommend").map((entry) => ({ tuned: tuned.metadata.name, entry })),
  );
  list.sort((a, b) => (numberAt(a.entry, "priority") ?? 0) - (numberAt(b.entry, "priority") ?? 0));
  for (const { tuned, entry } of list) {
    const fit = fits(entry, node, pools);
    if (fit === undefined) return undefined;
    if (fit) return { tuned, profile: textAt(entry, "profile") ?? "" };
  }
  return undefined;
}

const stateOf = (object: KubernetesObject | undefined, type: string): string => {
  const found = object && condition(object, type);
  return `${found?.status ?? ""} ${found?.reason ?? ""} ${found?.message ?? ""}`;
};

/** Whether a node runs the profile; a failure from before the change is waited out. */
function applied(
  name: string,
  profile: string,
  live: KubernetesObject | undefined,
  before?: KubernetesObject,
): Verdict {
  if (!live) return waiting(`Profile ${name} exists`, "not there");
  const wanted = textAt(live, "spec", "config", "tunedProfile");
  if (wanted !== profile) return waiting(`the operator gives node ${name} the profile ${profile}`, wanted ?? "none");
  const current = textAt(live, "status", "tunedProfile");
  if (current !== profile) return waiting(`node ${name} runs the profile ${profile}`, current ?? "none");
  const degraded = condition(live, "Degraded");
  if (degraded?.status === "True") {
    const text = `node ${name}: ${degraded.message || degraded.reason || "Degraded is True"}`;
    const same = stateOf(live, "Degraded") === stateOf(before, "Degraded");
    return same ? waiting(`node ${name} applies its profile`, text) : failed(text);
  }
  return conditionIs(live, "Applied", "True");
}

/** Gate of a Tuned: every node that it is the strongest recommendation for runs its profile. */
export function tunedReady(tuned: KubernetesObject, related: Related, before: Before): Verdict {
  const valid = condition(tuned, "Valid");
  if (valid?.status === "False") {
    const text = valid.message || "the Tuned is not valid";
    const same = before.object && stateOf(before.object, "Valid") === stateOf(tuned, "Valid");
    return same ? waiting("the Tuned is valid", text) : failed(text);
  }
  const others = all(related, "tuneds").filter((each) => each.metadata.name !== tuned.metadata.name);
  const named = (id: Related, name: string): KubernetesObject | undefined =>
    all(id, "profiles").find((each) => each.metadata.name === name);
  return inOrder(() =>
    forAll(all(related, "nodes"), (node) => {
      const found = recommendedFor(node, [...others, tuned], all(related, "pools"));
      if (found?.tuned !== tuned.metadata.name) return ready;
      const name = node.metadata.name;
      return applied(name, found.profile, named(related, name), named(before.related, name));
    }),
  );
}
