import type { Json, JsonObject } from "./json";

/** One manager's entry in `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: "Apply" | "Update";
  subresource?: string;
  time?: string;
  fieldsV1?: JsonObject;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  ownerReferences?: JsonObject[];
  managedFields?: ManagedFieldsEntry[];
}

/** Any Kubernetes object; kinds whose content is not under `spec` use further top-level keys. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: JsonObject;
  status?: JsonObject;
  [key: string]: unknown;
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** The condition of that type in `status.conditions`, if the object has it. */
export function condition(object: KubernetesObject, type: string): Condition | undefined {
  const conditions = object.status?.conditions;
  if (!Array.isArray(conditions)) return undefined;
  return (conditions as unknown as Condition[]).find((entry) => entry.type === type);
}

/** `namespace/name`, or the name alone for cluster-scoped objects: how objects are called in messages and ids. */
export function objectName(metadata: { name?: string; namespace?: string }): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name ?? ""}` : (metadata.name ?? "");
}

/** An object as plain JSON, for code that walks it by paths. */
export function asJson(object: KubernetesObject): JsonObject {
  return object as unknown as Record<string, Json>;
}
