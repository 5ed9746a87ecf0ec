import { JsonObject, KubernetesObject, PathStep, asJson, formatPath, pattern, sameJson, valueAt } from "../../model";
import type { ObjectKind } from "../kind";
import type { JsonPatchOperation } from "./cluster";
import { changes } from "./diff";
import { Identify, elementId, identifyFor } from "./lists";
import { contentKeys } from "./objects";

/**
 * The patch that takes out what the state knew, the program no longer has and server-side apply left in place because
 * another manager holds it: elements and fields that were added out of band and came into the state by a refresh.
 * Empty when nothing is left.
 */
export function leftoverPatch(
  kind: ObjectKind,
  oldInputs: JsonObject,
  inputs: JsonObject,
  live: KubernetesObject,
): JsonPatchOperation[] {
  const paths = leftoverPaths(kind, oldInputs, inputs, live);
  if (paths.length === 0) return [];
  return [
    { op: "test", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion },
    ...paths.map((path): JsonPatchOperation => ({ op: "remove", path: pointer(path) })),
  ];
}

function leftoverPaths(
  kind: ObjectKind,
  oldInputs: JsonObject,
  inputs: JsonObject,
  live: KubernetesObject,
): PathStep[][] {
  const identify = identifyFor(kind);
  const gone = contentKeys(kind).flatMap((key) => changes(oldInputs[key], inputs[key], identify, [key]));
  const found = gone
    .filter((change) => change.kind === "delete" && !kind.serverWritten.includes(pattern(change.path)))
    .flatMap((change) => {
      const at = locate(oldInputs, change.path, asJson(live), identify);
      return at && sameJson(valueAt(asJson(live), at), change.old) ? [at] : [];
    });
  // Later elements first, so that the indices of earlier ones stay right.
  return found.sort((a, b) => formatPath(b).localeCompare(formatPath(a), "en", { numeric: true }));
}

function locate(
  from: JsonObject,
  path: readonly PathStep[],
  to: JsonObject,
  identify: Identify,
): PathStep[] | undefined {
  const at: PathStep[] = [];
  for (const [index, step] of path.entries()) {
    const list = valueAt(to, at);
    if (typeof step === "string" || !Array.isArray(list)) {
      at.push(step);
      continue;
    }
    const identity = identify(path.slice(0, index));
    const wanted = elementId(valueAt(from, path.slice(0, index + 1)) ?? null, identity);
    const position = wanted === undefined ? step : list.findIndex((element) => elementId(element, identity) === wanted);
    if (position < 0) return undefined;
    at.push(position);
  }
  return valueAt(to, at) === undefined ? undefined : at;
}

function pointer(path: readonly PathStep[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
