import { isObject, valueAt } from "../model";
import type { Json, JsonObject, PathStep } from "../model";

/** Any value that paths can be read from; Kubernetes objects are such values. */
export type Readable = Json | undefined | object;

const at = (value: Readable, path: readonly PathStep[]): Json | undefined => valueAt(value as Json | undefined, path);

/** The text at a path, undefined when there is none or it is no text. */
export function textAt(value: Readable, ...path: PathStep[]): string | undefined {
  const found = at(value, path);
  return typeof found === "string" ? found : undefined;
}

/** The number at a path, undefined when there is none or it is no number. */
export function numberAt(value: Readable, ...path: PathStep[]): number | undefined {
  const found = at(value, path);
  return typeof found === "number" ? found : undefined;
}

/** The object at a path; an empty one when there is none. */
export function objectAt(value: Readable, ...path: PathStep[]): JsonObject {
  const found = at(value, path);
  return isObject(found) ? found : {};
}

/** The list at a path; an empty one when there is none. Unknown elements are `undefined`. */
export function listAt(value: Readable, ...path: PathStep[]): (Json | undefined)[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

/** The objects of the list at a path; elements that are no objects are left out. */
export function objectsAt(value: Readable, ...path: PathStep[]): JsonObject[] {
  return listAt(value, ...path).filter(isObject);
}

/** The objects of the list at a path, each with its index in the list. */
export function indexedAt(value: Readable, ...path: PathStep[]): [number, JsonObject][] {
  return listAt(value, ...path).flatMap((item, index): [number, JsonObject][] =>
    isObject(item) ? [[index, item]] : [],
  );
}

/** The texts of the list at a path; other elements are left out. */
export function textsAt(value: Readable, ...path: PathStep[]): string[] {
  return listAt(value, ...path).filter((item): item is string => typeof item === "string");
}

/** The texts of the map at a path; other values are left out. */
export function mapAt(value: Readable, ...path: PathStep[]): Record<string, string> {
  const entries = Object.entries(objectAt(value, ...path));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/**
 * Whether a key is missing for certain. A key that is present with `undefined` holds a value that is not known yet,
 * null counts as absent.
 */
export function missing(value: JsonObject, key: string): boolean {
  return !(key in value) || value[key] === null;
}

/** Whether a value is known with everything inside of it. */
export function known(value: Json | undefined): boolean {
  if (value === undefined) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(known);
}
