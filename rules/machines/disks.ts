import type { JsonObject, KubernetesObject } from "../../model";
import { parseQuantity } from "../quantity";
import { numberAt, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { filePath } from "./firmware";
import { disksFile, instances } from "./sources";
import { devices, disks, elementRule, listUnknown, setKeys, volumes } from "./template";

const kindOf = (disk: JsonObject): string => setKeys(disk, ["disk", "lun", "cdrom"])[0] ?? "disk";
const busOf = (disk: JsonObject): string => textAt(disk, kindOf(disk), "bus") ?? "";

/** One of a list of words. */
function word(disk: JsonObject, key: string, allowed: readonly string[]): Violation[] {
  const text = textAt(disk, key);
  if (text === undefined || allowed.includes(text)) return [];
  return [
    {
      path: [key],
      message: `There is no ${key} "${text}".`,
      fix: `Allowed: ${allowed.filter((each) => each !== "").join(", ")}.`,
    },
  ];
}

/** R40; the webhook reports io at `spec.template.spec.domain.devices.disks.domain.devices.disks[i].io`. */
const modes = elementRule(
  "disk-mode",
  "error",
  `${disksFile} validateCacheMode, validateIOMode, validateErrorPolicy`,
  disks,
  (disk) => [
    ...word(disk, "cache", ["", "none", "writethrough", "writeback"]),
    ...word(disk, "io", ["", "native", "threads"]),
    ...word(disk, "errorPolicy", ["stop", "ignore", "report", "enospace"]),
  ],
);

/** R40. */
const serial = elementRule(
  "disk-serial",
  "error",
  `${disksFile} validateSerialNumValue, validateSerialNumLength`,
  disks,
  (disk) => {
    const text = textAt(disk, "serial");
    if (!text || (/^[A-Za-z0-9_.+-]+$/.test(text) && text.length <= 256)) return [];
    return [{ path: ["serial"], message: "The serial number has at most 256 letters, digits and _ . + -." }];
  },
);

/** R39; dedicatedIOThread is reported at a path that does not exist, and without a bus it is accepted. */
const thread = elementRule("disk-thread", "error", `${disksFile} validateBusSupport`, disks, (disk) => {
  const bus = busOf(disk);
  if (disk.dedicatedIOThread !== true || bus === "" || bus === "virtio") return [];
  return [
    { path: ["dedicatedIOThread"], message: `A disk on the bus ${bus} has no thread of its own.`, fix: "virtio." },
  ];
});

/** R39. */
const readOnly = elementRule("disk-read-only", "error", `${disksFile} validateBusSupport`, disks, (disk) => {
  if (objectAt(disk, "disk").readonly !== true || textAt(disk, "disk", "bus") !== "sata") return [];
  return [{ path: ["disk", "bus"], message: "Disks on the bus sata cannot be read-only.", fix: "Use virtio or scsi." }];
});

/** The webhook reports it at `spec.template.spec.domain.devices.disks.domain.devices.disks.disk[i].pciAddress`. */
const address = elementRule("disk-pci-address", "error", `${disksFile} validatePciAddress`, disks, (disk) => {
  const text = textAt(disk, "disk", "pciAddress");
  const path = ["disk", "pciAddress"];
  if (!text) return [];
  const found: Violation[] = [];
  const known = !("bus" in objectAt(disk, "disk")) || objectAt(disk, "disk").bus !== undefined;
  if (known && textAt(disk, "disk", "bus") !== "virtio")
    found.push({ path, message: "Only disks on the bus virtio can have a PCI address." });
  if (!/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(text))
    found.push({ path, message: `"${text}" is not a PCI address.`, fix: "For example 0000:01:00.0." });
  return found;
});

/** R40. */
const lun = elementRule("disk-lun", "error", `${instances} validateBootOrder`, disks, (disk, _index, machine) => {
  const all = objectsAt(machine, ...volumes).filter((each) => each.name === disk.name);
  if (setKeys(disk, ["lun"]).length === 0 || typeof disk.name !== "string" || all.length === 0) return [];
  if (listUnknown(machine, volumes)) return [];
  if (all.some((volume) => setKeys(volume, ["persistentVolumeClaim", "dataVolume"]).length > 0)) return [];
  return [{ path: ["lun"], message: "Only a DataVolume or a PersistentVolumeClaim can be a lun.", fix: "Use disk." }];
});

const [least, most] = [512, 2 * 2 ** 20];

const sizeProblem = (size: number): string | undefined => {
  if (size < least) return `A block has ${least} bytes at least.`;
  if (size > most) return `A block has ${most} bytes at most.`;
  return Number.isInteger(Math.log2(size)) ? undefined : "The size of a block must be a power of 2.";
};

/** R40. */
const blocks = elementRule("disk-block-size", "error", `${disksFile} validateBlockSize`, disks, (disk) => {
  const size = objectAt(disk, "blockSize");
  if (setKeys(size, ["custom"]).length === 0 || size.custom === undefined) return [];
  const match = setKeys(size, ["matchVolume"]).length > 0 && size.matchVolume !== undefined;
  const enabled = objectAt(size, "matchVolume");
  if (match && (!("enabled" in enabled) || enabled.enabled === true))
    return [{ path: ["blockSize"], message: "custom and matchVolume cannot go together." }];
  const path = ["blockSize", "custom"];
  const [logical, physical] = [numberAt(size, "custom", "logical"), numberAt(size, "custom", "physical")];
  const discard = numberAt(size, "custom", "discardGranularity");
  if (logical === undefined || physical === undefined) return [];
  if (logical > physical)
    return [{ path: [...path, "logical"], message: "The logical size is at most the physical one." }];
  if (busOf(disk) === "sata" && logical !== least)
    return [{ path: [...path, "logical"], message: `On the bus sata the logical size is ${least}.` }];
  if (discard !== undefined && logical !== 0 && discard % logical !== 0)
    return [{ path: [...path, "discardGranularity"], message: "It must be a multiple of the logical size." }];
  return Object.entries({ logical, physical }).flatMap(([key, bytes]) => {
    const message = sizeProblem(bytes);
    return message ? [{ path: [...path, key], message }] : [];
  });
});

/** The webhook reports it at `spec.template.spec.volumes[i].containerDisk`. */
const containerDisk = elementRule(
  "container-disk-path",
  "error",
  `${disksFile} ValidateContainerDisks`,
  volumes,
  (volume) => {
    const path = textAt(volume, "containerDisk", "path");
    if (!path || filePath(path)) return [];
    return [{ path: ["containerDisk"], message: `"${path}" is no absolute path of a file.` }];
  },
);

/** R42. */
const hostDisk = elementRule("host-disk", "error", `${instances} validateVolumes`, volumes, (volume) => {
  if (setKeys(volume, ["hostDisk"]).length === 0 || volume.hostDisk === undefined) return [];
  const disk = objectAt(volume, "hostDisk");
  const found: Violation[] = [];
  if (!("path" in disk) || disk.path === "" || disk.path === null)
    found.push({ path: ["hostDisk", "path"], message: "The path is missing." });
  const type = textAt(disk, "type");
  const known = !("type" in disk) || disk.type !== undefined;
  if (known && type !== "Disk" && type !== "DiskOrCreate")
    found.push({ path: ["hostDisk", "type"], message: "The type must be Disk or DiskOrCreate." });
  const capacity = parseQuantity(textAt(disk, "capacity") ?? numberAt(disk, "capacity"));
  if (type === "Disk" && capacity !== undefined && capacity !== 0)
    found.push({ path: ["hostDisk", "capacity"], message: "A disk that exists has its capacity already." });
  return found;
});

/** R38: the mutating webhook adds a disk for every other volume; a containerPath needs a filesystem. */
const containerPath = elementRule(
  "container-path",
  "error",
  `${instances} validateVirtualMachineInstanceSpecVolumeDisks`,
  volumes,
  (volume, _index, machine) => {
    if (setKeys(volume, ["containerPath"]).length === 0 || typeof volume.name !== "string") return [];
    const filesystems = [...devices, "filesystems"];
    const found: Violation[] = [];
    const shared = objectsAt(machine, ...filesystems).some((each) => each.name === volume.name);
    if (!shared && !listUnknown(machine, filesystems))
      found.push({ path: [], message: `No filesystem of the machine uses the volume "${volume.name}".` });
    if (objectsAt(machine, ...disks).some((each) => each.name === volume.name))
      found.push({ path: [], message: "A containerPath is a filesystem, not a disk." });
    const path = textAt(volume, "containerPath", "path") ?? "/";
    if (!path.startsWith("/")) found.push({ path: ["containerPath", "path"], message: "The path must be absolute." });
    if (/^\/var\/run\/(kubevirt|libvirt)/.test(path))
      found.push({ path: ["containerPath", "path"], message: `KubeVirt keeps "${path}" to itself.` });
    return found;
  },
);

/** Reported by the webhook at the disk. */
const metrics = elementRule("disk-metrics", "error", `${instances} validateBootOrder`, disks, (disk, _i, machine) => {
  const volume = objectsAt(machine, ...volumes).find((each) => each.name === disk.name);
  if (!volume || typeof disk.name !== "string" || setKeys(volume, ["downwardMetrics"]).length === 0) return [];
  if (setKeys(disk, ["disk"]).length === 0)
    return [{ path: ["disk"], message: "downwardMetrics must be a disk.", fix: "Write disk: {bus: virtio}." }];
  const bus = textAt(disk, "disk", "bus");
  return bus && bus !== "virtio" ? [{ path: ["disk", "bus"], message: "downwardMetrics need the bus virtio." }] : [];
});

/** Rules on the details of disks and volumes. */
export const diskRules: readonly Rule<KubernetesObject>[] = [
  modes,
  serial,
  thread,
  readOnly,
  address,
  lun,
  blocks,
  containerDisk,
  hostDisk,
  containerPath,
  metrics,
];
