import { z } from "zod";
import { hostAddressProblem, isAddress } from "../addresses";
import { distinct, DnsLabel, InterfaceName, Mtu, NetworkCidr, StringMap } from "./common";
import { groupProblems, sameNodes } from "./hostnetwork-parts";

const HostAddress = z.string().superRefine((text, context) => {
  const problem = hostAddressProblem(text);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

/** Addresses of an interface of the nodes. */
const addressing = {
  addresses: z
    .array(HostAddress)
    .default([])
    .describe("Addresses with their prefix lengths. Every node of the group gets the same ones."),
  dhcp4: z.boolean().default(false).describe("Asks for an IPv4 address by DHCP; no unless given."),
  dhcp6: z
    .boolean()
    .default(false)
    .describe("Takes IPv6 addresses by DHCP and from router advertisements; no unless given."),
};

const InterfaceNames = z.array(InterfaceName);

/** Network hardware that the nodes have: only what is given is changed. */
export const HostInterface = z.strictObject({
  name: InterfaceName.describe("Name of the interface, such as `ens224`."),
  mtu: Mtu.optional().describe("MTU in bytes; left as it is unless given."),
  ...addressing,
});

/** Several interfaces as one. */
export const HostBond = z.strictObject({
  name: InterfaceName.describe("Name of the bond, such as `bond0`."),
  mode: z
    .enum(["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"])
    .describe("How frames are shared out; `802.3ad` (LACP) needs the switch's help."),
  ports: InterfaceNames.min(1).describe("The interfaces, which have no addresses of their own then."),
  options: z
    .record(z.string(), z.union([z.string(), z.int()]))
    .default({ miimon: "100" })
    .describe("Options of the kernel's driver; link checks each 100 ms (`miimon`) unless given."),
  mtu: Mtu.optional().describe("MTU in bytes; 1500 unless given."),
  ...addressing,
});

/** A VLAN of an interface. */
export const HostVlan = z.strictObject({
  name: InterfaceName.describe("Name of the VLAN's interface, such as `ens192.100`."),
  base: InterfaceName.describe("The interface, bond or bridge that carries the tagged frames."),
  id: z.int().min(1).max(4094).describe("VLAN id."),
  mtu: Mtu.optional().describe("MTU in bytes, not above that of `base`, which it is unless given."),
  ...addressing,
});

const VlanRange = z.union([
  z.int().min(1).max(4094),
  z.string().refine(
    (text) => {
      const [min, max] = /^\d{1,4}-\d{1,4}$/.test(text) ? text.split("-").map(Number) : [];
      return min !== undefined && max !== undefined && min >= 1 && min <= max && max <= 4094;
    },
    { error: "Must be a range of VLANs such as `200-299`, within 1 and 4094." },
  ),
]);

/** A Linux bridge. */
export const HostBridge = z.strictObject({
  name: InterfaceName.describe("Name of the bridge, such as `br-tenant`."),
  ports: InterfaceNames.default([]).describe("Interfaces on the bridge, which have no addresses of their own then."),
  vlanFiltering: z
    .boolean()
    .default(true)
    .describe("Attachments may name a VLAN of the bridge; true unless given, as the NMState operator does itself."),
  vlans: z
    .array(VlanRange)
    .min(1)
    .optional()
    .describe("VLANs that pass the ports, numbers or ranges such as `200-299`; all unless given."),
  stp: z.boolean().default(false).describe("Spanning tree protocol; off unless given."),
  mtu: Mtu.optional().describe("MTU in bytes, not above that of its ports."),
  ...addressing,
});

/** An Open vSwitch bridge. */
export const HostOvsBridge = z.strictObject({
  name: InterfaceName.describe("Name of the bridge, such as `br-data`."),
  ports: InterfaceNames.default([]).describe("Interfaces on the bridge, which have no addresses of their own then."),
});

const Address = z.string().refine(isAddress, { error: (issue) => `${JSON.stringify(issue.input)} is not an address.` });

/** A route of the nodes. */
export const HostRoute = z.strictObject({
  destination: NetworkCidr.describe("Destination, `0.0.0.0/0` for the default route."),
  interface: InterfaceName.describe("Interface through which it goes."),
  gateway: Address.optional().describe("Next hop; none where the destination is on the link."),
  metric: z.int().min(0).optional().describe("The lower, the stronger."),
  table: z.int().min(1).optional().describe("Number of the routing table; the main one unless given."),
});

const fields = z.strictObject({
  name: DnsLabel.describe("Name of the group and its policy."),
  nodePool: DnsLabel.optional().describe("Role of the nodes, such as `worker`; or give `nodeSelector`, or both."),
  nodeSelector: StringMap.default({}).describe("Labels that the nodes carry, all of them."),
  maxUnavailable: z
    .union([z.int().min(1), z.string().regex(/^([1-9]\d?|100)%$/, "Must be a percentage such as 10%.")])
    .optional()
    .describe("How many nodes are changed at once, a number or a percentage; half of them unless given."),
  interfaces: distinct(HostInterface).default([]).describe("Hardware, where its MTU or addresses are set."),
  bonds: distinct(HostBond).default([]).describe("Bonds."),
  vlans: distinct(HostVlan).default([]).describe("VLANs."),
  bridges: distinct(HostBridge).default([]).describe("Linux bridges, for attachments of machines and pods."),
  ovsBridges: distinct(HostOvsBridge)
    .default([])
    .describe("Open vSwitch bridges. Its service is enabled in `nodePool`, with a reboot."),
  routes: z.array(HostRoute).default([]).describe("Routes."),
});

/** The network of a group of nodes: one NodeNetworkConfigurationPolicy. */
export const NodeGroup = fields.superRefine((group, context) => {
  if (group.nodePool === undefined && Object.keys(group.nodeSelector).length === 0) {
    context.addIssue({ code: "custom", path: ["nodePool"], message: "Give `nodePool`, `nodeSelector`, or both." });
  }
  if (group.ovsBridges.length > 0 && group.nodePool === undefined) {
    const message = "Open vSwitch bridges need it: its service is enabled in a node pool.";
    context.addIssue({ code: "custom", path: ["nodePool"], message });
  }
  for (const { path, message } of groupProblems(group)) context.addIssue({ code: "custom", path, message });
});
export type NodeGroup = z.infer<typeof fields>;

/** The network of the nodes. */
export const HostNetworkArgs = z.strictObject({
  nmstate: z
    .boolean()
    .default(true)
    .describe("Makes the NMState object, which starts the handler on the nodes; false where something else does."),
  groups: distinct(NodeGroup)
    .default([])
    .superRefine((groups, context) => {
      groups.forEach((group, index) => {
        const other = groups.slice(0, index).find((earlier) => sameNodes(earlier, group));
        if (!other) return;
        const message = `Selects the same nodes as "${other.name}": one policy describes them. Put the two together.`;
        context.addIssue({ code: "custom", path: [index, "name"], message });
      });
    })
    .describe("Groups of nodes and their network."),
});
export type HostNetworkArgs = z.infer<typeof HostNetworkArgs>;
