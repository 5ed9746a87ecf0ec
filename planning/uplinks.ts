import {
  type Attachment,
  HostBridge,
  HostNetworkArgs,
  hostNames,
  HostOvsBridge,
  HostVlan,
  NodeGroup,
  sameNodes,
} from "../model/arguments";

/** Nodes on which the host side of an attachment is made unless it says so. */
const DEFAULT_POOL = "worker";

/** The host network with what attachments need on their uplinks. */
export interface ComposedHost {
  /** Undefined where nothing is declared and nothing is needed. */
  args: HostNetworkArgs | undefined;
  /** Which attachment an interface was made for, by `group/interface`. */
  madeFor: ReadonlyMap<string, number>;
  /** Attachments whose interface is declared in another way already. */
  conflicts: { attachment: number; name: string }[];
}

/** Key of an interface of a group. */
export function madeKey(group: string, name: string): string {
  return `${group}/${name}`;
}

function copyOf(group: NodeGroup): NodeGroup {
  return { ...group, vlans: [...group.vlans], bridges: [...group.bridges], ovsBridges: [...group.ovsBridges] };
}

/** Collects what attachments need in the groups of the host network. */
class Composer {
  readonly madeFor = new Map<string, number>();
  readonly conflicts: ComposedHost["conflicts"] = [];

  constructor(readonly groups: NodeGroup[]) {}

  /** The group of a pool as a whole; a new one where there is none. */
  private groupOf(nodePool: string): NodeGroup {
    const bare = NodeGroup.parse({ name: nodePool, nodePool });
    const found = this.groups.find((group) => sameNodes(group, bare));
    if (found) return found;
    const taken = this.groups.some((group) => group.name === nodePool);
    const group = { ...bare, name: taken ? `${nodePool}-uplinks` : nodePool };
    this.groups.push(group);
    return group;
  }

  /** Adds an interface, or makes sure that the one of its name is the same but for its MTU: the largest one counts. */
  private put<T extends { name: string; mtu?: number | undefined }>(
    group: NodeGroup,
    list: T[],
    part: T,
    attachment: number,
    key: (part: T) => unknown,
  ): void {
    const index = list.findIndex((each) => each.name === part.name);
    const made = madeKey(group.name, part.name);
    const present = list[index];
    if (present === undefined) {
      list.push(part);
      this.madeFor.set(made, attachment);
    } else if (JSON.stringify(key(present)) !== JSON.stringify(key(part))) {
      this.conflicts.push({ attachment, name: part.name });
    } else if (this.madeFor.has(made) && (part.mtu ?? 0) > (present.mtu ?? 0)) {
      list[index] = { ...present, mtu: part.mtu };
    }
  }

  add(attachment: Attachment, index: number): void {
    if (!("uplink" in attachment) || attachment.uplink === undefined) return;
    const { uplink, vlan, mtu, nodePool = DEFAULT_POOL } = attachment;
    const names = hostNames(attachment);
    if (names?.vlan === undefined && names?.bridge === undefined) return;
    const group = this.groupOf(nodePool);
    if (names.vlan !== undefined) {
      const part = HostVlan.parse({ name: names.vlan, base: uplink, id: vlan, mtu });
      this.put(group, group.vlans, part, index, (each) => [each.base, each.id]);
    }
    if (names.bridge === undefined) return;
    const ports = [names.vlan ?? uplink];
    if (attachment.type === "ovs") {
      this.put(
        group,
        group.ovsBridges,
        HostOvsBridge.parse({ name: names.bridge, ports }),
        index,
        (each) => each.ports,
      );
    } else {
      this.put(group, group.bridges, HostBridge.parse({ name: names.bridge, ports, mtu }), index, (each) => each.ports);
    }
  }
}

/** Lays what attachments need on their uplinks over the declared host network, each in the group of its nodes. */
export function composeHost(declared: HostNetworkArgs | undefined, attachments: readonly Attachment[]): ComposedHost {
  const composer = new Composer((declared?.groups ?? []).map(copyOf));
  attachments.forEach((attachment, index) => composer.add(attachment, index));
  const { groups, madeFor, conflicts } = composer;
  const args = declared ?? (groups.length > 0 ? HostNetworkArgs.parse({}) : undefined);
  return { args: args && { ...args, groups }, madeFor, conflicts };
}

/** The interface of the nodes that an attachment is on; undefined where it is on none. */
export function interfaceOf(attachment: Attachment): string | undefined {
  switch (attachment.type) {
    case "bridge":
    case "cnv-bridge":
    case "ovs":
      return hostNames(attachment)?.bridge ?? attachment.bridge;
    case "macvlan":
    case "ipvlan":
      return hostNames(attachment)?.vlan ?? attachment.uplink ?? attachment.master;
    case "vlan":
      return attachment.master;
    case "host-device":
      return attachment.device;
    default:
      return undefined;
  }
}
