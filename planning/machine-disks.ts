import type { JsonObject } from "../model";
import type { Disk, MachineArgs, RootDisk } from "../model/arguments";

/** Name of the volume that is made for a blank disk. */
export function blankVolume(machine: { name: string }, disk: { name: string }): string {
  return `${machine.name}-${disk.name}`;
}

function diskOf(name: string, { bus, serial, bootOrder }: RootDisk | Disk): JsonObject {
  return { name, disk: { bus }, serial, bootOrder };
}

function rootVolume({ rootDisk }: MachineArgs): JsonObject {
  const name = "root";
  switch (rootDisk.source) {
    case "containerDisk":
      return { name, containerDisk: { image: rootDisk.image } };
    case "dataVolume":
      return { name, dataVolume: { name: rootDisk.name } };
    case "persistentVolumeClaim":
      return { name, persistentVolumeClaim: { claimName: rootDisk.claimName } };
  }
}

function volumeOf(machine: MachineArgs, disk: Disk): JsonObject {
  const { name } = disk;
  if (disk.source === "containerDisk") return { name, containerDisk: { image: disk.image } };
  const hotpluggable = disk.hotpluggable || undefined;
  switch (disk.source) {
    case "dataVolume":
      return { name, dataVolume: { name: disk.volume, hotpluggable } };
    case "persistentVolumeClaim":
      return { name, persistentVolumeClaim: { claimName: disk.claimName, hotpluggable } };
    case "blank":
      return { name, dataVolume: { name: blankVolume(machine, disk), hotpluggable } };
  }
}

/** The machine's disks as devices: the first one, its first configuration, then the others. */
export function machineDisks({ rootDisk, disks }: MachineArgs): JsonObject[] {
  const cloudInit = { name: "cloud-init", disk: { bus: "virtio" } };
  return [diskOf("root", rootDisk), cloudInit, ...disks.map((disk) => diskOf(disk.name, disk))];
}

/** The volumes behind the machine's disks; `cloudInit` is that of its first configuration. */
export function machineVolumes(machine: MachineArgs, cloudInit: JsonObject): JsonObject[] {
  return [rootVolume(machine), cloudInit, ...machine.disks.map((disk) => volumeOf(machine, disk))];
}

/** The DataVolume of a blank disk. */
export function blankVolumeProperties(machine: MachineArgs, disk: Extract<Disk, { source: "blank" }>): JsonObject {
  return {
    metadata: { name: blankVolume(machine, disk), namespace: machine.namespace },
    spec: {
      source: { blank: {} },
      storage: {
        storageClassName: disk.storageClass,
        accessModes: disk.accessMode && [disk.accessMode],
        resources: { requests: { storage: disk.size } },
      },
    },
  };
}
