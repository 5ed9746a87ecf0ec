import { z } from "zod";
import { hostAddressProblem, isAddress } from "../addresses";
import { distinct, DnsLabel, InterfaceName, Mtu, namespacedName, NetworkCidr } from "./common";

const Address = z.string().refine(isAddress, { error: (issue) => `${JSON.stringify(issue.input)} is not an address.` });

const HostAddress = z.string().superRefine((text, context) => {
  const problem = hostAddressProblem(text);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

const Route = z.strictObject({
  dst: NetworkCidr.describe("Destination, `0.0.0.0/0` for the default route."),
  gw: Address.optional().describe("Next hop."),
});

const Routes = z.array(Route).optional().describe("Routes that members get. A gateway alone is none.");

const StaticAddress = z.strictObject({
  address: HostAddress.describe("Address with its prefix length. Every member gets the same one."),
  gateway: Address.optional().describe("Gateway; makes no route by itself."),
});

/** How members that are pods get addresses. Virtual machines get theirs from cloud-init. */
export const Ipam = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("whereabouts").describe("Addresses out of one range for the whole cluster."),
    range: NetworkCidr.describe("The range."),
    range_start: Address.optional().describe("First address; the range's first unless given."),
    range_end: Address.optional().describe("Last address; the range's last unless given."),
    exclude: z.array(NetworkCidr).optional().describe("Parts of the range that are not given out."),
    gateway: Address.optional().describe("Gateway."),
    routes: Routes,
  }),
  z.strictObject({
    type: z.literal("host-local").describe("Addresses out of a range per node: the same on every node."),
    subnet: NetworkCidr.describe("The range."),
    rangeStart: Address.optional().describe("First address; the range's first unless given."),
    rangeEnd: Address.optional().describe("Last address; the range's last unless given."),
    gateway: Address.optional().describe("Gateway; the range's first address unless given."),
    routes: Routes,
  }),
  z.strictObject({
    type: z.literal("static").describe("Addresses written here."),
    addresses: z.array(StaticAddress).min(1).describe("The addresses."),
    routes: Routes,
  }),
  z.strictObject({
    type: z.literal("dhcp").describe("A DHCP server on the network. Needs OpenShift's dhcp-daemon on the nodes."),
  }),
]);

// The admission controller's own pattern: no dots, no leading zero.
const AttachmentName = z
  .string()
  .max(63)
  .regex(/^[a-z1-9]([-a-z0-9]*[a-z0-9])?$/, "Must be lower case letters, digits and hyphens, and not begin with 0.");

const common = {
  name: AttachmentName.describe("Name of the attachment."),
  namespace: DnsLabel.describe("Namespace of the attachment: that of its members, as OpenShift keeps others out."),
  namespaces: z
    .array(DnsLabel)
    .default([])
    .describe("Further namespaces with members: the attachment is made in each of them."),
};

const onHost = {
  uplink: InterfaceName.optional().describe(
    "Interface of the nodes that leads to the network. What is needed on top of it, a VLAN and a bridge, is made.",
  ),
  nodePool: DnsLabel.optional().describe("Role of the nodes on which that is made; `worker` unless given."),
};

const optionalIpam = Ipam.optional().describe("Addresses of members that are pods; none for virtual machines.");
const parentMtu = Mtu.optional().describe("MTU in bytes, not above the interface's.");
const VlanId = z.int().min(1).max(4094);

/** Adds what holds between the fields that name the host side of an attachment. */
function hostSide<T extends z.ZodType<HostSide & { bridge?: string | undefined; master?: string | undefined }>>(
  fields: T,
): T {
  return fields.superRefine((attachment, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const { uplink, nodePool, bridge, master, type } = attachment;
    const parent = type === "macvlan" || type === "ipvlan";
    const key = parent ? "master" : "bridge";
    if (uplink === undefined) {
      if ((parent ? master : bridge) === undefined) issue(key, `Give \`${key}\` or \`uplink\`.`);
      if (nodePool !== undefined) issue("nodePool", "Needs an `uplink`.");
      if (parent && attachment.vlan !== undefined) issue("vlan", "Needs an `uplink` that carries it.");
      return;
    }
    if (parent && master !== undefined) issue("master", "Give either `master` or `uplink`.");
    const host = hostNames(attachment);
    for (const name of [host?.vlan, host?.bridge]) {
      if (name === undefined || name.length <= 15) continue;
      const fix = name === host?.vlan ? "declare the VLAN in the host network" : "give a shorter `bridge`";
      issue("uplink", `Makes the interface "${name}", whose name has more than 15 characters: ${fix}.`);
    }
  });
}

/** What an attachment with an uplink needs on the nodes. */
export interface HostSide {
  type: string;
  uplink?: string | undefined;
  nodePool?: string | undefined;
  vlan?: number | undefined;
  mtu?: number | undefined;
}

/**
 * Names of what is made on an uplink: a VLAN's interface, and a bridge for types that need one. Open vSwitch tags frames
 * itself; for a Linux bridge the VLAN is made below, which leaves addresses of the uplink where they are.
 */
export function hostNames(
  attachment: HostSide & { bridge?: string | undefined },
): { vlan?: string; bridge?: string } | undefined {
  const { type, uplink, vlan, bridge } = attachment;
  if (uplink === undefined) return undefined;
  const tagged = vlan !== undefined && type !== "ovs" ? `${uplink}.${vlan}` : undefined;
  const named = tagged === undefined ? {} : { vlan: tagged };
  if (type === "macvlan" || type === "ipvlan") return named;
  return { ...named, bridge: bridge ?? `br-${tagged ?? uplink}` };
}

/** A secondary network that pods or virtual machines join: NetworkAttachmentDefinitions of one name. */
export const Attachment = z.discriminatedUnion("type", [
  hostSide(
    z.strictObject({
      ...common,
      type: z
        .enum(["bridge", "cnv-bridge"])
        .describe("A Linux bridge of the node: `cnv-bridge` is OpenShift Virtualization's copy of `bridge`."),
      bridge: InterfaceName.optional().describe(
        "The bridge, which every node must have: the plugin makes an unconnected one otherwise. With `uplink`, its name.",
      ),
      ...onHost,
      vlan: VlanId.optional().describe(
        "VLAN id: on a bridge that filters VLANs, or of `uplink`; untagged unless given.",
      ),
      macspoofchk: z.boolean().default(true).describe("Drops frames with another source MAC than the member's."),
      portIsolation: z.boolean().optional().describe("Members do not reach one another. Needs plugin version 1.7."),
      mtu: Mtu.optional().describe("MTU in bytes; the bridge's unless given."),
    }),
  ),
  hostSide(
    z.strictObject({
      ...common,
      type: z
        .literal("ovs")
        .describe("An Open vSwitch bridge of the node. Its plugin comes with OpenShift Virtualization's `deployOVS`."),
      bridge: InterfaceName.optional().describe("The bridge, which every node must have. With `uplink`, its name."),
      ...onHost,
      vlan: VlanId.optional().describe("VLAN id; a trunk of all VLANs unless given."),
      mtu: Mtu.optional().describe("MTU in bytes; 1500 unless given."),
      ipam: optionalIpam,
    }),
  ),
  hostSide(
    z.strictObject({
      ...common,
      type: z.literal("macvlan").describe("Pods on an interface of the node; does not carry virtual machines."),
      master: InterfaceName.optional().describe("The node's interface; or give `uplink`."),
      ...onHost,
      vlan: VlanId.optional().describe("VLAN id of `uplink`; untagged unless given."),
      mode: z
        .enum(["bridge", "private", "vepa", "passthru"])
        .default("bridge")
        .describe("How members reach one another."),
      mtu: parentMtu,
      ipam: optionalIpam,
    }),
  ),
  hostSide(
    z.strictObject({
      ...common,
      type: z.literal("ipvlan").describe("Pods that share the MAC of an interface; does not carry virtual machines."),
      master: InterfaceName.optional().describe("The node's interface; or give `uplink`."),
      ...onHost,
      vlan: VlanId.optional().describe("VLAN id of `uplink`; untagged unless given."),
      mode: z.enum(["l2", "l3", "l3s"]).default("l2").describe("Layer on which frames are passed on."),
      mtu: parentMtu,
      ipam: Ipam.describe("Addresses of members; the plugin does not work without."),
    }),
  ),
  z.strictObject({
    ...common,
    type: z.literal("vlan").describe("A VLAN of an interface of the node, one pod per VLAN and node."),
    master: InterfaceName.describe("The node's interface."),
    vlanId: z.int().min(0).max(4094).describe("VLAN id."),
    mtu: parentMtu,
    ipam: Ipam.describe("Addresses of members; the plugin does not work without."),
  }),
  z.strictObject({
    ...common,
    type: z
      .literal("bond")
      .describe("Several interfaces of a pod as one, on top of other attachments; not for virtual machines."),
    mode: z
      .enum(["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"])
      .describe("How frames are shared out."),
    links: z
      .array(InterfaceName)
      .min(2)
      .refine((links) => new Set(links).size === links.length, { error: "Must name each interface once." })
      .default(["net1", "net2"])
      .describe(
        "Interfaces of the pod: those of the attachments that it joins before this one, `net1` and `net2` unless given.",
      ),
    miimon: z.int().min(1).default(100).describe("Milliseconds between checks of the links; 100 unless given."),
    failOverMac: z.int().min(0).max(2).optional().describe("What becomes of MACs at a fail-over: 0, 1 or 2."),
    mtu: Mtu.optional().describe("MTU in bytes, not above that of the links; 1500 unless given."),
    ipam: optionalIpam,
  }),
  z.strictObject({
    ...common,
    type: z.literal("host-device").describe("Moves an interface of the node into the one pod that joins."),
    device: InterfaceName.describe("The node's interface."),
    ipam: optionalIpam,
  }),
]);
export type Attachment = z.infer<typeof Attachment>;

/** An attachment as `namespace/name`, once for each of its namespaces. */
export function attachmentNames({ name, namespace, namespaces }: Attachment): string[] {
  return [namespace, ...namespaces].map((each) => namespacedName({ name, namespace: each }));
}

/** A list of attachments, each once in a namespace. */
export const AttachmentList = distinct(Attachment, namespacedName).superRefine((attachments, context) => {
  const known = new Set(attachments.map(namespacedName));
  attachments.forEach((attachment, index) =>
    attachment.namespaces.forEach((namespace, position) => {
      const key = namespacedName({ name: attachment.name, namespace });
      const path = [index, "namespaces", position];
      if (known.has(key)) context.addIssue({ code: "custom", path, message: `${JSON.stringify(key)} occurs twice.` });
      known.add(key);
    }),
  );
});

/** Secondary networks. */
export const AttachmentsArgs = z.strictObject({
  attachments: AttachmentList.min(1).describe("The networks."),
  multiNetworkPolicy: z
    .boolean()
    .default(false)
    .describe("Runs the daemon that carries out MultiNetworkPolicy; no unless given."),
});
export type AttachmentsArgs = z.infer<typeof AttachmentsArgs>;
