import { known, listAt, mapAt, numberAt, objectAt, textAt, textsAt } from "../read";
import type { InventoryNode, JsonObject, KubernetesObject, Nic } from "../../model";
import { supportedNics } from "./nics";
import { operatorNamespace } from "./namespace";

/** A node has these without the inventory saying so. */
function labelsOf(node: InventoryNode): Record<string, string> {
  const roles = node.role === "master" ? ["master", "control-plane"] : ["worker"];
  return {
    "kubernetes.io/hostname": node.name,
    "kubernetes.io/os": "linux",
    ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ""])),
    ...node.labels,
  };
}

/** Whether an equality selector selects a node; an architecture that the inventory does not tell may be any. */
export function selectsNode(selector: Readonly<Record<string, string>>, node: InventoryNode): boolean {
  const labels = labelsOf(node);
  return Object.entries(selector).every(
    ([key, value]) => labels[key] === value || (key === "kubernetes.io/arch" && !(key in labels)),
  );
}

/** A requirement of a label selector. */
export interface LabelRequirement {
  key: string;
  operator: string;
  values: string[];
}

/** Whether a label selector selects a node. */
export function selectsLabels(
  node: InventoryNode,
  labels: Readonly<Record<string, string>>,
  requirements: readonly LabelRequirement[],
): boolean {
  const own = labelsOf(node);
  const met = ({ key, operator, values }: LabelRequirement): boolean => {
    const value = own[key];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const listed = value !== undefined && values.includes(value);
    return operator === "In" ? listed : operator === "NotIn" && !listed;
  };
  return selectsNode(labels, node) && requirements.every(met);
}

/** The nodes that a policy selects. */
export function selectedNodes(policy: KubernetesObject, nodes: readonly InventoryNode[]): InventoryNode[] {
  const selector = mapAt(policy, "spec", "nodeSelector");
  return nodes.filter((node) => selectsNode(selector, node));
}

/** Name of the physical function of an entry of pfNames. */
export function pfName(entry: string): string {
  return entry.split("#")[0] ?? entry;
}

/** Whether the operator's list of supported cards has this one. */
function isSupported(nic: Nic): boolean {
  return supportedNics.some(({ vendor, device }) => vendor === nic.vendor && device === nic.deviceID);
}

/** Whether a nicSelector selects a card, as the webhook answers: netFilter does not count, unsupported cards never match. */
export function selectsNic(selector: JsonObject, nic: Nic): boolean {
  const roots = textsAt(selector, "rootDevices");
  const names = textsAt(selector, "pfNames").map(pfName);
  return (
    (!selector.vendor || selector.vendor === nic.vendor) &&
    (!selector.deviceID || selector.deviceID === nic.deviceID) &&
    (roots.length === 0 || roots.includes(nic.pciAddress)) &&
    (names.length === 0 || names.includes(nic.name)) &&
    isSupported(nic)
  );
}

/** Whether everything that decides which cards a policy selects is known. */
export function selectionKnown(policy: KubernetesObject): boolean {
  const spec = policy.spec;
  if (!spec) return false;
  return ["nodeSelector", "nicSelector"].every((key) => !(key in spec) || known(spec[key]));
}

/** Virtual functions `first` to `last`, both included. */
export interface VfRange {
  first: number;
  last: number;
}

/** Range of an entry of pfNames; undefined for the whole physical function. */
export function rangeOf(entry: string): VfRange | undefined {
  const match = /#\+?(\d+)-\+?(\d+)$/.exec(entry);
  return match ? { first: Number(match[1]), last: Number(match[2]) } : undefined;
}

/** Whether two ranges have a virtual function in common. */
export function overlap(a: VfRange, b: VfRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** The entry of pfNames that counts for a physical function: the first one that names it. */
export function entryFor(policy: KubernetesObject, name: string): string | undefined {
  return textsAt(policy, "spec", "nicSelector", "pfNames").find((entry) => pfName(entry) === name);
}

/** The virtual functions that a policy takes of a physical function; undefined while numVfs is not known. */
export function vfsOf(policy: KubernetesObject, entry: string | undefined): VfRange | undefined {
  const range = entry === undefined ? undefined : rangeOf(entry);
  const vfs = numberAt(policy, "spec", "numVfs");
  return range ?? (vfs === undefined ? undefined : { first: 0, last: vfs - 1 });
}

/** The policies of a set that the operator reads, each with its index in the set. */
export function policiesOf(objects: readonly KubernetesObject[]): [number, KubernetesObject][] {
  return objects.flatMap((object, index): [number, KubernetesObject][] => {
    const { namespace, name } = object.metadata;
    const ours = object.kind === "SriovNetworkNodePolicy" && object.apiVersion.startsWith("sriovnetwork.openshift.io/");
    const read = (namespace === undefined || namespace === operatorNamespace) && name !== "default";
    return ours && read ? [[index, object]] : [];
  });
}

/** A policy's priority: 0 is the strongest, 99 the webhook's default. */
export function priorityOf(policy: KubernetesObject): number {
  return numberAt(policy, "spec", "priority") ?? 99;
}

/** Whether the operator applies `a` before `b`, so that `b` wins. Source: ByPriority in api/v1/helper.go. */
export function appliedBefore(a: KubernetesObject, b: KubernetesObject): boolean {
  const difference = priorityOf(b) - priorityOf(a);
  return difference === 0 ? a.metadata.name < b.metadata.name : difference < 0;
}

/**
 * Whether two policies select a node in common for certain. Without an inventory that is only sure when one selector
 * asks for all that the other asks for.
 */
export function shareNode(a: KubernetesObject, b: KubernetesObject, nodes?: readonly InventoryNode[]): boolean {
  if (nodes) {
    const others = new Set(selectedNodes(b, nodes));
    return selectedNodes(a, nodes).some((node) => others.has(node));
  }
  const [one, other] = [mapAt(a, "spec", "nodeSelector"), mapAt(b, "spec", "nodeSelector")];
  const within = (inner: Record<string, string>, outer: Record<string, string>): boolean =>
    Object.entries(inner).every(([key, value]) => outer[key] === value);
  return within(one, other) || within(other, one);
}

/** Whether two selectors that name the same physical function can mean the same card. */
function compatible(a: JsonObject, b: JsonObject): boolean {
  const differ = (key: string): boolean => Boolean(a[key] && b[key] && a[key] !== b[key]);
  const roots = textsAt(b, "rootDevices");
  const apart = listAt(a, "rootDevices").length > 0 && roots.length > 0;
  return (
    !differ("vendor") &&
    !differ("deviceID") &&
    (!apart || textsAt(a, "rootDevices").some((each) => roots.includes(each)))
  );
}

/** A physical function that two policies share: the entries of pfNames by which they name it, and where it is. */
export interface SharedPf {
  name: string;
  node?: string;
}

/** The physical functions that both policies select; without an inventory those that both name. */
export function sharedPfs(a: KubernetesObject, b: KubernetesObject, nodes?: readonly InventoryNode[]): SharedPf[] {
  const [one, other] = [objectAt(a, "spec", "nicSelector"), objectAt(b, "spec", "nicSelector")];
  if (textAt(one, "netFilter") || textAt(other, "netFilter")) return [];
  if (nodes) {
    const others = new Set(selectedNodes(b, nodes));
    return selectedNodes(a, nodes)
      .filter((node) => others.has(node))
      .flatMap((node) =>
        node.nics
          .filter((nic) => selectsNic(one, nic) && selectsNic(other, nic))
          .map((nic) => ({ name: nic.name, node: node.name })),
      );
  }
  if (!shareNode(a, b) || !compatible(one, other)) return [];
  const names = textsAt(other, "pfNames").map(pfName);
  return [...new Set(textsAt(one, "pfNames").map(pfName))]
    .filter((name) => names.includes(name))
    .map((name) => ({ name }));
}
