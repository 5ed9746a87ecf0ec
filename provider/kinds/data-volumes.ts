import { condition } from "../../model";
import type { KubernetesObject } from "../../model";
import { dataVolumeRules } from "../../rules";
import { textAt } from "../../rules/read";
import type { ObjectKind, Related, Step, Verdict, Watch } from "../kind";
import type { Shape } from "../shape";
import { failed, ready, waiting } from "./verdict";
import { one } from "./watches";

const minutes = 60;
const text: Shape = { type: "string" };
const texts: Shape = { type: "array", items: text };
const flag: Shape = { type: "boolean" };

const fields = (names: readonly string[], more: Record<string, Shape> = {}, required: string[] = []): Shape => ({
  type: "object",
  properties: { ...Object.fromEntries(names.map((name) => [name, text])), ...more },
  ...(required.length > 0 ? { required } : {}),
});

const quantities: Shape = { type: "object", values: { intOrString: true } };
const place = fields(["namespace", "name"], {}, ["namespace", "name"]);

const claim: Shape = fields(["storageClassName", "volumeMode", "volumeName", "volumeAttributesClassName"], {
  accessModes: texts,
  resources: { type: "object", properties: { requests: quantities, limits: quantities } },
  selector: {
    type: "object",
    properties: {
      matchLabels: { type: "object", values: text },
      matchExpressions: { type: "array", items: fields(["key", "operator"], { values: texts }, ["key", "operator"]) },
    },
  },
  dataSource: fields(["apiGroup", "kind", "name"], {}, ["kind", "name"]),
  dataSourceRef: fields(["apiGroup", "kind", "name", "namespace"], {}, ["kind", "name"]),
});

const source: Shape = {
  type: "object",
  properties: {
    http: fields(
      ["url", "secretRef", "certConfigMap", "checksum"],
      { extraHeaders: texts, secretExtraHeaders: texts },
      ["url"],
    ),
    s3: fields(["url", "secretRef", "certConfigMap"], {}, ["url"]),
    gcs: fields(["url", "secretRef"], {}, ["url"]),
    registry: fields(["url", "imageStream", "secretRef", "certConfigMap"], {
      pullMethod: { type: "string", enum: ["pod", "node"] },
      platform: fields(["architecture"]),
    }),
    pvc: place,
    snapshot: place,
    upload: { type: "object", properties: {} },
    blank: { type: "object", properties: {} },
    imageio: fields(["url", "diskId", "secretRef", "certConfigMap"], { insecureSkipVerify: flag }, ["url", "diskId"]),
    vddk: fields(["url", "uuid", "backingFile", "thumbprint", "secretRef", "initImageURL", "extraArgs"]),
  },
};

/** Source: containerized-data-importer-api pkg/apis/core/v1beta1/types.go. */
const shape: Shape = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        source,
        sourceRef: fields(["kind", "namespace", "name"], {}, ["kind", "name"]),
        pvc: claim,
        storage: claim,
        priorityClassName: text,
        contentType: { type: "string", enum: ["kubevirt", "archive"] },
        checkpoints: { type: "array", items: fields(["previous", "current"], {}, ["previous", "current"]) },
        finalCheckpoint: flag,
        preallocation: flag,
      },
    },
  },
  required: ["spec"],
};

/**
 * Phases in which CDI has done what it can by itself: the first consumer binds the volume, somebody uploads into it, or
 * the next checkpoint follows.
 */
const settled = new Set(["Succeeded", "WaitForFirstConsumer", "PendingPopulation", "UploadReady", "Paused"]);

/** Why it is not done, in CDI's words. */
function reason(volume: KubernetesObject): string {
  const told = ["Running", "Bound", "Ready"].map((type) => condition(volume, type));
  const failing = told.find((each) => each?.status === "False" && each.message);
  return failing?.message ?? "";
}

/**
 * Gate of a DataVolume: it is filled, or filling it is somebody else's turn. Source: phases of
 * containerized-data-importer's DataVolumeStatus; KubeVirt starts machines on WaitForFirstConsumer as well.
 */
export function dataVolumeReady(volume: KubernetesObject): Verdict {
  const phase = textAt(volume, "status", "phase") ?? "";
  if (settled.has(phase)) return ready;
  const message = reason(volume);
  if (phase === "Failed") return failed(message || "CDI could not fill the volume");
  const progress = textAt(volume, "status", "progress");
  const seen = [phase || "no phase yet", progress && progress !== "N/A" ? progress : "", message];
  return waiting("the volume is filled", seen.filter((each) => each !== "").join(", "));
}

const claimWatch = (volume: KubernetesObject): Watch => {
  const { namespace, name } = volume.metadata;
  return { id: "claim", apiVersion: "v1", plural: "persistentvolumeclaims", namespace, name };
};

/** The volume goes after the DataVolume, and not before the last machine has let it go. */
function afterVolume(volume: KubernetesObject): Step[] {
  const verdict = (related: Related): Verdict => {
    const claim = one(related, "claim");
    const owners = claim?.metadata.ownerReferences ?? [];
    const mine = owners.some((owner) => owner.uid === volume.metadata.uid);
    if (!claim || !mine) return ready;
    const held = claim.metadata.deletionTimestamp ? "a pod still uses it" : "still there";
    return waiting("the volume's PersistentVolumeClaim is gone", held);
  };
  return [{ act: "wait", watches: [claimWatch(volume)], verdict }];
}

export const dataVolume: ObjectKind = {
  is: "object",
  token: "ove:machines:DataVolume",
  doc: "A volume that CDI fills with an image, a copy of another volume or nothing.",
  waits:
    "It is filled. Where the storage class binds volumes to their first consumer, the machine that uses it is the one to be waited for.",
  deletes: "Deleted with its data, then waited for until its PersistentVolumeClaim is gone.",
  example: {
    metadata: { name: "web-root", namespace: "shop" },
    spec: {
      source: { registry: { url: "docker://quay.io/containerdisks/fedora:latest" } },
      storage: { resources: { requests: { storage: "30Gi" } } },
    },
  },
  disruptions: [
    {
      on: ["delete"],
      cost: "machine-restart",
      reach: "object",
      by: "cdi",
      why: "Its data goes with it; a machine that uses it does not start again.",
      source: "containerized-data-importer doc/datavolumes.md: the claim belongs to the DataVolume",
    },
  ],
  apiVersion: "cdi.kubevirt.io/v1beta1",
  kind: "DataVolume",
  plural: "datavolumes",
  scope: "Namespaced",
  shape: () => shape,
  listKeys: { "spec.checkpoints": "ordered" },
  immutable: [],
  // Checkpoints of an import in several stages follow one another. Source: CDI's webhook, Admit on updates.
  fixed: {
    paths: ["contentType", "preallocation", "priorityClassName", "pvc", "source", "sourceRef", "storage"].map(
      (key) => `spec.${key}`,
    ),
    instead:
      'A new volume would not have its data. Add a DataVolume of another name beside it; or, to lose the data, give the resource option replaceOnChanges: ["spec"].',
  },
  serverWritten: [],
  adopt: () => false,
  rules: dataVolumeRules,
  // It depends on the volumes and DataSources that are there.
  admission: "dynamic",
  timeouts: { create: 120 * minutes, update: 10 * minutes, delete: 20 * minutes },
  ready: { watches: () => [], verdict: dataVolumeReady },
  deletion: { after: afterVolume },
};
