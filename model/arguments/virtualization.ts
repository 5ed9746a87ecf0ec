import { z } from "zod";
import { distinct, DnsLabel, namespacedName, Quantity, StringMap } from "./common";

/** Where a disk image comes from. */
export const ImageSource = z.discriminatedUnion("from", [
  z.strictObject({
    from: z.literal("registry").describe("A container image that holds the disk."),
    url: z
      .string()
      .regex(/^(docker|oci-archive):\/\/\S+$/, "Must begin with docker:// or oci-archive://.")
      .describe("Such as `docker://quay.io/containerdisks/fedora:42`."),
  }),
  z.strictObject({
    from: z.literal("http").describe("A file on a web server."),
    url: z.url({ protocol: /^https?$/ }).describe("Its address, `https://` or `http://`."),
  }),
  z.strictObject({
    from: z.literal("volume").describe("A claim that is there already, cloned."),
    name: DnsLabel.describe("Name of the PersistentVolumeClaim."),
    namespace: DnsLabel.optional().describe("Its namespace; that of the image unless given."),
  }),
  z.strictObject({ from: z.literal("blank").describe("An empty disk.") }),
]);

/** A volume that is filled once, from an image. */
export const Image = z.strictObject({
  name: DnsLabel.describe("Name of the DataVolume and its claim."),
  namespace: DnsLabel.describe("Namespace of the machines that use it."),
  source: ImageSource.describe("Where its content comes from."),
  size: Quantity.optional().describe("Size, such as `30Gi`; needed unless it is cloned."),
  storageClass: DnsLabel.optional().describe("StorageClass; the cluster's default for machines unless given."),
  accessMode: z
    .enum(["ReadWriteOnce", "ReadWriteMany"])
    .optional()
    .describe("ReadWriteMany lets the machine migrate live; CDI's profile of the class decides unless given."),
  immediate: z
    .boolean()
    .default(false)
    .describe("Fills it at once, also where the class waits for the first machine; false unless given."),
});

/** Cross-checked form of an image. */
const CheckedImage = Image.refine(({ size, source }) => size !== undefined || source.from === "volume", {
  path: ["size"],
  error: "Is required unless the volume is cloned.",
});
export type Image = z.infer<typeof CheckedImage>;

/** A size of machines. */
export const InstanceType = z.strictObject({
  name: DnsLabel.describe("Name of the instance type."),
  cpus: z.int().min(1).describe("Virtual processors."),
  memory: Quantity.describe("Memory of the guest, such as `8Gi`."),
  dedicated: z.boolean().default(false).describe("Each processor gets one of the node for itself."),
  hugepages: z.enum(["2Mi", "1Gi"]).optional().describe("Size of the huge pages behind the memory; none unless given."),
});

/** How machines of a class migrate. */
export const MigrationClass = z.strictObject({
  name: DnsLabel.describe("Name of the policy."),
  machines: StringMap.refine((labels) => Object.keys(labels).length > 0, { error: "Must not be empty." }).describe(
    "Labels of the machines' templates.",
  ),
  bandwidth: Quantity.optional().describe("Bytes per second of one migration; without limit unless given."),
  completionTimeoutPerGiB: z.int().min(1).optional().describe("Seconds per GiB after which a migration is given up."),
  allowAutoConverge: z.boolean().optional().describe("Slows the guest down so that its migration ends."),
  allowPostCopy: z
    .boolean()
    .optional()
    .describe("Switches over before all memory is there; a fault then ends the guest."),
});

/** OpenShift Virtualization and what machines are made of. */
export const VirtualizationArgs = z.strictObject({
  evictionStrategy: z
    .enum(["None", "LiveMigrate", "LiveMigrateIfPossible", "External"])
    .optional()
    .describe("What a drain does with machines that do not say themselves; the operator's default unless given."),
  migrationNetwork: DnsLabel.optional().describe("Attachment in openshift-cnv over which machines migrate."),
  parallelMigrationsPerCluster: z.int().min(1).optional().describe("Migrations at once; the operator's default is 5."),
  parallelOutboundMigrationsPerNode: z.int().min(1).optional().describe("Of them from one node; the default is 2."),
  nodeSelector: StringMap.default({}).describe("Labels of the nodes that run machines; all workers unless given."),
  openVSwitch: z
    .boolean()
    .default(false)
    .describe("Deploys the plugin for attachments of type `ovs`; in an environment that has some it always is."),
  instanceTypes: distinct(InstanceType).default([]).describe("Sizes of machines, for the whole cluster."),
  migrationClasses: distinct(MigrationClass).default([]).describe("How certain machines migrate."),
});
export type VirtualizationArgs = z.infer<typeof VirtualizationArgs>;

/** Volumes that are filled once, as a list. */
export const ImageList = distinct(CheckedImage, namespacedName);

/** Volumes that are filled once. */
export const ImagesArgs = z.strictObject({
  images: ImageList.refine((list) => list.length > 0, { error: "Must not be empty." }).describe("The volumes."),
});
export type ImagesArgs = z.infer<typeof ImagesArgs>;
