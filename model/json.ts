/** A JSON value, as it travels to and from a Kubernetes API server. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. A key that is present with `undefined` counts as absent. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** True for a JSON object, false for lists, scalars and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Deep equality of JSON values; the order of keys does not matter, `undefined` equals absent. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameJson(a[key], b[key]));
}

/** The value at a path of keys and indices, or undefined where the path leaves the value. */
export function valueAt(value: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((at, step) => {
    if (Array.isArray(at) && typeof step === "number") return at[step];
    return isObject(at) ? at[String(step)] : undefined;
  }, value);
}
