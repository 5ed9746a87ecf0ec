import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { disruptionsOf } from "../../../model";
import { dataVolume, dataVolumeReady } from "../../../provider/kinds/data-volumes";
import { migrationPolicy, virtualMachineInstancetype } from "../../../provider/kinds/instancetypes";
import { before, object, said } from "./objects";

const volume = (status: JsonObject): KubernetesObject =>
  object("cdi.kubevirt.io/v1beta1", "DataVolume", { metadata: { name: "root", namespace: "web", uid: "1" }, status });
const condition = (type: string, message: string): JsonObject => ({ type, status: "False", message });

describe("readiness of a DataVolume", () => {
  for (const phase of ["Succeeded", "WaitForFirstConsumer", "PendingPopulation", "UploadReady", "Paused"]) {
    it(`${phase}: CDI has done its part`, () => expect(said(dataVolumeReady(volume({ phase })))).to.equal("ready"));
  }

  it("fails at once with CDI's message", () => {
    const conditions = [condition("Ready", ""), condition("Running", "Unable to connect to the registry")];
    expect(said(dataVolumeReady(volume({ phase: "Failed", conditions })))).to.equal(
      "failed: Unable to connect to the registry",
    );
    expect(said(dataVolumeReady(volume({ phase: "Failed" })))).to.match(/^failed: CDI could not/);
  });

  it("waits with phase, progress and what CDI says", () => {
    expect(said(dataVolumeReady(volume({})))).to.match(/^waiting: .*no phase yet/);
    expect(said(dataVolumeReady(volume({ phase: "ImportInProgress", progress: "42.00%" })))).to.match(/42.00%/);
    const conditions = [condition("Bound", "exceeded quota")];
    expect(said(dataVolumeReady(volume({ phase: "Pending", progress: "N/A", conditions })))).to.match(
      /\(Pending, exceeded quota\)$/,
    );
  });
});

describe("deletion of a DataVolume", () => {
  const claim = (uid: string, deletionTimestamp?: string): KubernetesObject =>
    object("v1", "PersistentVolumeClaim", {
      metadata: { name: "root", ownerReferences: [{ uid }], ...(deletionTimestamp ? { deletionTimestamp } : {}) },
    });

  it("waits until its claim is gone, and for no other", () => {
    const [step] = dataVolume.deletion?.after?.(volume({})) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    expect(step.watches[0]).to.include({ plural: "persistentvolumeclaims", namespace: "web", name: "root" });
    expect(said(step.verdict({ claim: [claim("1")] }, {}))).to.match(/^waiting: .*still there/);
    expect(said(step.verdict({ claim: [claim("1", "now")] }, {}))).to.match(/pod still uses it/);
    expect(said(step.verdict({ claim: [claim("2")] }, {}))).to.equal("ready");
    expect(said(step.verdict({ claim: [] }, {}))).to.equal("ready");
  });

  it("costs the machine that uses it; nothing else does", () => {
    expect(disruptionsOf(dataVolume.disruptions, { change: "delete", paths: [] }).map((row) => row.cost)).to.deep.equal(
      ["machine-restart"],
    );
    expect(disruptionsOf(dataVolume.disruptions, { change: "create", paths: [] })).to.deep.equal([]);
  });
});

describe("what machines are described by", () => {
  for (const kind of [virtualMachineInstancetype, migrationPolicy]) {
    it(`${kind.kind} works as soon as it exists and is nobody else's`, () => {
      const live = object(kind.apiVersion, kind.kind, {});
      expect(kind.ready.watches(live)).to.deep.equal([]);
      expect(said(kind.ready.verdict(live, {}, before()))).to.equal("ready");
      expect(kind.adopt({ name: "x" })).to.equal(false);
    });
  }

  it("a DataVolume is nobody else's", () => {
    expect(dataVolume.adopt({ name: "x" })).to.equal(false);
    expect(dataVolume.ready.watches(volume({}))).to.deep.equal([]);
  });
});
