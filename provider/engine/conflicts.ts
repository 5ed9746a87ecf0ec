import { Json, JsonObject, KubernetesObject, PathStep, asJson, isObject, valueAt } from "../../model";
import type { ApiError } from "./errors";
import { UserError } from "./errors";
import { FORCE_ANNOTATION } from "./operation";
import type { Drift } from "./drift";
import { ownsField } from "./ownership";

/** A field that another manager holds with another value. */
export interface Conflict {
  manager: string;
  /** As the API server writes it: `.spec.nicSelector.pfNames`. */
  field: string;
}

/** The conflicts of a refused server-side apply; empty when it was refused for another reason. */
export function conflictsOf(error: ApiError): Conflict[] {
  if (error.code !== 409) return [];
  return error.causes
    .filter((cause) => cause.reason === "FieldManagerConflict")
    .map((cause) => ({ manager: /"([^"]+)"/.exec(cause.message ?? "")?.[1] ?? "unknown", field: cause.field ?? "" }));
}

/** The error for conflicts that nobody has agreed to overwrite. */
export function conflictError(what: string, conflicts: readonly Conflict[]): UserError {
  const lines = conflicts.map(
    ({ manager, field }) => `  ${field.replace(/^\./, "")}: held by field manager "${manager}"`,
  );
  return new UserError(
    `${what}: other field managers hold fields that this would change:\n${lines.join("\n")}\n` +
      "Leave these fields out, or run `pulumi refresh` to see and accept their values as drift before the next `pulumi up`, " +
      `or set the annotation ${FORCE_ANNOTATION}: "true" to take them over.`,
  );
}

/**
 * Whether every conflict is over a value that the stack's state already shows (a refresh recorded it as drift and the
 * program wants another one): then overwriting it is what the user has seen in the preview and asked for.
 * @param drift differences between the state's inputs and what is live now
 */
export function isRecordedDrift(
  conflicts: readonly Conflict[],
  oldInputs: JsonObject,
  live: KubernetesObject,
  drift: readonly Drift[],
  manager: string,
): boolean {
  return conflicts.every(({ field }) => {
    const path = resolveField(asJson(live), field);
    if (!path || path.length === 0 || ownsField(live, path, manager)) return false;
    const inputs = resolveField(oldInputs, field);
    const isFresh = drift.some((entry) => path.every((step, index) => entry.path[index] === step));
    return !isFresh && inputs && valueAt(oldInputs, inputs) !== undefined;
  });
}

/**
 * The path of a field as the API server writes it, in an object that has it. It ends at a list that has no such element.
 * Source: structured-merge-diff fieldpath/element.go: `.name`, `[key="value",…]`, `[="value"]`, `[index]`.
 */
export function resolveField(object: JsonObject, field: string): PathStep[] | undefined {
  const rest = field.replace(/^\./, "");
  return descend(object, rest);
}

/** The element of a list, with what follows it. */
function element(value: Json | undefined, rest: string): PathStep[] | undefined {
  const [bracket = "", inner = ""] = /^\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/.exec(rest) ?? [];
  const index = Array.isArray(value) && bracket ? value.findIndex((each, at) => isElement(each, at, inner)) : -1;
  if (!Array.isArray(value) || index < 0) return [];
  const below = descend(value[index], rest.slice(bracket.length).replace(/^\./, ""));
  return below && [index, ...below];
}

function isElement(candidate: Json, at: number, inner: string): boolean {
  const parts = [...inner.matchAll(/([^=,]*)=("(?:[^"\\]|\\.)*"|[^,]*)/g)];
  if (parts.length === 0) return String(at) === inner;
  return parts.every(([, key = "", text = ""]) => {
    const have = key === "" ? candidate : isObject(candidate) ? candidate[key] : undefined;
    return have !== undefined && JSON.stringify(have) === text;
  });
}

function descend(value: Json | undefined, rest: string): PathStep[] | undefined {
  if (rest === "") return [];
  if (rest.startsWith("[")) return element(value, rest);
  if (!isObject(value)) return undefined;
  // Keys may hold dots themselves (labels, annotations), and the API server does not quote them.
  for (const key of Object.keys(value).sort((a, b) => b.length - a.length)) {
    if (!rest.startsWith(key)) continue;
    const next = rest.slice(key.length);
    if (next !== "" && !next.startsWith(".") && !next.startsWith("[")) continue;
    const below = descend(value[key], next.replace(/^\./, ""));
    if (below) return [key, ...below];
  }
  return undefined;
}
