import { expect } from "chai";
import { disruptionsOf } from "../../../model";
import type { JsonObject, KubernetesObject } from "../../../model";
import type { Step } from "../../../provider/kind";
import { hyperConverged as kind } from "../../../provider/kinds/hyperconverged";
import { validateShape } from "../../../provider/kinds/validate";
import { before, object, said } from "./objects";

const api = "hco.kubevirt.io/v1beta1";
const fine = { ReconcileComplete: "True", Available: "True", Progressing: "False", Degraded: "False" };

function live(states: Record<string, string> = fine, seen = 2, conditionsOf = seen): KubernetesObject {
  const conditions = Object.entries(states).map(([type, text]): JsonObject => {
    const [status = "", reason = "", message = ""] = text.split("|");
    return { type, status, reason, message, observedGeneration: conditionsOf };
  });
  return object(api, "HyperConverged", {
    metadata: { name: "kubevirt-hyperconverged", namespace: "openshift-cnv", generation: 2 },
    status: { observedGeneration: seen, conditions },
  });
}

const crd = (status = "True"): KubernetesObject =>
  object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
    status: { conditions: [{ type: "Established", status }] },
  });
const around = {
  "virtualmachines.kubevirt.io": [crd()],
  "virtualmachineinstances.kubevirt.io": [crd()],
  "datavolumes.cdi.kubevirt.io": [crd()],
  webhook: [object("discovery.k8s.io/v1", "EndpointSlice", { endpoints: [{ conditions: { ready: true } }] })],
  nodes: [object("v1", "Node", { metadata: { name: "n", labels: { "kubevirt.io/schedulable": "true" } } })],
};

const verdict = (of: KubernetesObject, related: Record<string, KubernetesObject[]> = around, was?: KubernetesObject) =>
  said(kind.ready.verdict(of, related, before({}, was)));

describe("readiness of HyperConverged", () => {
  it("watches the CRDs, the webhook's pods and the nodes", () => {
    expect(
      kind.ready.watches(live()).map(({ name, labelSelector, plural }) => name ?? labelSelector ?? plural),
    ).to.deep.equal([
      "virtualmachines.kubevirt.io",
      "virtualmachineinstances.kubevirt.io",
      "datavolumes.cdi.kubevirt.io",
      "kubernetes.io/service-name=virt-api",
      "nodes",
    ]);
  });

  it("is ready when everything works", () => expect(verdict(live())).to.equal("ready"));

  it("is not fooled by the status of its previous form", () => {
    expect(verdict(live(fine, 1))).to.equal("waiting: the operator has seen its present form (it has seen 1)");
    expect(verdict(live(fine, 2, 1))).to.match(/^waiting: its conditions are of its present form \(ReconcileComplete/);
    const fresh = { ...live(), status: undefined };
    expect(verdict(fresh)).to.match(/"nothing"\)$/);
  });

  it("waits for each condition", () => {
    expect(verdict(live({ ...fine, ReconcileComplete: "Unknown|Init|x" }))).to.match(
      /^waiting: ReconcileComplete is True/,
    );
    expect(verdict(live({ ...fine, Available: "False|Init|x" }))).to.match(/^waiting: Available is True/);
    expect(verdict(live({ ...fine, Progressing: "True|Init|x" }))).to.match(/^waiting: Progressing is False/);
    expect(verdict(live({ ...fine, Degraded: "Unknown" }))).to.match(/^waiting: Degraded is False/);
  });

  it("waits for what comes later than Available", () => {
    expect(verdict(live(), { ...around, "datavolumes.cdi.kubevirt.io": [] })).to.match(
      /^waiting: datavolumes.cdi.kubevirt.io is served/,
    );
    expect(verdict(live(), { ...around, "virtualmachines.kubevirt.io": [crd("False")] })).to.match(
      /^waiting: Established is True/,
    );
    expect(verdict(live(), { ...around, webhook: [] })).to.match(/^waiting: the service virt-api has a ready pod/);
    expect(verdict(live(), { ...around, nodes: [object("v1", "Node", {})] })).to.match(
      /^waiting: a node can run machines/,
    );
  });

  it("fails with the operator's message, unless it is that of before the change", () => {
    const broken = live({ ...fine, Degraded: "True|KubeVirtDegraded|KubeVirt is degraded" });
    expect(verdict(broken)).to.equal("failed: HyperConverged is degraded: KubeVirt is degraded");
    expect(verdict(broken, around, broken)).to.equal("waiting: Degraded is False (KubeVirt is degraded)");
    expect(verdict(live({ Degraded: "True|Reason" }))).to.match(/Reason$/);
    expect(verdict(live({ Degraded: "True" }))).to.match(/no message given$/);
  });

  it("fails when the operator ignores it", () => {
    expect(verdict(live({ ReconcileComplete: "False|InvalidRequest|expected name" }))).to.equal(
      "failed: expected name",
    );
    expect(verdict(live({ ReconcileComplete: "False|InvalidRequest" }))).to.equal("failed: the operator ignores it");
  });

  it("tells of unsupported patches", () => {
    expect(kind.notes?.(live())).to.deep.equal([]);
    expect(kind.notes?.(live({ TaintedConfiguration: "True|x|patched" }))).to.match(/patched$/);
    const silent = live();
    silent.status = { conditions: [{ type: "TaintedConfiguration", status: "True" }] };
    expect(kind.notes?.(silent)).to.have.length(1);
  });
});

describe("deletion of HyperConverged", () => {
  const machine = (name: string): KubernetesObject =>
    object("kubevirt.io/v1", "VirtualMachine", { metadata: { name, namespace: "a" } });
  const steps = (spec: JsonObject): Step[] => kind.deletion?.before?.({ ...live(), spec }) ?? [];

  it("waits until no machine and no volume is left, naming them", () => {
    const [step] = steps({}) as Extract<Step, { act: "wait" }>[];
    expect(said(step!.verdict({}, {}))).to.equal("ready");
    expect(said(step!.verdict({ VirtualMachine: [machine("m")] }, {}))).to.match(/\(VirtualMachine a\/m\)$/);
    const many = ["m", "n", "o", "p"].map(machine);
    expect(said(step!.verdict({ VirtualMachine: many }, {}))).to.match(/ and 1 more\)$/);
  });

  it("takes them along when that is wanted", () => {
    expect(steps({ uninstallStrategy: "RemoveWorkloads" })).to.deep.equal([]);
  });

  it("gives back what was there before", () => expect(kind.adopt({ name: "kubevirt-hyperconverged" })).to.equal(true));
});

describe("HyperConverged", () => {
  it("says what a change disrupts", () => {
    const costs = (change: Parameters<typeof disruptionsOf>[1]): string[] =>
      disruptionsOf(kind.disruptions, change).map(({ cost }) => cost);
    const update = (path: string[]): string[] => costs({ change: "update", paths: [path] });
    expect(update(["spec", "workloads", "nodePlacement"])).to.deep.equal(["pod-restart"]);
    expect(update(["spec", "infra"])).to.deep.equal(["pod-restart"]);
    expect(update(["spec", "liveMigrationConfig"])).to.deep.equal([]);
    const remove = { ...live(), spec: { uninstallStrategy: "RemoveWorkloads" } };
    expect(costs({ change: "delete", paths: [], before: remove })).to.deep.equal(["machine-restart"]);
    expect(costs({ change: "delete", paths: [], before: live() })).to.deep.equal([]);
  });

  it("knows where the fields of each version stand", () => {
    const migration = { liveMigrationConfig: { parallelMigrationsPerCluster: 5 } };
    const [v1] = kind.otherVersions ?? [];
    expect(validateShape(kind.shape(), { spec: migration }, [], kind.formerFields)).to.deep.equal([]);
    const [wrong] = validateShape(kind.shape(), { spec: { virtualization: migration } }, [], kind.formerFields);
    expect(wrong?.rule).to.equal("schema/former-field");
    expect(validateShape(v1!.shape!(), { spec: { virtualization: migration } }, [])).to.deep.equal([]);
    expect(validateShape(v1!.shape!(), { spec: migration }, [])).to.have.length(1);
  });
});
