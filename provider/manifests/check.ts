import { isObject } from "../../model";
import type { Facts, Finding, Json, JsonObject, KubernetesObject } from "../../model";
import { builtInRules } from "../../rules";
import { checkObject } from "../kinds/check-object";
import { manifestMetadataShape } from "../kinds/metadata";
import { validateShape } from "../kinds/validate";
import type { Shape } from "../shape";
import { knownKind, removedKind, servedVersions } from "./known";
import type { Known } from "./known";

function finding(rule: string, severity: Finding["severity"], path: string, message: string, fix?: string): Finding {
  return { rule: `manifest/${rule}`, severity, path, message, ...(fix ? { fix } : {}) };
}

/** The shape of a whole object as it stands in a manifest or a dump. */
export function manifestShape({ kind, other }: Known): Shape {
  const content = (other?.shape ?? kind.shape)();
  return {
    type: "object",
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: manifestMetadataShape,
      ...content.properties,
      status: { type: "object", open: true },
    },
    required: content.required,
  };
}

function versionFindings(known: Known): Finding[] {
  const { kind, other, versionKnown } = known;
  if (versionKnown && (!other || other.status === "served")) return [];
  if (!other) {
    const message = `${kind.kind} has no such version.`;
    return [finding("api-version", "error", "apiVersion", message, `Use ${servedVersions(kind).join(" or ")}.`)];
  }
  const removed = other.status === "removed";
  const message = `This version of ${kind.kind} is ${removed ? "not served any more" : "deprecated"}.`;
  return [finding("api-version", removed ? "error" : "warning", "apiVersion", message, other.note)];
}

function nameFindings({ kind }: Known, metadata: JsonObject): Finding[] {
  const absent = (key: string): boolean => metadata[key] === undefined || metadata[key] === null;
  const found: Finding[] = [];
  if (absent("name") && absent("generateName")) {
    found.push(finding("name", "error", "metadata.name", "The object has no name.", "Give it one."));
  }
  if (kind.scope === "Namespaced" && absent("namespace")) {
    const message = "The object has no namespace: it goes wherever the one who applies it happens to be.";
    found.push(finding("namespace", "warning", "metadata.namespace", message, "Say which namespace it belongs to."));
  }
  if (kind.scope === "Cluster" && !absent("namespace")) {
    const message = `${kind.kind} belongs to no namespace; this one is ignored.`;
    found.push(finding("namespace", "warning", "metadata.namespace", message, "Take it out."));
  }
  return found;
}

/** A value without the keys that hold null: for the API server they are absent. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item ?? null)]));
}

/** The object as rules count on it: without nulls, and with metadata. */
export function subjectOf(object: JsonObject): KubernetesObject {
  const whole = withoutNulls(object) as JsonObject;
  return { ...whole, metadata: isObject(whole.metadata) ? whole.metadata : {} } as unknown as KubernetesObject;
}

function checkKnown(known: Known, object: JsonObject, facts: Facts): Finding[] {
  const version = versionFindings(known);
  if (!known.versionKnown) return version;
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const shape = validateShape(manifestShape(known), object, [], known.kind.formerFields);
  const found = [...version, ...nameFindings(known, metadata), ...shape];
  // Rules read the kind's own version, and count on values of the right type.
  if (known.other?.shape || shape.some(({ rule }) => rule === "schema/type")) return found;
  return [...found, ...checkObject(known.kind.rules, subjectOf(object), facts)];
}

/** Whether a value could be a Kubernetes object at all. */
function envelopeFindings(object: JsonObject): Finding[] {
  return ["apiVersion", "kind"].flatMap((key) => {
    if (typeof object[key] === "string" && object[key] !== "") return [];
    return [finding("object", "error", key, `A Kubernetes object needs ${key}, a text.`)];
  });
}

/** What is to be said of one object; `known` is false for kinds that nothing is known of. */
export interface ManifestCheck {
  findings: Finding[];
  known: boolean;
}

/**
 * Everything that is wrong or doubtful with an object as it stands in somebody's manifests: its version, its shape, its
 * kind's rules. Kinds that the provider does not know are fine, except for those that products took away.
 */
export function checkManifest(object: JsonObject, facts: Facts): ManifestCheck {
  const envelope = envelopeFindings(object);
  if (envelope.length > 0) return { findings: envelope, known: false };
  const { apiVersion, kind: name } = object as { apiVersion: string; kind: string };
  const removed = removedKind(apiVersion, name, facts.versions);
  if (removed) {
    const { gone, since, successor, source } = removed;
    const message = gone ? `There is no ${name} any more.` : `${name} is deprecated; version ${since} is without it.`;
    const said = finding("removed-kind", gone ? "error" : "warning", "kind", message, successor);
    return { findings: [{ ...said, source }], known: true };
  }
  const known = knownKind(apiVersion, name);
  if (known) return { findings: checkKnown(known, object, facts), known: true };
  const rules = builtInRules[`${apiVersion}/${name}`] ?? [];
  return { findings: checkObject(rules, subjectOf(object), facts), known: false };
}

/** The objects of a document: itself, or what a list has in it; undefined for what is neither. */
export function objectsOf(value: Json): { object: Json; path: (string | number)[] }[] {
  if (!isObject(value) || typeof value.kind !== "string" || !value.kind.endsWith("List")) {
    return [{ object: value, path: [] }];
  }
  if (!Array.isArray(value.items)) return [{ object: value, path: [] }];
  const apiVersion = value.kind === "List" ? undefined : value.apiVersion;
  const kind = value.kind === "List" ? undefined : value.kind.slice(0, -"List".length);
  return value.items.flatMap((item, index) => {
    const path = ["items", index];
    if (!isObject(item)) return [{ object: item, path }];
    const whole = { ...(apiVersion === undefined ? {} : { apiVersion }), ...(kind ? { kind } : {}), ...item };
    return objectsOf(whole).map((inner) => ({ object: inner.object, path: [...path, ...inner.path] }));
  });
}
