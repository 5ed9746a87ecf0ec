import type { KubernetesObject, PathStep } from "../../model";

/** Whether the object is of the nested version, hco.kubevirt.io/v1. */
export function isNested({ apiVersion }: KubernetesObject): boolean {
  return apiVersion === "hco.kubevirt.io/v1";
}

/** The path of a field of `spec` in the object's version: in v1 it stands in a group. */
export function place(object: KubernetesObject, group: string, ...field: PathStep[]): PathStep[] {
  return ["spec", ...(isNested(object) ? [group] : []), ...field];
}
