import { distance } from "fastest-levenshtein";
import { ciliumMinors, isAtLeast, isObject } from "../../model";
import type { Facts, Json, JsonObject } from "../../model";
import tree from "./value-keys.json";

/**
 * The names that charts read: true when all supported versions do, else the versions that do. What is below a name
 * without further names is not looked at. Source: values.yaml and the templates of charts 1.18.12, 1.19.6 and 1.20.0.
 */
type Names = true | readonly string[] | { readonly [key: string]: Names };

/** A value that the chart of the cluster's version does not read, with what is known of its name. */
export type Unread =
  | { at: string; is: "unknown"; nearest?: string }
  | { at: string; is: "later"; since: string }
  | { at: string; is: "gone"; since: string };

/** How far a name may be from a known one to be taken for a misspelling of it. */
const typoDistance = 3;

function nearest(names: readonly string[], key: string): string | undefined {
  const [best] = names
    .map((name) => ({ name, off: distance(name.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.off - b.off);
  return best && best.off <= Math.min(typoDistance, key.length - 1) ? best.name : undefined;
}

function ofVersion(at: string, versions: readonly string[], version: string): Unread[] {
  if (versions.includes(version)) return [];
  const later = versions.find((each) => isAtLeast(each, version));
  if (later) return [{ at, is: "later", since: later }];
  const last = versions.at(-1) ?? version;
  const since = ciliumMinors.find((each) => each !== last && isAtLeast(each, last)) ?? version;
  return [{ at, is: "gone", since }];
}

function walk(names: { readonly [key: string]: Names }, values: JsonObject, path: string, version: string): Unread[] {
  return Object.entries(values).flatMap(([key, value]: [string, Json | undefined]): Unread[] => {
    const at = path ? `${path}.${key}` : key;
    const found = Object.hasOwn(names, key) ? names[key] : undefined;
    if (value === null || found === true) return [];
    if (found === undefined) {
      const name = nearest(Object.keys(names), key);
      return [{ at, is: "unknown", ...(name ? { nearest: name } : {}) }];
    }
    if (found instanceof Array) return ofVersion(at, found, version);
    return isObject(value) ? walk(found, value, at, version) : [];
  });
}

/** The values that the chart does not read, in the order in which they are written. */
export function unreadValues(values: Json | undefined, facts: Facts): Unread[] {
  return isObject(values) ? walk(tree as { [key: string]: Names }, values, "", facts.versions.cilium) : [];
}
