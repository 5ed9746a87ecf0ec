import type { PathStep } from "../../model";
import { type Attachment, type HostPart, mtuOf, type NodeGroup, partsOf } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { vlanRanges } from "../hostnetwork";
import { interfaceOf } from "../uplinks";
import type { Report } from "./domain";
import { hostOf } from "./hostnetwork";
import { checkRanges } from "./attachment-ranges";

/** Where an attachment names the interface that it is on. */
function keyOf(attachment: Attachment): string {
  if ("uplink" in attachment && attachment.uplink !== undefined) return "uplink";
  if ("bridge" in attachment) return "bridge";
  return attachment.type === "host-device" ? "device" : "master";
}

/** An interface with the others of its group. */
interface Placed {
  group: NodeGroup;
  part: HostPart;
  parts: readonly HostPart[];
}

/** Interfaces of all groups by name, and the names of everything on which they stand. */
function placedParts(groups: readonly NodeGroup[]): Map<string, Placed[]> {
  const placed = new Map<string, Placed[]>();
  for (const group of groups) {
    const parts = partsOf(group);
    for (const part of parts) placed.set(part.name, [...(placed.get(part.name) ?? []), { group, part, parts }]);
  }
  return placed;
}

/** A bridge of one kind under the name of the other. */
function wrongKind(attachment: Attachment, { part }: Placed): string | undefined {
  const bridges = { bridge: "bridges", "cnv-bridge": "bridges", ovs: "ovsBridges" } as const;
  if (!(attachment.type in bridges)) {
    return part.list === "ovsBridges" ? "is an Open vSwitch bridge, on which nothing stands" : undefined;
  }
  const wanted = bridges[attachment.type as keyof typeof bridges];
  if (part.list === wanted) return undefined;
  return wanted === "bridges" ? "is no Linux bridge" : "is no Open vSwitch bridge";
}

/** A VLAN that frames of a bridge cannot have. */
function vlanProblem(attachment: Attachment, { group, part }: Placed): [message: string, fix: string] | undefined {
  const linux = attachment.type === "bridge" || attachment.type === "cnv-bridge";
  if (!linux || attachment.uplink !== undefined || attachment.vlan === undefined) return undefined;
  const { vlan } = attachment;
  const bridge = group.bridges.find((each) => each.name === part.name);
  if (bridge === undefined) return undefined;
  if (!bridge.vlanFiltering) {
    return [`Bridge ${bridge.name} filters no VLANs, so ${vlan} has no effect.`, "Set its `vlanFiltering` to true."];
  }
  if (bridge.vlans === undefined || vlanRanges(bridge.vlans).some(({ min, max }) => min <= vlan && vlan <= max)) {
    return undefined;
  }
  return [`VLAN ${vlan} does not pass the ports of bridge ${bridge.name}.`, "Add it to the bridge's `vlans`."];
}

function checkPlaced(attachment: Attachment, placed: Placed, at: PathStep[], report: Report): void {
  const { part, parts } = placed;
  const kind = wrongKind(attachment, placed);
  if (kind !== undefined) {
    report([...at, keyOf(attachment)], `${part.name} ${kind}.`, "Use another interface, or another type.");
    return;
  }
  const vlan = vlanProblem(attachment, placed);
  if (vlan) report([...at, "vlan"], ...vlan);
  const limit = mtuOf(part.name, parts);
  const mtu = "mtu" in attachment ? attachment.mtu : undefined;
  if (mtu !== undefined && limit !== undefined && mtu > limit) {
    const message = `Is above the MTU ${limit} of ${part.name}: larger frames are lost.`;
    report([...at, "mtu"], message, `Use at most ${limit}, or raise that of ${part.name}.`);
  }
}

/** macvlan and ipvlan take all frames of their interface, which a bridge or bond does as well: the kernel allows one. */
function checkShared(attachment: Attachment, groups: readonly NodeGroup[], at: PathStep[], report: Report): void {
  if (attachment.type !== "macvlan" && attachment.type !== "ipvlan") return;
  const name = interfaceOf(attachment);
  const controllers = groups.flatMap((group) => partsOf(group)).filter((part) => part.list !== "vlans");
  const holder = controllers.find((part) => name !== undefined && part.below.includes(name));
  if (!holder) return;
  const message = `${name} is a port of ${holder.name}, and cannot carry ${attachment.type} as well.`;
  report([...at, keyOf(attachment)], message, `Use ${holder.name}, or another interface.`);
}

/** Why nothing works on an interface that the nodes do not have. */
function absence(attachment: Attachment): string {
  return attachment.type === "bridge" || attachment.type === "cnv-bridge"
    ? "the plugin makes a bridge that leads nowhere"
    : "members do not start";
}

/** Reports networks of whose interface nothing says that the nodes have it. */
function checkKnown(environment: Environment, known: ReadonlySet<string>, report: Report): void {
  const { hostInterfaces, hostNetwork } = environment;
  if (hostInterfaces === undefined && hostNetwork === undefined) return;
  const has = (name: string) => known.has(name) || hostInterfaces?.includes(name) === true;
  environment.networks.forEach((attachment, index) => {
    const uplink = "uplink" in attachment ? attachment.uplink : undefined;
    // Hardware that something is made on is looked at with the host network.
    if (uplink !== undefined && (hostInterfaces === undefined || uplink !== interfaceOf(attachment))) return;
    const name = interfaceOf(attachment);
    if (name === undefined || has(name)) return;
    const where = ["networks", index, keyOf(attachment)];
    const message = `Nothing says that the nodes have "${name}": without it ${absence(attachment)}.`;
    const fix = "Declare it in `hostNetwork`, or add it to `hostInterfaces`.";
    report(where, message, fix, hostInterfaces === undefined ? "warning" : "error");
  });
}

/** What secondary networks need of the nodes and do not have. */
export function checkAttachments(environment: Environment, report: Report): void {
  const groups = hostOf(environment).args?.groups ?? [];
  const placed = placedParts(groups);
  const declared = (environment.hostNetwork?.groups ?? []).flatMap((group) => partsOf(group));
  // Without a list of hardware, what the host network stands on is taken for it.
  const below = environment.hostInterfaces === undefined ? declared.flatMap((part) => part.below) : [];
  environment.networks.forEach((attachment, index) => {
    const at = ["networks", index];
    for (const each of placed.get(interfaceOf(attachment) ?? "") ?? []) checkPlaced(attachment, each, at, report);
    checkShared(attachment, groups, at, report);
  });
  checkKnown(environment, new Set([...declared.map((part) => part.name), ...below]), report);
  checkRanges(environment, groups, report);
}
