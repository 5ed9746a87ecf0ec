import { JsonObject, PathStep, formatPath, pattern } from "../../model";
import { Change, changes } from "../engine/diff";
import { Identify, identifyFor } from "../engine/lists";
import type { Kind } from "../kind";

/** What a change of inputs means for a resource. */
export interface Difference {
  changes: Change[];
  /** Paths that force a replacement, as `formatPath` writes them. */
  replaces: string[];
}

/** The differences between two inputs of a resource. */
export function differences(kind: Kind, oldInputs: JsonObject, inputs: JsonObject): Difference {
  const found = changes(oldInputs, inputs, identify(kind));
  const identity = kind.is === "object" ? ["metadata.name", "metadata.namespace"] : [];
  const immutable = [...identity, ...kind.immutable];
  const replaces = found.filter(({ path }) => immutable.some((entry) => touches(path, entry)));
  return { changes: found, replaces: replaces.map(({ path }) => formatPath(path)) };
}

function identify(kind: Kind): Identify {
  return kind.is === "object" ? identifyFor(kind) : () => "ordered";
}

function touches(path: readonly PathStep[], entry: string): boolean {
  const at = pattern(path);
  return at === entry || at.startsWith(`${entry}.`) || entry.startsWith(`${at}.`);
}
