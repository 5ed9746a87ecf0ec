import { Json, PathStep, isObject, sameJson } from "../../model";
import { Identify, pairElements } from "./lists";

/** One difference between two values. Added elements have their path in the new value, all others in the old one. */
export interface Change {
  kind: "add" | "delete" | "update";
  path: PathStep[];
  old?: Json;
  new?: Json;
}

/** The differences from `old` to `new`; elements of lists are compared with their counterparts, not by position. */
export function changes(
  old: Json | undefined,
  fresh: Json | undefined,
  identify: Identify,
  path: PathStep[] = [],
): Change[] {
  if (isAbsent(old) && isAbsent(fresh)) return [];
  if (isAbsent(old)) return [{ kind: "add", path, new: fresh }];
  if (isAbsent(fresh)) return [{ kind: "delete", path, old }];
  if (Array.isArray(old) && Array.isArray(fresh)) return listChanges(old, fresh, identify, path);
  if (isObject(old) && isObject(fresh)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
    return keys.flatMap((key) => changes(old[key], fresh[key], identify, [...path, key]));
  }
  return sameJson(old, fresh) ? [] : [{ kind: "update", path, old, new: fresh }];
}

function listChanges(old: Json[], fresh: Json[], identify: Identify, path: PathStep[]): Change[] {
  const pairs = pairElements(old, fresh, identify(path));
  return pairs.flatMap(({ a, b }): Change[] => {
    if (a === undefined) return [{ kind: "add", path: [...path, b], new: fresh[b] }];
    if (b === undefined) return [{ kind: "delete", path: [...path, a], old: old[a] }];
    return changes(old[a], fresh[b], identify, [...path, a]);
  });
}

function isAbsent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}
