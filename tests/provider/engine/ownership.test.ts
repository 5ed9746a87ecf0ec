import { expect } from "chai";
import type { KubernetesObject, ManagedFieldsEntry } from "../../../model";
import { isRecordedDrift, resolveField } from "../../../provider/engine/conflicts";
import { appliedBy, ownsField, writerOf, writerText } from "../../../provider/engine/ownership";

const policy: KubernetesObject = {
  apiVersion: "sriovnetwork.openshift.io/v1",
  kind: "SriovNetworkNodePolicy",
  metadata: {
    name: "p",
    annotations: { "example.com/a.b": "1" },
    managedFields: [
      {
        manager: "pulumi-ove",
        operation: "Apply",
        time: "2026-01-01T00:00:00Z",
        fieldsV1: {
          "f:spec": { "f:numVfs": {}, "f:networks": { 'k:{"name":"a"}': { ".": {}, "f:name": {}, "f:mtu": {} } } },
        },
      },
      {
        manager: "kubectl-edit",
        operation: "Update",
        time: "2026-01-02T00:00:00Z",
        fieldsV1: {
          "f:spec": {
            "f:nicSelector": { "f:pfNames": {} },
            "f:networks": { 'k:{"name":"b"}': { ".": {} } },
            "f:set": { 'v:"x"': {} },
          },
        },
      },
      { manager: "controller", operation: "Update", subresource: "status", fieldsV1: { "f:spec": { "f:numVfs": {} } } },
    ],
  },
  spec: {
    numVfs: 4,
    nicSelector: { pfNames: ["ens1f0", "ens2f0"] },
    networks: [{ name: "a", mtu: 1 }, { name: "b" }],
    set: ["x"],
  },
};

describe("field ownership", () => {
  it("finds the other manager of a field, of a whole list, of a keyed element and of a set's value", () => {
    for (const path of [
      ["spec", "nicSelector", "pfNames", 1],
      ["spec", "networks", 1],
      ["spec", "set", 0],
    ]) {
      expect(writerOf(policy, path, "pulumi-ove")?.manager).to.equal("kubectl-edit");
    }
    expect(writerOf(policy, ["spec", "numVfs"], "pulumi-ove")).to.equal(undefined);
  });

  it("knows what a manager holds exactly", () => {
    expect(ownsField(policy, ["spec", "numVfs"], "pulumi-ove")).to.equal(true);
    expect(ownsField(policy, ["spec", "networks", 0, "mtu"], "pulumi-ove")).to.equal(true);
    expect(ownsField(policy, ["spec", "nicSelector", "pfNames"], "pulumi-ove")).to.equal(false);
    expect(ownsField(policy, ["spec", "numVfs", 0], "pulumi-ove"), "nothing is below a number").to.equal(false);
    expect(ownsField(policy, ["spec", "nowhere", "a"], "pulumi-ove")).to.equal(false);
  });

  it("finds nobody where nobody wrote down who it is", () => {
    const bare: KubernetesObject = { apiVersion: "v1", kind: "A", metadata: { name: "a" }, spec: { b: 1 } };
    expect(writerOf(bare, ["spec", "b"], "pulumi-ove")).to.equal(undefined);
    expect(ownsField(bare, ["spec", "b"], "pulumi-ove")).to.equal(false);
    expect(appliedBy(bare, "pulumi-ove")).to.equal(false);
    expect(writerText(undefined)).to.equal("no field manager claims it");
    const claimed = (entry: ManagedFieldsEntry): KubernetesObject => ({
      ...bare,
      metadata: { name: "a", managedFields: [entry] },
    });
    expect(writerOf(claimed({ manager: "x", operation: "Update" }), ["spec", "b"], "pulumi-ove")).to.equal(undefined);
    const unnamed = writerOf(claimed({ fieldsV1: { "f:spec": { "f:b": {} } } }), ["spec", "b"], "pulumi-ove");
    expect(writerText(unnamed)).to.equal('by field manager "unknown" (Update)');
  });

  it("takes the latest of two claims that are as exact", () => {
    const claim = (manager: string, time?: string): ManagedFieldsEntry => ({
      manager,
      operation: "Update",
      fieldsV1: { "f:spec": { "f:b": {} } },
      ...(time ? { time } : {}),
    });
    const managedFields = [
      claim("old", "2026-01-01T00:00:00Z"),
      claim("timeless"),
      claim("new", "2026-01-02T00:00:00Z"),
    ];
    const object: KubernetesObject = {
      apiVersion: "v1",
      kind: "A",
      metadata: { name: "a", managedFields },
      spec: { b: 1 },
    };
    const writer = writerOf(object, ["spec", "b"], "pulumi-ove");
    expect(writerText(writer)).to.equal('by field manager "new" (Update) at 2026-01-02T00:00:00Z');
  });

  it("reads the API server's field paths, also with dots in keys and with list elements", () => {
    const object = policy as never;
    expect(resolveField(object, ".spec.nicSelector.pfNames")).to.deep.equal(["spec", "nicSelector", "pfNames"]);
    expect(resolveField(object, ".metadata.annotations.example.com/a.b")).to.deep.equal([
      "metadata",
      "annotations",
      "example.com/a.b",
    ]);
    expect(resolveField(object, '.spec.networks[name="a"].mtu')).to.deep.equal(["spec", "networks", 0, "mtu"]);
    expect(resolveField(object, '.spec.networks[name="b"]')).to.deep.equal(["spec", "networks", 1]);
    expect(resolveField(object, '.spec.networks[name="a",mtu=1].mtu')).to.deep.equal(["spec", "networks", 0, "mtu"]);
    expect(resolveField(object, '.spec.networks[name="a",mtu=2].mtu')).to.deep.equal(["spec", "networks"]);
    expect(resolveField(object, '.spec.set[="x"]')).to.deep.equal(["spec", "set", 0]);
    expect(resolveField(object, ".spec.networks[1].name")).to.deep.equal(["spec", "networks", 1, "name"]);
    expect(resolveField(object, '.spec.networks[name="a]b"].mtu')).to.deep.equal(["spec", "networks"]);
    expect(resolveField(object, ".spec.nowhere")).to.equal(undefined);
    expect(resolveField(object, ".spec.numVfs.a"), "below a number").to.equal(undefined);
    expect(resolveField(object, ".spec.sets"), "a longer name").to.equal(undefined);
    expect(resolveField(object, '.spec.set[name="x"]'), "a key of texts").to.deep.equal(["spec", "set"]);
    expect(resolveField(object, ".spec.numVfs[0]"), "an element of a number").to.deep.equal(["spec", "numVfs"]);
    expect(resolveField(object, ".spec.set["), "no whole bracket").to.deep.equal(["spec", "set"]);
  });

  it("takes a conflict for agreed only when the state shows the very value that is live", () => {
    const conflict = [{ manager: "kubectl-edit", field: ".spec.nicSelector.pfNames" }];
    const refreshed = { spec: { nicSelector: { pfNames: ["ens1f0", "ens2f0"] } } };
    expect(isRecordedDrift(conflict, refreshed, policy, [], "pulumi-ove")).to.equal(true);
    const fresh = [{ kind: "added" as const, path: ["spec", "nicSelector", "pfNames", 1], live: "ens2f0" }];
    expect(isRecordedDrift(conflict, refreshed, policy, fresh, "pulumi-ove")).to.equal(false);
    const shared = [{ manager: "kubectl-edit", field: ".spec.numVfs" }];
    expect(isRecordedDrift(shared, { spec: { numVfs: 4 } }, policy, [], "pulumi-ove")).to.equal(false);
  });
});
