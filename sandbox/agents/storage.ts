import { isObject, type KubernetesObject, objectName } from "../../model";
import { pathOf } from "./api";
import { type AgentContext, annotation } from "./context";
import { textOf } from "./read";
import { delay, Worker } from "./store";

const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/** Milliseconds that a volume takes to be made. */
const PROVISION_MS = 300;

/** Whether a volume is to be made for a claim: it has none, and does not wait for its first consumer. */
export function isWanted(claim: KubernetesObject, classes: readonly KubernetesObject[]): boolean {
  if (claim.metadata.deletionTimestamp || textOf(claim.spec?.volumeName) !== "") return false;
  const named = textOf(claim.spec?.storageClassName);
  const found = classes.find(({ metadata }) => metadata.name === named);
  return found?.volumeBindingMode !== "WaitForFirstConsumer" || annotation(claim, SELECTED_NODE) !== "";
}

/** The volume of a claim; by the claim's uid the controller binds the two at once. */
export function volumeOf(claim: KubernetesObject): KubernetesObject {
  const { name, namespace = "", uid = "" } = claim.metadata;
  const { accessModes = [], resources, storageClassName, volumeMode } = claim.spec ?? {};
  const requests = isObject(resources) ? resources.requests : undefined;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `pvc-${uid}` },
    spec: {
      accessModes,
      capacity: requests ?? {},
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      persistentVolumeReclaimPolicy: "Retain",
      hostPath: { path: `/var/lib/volumes/${uid}` },
      ...(storageClassName === undefined ? {} : { storageClassName }),
      ...(volumeMode === undefined ? {} : { volumeMode }),
    },
  };
}

/** Runs a simulated provisioner: every claim gets a volume, which goes with the claim. */
export function startStorage(context: AgentContext): void {
  const { api } = context;
  const claims = context.store("v1", "persistentvolumeclaims");
  const classes = context.store("storage.k8s.io/v1", "storageclasses");
  const worker = new Worker("storage", async (key) => {
    const claim = claims.get(key);
    if (!claim || !isWanted(claim, classes.all())) return;
    await delay(PROVISION_MS);
    const volume = volumeOf(claim);
    const path = pathOf("v1", "persistentvolumes", { name: volume.metadata.name });
    if (!(await api.get(path))) await api.create(pathOf("v1", "persistentvolumes"), volume);
  });
  claims.onChange((claim, gone) => gone || worker.wake(objectName(claim.metadata)));
  const cleaner = new Worker("storage-cleaner", (name) => api.remove(pathOf("v1", "persistentvolumes", { name })));
  context.store("v1", "persistentvolumes").onChange(({ metadata, status }, gone) => {
    if (!gone && status?.phase === "Released" && metadata.name.startsWith("pvc-")) cleaner.wake(metadata.name);
  });
}
