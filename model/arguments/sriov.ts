import { z } from "zod";
import { distinct, DnsLabel, InterfaceName, Mtu, StringMap } from "./common";

const HexId = z.string().regex(/^[0-9a-f]{4}$/, "Must be four hexadecimal digits in lower case.");

const ResourceName = z
  .string()
  .regex(/^[a-zA-Z0-9_]+$/, "Must be letters, digits and underscores.")
  .describe("Resource that nodes offer, without its prefix `openshift.io/`.");

/** Which virtual functions of a card belong to a pool. */
export const VfRange = z
  .strictObject({
    first: z.int().min(0).describe("Number of the first virtual function, from 0."),
    last: z.int().min(0).describe("Number of the last virtual function."),
  })
  .refine((range) => range.last >= range.first, { path: ["last"], error: "Must not be below `first`." });

/** The fields of a pool of virtual functions, without what holds between them. */
export const VfPoolFields = z.strictObject({
  name: DnsLabel.describe("Name of the pool and its policy."),
  resourceName: ResourceName,
  nodePool: DnsLabel.describe("Role of the nodes that have the cards, such as `worker`."),
  nodeSelector: StringMap.default({}).describe("Further labels that the nodes carry."),
  nodes: z.int().min(1).describe("How many nodes must offer the resource before it counts as there."),
  pfs: z.array(InterfaceName).min(1).describe("Physical functions by name, such as `ens1f0`."),
  vendor: HexId.optional().describe("PCI vendor id; `15b3` is Mellanox, `8086` Intel."),
  deviceID: HexId.optional().describe("PCI device id of the physical function; `1017` is ConnectX-5."),
  numVfs: z.int().min(1).describe("How many virtual functions each card makes, in all pools together."),
  vfs: VfRange.optional().describe("The part of them that is this pool's; all unless given."),
  deviceType: z
    .enum(["vfio-pci", "netdevice"])
    .default("vfio-pci")
    .describe("Driver: `vfio-pci` for virtual machines (default), `netdevice` for pods."),
  mtu: Mtu.optional().describe("MTU of the card in bytes; left as it is unless given."),
  priority: z.int().min(0).max(99).default(99).describe("The lower, the stronger among policies; 99 unless given."),
  isRdma: z.boolean().default(false).describe("RDMA for pods; not with `vfio-pci`."),
});
type VfPoolFields = z.infer<typeof VfPoolFields>;

/** Adds what holds between the fields of a pool of virtual functions. */
export function checkedVfPool<T extends z.ZodType<Omit<VfPoolFields, "nodes">>>(fields: T): T {
  return fields.superRefine(({ vfs, numVfs, isRdma, deviceType }, context) => {
    if (vfs && vfs.last >= numVfs) {
      const message = "Must be below `numVfs`: functions are numbered from 0.";
      context.addIssue({ code: "custom", path: ["vfs", "last"], message });
    }
    if (isRdma && deviceType === "vfio-pci") {
      const message = "Is refused together with vfio-pci. Use deviceType netdevice.";
      context.addIssue({ code: "custom", path: ["isRdma"], message });
    }
  });
}

/** A pool of virtual functions: one SriovNetworkNodePolicy. */
export const VfPool = checkedVfPool(VfPoolFields);
export type VfPool = z.infer<typeof VfPool>;

/** A network whose members get a virtual function each. The operator makes its attachment. */
export const SriovNetwork = z
  .strictObject({
    name: DnsLabel.describe("Name of the network and its attachment."),
    namespace: DnsLabel.describe("Namespace of the attachment: that of the machines that join."),
    resourceName: ResourceName,
    vlan: z.int().min(0).max(4094).optional().describe("VLAN id; untagged unless given."),
    vlanQoS: z.int().min(0).max(7).optional().describe("Priority of tagged frames, 0 to 7; needs a VLAN."),
    spoofChk: z
      .enum(["on", "off"])
      .optional()
      .describe("Drops frames with another source MAC; the driver decides unless given."),
    trust: z.enum(["on", "off"]).optional().describe("Lets the member change its MAC and receive all frames."),
    linkState: z.enum(["auto", "enable", "disable"]).optional().describe("State of the virtual link."),
    minTxRate: z.int().min(0).optional().describe("Least transmit rate in Mbit/s."),
    maxTxRate: z.int().min(0).optional().describe("Greatest transmit rate in Mbit/s; 0 is no limit."),
  })
  .refine((network) => !network.vlanQoS || network.vlan, { path: ["vlanQoS"], error: "Needs a `vlan` other than 0." });
export type SriovNetwork = z.infer<typeof SriovNetwork>;

/** How the SR-IOV operator treats the nodes of a pool: one SriovNetworkPoolConfig. */
export const FabricPool = z.strictObject({
  name: DnsLabel.describe("Name of the configuration."),
  nodePool: DnsLabel.describe("Role of the nodes, such as `worker`; those of custom pools listed here are left out."),
  maxUnavailable: z
    .union([z.int().min(1), z.string().regex(/^([1-9]\d?|100)%$/, "Must be a percentage such as 10%.")])
    .default(1)
    .describe("How many nodes it drains at once, a number or a percentage; 1 unless given."),
  rdmaMode: z
    .enum(["shared", "exclusive"])
    .optional()
    .describe("`exclusive` gives RDMA devices to one pod each; `shared` to all, which is how nodes boot unless given."),
});
export type FabricPool = z.infer<typeof FabricPool>;

/** Configurations of pools; a node in two of them would never be drained. */
const FabricPools = distinct(FabricPool).superRefine((pools, context) => {
  const roles = pools.map((pool) => pool.nodePool);
  roles.forEach((role, index) => {
    if (roles.indexOf(role) === index) return;
    const message = `The node pool "${role}" has a configuration already.`;
    context.addIssue({ code: "custom", path: [index, "nodePool"], message });
  });
});

/** Settings of the SR-IOV operator. */
export const SriovOperator = z.strictObject({
  enableInjector: z.boolean().default(true).describe("Adds resource requests to pods that name an SR-IOV network."),
  enableOperatorWebhook: z.boolean().default(true).describe("Checks policies when they are written."),
  configDaemonNodeSelector: StringMap.default({}).describe("Labels of the nodes that have SR-IOV devices."),
  disableDrain: z.boolean().default(false).describe("Nodes are not drained before changes; for single-node clusters."),
  logLevel: z.int().min(0).max(2).default(2).describe("0 to 2, the most; 2 unless given."),
});

/** The SR-IOV devices of a cluster: the operator's configuration, pools of virtual functions, networks. */
export const SriovFabricArgs = z.strictObject({
  createNamespace: z
    .boolean()
    .default(false)
    .describe("Makes the operator's namespace; the operator's installation has made it otherwise."),
  operator: SriovOperator.prefault({}).describe("Settings of the operator."),
  pools: FabricPools.default([]).describe("How many nodes are drained at once, and in which RDMA mode they are."),
  vfPools: distinct(VfPool).default([]).describe("Pools of virtual functions."),
  networks: distinct(SriovNetwork).default([]).describe("Networks on these pools."),
});
export type SriovFabricArgs = z.infer<typeof SriovFabricArgs>;
