import { Json, PathStep, isObject, pattern, valueAt } from "../../model";
import type { ListIdentity, ObjectKind } from "../kind";
import type { Shape } from "../shape";

/** How the elements of the list at a path are told apart. */
export type Identify = (path: readonly PathStep[]) => ListIdentity;

/** From the kind's own list keys, else from what the API server merges by, else by position. */
export function identifyFor(kind: Pick<ObjectKind, "listKeys" | "shape">): Identify {
  return (path) => {
    const known = kind.listKeys[pattern(path)];
    if (known) return known;
    const shape = shapeAt(kind.shape(), path);
    if (shape?.listType === "map" && shape.listKeys?.length) return { by: shape.listKeys };
    return shape?.listType === "set" ? "set" : "ordered";
  };
}

function shapeAt(root: Shape, path: readonly PathStep[]): Shape | undefined {
  return path.reduce<Shape | undefined>(
    (shape, step) => (typeof step === "number" ? shape?.items : (shape?.properties?.[step] ?? shape?.values)),
    root,
  );
}

/** A text that is equal for elements that are the same one; undefined where only the position tells. */
export function elementId(element: Json, identity: ListIdentity): string | undefined {
  if (identity === "ordered") return undefined;
  if (identity === "set") return JSON.stringify(element);
  if (!isObject(element)) return undefined;
  return JSON.stringify(identity.by.map((key) => valueAt(element, key.split(".")) ?? null));
}

/** Indices of an element in two lists; one is absent where only the other list has it. */
export type Pair = { a: number; b: number } | { a: number; b?: undefined } | { a?: undefined; b: number };

/** Pairs the elements of two lists that are the same one. */
export function pairElements(a: readonly Json[], b: readonly Json[], identity: ListIdentity): Pair[] {
  const idsB = b.map((element) => elementId(element, identity));
  const idsA = a.map((element) => elementId(element, identity));
  const keyed = identity !== "ordered" && isUnique(idsA) && isUnique(idsB);
  if (!keyed) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, index): Pair => {
      if (index >= a.length) return { b: index };
      return index < b.length ? { a: index, b: index } : { a: index };
    });
  }
  const at = new Map(idsB.map((id, index) => [id, index]));
  const pairs = idsA.map((id, index): Pair => {
    const counterpart = at.get(id);
    return counterpart === undefined ? { a: index } : { a: index, b: counterpart };
  });
  const known = new Set(idsA);
  idsB.forEach((id, index) => {
    if (!known.has(id)) pairs.push({ b: index });
  });
  return pairs;
}

function isUnique(ids: readonly (string | undefined)[]): boolean {
  return ids.every((id) => id !== undefined) && new Set(ids).size === ids.length;
}
