import type { KubernetesObject } from "../../../model";

/** Reads an object as it is in the cluster now; fails when there is none. */
export type Read = (apiVersion: string, kind: string, name: string, namespace?: string) => Promise<KubernetesObject>;

/** The tests of one row of the source document, on the sandbox environment when it is up. */
export type Row = (read: Read) => void;

/** Status of an object's condition; undefined when it has none of that type. */
export function conditionOf(object: KubernetesObject, type: string): unknown {
  const conditions = (object.status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.find((each) => each.type === type)?.status;
}
