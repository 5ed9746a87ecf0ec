import { createHash } from "node:crypto";
import { isObject, type Json } from "../model";

/** The value with the keys of every map in order and without absent ones: equal values become the same text. */
export function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  entries.sort(([a], [b]) => compare(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, canonical(inner)]));
}

/** SHA-256 of the canonical JSON, in hexadecimal digits. */
export function digest(value: Json): string {
  return createHash("sha256")
    .update(JSON.stringify(canonical(value)))
    .digest("hex");
}

/** Order of text by code units: the same on every machine and in every language setting. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The list ordered by a text of each element; the list itself stays as it is. */
export function sortedBy<T>(list: readonly T[], key: (element: T) => string): T[] {
  const keyed = list.map((element) => [key(element), element] as const);
  return keyed.sort(([a], [b]) => compare(a, b)).map(([, element]) => element);
}

/** The map, or undefined if it is empty: Kubernetes leaves empty maps out. */
export function nonEmpty(map: Record<string, string>): Record<string, string> | undefined {
  return Object.keys(map).length > 0 ? map : undefined;
}
