import { JsonObject, KubernetesObject, PathStep, asJson, isObject, objectName, pattern } from "../../model";
import type { ObjectKind } from "../kind";
import { Drift, DriftOptions, observe } from "./drift";
import { UserError } from "./errors";
import { identifyFor } from "./lists";
import { ADOPTED_ANNOTATION, OWNER_ANNOTATION } from "./operation";

/** The id of an object resource: `namespace/name` or `name`. It is what `pulumi import` takes. */
export function idOf(inputs: JsonObject): string {
  return objectName(inputs.metadata as unknown as { name: string; namespace?: string });
}

/** Namespace and name of an id. */
export function parseId(kind: ObjectKind, id: string): { name: string; namespace?: string } {
  const parts = id.split("/");
  const wanted = kind.scope === "Namespaced" ? 2 : 1;
  if (parts.length !== wanted || parts.some((part) => part === "")) {
    const form = kind.scope === "Namespaced" ? "<namespace>/<name>" : "<name>";
    throw new UserError(`"${id}" is not an id of a ${kind.kind}: write ${form}.`);
  }
  return wanted === 2 ? { namespace: parts[0], name: parts[1] ?? "" } : { name: parts[0] ?? "" };
}

/** The top-level keys that hold the kind's content, `spec` for most. */
export function contentKeys(kind: ObjectKind): string[] {
  return Object.keys(kind.shape().properties ?? {});
}

/** Which resource an object belongs to, and whether it was there before. */
export interface Ownership {
  urn: string;
  adopted: boolean;
}

/** Whether the stack gives the object back instead of deleting it: when it was there before, or nobody knows. */
export function isAdopted(
  kind: ObjectKind,
  metadata: { name: string; namespace?: string },
  outputs: JsonObject,
): boolean {
  return kind.adopt(metadata) && outputs.adopted !== false;
}

/** The object as it is sent to the API server. */
export function toObject(kind: ObjectKind, inputs: JsonObject, owner?: Ownership): KubernetesObject {
  const metadata = structuredClone(inputs.metadata) as JsonObject;
  if (owner) {
    metadata.annotations = {
      ...(isObject(metadata.annotations) ? metadata.annotations : {}),
      [OWNER_ANNOTATION]: owner.urn,
      ...(owner.adopted ? { [ADOPTED_ANNOTATION]: "true" } : {}),
    };
  }
  const content = contentKeys(kind).flatMap((key) => (inputs[key] === undefined ? [] : [[key, inputs[key]]]));
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: metadata as unknown as KubernetesObject["metadata"],
    ...(Object.fromEntries(content) as JsonObject),
  };
}

/** The resource's outputs: the live object without what changes by the minute, labels and annotations as declared. */
export function toOutputs(
  kind: ObjectKind,
  inputs: JsonObject,
  live: KubernetesObject,
  adopted: boolean | undefined,
): JsonObject {
  const declared = inputs.metadata as JsonObject;
  const metadata: JsonObject = { name: live.metadata.name };
  if (live.metadata.namespace) metadata.namespace = live.metadata.namespace;
  if (live.metadata.uid) metadata.uid = live.metadata.uid;
  for (const key of ["labels", "annotations"] as const) {
    const wanted = declared[key];
    if (!isObject(wanted)) continue;
    const have = live.metadata[key] ?? {};
    metadata[key] = Object.fromEntries(
      Object.keys(wanted).flatMap((name) => (name in have ? [[name, have[name]]] : [])),
    );
  }
  const outputs: JsonObject = { apiVersion: kind.apiVersion, kind: kind.kind, metadata };
  for (const key of [...contentKeys(kind), "status"]) {
    if (live[key] !== undefined) outputs[key] = live[key] as JsonObject;
  }
  if (adopted !== undefined && kind.adopt(live.metadata)) outputs.adopted = adopted;
  return outputs;
}

/** The differences between what a stack's state declares and what is live. */
export function driftOf(
  kind: ObjectKind,
  inputs: JsonObject,
  outputs: JsonObject,
  live: KubernetesObject,
): { value: JsonObject; drift: Drift[] } {
  const metadata = inputs.metadata as unknown as { name: string; namespace?: string };
  const options: DriftOptions = {
    identify: identifyFor(kind),
    serverWritten: kind.serverWritten,
    shared: kind.adopt(metadata),
  };
  const value: JsonObject = {};
  const drift: Drift[] = [];
  const state = asJson(live);
  const meta = observe(inputs.metadata, outputs.metadata, state.metadata, { ...options, shared: true }, ["metadata"]);
  value.metadata = meta.value;
  drift.push(...meta.drift);
  for (const key of contentKeys(kind)) {
    const seen = observe(inputs[key], outputs[key], state[key], options, [key]);
    if (seen.value !== undefined) value[key] = seen.value;
    drift.push(...seen.drift);
  }
  return { value, drift };
}

/** The inputs that would make the live object: what `pulumi import` writes into the program. */
export function importedInputs(kind: ObjectKind, live: KubernetesObject): JsonObject {
  const metadata: JsonObject = { name: live.metadata.name };
  if (live.metadata.namespace) metadata.namespace = live.metadata.namespace;
  if (live.metadata.labels) metadata.labels = live.metadata.labels;
  const inputs: JsonObject = { metadata };
  for (const key of contentKeys(kind)) {
    const content = strip(asJson(live)[key] as JsonObject | undefined, kind.serverWritten, [key]);
    if (content !== undefined) inputs[key] = content;
  }
  return inputs;
}

function strip(
  value: JsonObject | undefined,
  serverWritten: readonly string[],
  path: PathStep[],
): JsonObject | undefined {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, key];
    if (serverWritten.includes(pattern(at))) return [];
    return [[key, isObject(item) ? strip(item, serverWritten, at) : item]];
  });
  return Object.fromEntries(kept) as JsonObject;
}
