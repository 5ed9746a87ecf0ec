import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { virtualMachine, virtualMachineReady } from "../../../provider/kinds/machines";
import { before, object, said } from "./objects";

const api = "kubevirt.io/v1";
const nics: JsonObject[] = [{ name: "default" }, { name: "fast" }];

interface State {
  strategy?: string;
  spec?: JsonObject;
  status?: string;
  generation?: number;
  desired?: number;
  conditions?: JsonObject[];
  nics?: JsonObject[];
}

function machine(state: State = {}): KubernetesObject {
  const {
    strategy = "Always",
    status,
    generation = 1,
    desired = generation,
    conditions = [{ type: "Ready", status: "True" }],
  } = state;
  return object(api, "VirtualMachine", {
    metadata: { name: "vm", namespace: "web", generation },
    spec: {
      ...(state.spec ?? { runStrategy: strategy }),
      template: { spec: { domain: { devices: { interfaces: state.nics ?? nics } } } },
    },
    status: { ...(status ? { printableStatus: status } : {}), desiredGeneration: desired, conditions },
  });
}

const instance = (reported: string[], more: JsonObject = {}): KubernetesObject =>
  object(api, "VirtualMachineInstance", {
    name: "vm",
    spec: { domain: { devices: { interfaces: nics } } },
    status: { phase: "Running", interfaces: reported.map((name) => ({ name })), ...more },
  });

describe("readiness of a VirtualMachine", () => {
  const verdict = (
    live: KubernetesObject,
    vmi?: KubernetesObject,
    was = before(),
    pods: KubernetesObject[] = [],
  ): string => said(virtualMachineReady(live, { instance: vmi ? [vmi] : [], pods }, was));
  const all = instance(["default", "fast"]);

  for (const strategy of ["Always", "RerunOnFailure", "Once"]) {
    it(`${strategy}: runs, is Ready and reports all interfaces`, () => {
      expect(verdict(machine({ strategy }))).to.match(/^waiting: the machine runs \(no status/);
      expect(verdict(machine({ strategy, status: "Provisioning" }))).to.match(
        /^waiting: the machine runs \(Provisioning/,
      );
      const notReady = [{ type: "Ready", status: "False", message: "guest agent is missing" }];
      expect(verdict(machine({ strategy, status: "Running", conditions: notReady }), all)).to.match(
        /is Ready \(guest agent is missing/,
      );
      expect(verdict(machine({ strategy, status: "Running" }), instance(["default"]))).to.match(
        /reports its interfaces fast/,
      );
      expect(verdict(machine({ strategy, status: "Running" }), all)).to.equal("ready");
    });
  }

  it("Halted: waits until it is stopped", () => {
    expect(verdict(machine({ strategy: "Halted", status: "Stopping" }), all)).to.match(
      /^waiting: the machine is stopped/,
    );
    expect(verdict(machine({ strategy: "Halted", status: "Stopped" }), all)).to.match(/^waiting/);
    expect(verdict(machine({ strategy: "Halted", status: "Stopped" }))).to.equal("ready");
  });

  it("Manual: is not waited for", () => {
    expect(verdict(machine({ strategy: "Manual" }))).to.equal("ready");
    expect(verdict(machine({ strategy: "WaitAsReceiver" }))).to.equal("ready");
  });

  it("understands the older field", () => {
    expect(verdict(machine({ spec: { running: true } }))).to.match(/^waiting: the machine runs/);
    expect(verdict(machine({ spec: { running: false }, status: "Stopped" }))).to.equal("ready");
  });

  it("is ready when a machine that runs once has done its work", () => {
    const finished = instance([], { phase: "Succeeded" });
    expect(verdict(machine({ strategy: "Once", status: "Stopped" }), finished)).to.equal("ready");
    expect(verdict(machine({ strategy: "Always", status: "Stopped" }), finished)).to.match(/^waiting/);
  });

  const hopeless = [
    "ErrorUnschedulable",
    "ErrorPvcNotFound",
    "DataVolumeError",
    "ErrImagePull",
    "ImagePullBackOff",
    "CrashLoopBackOff",
  ];
  for (const status of hopeless) {
    it(`fails at once: ${status}`, () => {
      const failure = [{ type: "Failure", status: "True", message: "because" }];
      expect(verdict(machine({ status, conditions: failure }))).to.equal(`failed: ${status}: because`);
    });
  }

  it("has patience with volumes that are being provisioned", () => {
    const message = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.";
    const unbound = { conditions: [{ type: "PodScheduled", status: "False", message }] };
    expect(verdict(machine({ status: "ErrorUnschedulable", conditions: [] }), instance([], unbound))).to.match(
      /^waiting: .*unbound/,
    );
  });

  it("says the scheduler's or KubeVirt's reason", () => {
    const unscheduled = {
      conditions: [{ type: "PodScheduled", status: "False", message: "0/3 nodes: insufficient openshift.io/fast" }],
    };
    expect(verdict(machine({ status: "ErrorUnschedulable", conditions: [] }), instance([], unscheduled))).to.match(
      /insufficient openshift.io\/fast/,
    );
    const pod = object("v1", "Pod", { status: unscheduled });
    expect(verdict(machine({ status: "ErrorUnschedulable", conditions: [] }), instance([]), before(), [pod])).to.match(
      /insufficient/,
    );
    const unsynced = {
      conditions: [
        { type: "Synchronized", status: "False", message: "failed to locate network attachment definition web/x" },
      ],
    };
    expect(verdict(machine({ status: "Starting", conditions: [] }), instance([], unsynced))).to.match(
      /^waiting: .*failed to locate/,
    );
  });

  it("does not take the failure from before a change for that of the change", () => {
    const old = machine({ status: "ErrorUnschedulable" });
    const changed = machine({ status: "ErrorUnschedulable", generation: 2, desired: 1 });
    expect(verdict(changed, instance([]), before({}, old))).to.match(/^waiting/);
    expect(verdict(machine({ status: "ErrorUnschedulable", generation: 2 }), instance([]), before({}, old))).to.match(
      /^failed/,
    );
  });

  it("does not take the state from before a change for that of the change", () => {
    const changed = machine({ status: "Running", generation: 2, desired: 1 });
    expect(verdict(changed, all, before({}, machine()))).to.match(/^waiting: KubeVirt has seen/);
  });

  it("waits for the migration that brings changed networks, and fails where the machine cannot migrate", () => {
    const due = { type: "MigrationRequired", status: "True" };
    const running = machine({ status: "Running" });
    const reported = ["default", "fast"];
    expect(verdict(running, instance(reported, { conditions: [due] }))).to.match(
      /^waiting: the machine has migrated to its changed networks/,
    );
    const stuck = { type: "LiveMigratable", status: "False", message: "PVC is not shared" };
    expect(verdict(running, instance(reported, { conditions: [due, stuck] }))).to.match(
      /^failed: .*cannot migrate: PVC is not shared/,
    );
    expect(verdict(running, instance(reported, { conditions: [{ ...due, status: "False" }, stuck] }))).to.equal(
      "ready",
    );
  });

  it("waits until the instance is on the networks of the machine, unless a restart is due", () => {
    const on = (networkName: string): JsonObject => ({ networks: [{ name: "fast", multus: { networkName } }] });
    const moved = (conditions?: JsonObject[]): KubernetesObject => {
      const live = machine({ status: "Running", conditions });
      Object.assign((live.spec?.template as { spec: JsonObject }).spec, on("new"));
      return live;
    };
    const vmi = (networkName: string): KubernetesObject => {
      const found = instance(["default", "fast"]);
      return { ...found, spec: { ...found.spec, ...on(networkName) } };
    };
    expect(verdict(moved(), vmi("old"))).to.match(/^waiting: the machine moves to its networks fast/);
    expect(verdict(moved(), vmi("new"))).to.equal("ready");
    const conditions = ["Ready", "RestartRequired"].map((type) => ({ type, status: "True" }));
    expect(verdict(moved(conditions), vmi("old"))).to.equal("ready");
  });

  it("expects of a machine that needs a restart only what it was started with", () => {
    const more = [...nics, { name: "new" }];
    const restart = [
      { type: "Ready", status: "True" },
      { type: "RestartRequired", status: "True" },
    ];
    expect(verdict(machine({ status: "Running", nics: more }), all)).to.match(/interfaces new/);
    expect(verdict(machine({ status: "Running", nics: more, conditions: restart }), all)).to.equal("ready");
  });

  it("expects nothing of an interface that is to go", () => {
    const going = [{ name: "default" }, { name: "fast", state: "absent" }];
    expect(verdict(machine({ status: "Running", nics: going }), instance(["default"]))).to.equal("ready");
  });

  it("waits while a machine is stopping, starting or migrating", () => {
    for (const status of ["Stopping", "Starting", "Migrating", "Paused", "WaitingForVolumeBinding"]) {
      expect(verdict(machine({ status }), all), status).to.match(/^waiting/);
    }
  });

  it("waits after its deletion until its instance is gone", () => {
    const [step] = virtualMachine.deletion?.after?.(machine()) ?? [];
    if (step?.act !== "wait") throw new Error("no wait");
    expect(step.watches[0]).to.include({ namespace: "web", name: "vm", plural: "virtualmachineinstances" });
    expect(said(step.verdict({ instance: [all] }, {}))).to.match(/^waiting/);
    expect(said(step.verdict({ instance: [] }, {}))).to.equal("ready");
  });
});
