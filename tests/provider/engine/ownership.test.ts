import { expect } from "chai";
import type { KubernetesObject } from "../../../model";
import { isRecordedDrift, resolveField } from "../../../provider/engine/conflicts";
import { ownsField, writerOf } from "../../../provider/engine/ownership";

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
