import { isObject } from "../../model";
import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, objectAt } from "../read";

/** A part of an object with its place. */
export interface Place {
  path: PathStep[];
  value: JsonObject;
}

/** One element of `ingress`, `ingressDeny`, `egress` or `egressDeny`. */
export interface Entry extends Place {
  direction: "ingress" | "egress";
  deny: boolean;
  /** Whether the rule selects nodes instead of pods. */
  host: boolean;
}

/** One element of an entry's `toPorts`. */
export interface PortEntry extends Place {
  entry: Entry;
}

export const entryLists = ["ingress", "ingressDeny", "egress", "egressDeny"] as const;

/** Fields of an entry that name peers. Source: Cilium pkg/policy/api/{ingress,egress}.go. */
export const peerFields = {
  ingress: ["fromEndpoints", "fromCIDR", "fromCIDRSet", "fromEntities", "fromNodes", "fromGroups"],
  egress: ["toEndpoints", "toCIDR", "toCIDRSet", "toEntities", "toServices", "toNodes", "toGroups", "toFQDNs"],
} as const;

/** The rules of a policy: its `spec` and the elements of its `specs`. */
export function policyParts(object: KubernetesObject): Place[] {
  const spec = isObject(object.spec) ? [{ path: ["spec"], value: object.spec }] : [];
  return [...spec, ...indexedAt(object, "specs").map(([index, value]) => ({ path: ["specs", index], value }))];
}

/** The entries of one rule of a policy. */
export function entriesOf({ path, value }: Place): Entry[] {
  return entryLists.flatMap((list) =>
    indexedAt(value, list).map(([index, entry]): Entry => ({
      path: [...path, list, index],
      value: entry,
      direction: list.startsWith("ingress") ? "ingress" : "egress",
      deny: list.endsWith("Deny"),
      host: isObject(value.nodeSelector),
    })),
  );
}

export function entries(object: KubernetesObject): Entry[] {
  return policyParts(object).flatMap(entriesOf);
}

export function portEntries(object: KubernetesObject): PortEntry[] {
  return entries(object).flatMap((entry) =>
    indexedAt(entry.value, "toPorts").map(([index, value]) => ({
      path: [...entry.path, "toPorts", index],
      value,
      entry,
    })),
  );
}

/** Whether an element of `toPorts` has HTTP or DNS rules; an empty list counts as none. */
export function hasRules({ value }: Place, type: "http" | "dns"): boolean {
  return listAt(objectAt(value, "rules"), type).length > 0;
}

/** Elements of a list of `toPorts` by its field. */
export function inPorts(part: PortEntry, ...fields: PathStep[]): Place[] {
  return indexedAt(part.value, ...fields).map(([index, value]) => ({ path: [...part.path, ...fields, index], value }));
}

const selectorFields = new Set(["endpointSelector", "nodeSelector", "cidrGroupSelector", "selector"]);
const selectorLists = new Set(["fromEndpoints", "toEndpoints", "fromNodes", "toNodes"]);

function selectorsIn(path: PathStep[], value: JsonObject): Place[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, key];
    if (Array.isArray(inner)) {
      return indexedAt(inner).flatMap(([index, item]) => {
        const place = { path: [...at, index], value: item };
        return selectorLists.has(key) ? [place] : selectorsIn(place.path, item);
      });
    }
    if (!isObject(inner)) return [];
    return selectorFields.has(key) ? [{ path: at, value: inner }] : selectorsIn(at, inner);
  });
}

/** All label selectors of a policy. */
export function selectors(object: KubernetesObject): Place[] {
  return policyParts(object).flatMap(({ path, value }) => selectorsIn(path, value));
}
