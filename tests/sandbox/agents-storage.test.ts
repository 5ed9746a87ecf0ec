import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { isWanted, volumeOf } from "../../sandbox/agents/storage";

const claim = (spec: JsonObject = {}, annotations: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "root", namespace: "web", uid: "u1", annotations },
  spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "30Gi" } }, ...spec },
});
const late: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "late" },
  volumeBindingMode: "WaitForFirstConsumer",
};

describe("a simulated provisioner", () => {
  it("gives a claim a volume of its size, modes and class", () => {
    const { metadata, spec } = volumeOf(claim({ storageClassName: "late", volumeMode: "Block" }));
    expect(metadata.name).to.equal("pvc-u1");
    expect(spec).to.deep.include({
      accessModes: ["ReadWriteMany"],
      capacity: { storage: "30Gi" },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name: "root", namespace: "web", uid: "u1" },
      storageClassName: "late",
      volumeMode: "Block",
    });
  });

  it("waits for the first consumer where the class does, and makes no second volume", () => {
    expect(isWanted(claim(), [late])).to.equal(true);
    expect(isWanted(claim({ storageClassName: "late" }), [late])).to.equal(false);
    const selected = { "volume.kubernetes.io/selected-node": "worker-0" };
    expect(isWanted(claim({ storageClassName: "late" }, selected), [late])).to.equal(true);
    expect(isWanted(claim({ volumeName: "pvc-u1" }), [late])).to.equal(false);
  });
});
