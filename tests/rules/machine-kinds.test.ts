import type { JsonObject, KubernetesObject } from "../../model";
import { dataVolumeRules, instancetypeRules, migrationPolicyRules, preferenceRules } from "../../rules";
import { merged, testFine, testRules } from "./support";

const made =
  (apiVersion: string, kind: string) =>
  (spec: JsonObject): KubernetesObject => ({ apiVersion, kind, metadata: { name: "a", namespace: "web" }, spec });

const types = "instancetype.kubevirt.io/v1beta1";
const type = made(types, "VirtualMachineInstancetype");
const preference = made(types, "VirtualMachinePreference");
const policy = made("migrations.kubevirt.io/v1alpha1", "MigrationPolicy");
const volume = made("cdi.kubevirt.io/v1beta1", "DataVolume");

testRules("rules of an instance type", instancetypeRules, type, {
  "machines/instancetype-overcommit": {
    bad: [
      [{ memory: { overcommitPercent: 101 } }, "spec.memory.overcommitPercent"],
      [{ memory: { overcommitPercent: -1 } }, "spec.memory.overcommitPercent"],
      [{ memory: { overcommitPercent: 5, hugepages: {} } }, "spec.memory.overcommitPercent"],
    ],
    good: [{ memory: { overcommitPercent: 100 } }, { memory: { overcommitPercent: 0, hugepages: {} } }, {}],
  },
  "machines/instancetype-usable": {
    bad: [
      [{ cpu: { guest: 0 } }, "spec.cpu.guest"],
      [{ cpu: { guest: -1 } }, "spec.cpu.guest"],
      [{ cpu: { guest: 4, maxSockets: 2 } }, "spec.cpu.maxSockets"],
      [{ cpu: { isolateEmulatorThread: true } }, "spec.cpu.isolateEmulatorThread"],
      [{ cpu: { numa: { guestMappingPassthrough: {} } } }, "spec.cpu.numa"],
      [{ cpu: { realtime: {}, dedicatedCPUPlacement: true } }, "spec.cpu.realtime"],
      [{ memory: { guest: "1500Mi", hugepages: { pageSize: "1Gi" } } }, "spec.memory.guest"],
      [{ memory: { guest: "4Gi", maxGuest: "2Gi" } }, "spec.memory.guest"],
    ],
    good: [
      { cpu: { guest: 4, maxSockets: 8 }, memory: { guest: "4Gi", maxGuest: "8Gi", hugepages: { pageSize: "1Gi" } } },
      { cpu: { dedicatedCPUPlacement: undefined, isolateEmulatorThread: true } },
      { cpu: { dedicatedCPUPlacement: true, numa: { guestMappingPassthrough: {} }, realtime: {} } },
    ],
  },
});

testRules("rules of a preference", preferenceRules, preference, {
  "machines/preference-topology": {
    bad: [[{ cpu: { preferredCPUTopology: "wide" } }, "spec.cpu.preferredCPUTopology"]],
    good: [{ cpu: { preferredCPUTopology: "any" } }, { cpu: { preferredCPUTopology: "preferCores" } }, {}],
  },
  "machines/preference-topology-deprecated": {
    bad: [[{ cpu: { preferredCPUTopology: "preferSpread" } }, "spec.cpu.preferredCPUTopology"]],
    good: [{ cpu: { preferredCPUTopology: "spread" } }],
  },
  "machines/preference-spread": {
    bad: [
      [{ preferSpreadSocketToCoreRatio: -1 }, "spec.preferSpreadSocketToCoreRatio"],
      [{ cpu: { spreadOptions: { ratio: -1 } } }, "spec.cpu.spreadOptions.ratio"],
      [
        { cpu: { preferredCPUTopology: "spread", spreadOptions: { across: "Nodes" } } },
        "spec.cpu.spreadOptions.across",
      ],
      [
        { cpu: { preferredCPUTopology: "preferSpread", spreadOptions: { across: "CoresThreads", ratio: 4 } } },
        "spec.cpu.spreadOptions.ratio",
      ],
      [
        {
          preferSpreadSocketToCoreRatio: 3,
          cpu: { preferredCPUTopology: "spread", spreadOptions: { across: "CoresThreads" } },
        },
        "spec.cpu.spreadOptions.ratio",
      ],
    ],
    good: [
      { cpu: { preferredCPUTopology: "spread", spreadOptions: { across: "CoresThreads" } } },
      { cpu: { preferredCPUTopology: "spread", spreadOptions: { across: "CoresThreads", ratio: undefined } } },
      { cpu: { preferredCPUTopology: "spread", spreadOptions: { ratio: 4 } } },
      { cpu: { preferredCPUTopology: "cores", spreadOptions: { across: "Nodes" } } },
    ],
  },
  "machines/preference-architecture": {
    bad: [
      [{ preferredArchitecture: "amd64", requirements: { architecture: "arm64" } }, "spec.requirements.architecture"],
    ],
    good: [{ preferredArchitecture: "amd64", requirements: { architecture: "amd64" } }, {}],
  },
});

testRules("rules of a MigrationPolicy", migrationPolicyRules, policy, {
  "machines/migration-limit": {
    bad: [
      [{ completionTimeoutPerGiB: -1 }, "spec.completionTimeoutPerGiB"],
      [{ bandwidthPerMigration: "-1Mi" }, "spec.bandwidthPerMigration"],
    ],
    good: [{ completionTimeoutPerGiB: 0, bandwidthPerMigration: "64Mi" }],
  },
  "machines/migration-selector": {
    bad: [
      [{ selectors: {} }, "spec.selectors"],
      [{ selectors: { namespaceSelector: {} } }, "spec.selectors"],
    ],
    good: [
      { selectors: { namespaceSelector: { a: "b" } } },
      { selectors: { virtualMachineInstanceSelector: undefined } },
      { selectors: undefined },
      {},
    ],
  },
});

const sized = (content: JsonObject = { source: { blank: {} } }, size: string | number = "1Gi"): JsonObject => ({
  storage: { resources: { requests: { storage: size } } },
  ...content,
});
const snapshot = { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "a" };
const populated = (source: JsonObject, key = "dataSource"): JsonObject => ({ storage: { [key]: source } });
const from = (source: JsonObject): JsonObject => sized({ source });

testRules("rules of a DataVolume", dataVolumeRules, volume, {
  "machines/data-volume-target": {
    bad: [
      [{ source: { blank: {} } }, "spec.storage"],
      [{ storage: {}, pvc: {} }, "spec.pvc"],
    ],
    good: [sized(), { pvc: {} }],
  },
  "machines/data-volume-origin": {
    bad: [
      [sized({}), "spec.source"],
      [from({}), "spec.source"],
      [from({ blank: {}, upload: {} }), "spec.source"],
      [sized({ source: { blank: {} }, sourceRef: { kind: "DataSource", name: "a" } }), "spec.source"],
      [{ storage: { dataSourceRef: { kind: "a", name: "b" } }, source: { blank: {} } }, "spec.source"],
    ],
    good: [
      sized(),
      sized({ sourceRef: { kind: "DataSource", name: "a" } }),
      { storage: { dataSource: { kind: "a", name: "b" } } },
      { storage: undefined },
      sized({ source: undefined }),
    ],
  },
  "machines/data-volume-size": {
    bad: [
      [sized(undefined, "30"), "spec.storage.resources.requests.storage"],
      [sized(undefined, "0"), "spec.storage.resources.requests.storage"],
      [sized(undefined, "30GB"), "spec.storage.resources.requests.storage"],
      [{ pvc: {}, source: { blank: {} } }, "spec.pvc.resources.requests.storage"],
      [{ pvc: {}, source: { pvc: { namespace: "a", name: "b" } } }, "spec.pvc.resources.requests.storage"],
      [{ storage: { dataSource: snapshot } }, "spec.storage.resources.requests.storage"],
    ],
    good: [
      sized(),
      sized(undefined, 2 ** 20),
      { storage: {}, source: { pvc: { namespace: "a", name: "b" } } },
      { storage: {}, sourceRef: { kind: "DataSource", name: "a" } },
      { storage: {}, source: undefined },
      { storage: { resources: undefined }, source: { blank: {} } },
    ],
  },
  "machines/data-volume-access": {
    bad: [
      [{ storage: { accessModes: ["RWO"] } }, "spec.storage.accessModes[0]"],
      [{ pvc: { accessModes: ["ReadWriteOnce", "ReadWriteMany"] } }, "spec.pvc.accessModes"],
      [{ pvc: {} }, "spec.pvc.accessModes"],
    ],
    good: [
      { storage: { accessModes: ["ReadWriteOnce", "ReadWriteMany"] } },
      { pvc: { accessModes: ["ReadWriteMany"] } },
      { pvc: { accessModes: undefined } },
      {},
    ],
  },
  "machines/data-volume-url": {
    bad: [
      [from({ http: { url: "ftp://a/b" } }), "spec.source.http.url"],
      [from({ http: {} }), "spec.source.http.url"],
      [from({ registry: { url: "quay.io/a" } }), "spec.source.registry.url"],
      [from({ s3: { url: "s3://a" } }), "spec.source.s3.url"],
    ],
    good: [
      from({ http: { url: "https://a/b" } }),
      from({ registry: { url: "oci-archive://a" } }),
      from({ registry: { imageStream: "a", pullMethod: "node" } }),
      from({ gcs: { url: "gs://a/b" } }),
      from({ http: undefined }),
    ],
  },
  "machines/data-volume-registry": {
    bad: [
      [from({ registry: { url: "docker://a", imageStream: "b", pullMethod: "node" } }), "spec.source.registry"],
      [from({ registry: { imageStream: "b" } }), "spec.source.registry.pullMethod"],
      [from({ registry: { url: "docker://a", pullMethod: "host" } }), "spec.source.registry.pullMethod"],
    ],
    good: [
      from({ registry: { url: "docker://a", pullMethod: "pod" } }),
      from({ registry: { imageStream: "b", pullMethod: undefined } }),
    ],
  },
  "machines/data-volume-content": {
    bad: [
      [sized({ source: { blank: {} }, contentType: "archive" }), "spec.contentType"],
      [sized({ source: { http: {} }, contentType: "tar" }), "spec.contentType"],
    ],
    good: [sized({ source: { http: {} }, contentType: "archive" }), sized({ contentType: "kubevirt" })],
  },
  "machines/data-volume-source-field": {
    bad: [
      [from({ pvc: { namespace: "", name: "b" } }), "spec.source.pvc.namespace"],
      [from({ imageio: { url: "https://a", diskId: "b", secretRef: "c" } }), "spec.source.imageio.certConfigMap"],
      [from({ vddk: { url: "https://a" } }), "spec.source.vddk.uuid"],
    ],
    good: [
      from({ imageio: { url: "https://a", diskId: "b", secretRef: "c", insecureSkipVerify: true } }),
      from({ imageio: { url: "https://a", diskId: "b", secretRef: "c", insecureSkipVerify: undefined } }),
      from({ pvc: { namespace: "a", name: undefined } }),
      from({ snapshot: undefined }),
    ],
  },
  "machines/data-volume-population": {
    bad: [
      [populated({ kind: "VolumeSnapshot", name: "a" }), "spec.storage.dataSource.apiGroup"],
      [populated({ ...snapshot, name: "" }), "spec.storage.dataSource.name"],
      [populated({ apiGroup: "a" }), "spec.storage.dataSource.kind"],
      [populated({ ...snapshot, namespace: "b" }, "dataSourceRef"), "spec.storage.dataSourceRef.namespace"],
      [{ storage: { dataSource: snapshot, dataSourceRef: snapshot } }, "spec.storage.dataSource"],
    ],
    good: [
      populated(snapshot),
      populated({ kind: "PersistentVolumeClaim", name: "a" }),
      populated({ kind: "VolumeSnapshot", name: "a", apiGroup: undefined }),
      { storage: { dataSource: undefined } },
      {},
    ],
  },
  "machines/data-volume-class": {
    bad: [[{ storage: { storageClassName: "a".repeat(254) } }, "spec.storage.storageClassName"]],
    good: [{ storage: { storageClassName: "fast" } }, {}],
  },
  "machines/data-volume-reference": {
    bad: [
      [sized({ sourceRef: { kind: "DataImportCron", name: "a" } }), "spec.sourceRef.kind"],
      [sized({ sourceRef: { name: "a" } }), "spec.sourceRef.kind"],
      [sized({ sourceRef: { kind: "DataSource", name: "" } }), "spec.sourceRef.name"],
    ],
    good: [sized({ sourceRef: { kind: "DataSource", name: "a" } }), sized({ sourceRef: undefined })],
  },
});

const fine = merged(from({ registry: { url: "docker://a", pullMethod: "pod", secretRef: "b" } }), {
  storage: { accessModes: ["ReadWriteMany"] },
}) as JsonObject;
testFine("rules of a DataVolume and a fine one", dataVolumeRules, volume(fine));
testFine(
  "rules of a DataVolume and a fine clone",
  dataVolumeRules,
  volume({ ...sized({ sourceRef: { kind: "DataSource", namespace: "b", name: "a" } }) }),
);
