import { Json, JsonObject, PathStep, UNKNOWN, formatPath, isObject, pattern } from "../../model";
import { Change, changes } from "../engine/diff";
import { Identify, identifyFor } from "../engine/lists";
import { UserError } from "../engine/errors";
import type { Kind } from "../kind";

/** What a change of inputs means for a resource. */
export interface Difference {
  changes: Change[];
  /** Paths that force a replacement, as `formatPath` writes them. */
  replaces: string[];
  /** Changed paths that the kind does not let change. */
  fixed: string[];
}

/** The differences between two inputs of a resource. */
export function differences(kind: Kind, oldInputs: JsonObject, inputs: JsonObject): Difference {
  const found = changes(oldInputs, inputs, identify(kind));
  const identity = kind.is === "object" ? ["metadata.name", "metadata.namespace"] : [];
  const immutable = [...identity, ...kind.immutable];
  const replaces = found.filter(({ path }) => immutable.some((entry) => touches(path, entry)));
  const locked = kind.is === "object" ? (kind.fixed?.paths ?? []) : [];
  const fixed = found.filter(({ path }) => locked.some((entry) => touches(path, entry)));
  const texts = (list: Change[]): string[] => list.map(({ path }) => formatPath(path));
  return { changes: found, replaces: texts(replaces), fixed: texts(fixed) };
}

/**
 * Refuses an update of what cannot be changed. A replacement that the program asks for by `replaceOnChanges` does not
 * come here: the engine makes it of our differences. What is not known yet at preview may turn out to be as it was.
 */
export function refuseFixed(kind: Kind, oldInputs: JsonObject, inputs: JsonObject): void {
  if (kind.is !== "object" || !kind.fixed) return;
  const { paths, instead } = kind.fixed;
  const known = paths.filter((entry) => isKnown(inputs, entry));
  const { fixed } = differences({ ...kind, fixed: { paths: known, instead } }, oldInputs, inputs);
  if (fixed.length > 0) throw new UserError(`${fixed.join(", ")} cannot be changed. ${instead}`);
}

function isKnown(inputs: JsonObject, entry: string): boolean {
  const step = (value: Json | undefined, key: string): Json | undefined => (isObject(value) ? value[key] : value);
  const value = entry.split(".").reduce<Json | undefined>(step, inputs);
  return !JSON.stringify(value ?? null).includes(UNKNOWN);
}

function identify(kind: Kind): Identify {
  return kind.is === "object" ? identifyFor(kind) : () => "ordered";
}

function touches(path: readonly PathStep[], entry: string): boolean {
  const at = pattern(path);
  return at === entry || at.startsWith(`${entry}.`) || entry.startsWith(`${at}.`);
}
