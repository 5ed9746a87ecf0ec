import type { JsonObject } from "../../model";
import { I, K, P, dataVolume, disk, domain, nic, spec, storage, template, volume } from "./machine-inputs";
import type { Cases } from "./support";
import { merged } from "./support";

/** Cases of the rules on a machine, part: storage. */
export const storageCases: Record<string, Cases> = {
  "machines/disk-without-volume": {
    bad: [[disk({ disk: {} }, []), `${K}[0].name`]],
    good: [
      disk({ disk: {} }),
      disk({ cdrom: {} }, []),
      template({ volumes: undefined, domain: { devices: { disks: [{ name: "a" }] } } }),
    ],
  },
  "machines/disk-repeated": {
    bad: [[domain({ devices: { disks: [{ name: "a" }, { name: "a" }] } }), `${K}[1].name`]],
    good: [domain({ devices: { disks: [{ name: "a" }, { name: "b" }] } })],
  },
  "machines/disk-name": { bad: [[disk({ name: "Root" }), `${K}[0].name`]], good: [disk({})] },
  "machines/disk-bus": {
    bad: [
      [disk({ disk: { bus: "ide" } }), `${K}[0].disk.bus`],
      [disk({ cdrom: { bus: "virtio" } }), `${K}[0].cdrom.bus`],
      [disk({ disk: {}, lun: {} }), `${K}[0]`],
    ],
    good: [disk({ disk: { bus: "virtio" } }), disk({ cdrom: { bus: "sata" } })],
  },
  "machines/boot-order": {
    bad: [
      [disk({ bootOrder: 0 }), `${K}[0].bootOrder`],
      [merged(disk({ bootOrder: 1 }), nic({ bootOrder: 1 })) as JsonObject, `${I}[0].bootOrder`],
    ],
    good: [merged(disk({ bootOrder: 1 }), nic({ bootOrder: 2 })) as JsonObject],
  },
  "machines/volume-repeated": {
    bad: [[template({ volumes: [{ name: "a" }, { name: "a" }] }), `${P}.volumes[1].name`]],
    good: [template({ volumes: [{ name: "a" }, { name: "b" }] })],
  },
  "machines/volume-source": {
    bad: [
      [volume({}), `${P}.volumes[0]`],
      [volume({ emptyDisk: {}, containerDisk: {} }), `${P}.volumes[0]`],
    ],
    good: [volume({ containerDisk: { image: "a" } }), volume({ dataVolume: undefined })],
  },
  "machines/volume-name": {
    bad: [
      [volume({ dataVolume: { name: "" } }), `${P}.volumes[0].name`],
      [volume({ secret: {} }), `${P}.volumes[0].secret.secretName`],
    ],
    good: [
      volume({ persistentVolumeClaim: { claimName: "" } }),
      volume({ configMap: { name: "a" } }),
      volume({ dataVolume: { name: undefined } }),
    ],
  },
  "machines/volume-claim-name": {
    bad: [[volume({ persistentVolumeClaim: { claimName: "" } }), `${P}.volumes[0].persistentVolumeClaim.claimName`]],
    good: [volume({ persistentVolumeClaim: { claimName: "a" } }), volume({ emptyDisk: {} })],
  },
  "machines/volume-once": {
    bad: [
      [
        template({
          volumes: [
            { name: "a", serviceAccount: {} },
            { name: "b", serviceAccount: {} },
          ],
        }),
        `${P}.volumes`,
      ],
    ],
    good: [volume({ serviceAccount: {} })],
  },
  "machines/cloud-init": {
    bad: [
      [volume({ cloudInitNoCloud: {} }), `${P}.volumes[0].cloudInitNoCloud`],
      [volume({ cloudInitNoCloud: { userData: "a", secretRef: { name: "b" } } }), `${P}.volumes[0].cloudInitNoCloud`],
      [
        volume({ cloudInitConfigDrive: { networkData: "a", networkDataBase64: "YQ==" } }),
        `${P}.volumes[0].cloudInitConfigDrive`,
      ],
      [volume({ cloudInitNoCloud: { userData: "ä".repeat(1025) } }), `${P}.volumes[0].cloudInitNoCloud`],
      [volume({ cloudInitNoCloud: { userDataBase64: "a b" } }), `${P}.volumes[0].cloudInitNoCloud.userDataBase64`],
      [volume({ cloudInitNoCloud: { secretRef: { name: "" } } }), `${P}.volumes[0].cloudInitNoCloud`],
      [volume({ cloudInitNoCloud: { secretRef: {} } }), `${P}.volumes[0].cloudInitNoCloud`],
    ],
    good: [
      volume({ cloudInitNoCloud: { userData: "a".repeat(2048), networkDataSecretRef: { name: "b" } } }),
      volume({ cloudInitNoCloud: { secretRef: { name: undefined } } }),
      volume({ cloudInitNoCloud: { secretRef: undefined } }),
      volume({ cloudInitNoCloud: { userDataBase64: "YWJj\nYWJj\r\n" } }),
      volume({ cloudInitNoCloud: { userData: undefined } }),
    ],
  },
  "machines/cloud-init-user-data": {
    bad: [[volume({ cloudInitNoCloud: { networkData: "a" } }), `${P}.volumes[0].cloudInitNoCloud.userData`]],
    good: [volume({ cloudInitNoCloud: { networkData: "a", userData: "#cloud-config" } })],
  },
  "machines/data-volume-group": {
    bad: [
      [
        dataVolume({ spec: { storage: { dataSource: { kind: "VolumeSnapshot", name: "x" } } } }),
        "spec.dataVolumeTemplates[0].spec.storage.dataSource.apiGroup",
      ],
      [
        dataVolume({ spec: { pvc: { dataSourceRef: { kind: "VolumeSnapshot", name: "x" } } } }),
        "spec.dataVolumeTemplates[0].spec.pvc.dataSourceRef.apiGroup",
      ],
    ],
    good: [
      dataVolume({ spec: { storage: { dataSource: { apiGroup: "", kind: "PersistentVolumeClaim", name: "x" } } } }),
      dataVolume({ spec: { storage: { dataSource: { apiGroup: undefined, kind: "a", name: "x" } } } }),
      dataVolume({ spec: { storage: { dataSource: undefined } } }),
    ],
  },
  "machines/data-volume-refused": {
    bad: [
      [
        dataVolume({ spec: { storage: {}, source: { blank: {} } } }),
        "spec.dataVolumeTemplates[0].spec.storage.resources.requests.storage",
      ],
      [
        dataVolume({ spec: { ...storage, source: { http: { url: "ftp://a/b" } } } }),
        "spec.dataVolumeTemplates[0].spec.source.http.url",
      ],
    ],
    good: [dataVolume({ spec: { ...storage, source: { blank: {} } } }), dataVolume({ spec: undefined })],
  },
  "machines/data-volume-name": {
    bad: [[dataVolume({ metadata: { name: "" } }), "spec.dataVolumeTemplates[0].metadata.name"]],
    good: [dataVolume({}), dataVolume({ metadata: undefined })],
  },
  "machines/data-volume-repeated": {
    bad: [
      [
        spec({ dataVolumeTemplates: [{ metadata: { name: "a" } }, { metadata: { name: "a" } }] }),
        "spec.dataVolumeTemplates[1].metadata.name",
      ],
    ],
    good: [dataVolume({})],
  },
  "machines/data-volume-unused": {
    bad: [[dataVolume({}, []), "spec.dataVolumeTemplates[0].metadata.name"]],
    good: [
      dataVolume({}),
      dataVolume({}, [{ name: "a", persistentVolumeClaim: { claimName: "dv" } }]),
      dataVolume({}, [{ name: "a", dataVolume: undefined }]),
    ],
  },
  "machines/data-volume-storage": {
    bad: [
      [dataVolume({ spec: { source: { blank: {} } } }), "spec.dataVolumeTemplates[0].spec"],
      [dataVolume({ spec: { pvc: {}, storage: {} } }), "spec.dataVolumeTemplates[0].spec"],
    ],
    good: [dataVolume({ spec: storage })],
  },
  "machines/data-volume-source": {
    bad: [
      [dataVolume({ spec: storage }), "spec.dataVolumeTemplates[0].spec"],
      [dataVolume({ spec: { ...storage, source: {} } }), "spec.dataVolumeTemplates[0].spec.source"],
      [
        dataVolume({ spec: { ...storage, source: { blank: {}, upload: {} } } }),
        "spec.dataVolumeTemplates[0].spec.source",
      ],
      [
        dataVolume({ spec: { storage: { dataSource: {} }, source: { blank: {} } } }),
        "spec.dataVolumeTemplates[0].spec.source",
      ],
    ],
    good: [
      dataVolume({ spec: { ...storage, source: { blank: {} } } }),
      dataVolume({ spec: { ...storage, sourceRef: { name: "a" } } }),
      dataVolume({ spec: { storage: { dataSourceRef: {} } } }),
    ],
  },
  "machines/data-volume-namespace": {
    bad: [
      [dataVolume({ metadata: { name: "dv", namespace: "db" } }), "spec.dataVolumeTemplates[0].metadata.namespace"],
    ],
    good: [dataVolume({}), dataVolume({ metadata: { name: "dv", namespace: "web" } })],
  },
};
