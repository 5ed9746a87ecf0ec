import { Json, JsonObject, KubernetesObject, ManagedFieldsEntry, PathStep, isObject, sameJson } from "../../model";

/** Who last wrote a field, from `metadata.managedFields`. */
export interface Writer {
  manager: string;
  operation: string;
  time?: string;
}

/**
 * The manager other than `own` that holds the field at the path; the most exact claim wins, then the latest.
 * Falls back to a claim on what is around the field: lists without keys are claimed whole.
 */
export function writerOf(object: KubernetesObject, path: readonly PathStep[], own: string): Writer | undefined {
  const claims = (object.metadata.managedFields ?? [])
    .filter((entry) => !(entry.manager === own && entry.operation === "Apply") && !entry.subresource)
    .map((entry) => ({ entry, depth: claimDepth(entry, object, path) }))
    .filter(({ depth }) => depth > 0)
    .sort((a, b) => b.depth - a.depth || (b.entry.time ?? "").localeCompare(a.entry.time ?? ""));
  const best = claims[0]?.entry;
  return best && { manager: best.manager ?? "unknown", operation: best.operation ?? "Update", time: best.time };
}

/** `changed by "kubectl-edit" (Update) at 2026-01-01T00:00:00Z`, or that nobody claims it. */
export function writerText(writer: Writer | undefined): string {
  if (!writer) return "no field manager claims it";
  return `by field manager "${writer.manager}" (${writer.operation})${writer.time ? ` at ${writer.time}` : ""}`;
}

/** True when that manager has applied any field of the object. */
export function appliedBy(object: KubernetesObject, manager: string): boolean {
  return (object.metadata.managedFields ?? []).some(
    (entry) => entry.manager === manager && entry.operation === "Apply",
  );
}

function claimDepth(entry: ManagedFieldsEntry, object: KubernetesObject, path: readonly PathStep[]): number {
  let claim: JsonObject | undefined = entry.fieldsV1;
  let value = object as unknown as Json | undefined;
  let depth = 0;
  for (const step of path) {
    if (!claim) break;
    const key =
      typeof step === "string" ? `f:${step}` : elementKey(claim, Array.isArray(value) ? value[step] : undefined);
    value = isObject(value) ? value[String(step)] : Array.isArray(value) ? value[Number(step)] : undefined;
    if (key === undefined || claim[key] === undefined) {
      // A claim with nothing below it is on the whole value.
      return Object.keys(claim).length === 0 ? depth : 0;
    }
    claim = isObject(claim[key]) ? claim[key] : {};
    depth += 1;
  }
  return depth;
}

function elementKey(claim: JsonObject, element: Json | undefined): string | undefined {
  return Object.keys(claim).find((key) => {
    if (key.startsWith("v:")) return sameJson(JSON.parse(key.slice(2)) as Json, element);
    if (!key.startsWith("k:") || !isObject(element)) return false;
    const keys = JSON.parse(key.slice(2)) as JsonObject;
    return Object.entries(keys).every(([name, value]) => sameJson(value, element[name]));
  });
}

/** True when that manager's server-side apply holds exactly this field. */
export function ownsField(object: KubernetesObject, path: readonly PathStep[], manager: string): boolean {
  return (object.metadata.managedFields ?? []).some(
    (entry) =>
      entry.manager === manager && entry.operation === "Apply" && claimDepth(entry, object, path) === path.length,
  );
}
