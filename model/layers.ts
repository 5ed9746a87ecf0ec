import { type Finding, findingText } from "./finding";
import { isObject, type Json } from "./json";
import type { PathStep } from "./path";

/** Where something was written. Line and column count from 1. */
export interface Origin {
  file: string;
  line: number;
  column: number;
}

type Content = null | boolean | number | string | Sourced[] | ReadonlyMap<string, Sourced>;

/** A value in which everything knows where it was written: a property at its key, an element at its beginning. */
export interface Sourced {
  /** Absent for values that no file holds. */
  origin?: Origin;
  content: Content;
}

/** A finding with the place in a file that it is about. */
export interface PlacedFinding extends Finding {
  origin?: Origin;
}

/** `file:line:column`. */
export function originText({ file, line, column }: Origin): string {
  return `${file}:${line}:${column}`;
}

/** A finding in one line, which begins with its place where that is known. */
export function placedText(finding: PlacedFinding): string {
  return `${finding.origin ? `${originText(finding.origin)}: ` : ""}${findingText(finding)}`;
}

function isMapping(content: Content): content is ReadonlyMap<string, Sourced> {
  return content instanceof Map;
}

/** The value without its origins. */
export function plain({ content }: Sourced): Json {
  if (Array.isArray(content)) return content.map(plain);
  if (!isMapping(content)) return content;
  return Object.fromEntries([...content].map(([key, value]) => [key, plain(value)]));
}

/** A value, all of it from one place. */
export function sourced(value: Json, origin?: Origin): Sourced {
  if (Array.isArray(value)) return { origin, content: value.map((element) => sourced(element, origin)) };
  if (!isObject(value)) return { origin, content: value };
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Sourced][] =>
    inner === undefined ? [] : [[key, sourced(inner, origin)]],
  );
  return { origin, content: new Map(entries) };
}

/**
 * The value with the origins of one that was read from a file: of those parts that say the same there, and for the
 * others that of what they are in.
 */
export function withOrigins(value: Json, known: Sourced | undefined, fallback?: Origin): Sourced {
  const origin = known?.origin ?? fallback;
  const below = (step: PathStep): Sourced | undefined => known && child(known, step);
  if (Array.isArray(value)) {
    return { origin, content: value.map((element, index) => withOrigins(element, below(index), origin)) };
  }
  if (!isObject(value)) return { origin: known && known.content !== value ? fallback : origin, content: value };
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Sourced][] =>
    inner === undefined ? [] : [[key, withOrigins(inner, below(key), origin)]],
  );
  return { origin, content: new Map(entries) };
}

function child({ content }: Sourced, step: PathStep): Sourced | undefined {
  if (Array.isArray(content)) return typeof step === "number" ? content[step] : undefined;
  return isMapping(content) ? content.get(String(step)) : undefined;
}

/** What is at a path, if the value has it. */
export function sourcedAt(value: Sourced, path: readonly PathStep[]): Sourced | undefined {
  return path.reduce<Sourced | undefined>((at, step) => at && child(at, step), value);
}

/** Where a path was written; for what is absent, what it would be in. */
export function originAt(value: Sourced, path: readonly PathStep[]): Origin | undefined {
  let at = value;
  let origin = value.origin;
  for (const step of path) {
    const next = child(at, step);
    if (!next) break;
    at = next;
    origin = next.origin ?? origin;
  }
  return origin;
}

/** The key by which an element of a list is recognised in two layers: its namespace and name. */
function keyOf(element: Sourced): string | undefined {
  const name = child(element, "name")?.content;
  const namespace = child(element, "namespace")?.content;
  if (typeof name !== "string") return undefined;
  return typeof namespace === "string" ? `${namespace}/${name}` : name;
}

/** A list of named things: it has elements, every element has a name and none occurs twice. */
function isNamedList(list: Sourced[]): boolean {
  const keys = list.map(keyOf);
  return keys.length > 0 && !keys.includes(undefined) && new Set(keys).size === keys.length;
}

function mergeLists(below: Sourced[], above: Sourced[]): Sourced[] {
  const overrides = new Map(above.map((element) => [keyOf(element), element]));
  const merged = below.map((element) => {
    const override = overrides.get(keyOf(element));
    overrides.delete(keyOf(element));
    return override === undefined ? element : merge(element, override);
  });
  return [...merged, ...overrides.values()];
}

/**
 * Lays one layer of an environment over another: maps are merged deep, lists of named things by name
 * (and namespace, where the things have one), anything else is replaced, also by an empty list. Neither layer is changed.
 */
export function merge(below: Sourced, above: Sourced): Sourced {
  const [under, over] = [below.content, above.content];
  if (Array.isArray(under) && Array.isArray(over) && isNamedList(under) && isNamedList(over)) {
    return { origin: above.origin, content: mergeLists(under, over) };
  }
  if (!isMapping(under) || !isMapping(over)) return above;
  const merged = new Map(under);
  for (const [key, value] of over) {
    const beneath = under.get(key);
    merged.set(key, beneath === undefined ? value : merge(beneath, value));
  }
  return { origin: above.origin, content: merged };
}

/** `merge` of values without origins. */
export function mergeLayers(below: Json, above: Json): Json {
  return plain(merge(sourced(below), sourced(above)));
}
