import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, missing, numberAt, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { disks, elementRule, interfaces, listUnknown, machineRule, repeated, setKeys, volumes } from "./template";

/** Source of all rules here: KubeVirt pkg/storage/admitter and pkg/virt-api/webhooks/validating-webhook/admitters. */
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** R37, in the webhook's words at `K.name`. */
const diskVolume = elementRule(
  "disk-without-volume",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go validateBootOrder",
  disks,
  (disk, _index, machine) => {
    const name = textAt(disk, "name");
    if (name === undefined || listUnknown(machine, volumes)) return [];
    // An empty drive is allowed by the gate DeclarativeHotplugVolumes.
    if (setKeys(disk, ["cdrom"]).length > 0) return [];
    const all = objectsAt(machine, ...volumes);
    if (all.some((volume) => volume.name === name || ("name" in volume && volume.name === undefined))) return [];
    return [
      { path: ["name"], message: `There is no volume "${name}" for the disk.`, fix: "Add a volume of that name." },
    ];
  },
);

/** R37. */
const diskNames = machineRule(
  "disk-repeated",
  "error",
  "KubeVirt pkg/storage/admitters/disks.go validateDiskName",
  (machine) =>
    repeated(machine, disks, "name").map(({ index, text }) => ({
      path: [...disks, index, "name"],
      message: `The disk "${text}" occurs twice.`,
    })),
);

/** R37; the webhook reports it at `spec.template.spec.domain.devices.disks.domain.devices.disks[i].name`. */
const diskName = elementRule(
  "disk-name",
  "error",
  "KubeVirt pkg/storage/admitters/disks.go validateDiskNameAsContainerName",
  disks,
  (disk) => {
    const name = textAt(disk, "name");
    if (name === undefined || label.test(name)) return [];
    return [
      {
        path: ["name"],
        message: `"${name}" cannot be the name of a disk.`,
        fix: "Use lower-case letters, digits and -.",
      },
    ];
  },
);

/** R39. */
const diskBus = elementRule(
  "disk-bus",
  "error",
  "KubeVirt pkg/storage/admitters/disks.go validateDeviceTarget, validateBusSupport",
  disks,
  (disk) => {
    const types = setKeys(disk, ["disk", "lun", "cdrom"]);
    if (types.length > 1) return [{ path: [], message: `The disk is both ${types.join(" and ")}.` }];
    const type = types[0] ?? "disk";
    const bus = textAt(disk, type, "bus");
    if (!bus) return [];
    const path = [type, "bus"];
    if (!["virtio", "scsi", "sata", "usb"].includes(bus)) {
      return [{ path, message: `There is no bus "${bus}".`, fix: "Allowed: virtio, scsi, sata, usb." }];
    }
    return type === "cdrom" && bus === "virtio" ? [{ path, message: "A cdrom cannot be on the bus virtio." }] : [];
  },
);

/** R41; the webhook reports an interface with 0 at `spec.template.spec[i].bootOrder`. */
const bootOrder = machineRule(
  "boot-order",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go validateBootOrder, validateInterfaceBootOrder",
  (machine) => {
    const seen = new Set<number>();
    const all: [PathStep[], JsonObject][] = [disks, interfaces].flatMap((list) =>
      indexedAt(machine, ...list).map(([index, element]): [PathStep[], JsonObject] => [
        [...list, index, "bootOrder"],
        element,
      ]),
    );
    return all.flatMap(([path, element]) => {
      const order = numberAt(element, "bootOrder");
      if (order === undefined) return [];
      if (order < 1) return [{ path, message: "The boot order begins with 1." }];
      if (seen.has(order)) return [{ path, message: `Two devices have the boot order ${order}.` }];
      seen.add(order);
      return [];
    });
  },
);

/** R42. */
const volumeNames = machineRule(
  "volume-repeated",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go validateVolumes",
  (machine) =>
    repeated(machine, volumes, "name").map(({ index, text }) => ({
      path: [...volumes, index, "name"],
      message: `The volume "${text}" occurs twice.`,
    })),
);

/** Source: KubeVirt api/core/v1 VolumeSource. */
const volumeSources = [
  "hostDisk",
  "persistentVolumeClaim",
  "cloudInitNoCloud",
  "cloudInitConfigDrive",
  "sysprep",
  "containerDisk",
  "ephemeral",
  "emptyDisk",
  "dataVolume",
  "configMap",
  "secret",
  "downwardAPI",
  "serviceAccount",
  "downwardMetrics",
  "memoryDump",
  "containerPath",
];

/** R42. */
const volumeSource = elementRule(
  "volume-source",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go validateVolumes",
  volumes,
  (volume) => {
    const given = setKeys(volume, volumeSources);
    if (given.length === 1) return [];
    const message =
      given.length === 0 ? "The volume says not what it is." : `The volume is both ${given.join(" and ")}.`;
    return [{ path: [], message, fix: "Give one source, for example dataVolume or containerDisk." }];
  },
);

/** Names that a source needs. R42. */
const sourceNames: Readonly<Record<string, string>> = {
  configMap: "name",
  dataVolume: "name",
  secret: "secretName",
  serviceAccount: "serviceAccountName",
};

/** R42. */
const volumeName = elementRule(
  "volume-name",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go validateVolumes",
  volumes,
  (volume) =>
    Object.entries(sourceNames).flatMap(([source, key]): Violation[] => {
      if (setKeys(volume, [source]).length === 0 || volume[source] === undefined) return [];
      const content = objectAt(volume, source);
      if (!missing(content, key) && content[key] !== "") return [];
      // The webhook reports a DataVolume's at the volume.
      const path = source === "dataVolume" ? ["name"] : [source, key];
      return [{ path, message: `The name is missing: ${source}.${key}.` }];
    }),
);

/** R42: accepted, and no claim has this name. */
const claimName = elementRule(
  "volume-claim-name",
  "warning",
  "KubeVirt vmi-create-admitter.go validateVolumes looks at the names of other sources only",
  volumes,
  (volume) => {
    if (textAt(volume, "persistentVolumeClaim", "claimName") !== "") return [];
    return [{ path: ["persistentVolumeClaim", "claimName"], message: "No claim has an empty name." }];
  },
);

/** R42. */
const once = machineRule(
  "volume-once",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go validateVolumes",
  (machine) =>
    ["serviceAccount", "downwardMetrics", "memoryDump"].flatMap((source) => {
      const found = objectsAt(machine, ...volumes).filter((volume) => setKeys(volume, [source]).length > 0);
      return found.length > 1 ? [{ path: volumes, message: `A machine can have one volume ${source} only.` }] : [];
    }),
);

/** Largest user data and network data inside of the object, in bytes after decoding. */
const cloudInitLimit = 2048;

function decoded(content: JsonObject, key: string): { bytes: number; valid: boolean } {
  const plain = textAt(content, key);
  if (plain !== undefined) return { bytes: Buffer.byteLength(plain, "utf8"), valid: true };
  const encoded = textAt(content, `${key}Base64`) ?? "";
  // Go's decoder leaves line ends out.
  const digits = encoded.replace(/[\r\n]/g, "");
  const valid = digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(digits);
  return { bytes: Buffer.from(encoded, "base64").length, valid };
}

function cloudInitProblems(content: JsonObject, source: string): Violation[] {
  const secretOf = (key: string): boolean => {
    const secret = objectAt(content, key);
    if (setKeys(content, [key]).length === 0 || content[key] === undefined)
      return key in content && content[key] !== null;
    return !missing(secret, "name") && secret.name !== "";
  };
  const given = (key: string, secret: string): string[] => [
    ...setKeys(content, [key, `${key}Base64`]).filter((each) => content[each] !== ""),
    ...(secretOf(secret) ? [secret] : []),
  ];
  const user = given("userData", "secretRef");
  const network = given("networkData", "networkDataSecretRef");
  const found: Violation[] = [];
  if (user.length > 1) found.push({ path: [source], message: `User data is given by ${user.join(" and ")}.` });
  if (network.length > 1) found.push({ path: [source], message: `Network data is given by ${network.join(" and ")}.` });
  if (user.length + network.length === 0)
    found.push({ path: [source], message: "There is neither user data nor network data." });
  for (const key of ["userData", "networkData"]) {
    const { bytes, valid } = decoded(content, key);
    if (!valid) found.push({ path: [source, `${key}Base64`], message: "It is not valid base64." });
    if (bytes <= cloudInitLimit) continue;
    const message = `${key} has ${bytes} bytes; inside of the object ${cloudInitLimit} are allowed.`;
    found.push({ path: [source], message, fix: "Put it into a Secret." });
  }
  return found;
}

/** R43. */
const cloudInit = elementRule(
  "cloud-init",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go validateVolumes",
  volumes,
  (volume) =>
    ["cloudInitNoCloud", "cloudInitConfigDrive"]
      .filter((source) => setKeys(volume, [source]).length > 0 && volume[source] !== undefined)
      .flatMap((source) => cloudInitProblems(objectAt(volume, source), source)),
);

/** Source: cloud-init parses network data only beside user data. */
const networkDataAlone = elementRule(
  "cloud-init-user-data",
  "warning",
  "cloud-init NoCloud data source: user-data is required",
  volumes,
  (volume) =>
    ["cloudInitNoCloud", "cloudInitConfigDrive"].flatMap((source) => {
      const content = objectAt(volume, source);
      const network = setKeys(content, ["networkData", "networkDataBase64", "networkDataSecretRef"]);
      const user = setKeys(content, ["userData", "userDataBase64", "secretRef"]);
      if (network.length === 0 || user.length > 0) return [];
      const message = "Guests read network data only when there is user data.";
      return [{ path: [source, "userData"], message, fix: 'Write at least "#cloud-config".' }];
    }),
);

/** Rules on disks and volumes of a machine. */
export const storageRules: readonly Rule<KubernetesObject>[] = [
  diskVolume,
  diskNames,
  diskName,
  diskBus,
  bootOrder,
  volumeNames,
  volumeSource,
  volumeName,
  claimName,
  once,
  cloudInit,
  networkDataAlone,
];
