import { z } from "zod";
import { distinct, DnsLabel, HugepageSize } from "./common";

const Mode = z
  .string()
  .regex(/^0[0-7]{3}$/, 'Must be four octal digits up to "0777", in quotes; special mode bits are not supported.');

/** A file on the nodes. The machine config daemon supports regular files only. */
export const NodeFile = z.strictObject({
  path: z
    .string()
    .regex(/^\/[^\0]*[^/\0]$/, "Must be an absolute path.")
    .describe("Absolute path on the node."),
  mode: Mode.default("0644").describe('Permissions as four octal digits in quotes, "0644" unless given.'),
  content: z.string().describe("The file's content."),
});

/** An addition to a systemd unit. */
export const UnitDropin = z.strictObject({
  name: z.string().endsWith(".conf", "Must end in .conf.").describe("File name, ends in `.conf`."),
  content: z.string().describe("The drop-in's content."),
});

const UNIT_NAME = /^[^/]+\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** A systemd unit on the nodes. */
export const NodeUnit = z.strictObject({
  name: z.string().regex(UNIT_NAME, "Must be a unit's name such as chronyd.service.").describe("Name with its type."),
  enabled: z.boolean().optional().describe("Started at boot or not; left as it is unless given."),
  mask: z.boolean().optional().describe("Made impossible to start."),
  content: z.string().optional().describe("The whole unit; leave out for a unit that the system has."),
  dropins: z.array(UnitDropin).optional().describe("Additions to the unit."),
});

/** Pre-allocated huge pages of every node of a pool. */
export const Hugepages = z.strictObject({
  size: HugepageSize.describe("Size of a page, as in the resource's name: `2Mi` or `1Gi`."),
  count: z.int().min(1).describe("How many pages each node sets aside at boot."),
});

/** A machine config pool and what its nodes boot with. */
export const NodePoolArgs = z.strictObject({
  name: DnsLabel.describe(
    "Name of the pool. `worker` and `master` exist in every cluster and are taken over, never made.",
  ),
  machineCount: z
    .int()
    .min(1)
    .describe("How many nodes the pool has: a pool without nodes says that it is up to date."),
  maxUnavailable: z
    .union([z.int().min(1), z.string().regex(/^([1-9]\d?|100)%$/, "Must be a percentage such as 10%.")])
    .optional()
    .describe("How many nodes may be out of service at once, a number or a percentage; 1 unless given."),
  kernelArguments: z
    .array(z.string().regex(/^\S+$/, "Must be one kernel argument without blanks."))
    .default([])
    .describe("Further kernel arguments, in this order."),
  hugepages: Hugepages.optional().describe("Huge pages, set aside at boot."),
  iommu: z
    .enum(["intel", "amd"])
    .optional()
    .describe("Turns the IOMMU on for the processor's vendor, which vfio-pci devices need."),
  files: z.array(NodeFile).default([]).describe("Files on the nodes."),
  units: distinct(NodeUnit).default([]).describe("Systemd units on the nodes."),
});
export type NodePoolArgs = z.infer<typeof NodePoolArgs>;
