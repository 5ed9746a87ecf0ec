import type { KubernetesObject } from "../../model";
import { textsAt } from "../read";
import { overlap, pfName, rangeOf } from "./matching";
import type { VfRange } from "./matching";

/** A name of a physical function that the webhook lets only one of two policies have. */
export interface NamedTwice {
  name: string;
  why: "overlap" | "externallyManaged";
}

const namesOf = (policy: KubernetesObject): string[] => textsAt(policy, "spec", "nicSelector", "pfNames");

/** To the webhook a whole physical function overlaps with a whole one only. */
const range = (entry: string): VfRange => rangeOf(entry) ?? { first: -1, last: -1 };

/** Undefined while it is not known. */
const managed = ({ spec = {} }: KubernetesObject): unknown =>
  "externallyManaged" in spec ? spec.externallyManaged : false;

/**
 * The name for which the webhook refuses a policy beside one that is there, on nodes that both select. It compares
 * names whatever else the selectors say, and the first name that they have in common decides.
 */
export function namedTwice(policy: KubernetesObject, there: KubernetesObject): NamedTwice | undefined {
  for (const entry of namesOf(policy)) {
    const name = pfName(entry);
    const other = namesOf(there).find((each) => pfName(each) === name);
    if (other === undefined) continue;
    const [one, two] = [managed(policy), managed(there)];
    if (one !== undefined && two !== undefined && one !== two) return { name, why: "externallyManaged" };
    return overlap(range(entry), range(other)) ? { name, why: "overlap" } : undefined;
  }
  return undefined;
}
