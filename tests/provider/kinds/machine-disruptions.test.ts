import { expect } from "chai";
import { disruptionsOf } from "../../../model";
import type { JsonObject, KubernetesObject, PathStep } from "../../../model";
import { runStrategy, virtualMachineDisruptions } from "../../../provider/kinds/machine-disruptions";
import { virtualMachineNotes } from "../../../provider/kinds/machines";
import { object } from "./objects";

const T = ["spec", "template", "spec"];
const machine = (template: JsonObject, spec: JsonObject = { runStrategy: "Always" }): KubernetesObject =>
  object("kubevirt.io/v1", "VirtualMachine", { spec: { ...spec, template: { spec: template } } });
const domain = (content: JsonObject): KubernetesObject => machine({ domain: content });

/** The costs of a change, in the order of the rows. */
const costs = (before: KubernetesObject, after: KubernetesObject, ...paths: PathStep[][]): string[] =>
  disruptionsOf(virtualMachineDisruptions, { change: "update", paths, before, after }).map((row) => row.cost);

const nic = (name: string, more: JsonObject = { bridge: {} }): JsonObject => ({ name, ...more });
const net = (name: string): JsonObject => ({ name, multus: { networkName: name } });
const joined = (nics: JsonObject[], networks: JsonObject[] = nics.map((each) => net(each.name as string))) =>
  machine({ networks, domain: { devices: { interfaces: nics } } });
const I = [...T, "domain", "devices", "interfaces"];

describe("disruption of a VirtualMachine", () => {
  it("stopping it costs the machine, starting it nothing", () => {
    const [on, off] = [machine({}), machine({}, { runStrategy: "Halted" })];
    expect(costs(on, off, ["spec", "runStrategy"])).to.deep.equal(["machine-restart"]);
    expect(costs(off, on, ["spec", "runStrategy"])).to.deep.equal([]);
    expect(runStrategy(machine({}, { running: true }))).to.equal("Always");
    expect(runStrategy(machine({}, { running: false }))).to.equal("Halted");
    expect(disruptionsOf(virtualMachineDisruptions, { change: "delete", paths: [], before: on })).to.have.length(1);
  });

  it("interfaces are added by a migration; other changes of them need a restart", () => {
    const old = joined([nic("a")]);
    expect(costs(old, joined([nic("a"), nic("b", { sriov: {} })]), [...I, 1], [...T, "networks", 1])).to.deep.equal([
      "machine-migration",
    ]);
    expect(costs(old, joined([nic("a"), nic("b", { masquerade: {} })]), [...I, 1])).to.deep.equal(["machine-restart"]);
    expect(costs(old, joined([nic("a", { sriov: {} })]), [...I, 0, "sriov"])).to.deep.equal(["machine-restart"]);
    expect(costs(joined([nic("a"), nic("b")]), old, [...I, 1])).to.deep.equal(["machine-restart"]);
  });

  it("the state of an interface", () => {
    const old = joined([nic("a")]);
    const to = (state: string): KubernetesObject => joined([nic("a", { bridge: {}, state })]);
    expect(costs(old, to("absent"), [...I, 0, "state"])).to.deep.equal(["machine-migration"]);
    expect(costs(old, to("down"), [...I, 0, "state"])).to.deep.equal([]);
  });

  it("another network for an interface", () => {
    const after = joined([nic("a")], [{ name: "a", multus: { networkName: "other" } }]);
    const path = [...T, "networks", 0, "multus", "networkName"];
    expect(costs(joined([nic("a")]), after, path)).to.deep.equal(["machine-migration"]);
  });

  it("volumes that are hotpluggable, and others", () => {
    const plugged = { name: "data", persistentVolumeClaim: { claimName: "a", hotpluggable: true } };
    const fixed = { name: "data", dataVolume: { name: "a" } };
    const disks = [{ name: "data" }];
    const withVolume = (volume: JsonObject): KubernetesObject =>
      machine({ volumes: [volume], domain: { devices: { disks } } });
    const paths = [
      [...T, "volumes", 0],
      [...T, "domain", "devices", "disks", 0],
    ];
    expect(costs(machine({}), withVolume(plugged), ...paths)).to.deep.equal([]);
    expect(costs(machine({}), withVolume(fixed), ...paths)).to.deep.equal(["machine-restart"]);
    const moved = machine({ volumes: [fixed] }, { runStrategy: "Always", updateVolumesStrategy: "Migration" });
    expect(
      costs(machine({ volumes: [{ ...fixed, dataVolume: { name: "b" } }] }), moved, [...T, "volumes", 0]),
    ).to.deep.equal(["machine-migration"]);
  });

  it("processors and memory that grow, and that do not", () => {
    const sockets = [...T, "domain", "cpu", "sockets"];
    const cpu = (count: number, more: JsonObject = {}): KubernetesObject =>
      domain({ cpu: { sockets: count, ...more } });
    expect(costs(cpu(1), cpu(2), sockets)).to.deep.equal(["machine-migration"]);
    expect(costs(cpu(2), cpu(1), sockets)).to.deep.equal(["machine-restart"]);
    expect(costs(cpu(1, { maxSockets: 2 }), cpu(3, { maxSockets: 2 }), sockets)).to.deep.equal(["machine-restart"]);
    const guest = [...T, "domain", "memory", "guest"];
    const memory = (size: string, more: JsonObject = {}): KubernetesObject =>
      domain({ memory: { guest: size }, ...more });
    expect(costs(memory("1Gi"), memory("2Gi"), guest)).to.deep.equal(["machine-migration"]);
    expect(costs(memory("2Gi"), memory("1Gi"), guest)).to.deep.equal(["machine-restart"]);
    expect(costs(memory("1Gi"), memory("2Gi", { cpu: { realtime: {} } }), guest)).to.deep.equal(["machine-restart"]);
    expect(costs(memory("1Gi"), memory("2Gi", { launchSecurity: {} }), guest)).to.deep.equal(["machine-restart"]);
  });

  it("where it may run, and its labels, cost nothing; all else a restart, unless it is stopped", () => {
    const [old, now] = [machine({}), machine({ nodeSelector: { a: "b" } })];
    expect(costs(old, now, [...T, "nodeSelector"], [...T, "affinity"], [...T, "tolerations"])).to.deep.equal([]);
    expect(costs(old, now, ["spec", "template", "metadata", "labels", "a"])).to.deep.equal([]);
    expect(costs(old, now, [...T, "hostname"])).to.deep.equal(["machine-restart"]);
    expect(costs(machine({}, { runStrategy: "Halted" }), now, [...T, "hostname"])).to.deep.equal([]);
    expect(costs(old, now, ["spec", "instancetype", "name"])).to.deep.equal(["machine-restart"]);
  });
});

describe("notes on a VirtualMachine", () => {
  const noted = (status: string, message?: string): string[] =>
    virtualMachineNotes(
      object("kubevirt.io/v1", "VirtualMachine", {
        status: { conditions: [{ type: "RestartRequired", status, ...(message ? { message } : {}) }] },
      }),
    );

  it("say that a restart is due, and why", () => {
    expect(noted("True", "a field was changed")[0]).to.match(/after a restart of the machine: a field was changed\./);
    expect(noted("True")[0]).to.match(/after a restart of the machine\./);
    expect(noted("False")).to.deep.equal([]);
  });
});
