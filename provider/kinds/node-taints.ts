import type { JsonObject, KubernetesObject } from "../../model";
import { objectAt, objectsAt, textAt } from "../../rules/read";
import type { Apply, Verdict } from "../kind";
import { failed, ready } from "./verdict";

/** How a set of labels and taints treats one node. */
export interface OnNode {
  /** Name of the set. */
  set: string;
  /** What the stack's state says that the node has, as texts; absent when it says nothing. */
  seen?: readonly string[];
  /** Takes over what others hold. */
  force: boolean;
}

/** Annotation of a node with the taints that the set has added to others' taints. */
const record = (set: string): string => `pulumi-ove/taints.${set}`;

/** Field manager of a set's taints: the list of taints is one field, which is always taken over and written whole. */
export const taintManager = (set: string): string => `pulumi-ove-taints-${set}`;

const idOf = (taint: JsonObject): string => `${textAt(taint, "key") ?? ""}:${textAt(taint, "effect") ?? ""}`;

/** A taint as kubectl writes it: `key=value:effect`. */
export function taintText(taint: JsonObject): string {
  const value = textAt(taint, "value");
  return `${textAt(taint, "key") ?? ""}${value ? `=${value}` : ""}:${textAt(taint, "effect") ?? ""}`;
}

/** The node's taint of the same key and effect. */
export function sameTaint(node: KubernetesObject, taint: JsonObject): JsonObject | undefined {
  return objectsAt(node, "spec", "taints").find((each) => idOf(each) === idOf(taint));
}

/** The node's taints of the keys and effects of these. */
export function sameTaints(node: KubernetesObject, taints: readonly JsonObject[]): JsonObject[] {
  return taints.map((taint) => sameTaint(node, taint)).filter((taint) => taint !== undefined);
}

const recorded = (node: KubernetesObject, set: string): string[] =>
  (textAt(node, "metadata", "annotations", record(set)) ?? "").split(",").filter((id) => id !== "");

/** The taints that the node should have, and which of them the set answers for: those that others have put there stay theirs. */
export function mergedTaints(
  live: readonly JsonObject[],
  own: readonly string[],
  wanted: readonly JsonObject[],
): { taints: JsonObject[]; own: string[] } {
  const texts = new Set(wanted.map(taintText));
  const ids = new Set(wanted.map(idOf));
  const others = live.filter(
    (taint) => !own.includes(idOf(taint)) && (texts.has(taintText(taint)) || !ids.has(idOf(taint))),
  );
  const added = wanted.filter((taint) => !others.some((each) => idOf(each) === idOf(taint)));
  return { taints: [...others, ...added], own: added.map(idOf) };
}

/** A taint of the same key and effect and another value that nobody has agreed to overwrite. */
function clash(node: KubernetesObject, wanted: readonly JsonObject[], on: OnNode): JsonObject | undefined {
  if (on.force) return undefined;
  return sameTaints(node, wanted).find((live) => {
    if (wanted.some((taint) => taintText(taint) === taintText(live))) return false;
    return on.seen ? !on.seen.includes(taintText(live)) : !recorded(node, on.set).includes(idOf(live));
  });
}

/** Who has written the list of taints. */
function writer(node: KubernetesObject, set: string): string {
  const entries = (node.metadata.managedFields ?? []).filter(
    ({ manager, fieldsV1 }) => manager !== taintManager(set) && "f:taints" in objectAt(fieldsV1, "f:spec"),
  );
  return entries[0]?.manager ?? "unknown";
}

const holds = (node: KubernetesObject, manager: string): boolean =>
  (node.metadata.managedFields ?? []).some((entry) => entry.manager === manager && entry.operation === "Apply");

/** Brings the taints of a node to what the set wants of it, beside those of others. */
export function tainted(node: KubernetesObject, wanted: readonly JsonObject[], on: OnNode): Verdict {
  const { name } = node.metadata;
  const foreign = clash(node, wanted, on);
  if (foreign) {
    const whose = `written by field manager "${writer(node, on.set)}"`;
    return failed(
      `node ${name} has the taint ${taintText(foreign)}, ${whose}. Run \`pulumi refresh\` to accept it as drift, or set \`force\` to take it over.`,
    );
  }
  const manager = taintManager(on.set);
  const now = objectsAt(node, "spec", "taints");
  const merged = mergedTaints(now, recorded(node, on.set), wanted);
  const texts = now.map(taintText);
  const same = merged.taints.length === now.length && merged.taints.every((each) => texts.includes(taintText(each)));
  const isRecorded = merged.own.join() === recorded(node, on.set).join();
  const isGivenBack = now.length > 0 || merged.own.length > 0 || !holds(node, manager);
  if (same && isRecorded && isGivenBack) return ready;
  const content = (live: KubernetesObject): KubernetesObject => contentOf(live, wanted, on.set);
  const does: Apply = {
    act: "apply",
    manager,
    plural: "nodes",
    object: { apiVersion: "v1", kind: "Node", metadata: { name } },
    force: true,
    from: content,
  };
  return { state: "acting", condition: `node ${name} has its taints`, seen: texts.join(", ") || "none", does };
}

/** The apply of a set's taints to a node as it is; refused when the node has changed since. */
function contentOf(live: KubernetesObject, wanted: readonly JsonObject[], set: string): KubernetesObject {
  const now = objectsAt(live, "spec", "taints");
  const { taints, own } = mergedTaints(now, recorded(live, set), wanted);
  const { name, resourceVersion } = live.metadata;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(own.length > 0 ? { annotations: { [record(set)]: own.join() } } : {}),
    },
    // An empty list first empties it, whoever holds it; with the list empty nothing is held any more.
    ...(taints.length + now.length > 0 ? { spec: { taints } } : {}),
  };
}
