import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, objectAt } from "../read";
import type { Rule, Violation } from "../rule";

/** Path of the instance's specification inside a VirtualMachine. */
export const template: PathStep[] = ["spec", "template", "spec"];
/** Path of the machine's devices. */
export const devices: PathStep[] = [...template, "domain", "devices"];
export const interfaces: PathStep[] = [...devices, "interfaces"];
export const disks: PathStep[] = [...devices, "disks"];
export const networks: PathStep[] = [...template, "networks"];
export const volumes: PathStep[] = [...template, "volumes"];

/** A rule on a VirtualMachine. */
export function machineRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  check: (machine: KubernetesObject) => Violation[],
): Rule<KubernetesObject> {
  return { id: `machines/${id}`, severity, check };
}

/** What is wrong inside of a list's element; paths are relative to it. */
export type ElementCheck = (element: JsonObject, index: number, machine: KubernetesObject) => Violation[];

/** A rule on each object of the list at a path. */
export function elementRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  list: PathStep[],
  check: ElementCheck,
): Rule<KubernetesObject> {
  return machineRule(id, severity, (machine) =>
    indexedAt(machine, ...list).flatMap(([index, element]) =>
      check(element, index, machine).map((found) => ({ ...found, path: [...list, index, ...found.path] })),
    ),
  );
}

/** Keys of an object that are set, also to a value that is not known yet. */
export function setKeys(object: JsonObject, keys: readonly string[]): string[] {
  return keys.filter((key) => key in object && object[key] !== null);
}

/** Whether the value at a path, or what is above it, is not known yet. */
export function unknownAt(machine: KubernetesObject, path: PathStep[]): boolean {
  return path.some((key, index) => {
    const parent = objectAt(machine, ...path.slice(0, index));
    return key in parent && parent[String(key)] === undefined;
  });
}

/** Whether the list at a path or one of its elements is not known yet. */
export function listUnknown(machine: KubernetesObject, path: PathStep[]): boolean {
  return unknownAt(machine, path) || listAt(machine, ...path).includes(undefined);
}

/** The elements of a list whose text occurs in an earlier one. */
export function repeated(machine: KubernetesObject, list: PathStep[], key: string): { index: number; text: string }[] {
  const seen = new Set<string>();
  return indexedAt(machine, ...list).flatMap(([index, element]) => {
    const text = element[key];
    if (typeof text !== "string") return [];
    if (seen.has(text)) return [{ index, text }];
    seen.add(text);
    return [];
  });
}
