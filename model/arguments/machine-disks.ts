import { z } from "zod";
import { distinct, DnsLabel, Quantity } from "./common";

/** How a disk looks to the guest. */
const appearance = {
  bus: z.enum(["virtio", "scsi", "sata"]).default("virtio").describe("Bus of the disk; virtio unless given."),
  serial: z
    .string()
    .regex(/^[A-Za-z0-9_.+-]{1,256}$/, "Must be letters, digits and `_.+-`, at most 256.")
    .optional()
    .describe("Serial number, by which the guest finds the disk in /dev/disk/by-id."),
  bootOrder: z
    .int()
    .min(1)
    .optional()
    .describe("Place in the order in which the firmware tries disks and interfaces, from 1; not tried unless given."),
};

const containerDisk = {
  source: z.literal("containerDisk").describe("An image that is read anew at each start; changes are lost."),
  image: z.string().min(1).describe("The image."),
};

const claim = {
  source: z.literal("persistentVolumeClaim").describe("A PersistentVolumeClaim in the machine's namespace."),
  claimName: DnsLabel.describe("Its name."),
};

/** What a machine starts from. */
export const RootDisk = z.discriminatedUnion("source", [
  z.strictObject({ ...containerDisk, ...appearance }),
  z.strictObject({
    source: z.literal("dataVolume").describe("A DataVolume in the machine's namespace."),
    name: DnsLabel.describe("Its name."),
    ...appearance,
  }),
  z.strictObject({ ...claim, ...appearance }),
]);
export type RootDisk = z.infer<typeof RootDisk>;

const named = { name: DnsLabel.describe("Name of the disk in the machine."), ...appearance };

const hotpluggable = z
  .boolean()
  .default(false)
  .describe("Comes and goes while the machine runs, without a restart; false unless given.");

/** A further disk of a machine. */
export const Disk = z.discriminatedUnion("source", [
  z.strictObject({ ...named, ...containerDisk }),
  z.strictObject({
    ...named,
    source: z.literal("dataVolume").describe("A DataVolume in the machine's namespace."),
    volume: DnsLabel.describe("Its name."),
    hotpluggable,
  }),
  z.strictObject({ ...named, ...claim, hotpluggable }),
  z.strictObject({
    ...named,
    source: z.literal("blank").describe("An empty volume, made for the machine as `machine-disk`."),
    size: Quantity.describe("Its size, such as `100Gi`."),
    storageClass: DnsLabel.optional().describe("StorageClass; the cluster's default for machines unless given."),
    accessMode: z
      .enum(["ReadWriteOnce", "ReadWriteMany"])
      .optional()
      .describe("ReadWriteMany lets the machine migrate live; CDI's profile of the class decides unless given."),
    hotpluggable,
  }),
]);
export type Disk = z.infer<typeof Disk>;

/** Names that the machine's first disk and its first configuration have. */
const TAKEN = ["root", "cloud-init"];

/** The further disks of a machine. */
export const DiskList = distinct(Disk).superRefine((disks, context) => {
  disks.forEach(({ name }, index) => {
    if (!TAKEN.includes(name)) return;
    const message = `The machine has a disk "${name}" by itself.`;
    context.addIssue({ code: "custom", path: [index, "name"], message });
  });
});
