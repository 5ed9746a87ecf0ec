import { asJson, type JsonObject, type KubernetesObject, objectName, valueAt } from "../../model";
import { pathOf } from "./api";
import { type AgentContext, annotation } from "./context";
import { textOf } from "./read";
import { type Store, Worker } from "./store";

const CDI = "cdi.kubevirt.io/v1beta1";
const IMMEDIATE = "cdi.kubevirt.io/storage.bind.immediate.requested";
const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

/** Milliseconds that CDI takes between two phases. */
const STEP_MS = 400;

const FAILURE = "simulated failure: unable to connect to the source of the import";

/** What CDI sees of a DataVolume. */
export interface VolumeView {
  phase: string;
  progress: string;
  /** Whether the claim is there already. */
  claimed: boolean;
  /** Whether the storage class waits for a consumer that is not there. */
  parked: boolean;
  /** Whether there is something to be fetched; a blank volume needs no import but makes its way all the same. */
  upload: boolean;
  broken: boolean;
}

/** CDI's next step; nothing when it has done its part. */
export type VolumeStep = { kind: "claim" } | { kind: "report"; phase: string; progress: string };

const report = (phase: string, progress = "N/A"): VolumeStep => ({ kind: "report", phase, progress });

/** The order of phases of containerized-data-importer's import controller. */
export function nextVolumeStep(view: VolumeView): VolumeStep | undefined {
  const { phase, progress } = view;
  if (["Succeeded", "Failed", "UploadReady"].includes(phase)) return undefined;
  if (phase === "") return report("Pending");
  if (!view.claimed) return { kind: "claim" };
  if (view.parked) return phase === "WaitForFirstConsumer" ? undefined : report("WaitForFirstConsumer");
  if (phase === "Pending" || phase === "WaitForFirstConsumer")
    return report(view.upload ? "UploadReady" : "ImportScheduled");
  if (phase === "ImportScheduled") return report("ImportInProgress", "0.00%");
  if (view.broken) return report("Failed");
  return progress === "0.00%" ? report("ImportInProgress", "50.00%") : report("Succeeded", "100.0%");
}

/** The status that shows a phase. */
export function volumeStatus(name: string, phase: string, progress: string): JsonObject {
  const done = phase === "Succeeded";
  const failing = phase === "Failed";
  const bound = !["Pending", "WaitForFirstConsumer"].includes(phase);
  const state = (type: string, on: boolean, message = ""): JsonObject => ({
    type,
    status: on ? "True" : "False",
    message,
  });
  return {
    phase,
    progress,
    claimName: name,
    conditions: [
      state("Ready", done),
      state("Bound", bound, bound ? "" : `PVC ${name} Pending`),
      state("Running", phase === "ImportInProgress", failing ? FAILURE : ""),
    ],
  };
}

/** The claim that CDI makes for a DataVolume; `storage` leaves to CDI what `pvc` says itself. */
export function claimOf(volume: KubernetesObject): KubernetesObject {
  const { name, namespace, uid } = volume.metadata;
  const spec = (volume.spec?.pvc ?? volume.spec?.storage ?? {}) as JsonObject;
  const requests = { storage: "1Gi", ...(valueAt(spec, ["resources", "requests"]) as JsonObject | undefined) };
  const owner = {
    apiVersion: CDI,
    kind: "DataVolume",
    name,
    uid: uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, ownerReferences: [owner] },
    spec: { accessModes: ["ReadWriteMany"], ...spec, resources: { requests } },
  };
}

/** Whether volumes of the claim's storage class, or of the default one, are bound by their first consumer. */
export function bindsLate(volume: KubernetesObject, classes: readonly KubernetesObject[]): boolean {
  if (annotation(volume, IMMEDIATE)) return false;
  const named = ["pvc", "storage"]
    .map((key) => textOf(valueAt(asJson(volume), ["spec", key, "storageClassName"])))
    .find((each) => each !== "");
  const found = classes.find((each) =>
    named ? each.metadata.name === named : annotation(each, DEFAULT_CLASS) === "true",
  );
  return found?.volumeBindingMode === "WaitForFirstConsumer";
}

/** Whether a pod that is on a node uses the claim. */
function consumed(volume: KubernetesObject, pods: Store): boolean {
  return pods.all().some((pod) => {
    const volumes = valueAt(asJson(pod), ["spec", "volumes"]);
    const uses = Array.isArray(volumes)
      ? volumes.some((each) => valueAt(each, ["persistentVolumeClaim", "claimName"]) === volume.metadata.name)
      : false;
    return uses && pod.metadata.namespace === volume.metadata.namespace && Boolean(pod.spec?.nodeName);
  });
}

/** Runs the simulated CDI: it makes a claim for every DataVolume and walks through the phases of an import. */
export function startCdi(context: AgentContext): void {
  const volumes = context.store(CDI, "datavolumes");
  const classes = context.store("storage.k8s.io/v1", "storageclasses");
  const pods = context.store("v1", "pods");
  const worker = new Worker("cdi", async (key) => {
    const known = volumes.get(key);
    if (!known) return;
    const { name, namespace } = known.metadata;
    const volume = await context.api.get(pathOf(CDI, "datavolumes", { namespace, name }));
    if (!volume || volume.metadata.deletionTimestamp) return;
    const claim = await context.api.get(pathOf("v1", "persistentvolumeclaims", { namespace, name }));
    const step = nextVolumeStep({
      phase: textOf(volume.status?.phase),
      progress: textOf(volume.status?.progress),
      claimed: claim !== undefined,
      parked: bindsLate(volume, classes.all()) && !consumed(volume, pods),
      upload: valueAt(asJson(volume), ["spec", "source", "upload"]) !== undefined,
      broken: context.fault("import-fails", key),
    });
    if (!step) return;
    if (step.kind === "claim") {
      await context.api.create(pathOf("v1", "persistentvolumeclaims", { namespace }), claimOf(volume));
    } else {
      const status = volumeStatus(name, step.phase, step.progress);
      await context.api.patch(pathOf(CDI, "datavolumes", { namespace, name, subresource: "status" }), { status });
    }
    return STEP_MS;
  });
  const wakeAll = (): void => volumes.all().forEach((each) => worker.wake(objectName(each.metadata)));
  volumes.onChange((volume, gone) => gone || worker.wake(objectName(volume.metadata)));
  classes.onChange(wakeAll);
  pods.onChange(wakeAll);
  context.onFaults(wakeAll);
}
