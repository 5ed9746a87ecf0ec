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
};

const optionalIpam = Ipam.optional().describe("Addresses of members that are pods; none for virtual machines.");

/** A secondary network that pods or virtual machines join: one NetworkAttachmentDefinition. */
export const Attachment = z.discriminatedUnion("type", [
  z.strictObject({
    ...common,
    type: z
      .enum(["bridge", "cnv-bridge"])
      .describe("A Linux bridge of the node: `cnv-bridge` is OpenShift Virtualization's copy of `bridge`."),
    bridge: InterfaceName.describe(
      "The bridge, which every node must have: the plugin makes an unconnected one otherwise.",
    ),
    vlan: z
      .int()
      .min(1)
      .max(4094)
      .optional()
      .describe("VLAN id on a bridge that filters VLANs; untagged unless given."),
    macspoofchk: z.boolean().default(true).describe("Drops frames with another source MAC than the member's."),
    portIsolation: z.boolean().optional().describe("Members do not reach one another. Needs plugin version 1.7."),
    mtu: Mtu.optional().describe("MTU in bytes; the bridge's unless given."),
  }),
  z.strictObject({
    ...common,
    type: z.literal("macvlan").describe("Pods on an interface of the node; does not carry virtual machines."),
    master: InterfaceName.describe("The node's interface."),
    mode: z
      .enum(["bridge", "private", "vepa", "passthru"])
      .default("bridge")
      .describe("How members reach one another."),
    mtu: Mtu.optional().describe("MTU in bytes, not above the interface's."),
    ipam: optionalIpam,
  }),
  z.strictObject({
    ...common,
    type: z.literal("ipvlan").describe("Pods that share the MAC of an interface; does not carry virtual machines."),
    master: InterfaceName.describe("The node's interface."),
    mode: z.enum(["l2", "l3", "l3s"]).default("l2").describe("Layer on which frames are passed on."),
    mtu: Mtu.optional().describe("MTU in bytes, not above the interface's."),
    ipam: Ipam.describe("Addresses of members; the plugin does not work without."),
  }),
  z.strictObject({
    ...common,
    type: z.literal("vlan").describe("A VLAN of an interface of the node, one pod per VLAN and node."),
    master: InterfaceName.describe("The node's interface."),
    vlanId: z.int().min(0).max(4094).describe("VLAN id."),
    mtu: Mtu.optional().describe("MTU in bytes, not above the interface's."),
    ipam: Ipam.describe("Addresses of members; the plugin does not work without."),
  }),
  z.strictObject({
    ...common,
    type: z.literal("host-device").describe("Moves an interface of the node into the one pod that joins."),
    device: InterfaceName.describe("The node's interface."),
    ipam: optionalIpam,
  }),
]);
export type Attachment = z.infer<typeof Attachment>;

/** Secondary networks. */
export const AttachmentsArgs = z.strictObject({
  attachments: distinct(Attachment, namespacedName).min(1).describe("The networks."),
});
export type AttachmentsArgs = z.infer<typeof AttachmentsArgs>;
