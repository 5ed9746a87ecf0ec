import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { bindsLate, claimOf, nextVolumeStep, volumeStatus, type VolumeView } from "../../sandbox/agents/cdi";

const view = (parts: Partial<VolumeView>): VolumeView => ({
  phase: "",
  progress: "N/A",
  claimed: true,
  parked: false,
  upload: false,
  broken: false,
  ...parts,
});

/** The phases that a volume goes through, until there is no further step. */
function walk(parts: Partial<VolumeView>): string[] {
  const seen: string[] = [];
  let now = view({ claimed: false, ...parts });
  for (let step = nextVolumeStep(now); step; step = nextVolumeStep(now)) {
    seen.push(step.kind === "claim" ? "claim" : `${step.phase} ${step.progress}`);
    now = step.kind === "claim" ? { ...now, claimed: true } : { ...now, ...step };
  }
  return seen;
}

const volume = (spec: JsonObject, annotations: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: "cdi.kubevirt.io/v1beta1",
  kind: "DataVolume",
  metadata: { name: "root", namespace: "web", uid: "1", annotations },
  spec,
});
const storageClass = (name: string, volumeBindingMode: string, annotations = {}): KubernetesObject => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name, annotations },
  volumeBindingMode,
});

describe("the simulated CDI", () => {
  it("makes a claim and imports, with progress", () => {
    expect(walk({})).to.deep.equal([
      "Pending N/A",
      "claim",
      "ImportScheduled N/A",
      "ImportInProgress 0.00%",
      "ImportInProgress 50.00%",
      "Succeeded 100.0%",
    ]);
  });

  it("fails when the import is to fail", () => {
    expect(walk({ broken: true }).at(-1)).to.equal("Failed N/A");
    const conditions = volumeStatus("root", "Failed", "N/A").conditions as JsonObject[];
    expect(conditions.find((each) => each.type === "Running")?.message).to.match(/simulated failure/);
  });

  it("waits for the first consumer and for uploads", () => {
    expect(walk({ parked: true })).to.deep.equal(["Pending N/A", "claim", "WaitForFirstConsumer N/A"]);
    expect(nextVolumeStep(view({ phase: "WaitForFirstConsumer" }))).to.include({ phase: "ImportScheduled" });
    expect(walk({ upload: true }).at(-1)).to.equal("UploadReady N/A");
  });

  it("asks the storage class, the default one when none is named", () => {
    const late = storageClass("late", "WaitForFirstConsumer");
    const normal = storageClass("normal", "Immediate", { "storageclass.kubernetes.io/is-default-class": "true" });
    expect(bindsLate(volume({ storage: { storageClassName: "late" } }), [late, normal])).to.equal(true);
    expect(bindsLate(volume({ storage: {} }), [late, normal])).to.equal(false);
    expect(bindsLate(volume({ storage: {} }), [late])).to.equal(false);
    const forced = { "cdi.kubevirt.io/storage.bind.immediate.requested": "true" };
    expect(bindsLate(volume({ pvc: { storageClassName: "late" } }, forced), [late])).to.equal(false);
  });

  it("makes a claim that belongs to the volume", () => {
    const claim = claimOf(
      volume({ storage: { resources: { requests: { storage: "30Gi" } }, storageClassName: "fast" } }),
    );
    expect(claim.metadata).to.include({ name: "root", namespace: "web" });
    expect(claim.metadata.ownerReferences?.[0]).to.include({ kind: "DataVolume", uid: "1", controller: true });
    expect(claim.spec).to.deep.equal({
      accessModes: ["ReadWriteMany"],
      storageClassName: "fast",
      resources: { requests: { storage: "30Gi" } },
    });
    expect(claimOf(volume({})).spec?.resources).to.deep.equal({ requests: { storage: "1Gi" } });
  });
});
