import type { PathStep } from "../../model";
import { overlaps } from "../../model/addresses";
import { type Attachment, type HostPart, namespacedName, type NodeGroup, partsOf } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { interfaceOf } from "../uplinks";
import type { Report } from "./domain";

/** Addresses that an attachment gives to members. */
interface Range {
  index: number;
  attachment: Attachment;
  path: PathStep[];
  network: string;
  /** Pools of whereabouts are one for the whole cluster, so that the same range twice is no fault. */
  shared: boolean;
}

function rangesOf(attachment: Attachment, index: number): Range[] {
  const ipam = "ipam" in attachment ? attachment.ipam : undefined;
  const range = (network: string, ...path: PathStep[]): Range => {
    const shared = ipam?.type === "whereabouts";
    return { index, attachment, network, shared, path: ["networks", index, "ipam", ...path] };
  };
  switch (ipam?.type) {
    case "whereabouts":
      return [range(ipam.range, "range")];
    case "host-local":
      return [range(ipam.subnet, "subnet")];
    case "static":
      return ipam.addresses.map(({ address }, at) => {
        const [host = ""] = address.split("/");
        return range(`${host}/${host.includes(":") ? 128 : 32}`, "addresses", at, "address");
      });
    default:
      return [];
  }
}

/** The VLAN that an attachment's plugin adds itself. */
function tagOf(attachment: Attachment): number | undefined {
  if (attachment.type === "vlan") return attachment.vlanId || undefined;
  if (!("vlan" in attachment)) return undefined;
  const below = attachment.type !== "ovs" && attachment.uplink !== undefined;
  return below ? undefined : attachment.vlan;
}

/** VLANs of the host network by name: what carries them and their ids. */
function vlanIds(groups: readonly NodeGroup[]): Map<string, number> {
  return new Map(groups.flatMap((group) => group.vlans.map(({ name, id }) => [name, id] as const)));
}

/** The network on which an attachment's members find one another: hardware and VLAN, as far down as is known. */
function segmentOf(
  attachment: Attachment,
  parts: ReadonlyMap<string, HostPart>,
  ids: ReadonlyMap<string, number>,
): string | undefined {
  let name = interfaceOf(attachment);
  if (name === undefined) return undefined;
  const tags: number[] = [];
  const tag = tagOf(attachment);
  if (tag !== undefined) tags.push(tag);
  for (let part = parts.get(name); part?.below.length === 1; part = parts.get(name)) {
    const [below] = part.below;
    if (below === undefined || part.list === "bonds") break;
    const id = ids.get(name);
    if (id !== undefined) tags.push(id);
    name = below;
  }
  return `${name} ${tags.join(" ")}`;
}

/** Warns of attachments on the same network that give out the same addresses. */
export function checkRanges({ networks }: Environment, groups: readonly NodeGroup[], report: Report): void {
  const parts = new Map(groups.flatMap((group) => partsOf(group).map((part) => [part.name, part] as const)));
  const ids = vlanIds(groups);
  const segments = new Map<string, Range[]>();
  networks.forEach((attachment, index) => {
    const segment = segmentOf(attachment, parts, ids);
    if (segment === undefined) return;
    const earlier = segments.get(segment) ?? [];
    const own = rangesOf(attachment, index);
    for (const range of own) {
      const other = earlier.find((each) => {
        const pool = each.shared && range.shared && each.network === range.network;
        return !pool && overlaps(each.network, range.network);
      });
      if (!other) continue;
      const message = `"${namespacedName(other.attachment)}" gives out addresses of ${range.network} on the same network.`;
      report(range.path, message, "Give each its own part of the addresses.", "warning");
    }
    segments.set(segment, [...earlier, ...own]);
  });
}
