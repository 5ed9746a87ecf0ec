import { Json, JsonObject, PathStep, isObject, pattern, sameJson } from "../../model";
import { Identify, pairElements } from "./lists";

/** One difference between what was declared and what is there, that no server makes by itself. */
export interface Drift {
  kind: "changed" | "added" | "removed";
  /** Path in the live value; for removed ones in the declared value. */
  path: PathStep[];
  declared?: Json;
  live?: Json;
}

export interface DriftOptions {
  identify: Identify;
  /** Path patterns that servers write. */
  serverWritten: readonly string[];
  /**
   * Fields beyond the declared ones belong to others: true for objects that are shared with an operator or the installer.
   * Declared lists are still compared whole.
   */
  shared: boolean;
}

/** The value with the drift worked in: what a program would have to declare to get what is there. */
export interface Observed {
  value: Json | undefined;
  drift: Drift[];
}

/**
 * Compares a declared value with the live one. `baseline` is what the server held right after the last apply or refresh:
 * values that were there then, or came out of the declared ones then, are the server's defaults and spellings.
 */
export function observe(
  declared: Json | undefined,
  baseline: Json | undefined,
  live: Json | undefined,
  options: DriftOptions,
  path: PathStep[] = [],
): Observed {
  if (options.serverWritten.includes(pattern(path))) return { value: declared, drift: [] };
  if (isObject(declared) && isObject(live)) {
    return observeObject(declared, isObject(baseline) ? baseline : {}, live, options, path);
  }
  if (Array.isArray(declared) && Array.isArray(live)) {
    return observeList(declared, Array.isArray(baseline) ? baseline : undefined, live, options, path);
  }
  if (declared === undefined || declared === null) return observeUndeclared(baseline, live, options, path);
  if (live === undefined || live === null) {
    // Servers leave out empty values; they did so at the last apply as well.
    if (isEmpty(declared) && (baseline === undefined || baseline === null)) return { value: declared, drift: [] };
    return { value: undefined, drift: [{ kind: "removed", path, declared }] };
  }
  if (
    sameJson(declared, live) ||
    (baseline !== undefined && sameJson(baseline, live) && !sameJson(baseline, declared))
  ) {
    return { value: declared, drift: [] };
  }
  return { value: live, drift: [{ kind: "changed", path, declared, live }] };
}

function observeUndeclared(
  baseline: Json | undefined,
  live: Json | undefined,
  options: DriftOptions,
  path: PathStep[],
): Observed {
  if (options.shared || live === undefined || live === null || sameJson(baseline, live))
    return { value: undefined, drift: [] };
  if (isObject(live) && isObject(baseline)) return observeObject({}, baseline, live, options, path, true);
  if (isObject(live) && Object.keys(live).length > 0 && hasServerWritten(options, path)) {
    return observeObject({}, {}, live, options, path, true);
  }
  return { value: live, drift: [{ kind: "added", path, live }] };
}

function hasServerWritten(options: DriftOptions, path: PathStep[]): boolean {
  const prefix = `${pattern(path)}.`;
  return options.serverWritten.some((entry) => entry.startsWith(prefix));
}

function observeObject(
  declared: JsonObject,
  baseline: JsonObject,
  live: JsonObject,
  options: DriftOptions,
  path: PathStep[],
  undeclared = false,
): Observed {
  const value: JsonObject = {};
  const drift: Drift[] = [];
  for (const key of new Set([...Object.keys(declared), ...Object.keys(live)])) {
    const seen = observe(declared[key], baseline[key], live[key], options, [...path, key]);
    if (seen.value !== undefined) value[key] = seen.value;
    drift.push(...seen.drift);
  }
  return { value: undeclared && Object.keys(value).length === 0 ? undefined : value, drift };
}

function observeList(
  declared: Json[],
  baseline: Json[] | undefined,
  live: Json[],
  options: DriftOptions,
  path: PathStep[],
): Observed {
  const identity = options.identify(path);
  const before = baseline ?? [];
  const base = new Map(pairElements(live, before, identity).map(({ a, b }) => [a, b]));
  const value: Json[] = [];
  const drift: Drift[] = [];
  // Elements of a declared list are all owned, also in shared objects.
  const inner = { ...options, shared: false };
  for (const { a, b } of pairElements(declared, live, identity)) {
    if (b === undefined) {
      drift.push({ kind: "removed", path: [...path, a], declared: declared[a] });
      continue;
    }
    const at = base.get(b);
    const baselineElement = at === undefined ? undefined : before[at];
    if (a === undefined) {
      const seen = observeUndeclared(baselineElement, live[b], inner, [...path, b]);
      if (seen.value !== undefined) value.push(live[b] ?? null);
      if (seen.value !== undefined) drift.push({ kind: "added", path: [...path, b], live: live[b] });
      continue;
    }
    const seen = observe(declared[a], baselineElement, live[b], inner, [...path, b]);
    if (seen.value !== undefined) value.push(seen.value);
    drift.push(...seen.drift);
  }
  return { value, drift };
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value))
    return Object.values(value).every((item) => item === undefined || item === null || isEmpty(item));
  return value === false || value === 0 || value === "";
}
