import type { JsonObject } from "../../../../model";
import type { KindRow } from "../row";

const own = { name: "life-large", namespace: "life" };
const cluster = { name: "life-large" };
const size = (guest: number): JsonObject => ({ cpu: { guest }, memory: { guest: "4Gi" } });
const preferred = (preferredDiskBus: string): JsonObject => ({ devices: { preferredDiskBus } });
const policy = (bandwidthPerMigration: string): JsonObject => ({
  bandwidthPerMigration,
  selectors: { virtualMachineInstanceSelector: { "migration-class": "life" } },
});

const instancetype = (kind: string, metadata: JsonObject): KindRow => ({
  token: `ove:machines:${kind}`,
  inputs: { metadata, spec: size(2) },
  changed: { metadata, spec: size(4) },
  edit: { spec: { cpu: { guest: 8 } } },
  drift: "spec.cpu.guest",
});

const preference = (kind: string, metadata: JsonObject): KindRow => ({
  token: `ove:machines:${kind}`,
  inputs: { metadata, spec: preferred("virtio") },
  changed: { metadata, spec: preferred("scsi") },
  edit: { spec: { devices: { preferredDiskBus: "sata" } } },
  drift: "spec.devices.preferredDiskBus",
});

const volume = (label: string): JsonObject => ({
  metadata: { name: "life-root", namespace: "life", labels: { life: label } },
  spec: { source: { blank: {} }, storage: { resources: { requests: { storage: "1Gi" } } } },
});

/** Rows of the kinds around machines. */
export const machinesRows: KindRow[] = [
  instancetype("VirtualMachineInstancetype", own),
  instancetype("VirtualMachineClusterInstancetype", cluster),
  preference("VirtualMachinePreference", own),
  preference("VirtualMachineClusterPreference", cluster),
  {
    token: "ove:machines:MigrationPolicy",
    inputs: { metadata: cluster, spec: policy("64Mi") },
    changed: { metadata: cluster, spec: policy("128Mi") },
    edit: { spec: { bandwidthPerMigration: "256Mi" } },
    drift: "spec.bandwidthPerMigration",
  },
  {
    token: "ove:machines:DataVolume",
    inputs: volume("one"),
    changed: volume("two"),
    edit: { metadata: { labels: { life: "three" } } },
    drift: "metadata.labels.life",
  },
];
