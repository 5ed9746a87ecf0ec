import type { PathStep } from "../path";
import type { NodeGroup } from "./hostnetwork";

/** The lists of a group that hold interfaces. */
export type PartList = "interfaces" | "bonds" | "vlans" | "bridges" | "ovsBridges";

/** An interface of a group, whatever its type. */
export interface HostPart {
  name: string;
  list: PartList;
  index: number;
  /** What is below: the ports of a bond or bridge, the base of a VLAN. */
  below: readonly string[];
  mtu?: number | undefined;
  addresses: readonly string[];
  dhcp4: boolean;
  dhcp6: boolean;
}

/** Something that is wrong with a group. */
export interface GroupProblem {
  path: PathStep[];
  message: string;
  /** The interface that it is about. */
  part?: string;
}

const addressless = { addresses: [], dhcp4: false, dhcp6: false };

/** All interfaces of a group, as it lists them. */
export function partsOf(group: NodeGroup): HostPart[] {
  return [
    ...group.interfaces.map((each, index) => ({ ...each, list: "interfaces" as const, index, below: [] })),
    ...group.bonds.map((each, index) => ({ ...each, list: "bonds" as const, index, below: each.ports })),
    ...group.vlans.map((each, index) => ({ ...each, list: "vlans" as const, index, below: [each.base] })),
    ...group.bridges.map((each, index) => ({ ...each, list: "bridges" as const, index, below: each.ports })),
    ...group.ovsBridges.map((each, index) => ({
      ...addressless,
      ...each,
      list: "ovsBridges" as const,
      index,
      below: each.ports,
    })),
  ];
}

/** The labels by which a group selects its nodes, but for the role. */
function labels({ nodePool, nodeSelector }: NodeGroup): Record<string, string> {
  return { ...nodeSelector, ...(nodePool === undefined ? {} : { [`node-role.kubernetes.io/${nodePool}`]: "" }) };
}

/** True if both groups select by the same labels. */
export function sameNodes(a: NodeGroup, b: NodeGroup): boolean {
  const [one, other] = [labels(a), labels(b)];
  return subset(one, other) && subset(other, one);
}

function subset(labelsOf: Record<string, string>, of: Record<string, string>): boolean {
  return Object.entries(labelsOf).every(([key, value]) => of[key] === value);
}

/** True if every node of one group is for certain a node of the other. Nodes of custom pools are workers too. */
export function shareNodes(a: NodeGroup, b: NodeGroup): boolean {
  const all = (group: NodeGroup) => ({
    ...labels(group),
    ...(group.nodePool !== undefined && group.nodePool !== "master" ? { "node-role.kubernetes.io/worker": "" } : {}),
  });
  return subset(labels(a), all(b)) || subset(labels(b), all(a));
}

/**
 * The MTU of an interface as far as the group tells: a VLAN has that of its base, a bond 1500, a bridge the least of its
 * ports, unless they say so. Undefined for hardware without a word.
 */
export function mtuOf(name: string, parts: readonly HostPart[], above: readonly string[] = []): number | undefined {
  const part = parts.find((each) => each.name === name);
  if (!part || above.includes(name)) return undefined;
  if (part.mtu !== undefined) return part.mtu;
  if (part.list === "bonds") return 1500;
  const below = part.below.map((each) => mtuOf(each, parts, [...above, name]));
  const known = below.filter((each) => each !== undefined);
  return part.list !== "ovsBridges" && known.length > 0 ? Math.min(...known) : undefined;
}

/** Hardware that has to carry frames larger than 1500 bytes, and of which the group does not say that it does. */
export function unsetMtus(group: NodeGroup): (GroupProblem & { name: string; mtu: number })[] {
  const parts = partsOf(group);
  const wanted = (part: HostPart): number => part.mtu ?? 0;
  return parts.flatMap((part) =>
    part.below
      // The kernel gives the ports of a bond its MTU.
      .filter((name) => part.list !== "bonds" && wanted(part) > 1500 && mtuOf(name, parts) === undefined)
      .map((name) => ({
        path: [part.list, part.index, "mtu"],
        part: part.name,
        name,
        mtu: wanted(part),
        message: `Nothing says that ${name} carries ${part.mtu} bytes.`,
      })),
  );
}

function cycleAt(part: HostPart, parts: readonly HostPart[]): boolean {
  const seen = new Set<string>();
  const visit = (name: string): boolean => {
    if (name === part.name) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    return parts.find((each) => each.name === name)?.below.some(visit) ?? false;
  };
  return part.below.some(visit);
}

type Check = (part: HostPart, parts: readonly HostPart[]) => { at: PathStep[]; message: string }[];

const twice: Check = (part, parts) => {
  const first = parts.find((each) => each.name === part.name);
  if (first === part || first === undefined || first.list === part.list) return [];
  return [{ at: ["name"], message: `"${part.name}" is in \`${first.list}\` already.` }];
};

const belowKey = (part: HostPart): PathStep => (part.list === "vlans" ? "base" : "ports");

const controllers: Check = (part, parts) => {
  if (part.list === "vlans") return [];
  const at = [belowKey(part)];
  const repeated = part.below.filter((name, index) => part.below.indexOf(name) !== index);
  const earlier = parts.slice(0, parts.indexOf(part)).filter((each) => each.list !== "vlans");
  const taken = part.below.flatMap((name) => {
    const other = earlier.find((each) => each.below.includes(name));
    return other ? [{ at, message: `${name} is a port of ${other.name} already: a port has one controller.` }] : [];
  });
  return [...repeated.map((name) => ({ at, message: `${name} is in the list twice.` })), ...taken];
};

const loops: Check = (part, parts) =>
  cycleAt(part, parts) ? [{ at: [belowKey(part)], message: `${part.name} stands on itself.` }] : [];

const userspace: Check = (part, parts) =>
  part.below
    .filter((name) => parts.some((each) => each.name === name && each.list === "ovsBridges"))
    .map((name) => ({ at: [belowKey(part)], message: `${name} is an Open vSwitch bridge: nothing stands on it.` }));

const mtus: Check = (part, parts) =>
  part.below.flatMap((name) => {
    const limit = mtuOf(name, parts);
    if (part.mtu === undefined || limit === undefined || part.mtu <= limit || cycleAt(part, parts)) return [];
    return [{ at: ["mtu"], message: `Is above the ${limit} of ${name}, on which it stands.` }];
  });

/** Addresses and how they are asked for. */
const addressed: Check = (part, parts) => {
  const key = part.addresses.length > 0 ? "addresses" : part.dhcp4 ? "dhcp4" : "dhcp6";
  const has = part.addresses.length > 0 || part.dhcp4 || part.dhcp6;
  const holder = parts.find((each) => each.list !== "vlans" && each.below.includes(part.name));
  const found =
    has && holder
      ? [{ at: [key], message: `A port of ${holder.name} has no addresses: give them to ${holder.name}.` }]
      : [];
  const four = part.addresses.some((address) => !address.includes(":"));
  const six = part.addresses.some((address) => address.includes(":"));
  const both = (on: boolean, name: string) =>
    on ? [{ at: [name], message: "Give addresses of this family or ask for them, not both." }] : [];
  return [...found, ...both(four && part.dhcp4, "dhcp4"), ...both(six && part.dhcp6, "dhcp6")];
};

const sameVlan: Check = (part, parts) => {
  const earlier = parts.slice(0, parts.indexOf(part)).filter((each) => each.list === "vlans");
  const id = (each: HostPart) => (each as HostPart & { id?: number }).id;
  const other =
    part.list === "vlans" && earlier.find((each) => id(each) === id(part) && each.below[0] === part.below[0]);
  return other ? [{ at: ["id"], message: `${other.name} is this VLAN of ${part.below[0]} already.` }] : [];
};

const checks: readonly Check[] = [twice, controllers, loops, userspace, mtus, addressed, sameVlan];

/** Everything that cannot be with the interfaces of a group, as far as the group alone tells. */
export function groupProblems(group: NodeGroup): GroupProblem[] {
  const parts = partsOf(group);
  return parts.flatMap((part) =>
    checks.flatMap((check) =>
      check(part, parts).map(({ at, message }) => ({
        path: [part.list, part.index, ...at],
        message,
        part: part.name,
      })),
    ),
  );
}
