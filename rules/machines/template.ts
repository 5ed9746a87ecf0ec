import type { Facts, JsonObject, KubernetesObject, PathStep } from "../../model";
import { parseQuantity } from "../quantity";
import { indexedAt, listAt, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

/** Path of the instance's specification inside a VirtualMachine. */
export const template: PathStep[] = ["spec", "template", "spec"];
/** Path of the machine's hardware. */
export const domain: PathStep[] = [...template, "domain"];
/** Path of the machine's devices. */
export const devices: PathStep[] = [...domain, "devices"];
export const interfaces: PathStep[] = [...devices, "interfaces"];
export const disks: PathStep[] = [...devices, "disks"];
export const networks: PathStep[] = [...template, "networks"];
export const volumes: PathStep[] = [...template, "volumes"];

/** A rule on a VirtualMachine. */
export function machineRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (machine: KubernetesObject, facts: Facts) => Violation[],
): Rule<KubernetesObject> {
  return { id: `machines/${id}`, severity, source, check };
}

/** What is wrong inside of a list's element; paths are relative to it. */
export type ElementCheck = (element: JsonObject, index: number, machine: KubernetesObject, facts: Facts) => Violation[];

/** A rule on each object of the list at a path. */
export function elementRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  list: PathStep[],
  check: ElementCheck,
): Rule<KubernetesObject> {
  return machineRule(id, severity, source, (machine, facts) =>
    indexedAt(machine, ...list).flatMap(([index, element]) =>
      check(element, index, machine, facts).map((found) => ({ ...found, path: [...list, index, ...found.path] })),
    ),
  );
}

/** Keys of an object that are set, also to a value that is not known yet. */
export function setKeys(object: JsonObject, keys: readonly string[]): string[] {
  return keys.filter((key) => key in object && object[key] !== null);
}

/** The quantity at a path, written as text or number; undefined when there is none. */
export function quantityAt(machine: KubernetesObject, ...path: PathStep[]): number | undefined {
  return parseQuantity(textAt(machine, ...path) ?? numberAt(machine, ...path));
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
