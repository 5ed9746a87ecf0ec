import { condition } from "../../model";
import type { KubernetesObject } from "../../model";
import { virtualMachineRules } from "../../rules";
import { numberAt, objectsAt, textAt } from "../../rules/read";
import type { Before, ObjectKind, Related, Step, Verdict, Watch } from "../kind";
import type { Shape } from "../shape";
import { runStrategy, virtualMachineDisruptions } from "./machine-disruptions";
import { generatedShape } from "./shapes";
import { failed, inOrder, ready, waiting } from "./verdict";
import { all, one } from "./watches";

const minutes = 60;

/** States that do not end by themselves. Source: KubeVirt's VirtualMachinePrintableStatus. */
const hopeless = new Set([
  "CrashLoopBackOff",
  "DataVolumeError",
  "ErrImagePull",
  "ErrorPvcNotFound",
  "ErrorUnschedulable",
  "ImagePullBackOff",
]);

/** What the scheduler says of a pod whose volumes are being provisioned. Source: its plugin volumebinding. */
const passing = /unbound immediate PersistentVolumeClaims/;

function instanceWatch(machine: KubernetesObject): Watch {
  const { namespace, name } = machine.metadata;
  return { id: "instance", apiVersion: "kubevirt.io/v1", plural: "virtualmachineinstances", namespace, name };
}

/** The machine's pod; its label is the guest's host name. Source: KubeVirt pkg/virt-controller/services/template.go. */
function podsWatch(machine: KubernetesObject): Watch {
  const { namespace, name } = machine.metadata;
  const host = textAt(machine, "spec", "template", "spec", "hostname") ?? name;
  const labelSelector = `kubevirt.io=virt-launcher,vm.kubevirt.io/name=${host}`;
  return { id: "pods", apiVersion: "v1", plural: "pods", namespace, labelSelector, details: true };
}

/** Why the machine does not run, in the words of KubeVirt or of the scheduler. */
function reason(machine: KubernetesObject, related: Related): string {
  const instance = one(related, "instance");
  const told = [
    condition(machine, "Failure"),
    ...(instance ? [condition(instance, "PodScheduled"), condition(instance, "Synchronized")] : []),
    ...all(related, "pods").map((pod) => condition(pod, "PodScheduled")),
    condition(machine, "Ready"),
  ];
  const failing = told.find(
    (each, index) => each?.message && (index === 0 ? each.status === "True" : each.status === "False"),
  );
  return failing?.message ?? "no reason given";
}

/** Whether the controller has looked at the machine's present form; it keeps count only while there is an instance. */
function lookedAt(machine: KubernetesObject, related: Related): boolean {
  if (!one(related, "instance")) return true;
  const desired = numberAt(machine, "status", "desiredGeneration");
  return desired === undefined || desired === machine.metadata.generation;
}

function hopelessState(machine: KubernetesObject, related: Related, before: Before): Verdict {
  const status = textAt(machine, "status", "printableStatus") ?? "";
  if (!hopeless.has(status)) return ready;
  const text = `${status}: ${reason(machine, related)}`;
  const stale = textAt(before.object, "status", "printableStatus") === status && !lookedAt(machine, related);
  return stale || passing.test(text) ? waiting("the machine runs", text) : failed(text);
}

/** Interfaces that the instance must report: those it was started with when a restart is due, else the machine's. */
function interfaces(machine: KubernetesObject, instance: KubernetesObject): string[] {
  const restart = condition(machine, "RestartRequired")?.status === "True";
  const from = restart ? objectsAt(instance, "spec", "domain", "devices", "interfaces") : machineInterfaces(machine);
  return from.filter((each) => each.state !== "absent").map((each) => textAt(each, "name") ?? "");
}

const machineInterfaces = (machine: KubernetesObject): ReturnType<typeof objectsAt> =>
  objectsAt(machine, "spec", "template", "spec", "domain", "devices", "interfaces");

/** Networks that the instance is on in another form than the machine says, with no restart to come. */
function otherNetworks(machine: KubernetesObject, instance: KubernetesObject): string[] {
  if (condition(machine, "RestartRequired")?.status === "True") return [];
  const actual = new Map(objectsAt(instance, "spec", "networks").map((each) => [textAt(each, "name"), each]));
  return objectsAt(machine, "spec", "template", "spec", "networks")
    .filter((each) => {
      const other = actual.get(textAt(each, "name"));
      return other && textAt(each, "multus", "networkName") !== textAt(other, "multus", "networkName");
    })
    .map((each) => textAt(each, "name") ?? "");
}

/** The migration that takes over what was changed; it never comes when the machine cannot migrate. */
function migrated(instance: KubernetesObject): Verdict {
  if (condition(instance, "MigrationRequired")?.status !== "True") return ready;
  const live = condition(instance, "LiveMigratable");
  if (live?.status !== "False") return waiting("the machine has migrated to its changed networks", "not yet");
  const why = live.message ?? live.reason ?? "no reason given";
  return failed(`its changed networks come with a migration, and the machine cannot migrate: ${why}. Restart it`);
}

function networked(machine: KubernetesObject, instance: KubernetesObject): Verdict {
  const reported = new Set(objectsAt(instance, "status", "interfaces").map((each) => textAt(each, "name")));
  const absent = interfaces(machine, instance).filter((name) => !reported.has(name));
  if (absent.length > 0) {
    return waiting(`the machine reports its interfaces ${absent.join(", ")}`, `${reported.size} reported`);
  }
  const others = otherNetworks(machine, instance);
  return others.length === 0 ? ready : waiting(`the machine moves to its networks ${others.join(", ")}`, "not yet");
}

function running(machine: KubernetesObject, related: Related): Verdict {
  const instance = one(related, "instance");
  const status = textAt(machine, "status", "printableStatus") ?? "none";
  const finished = runStrategy(machine) !== "Always" && textAt(instance, "status", "phase") === "Succeeded";
  if (finished) return ready;
  if (!lookedAt(machine, related)) return waiting("KubeVirt has seen the machine in its present form", "not yet");
  if (!instance || status !== "Running") {
    return waiting("the machine runs", status === "none" ? "no status" : `${status}: ${reason(machine, related)}`);
  }
  if (condition(machine, "Ready")?.status !== "True") return waiting("the machine is Ready", reason(machine, related));
  return inOrder(
    () => migrated(instance),
    () => networked(machine, instance),
  );
}

function halted(machine: KubernetesObject, related: Related): Verdict {
  const status = textAt(machine, "status", "printableStatus") ?? "none";
  const phase = textAt(one(related, "instance"), "status", "phase");
  const stopped = phase === undefined || phase === "Succeeded" || phase === "Failed";
  return status === "Stopped" && stopped ? ready : waiting("the machine is stopped", `${status}`);
}

/**
 * Gate of a machine, by its run strategy: it runs, is Ready and all its interfaces are reported; or it is stopped; a
 * machine that is started by hand is not waited for. Source: setPrintableStatus in KubeVirt's
 * pkg/virt-controller/watch/vm/vm.go.
 */
export function virtualMachineReady(machine: KubernetesObject, related: Related, before: Before): Verdict {
  switch (runStrategy(machine)) {
    case "Halted":
      return halted(machine, related);
    case "Always":
    case "RerunOnFailure":
    case "Once":
      return inOrder(
        () => hopelessState(machine, related, before),
        () => running(machine, related),
      );
    default:
      return ready;
  }
}

function afterMachine(machine: KubernetesObject): Step[] {
  const verdict = (related: Related): Verdict => {
    const instance = one(related, "instance");
    return instance
      ? waiting("the machine's instance is gone", textAt(instance, "status", "phase") ?? "still there")
      : ready;
  };
  return [{ act: "wait", watches: [instanceWatch(machine)], verdict }];
}

const template = "spec.template.spec";
const byName = { by: ["name"] };

/** Fields that KubeVirt 1.9 has beyond the pinned CRD; a rule refuses them for older versions. */
function withNewFields(shape: Shape): Shape {
  const text: Shape = { type: "string" };
  const port: Shape = { type: "integer", format: "int32" };
  const range: Shape = { type: "object", properties: { protocol: text, start: port, end: port, name: text } };
  const claim: Shape = { type: "object", properties: { claimName: text, requestName: text } };
  const copy = structuredClone(shape);
  const spec = copy.properties?.spec?.properties?.template?.properties?.spec?.properties;
  const nic = spec?.domain?.properties?.devices?.properties?.interfaces?.items?.properties;
  const network = spec?.networks?.items?.properties;
  if (nic) nic.portRanges = { type: "array", items: range };
  if (network) network.resourceClaim = claim;
  if (spec) spec.serviceAccountName = text;
  return copy;
}

/** What a user should know of a machine that works: a change that it has not taken over. */
export function virtualMachineNotes(machine: KubernetesObject): string[] {
  const restart = condition(machine, "RestartRequired");
  if (restart?.status !== "True") return [];
  const why = restart.message ? `: ${restart.message}` : "";
  return [`The change counts only after a restart of the machine${why}. Restart it, for example: virtctl restart.`];
}

export const virtualMachine: ObjectKind = {
  is: "object",
  token: "ove:machines:VirtualMachine",
  doc: "A KubeVirt virtual machine.",
  waits:
    "By run strategy: the machine runs, is Ready and reports all its interfaces; or it is stopped. A machine that is started by hand is not waited for.",
  deletes: "Deleted, then waited for until its instance is gone; its volumes go after it.",
  example: {
    metadata: { name: "web", namespace: "shop" },
    spec: {
      runStrategy: "Always",
      template: {
        spec: {
          domain: {
            cpu: { cores: 2 },
            memory: { guest: "2Gi" },
            devices: {
              disks: [{ name: "root", disk: { bus: "virtio" } }],
              interfaces: [{ name: "default", masquerade: {} }],
            },
          },
          networks: [{ name: "default", pod: {} }],
          volumes: [{ name: "root", dataVolume: { name: "web-root" } }],
        },
      },
    },
  },
  disruptions: virtualMachineDisruptions,
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  plural: "virtualmachines",
  scope: "Namespaced",
  shape: generatedShape("VirtualMachine", withNewFields),
  listKeys: {
    "spec.dataVolumeTemplates": { by: ["metadata.name"] },
    [`${template}.accessCredentials`]: "ordered",
    [`${template}.domain.cpu.features`]: byName,
    [`${template}.domain.devices.disks`]: byName,
    [`${template}.domain.devices.filesystems`]: byName,
    [`${template}.domain.devices.gpus`]: byName,
    [`${template}.domain.devices.hostDevices`]: byName,
    [`${template}.domain.devices.inputs`]: byName,
    [`${template}.domain.devices.interfaces`]: byName,
    [`${template}.domain.devices.interfaces.ports`]: { by: ["protocol", "port"] },
    [`${template}.networks`]: byName,
    [`${template}.resourceClaims`]: byName,
    [`${template}.tolerations`]: "set",
    [`${template}.topologySpreadConstraints`]: { by: ["topologyKey", "whenUnsatisfiable"] },
    [`${template}.volumes`]: byName,
  },
  immutable: [],
  serverWritten: [
    // Written by the controller some time after the apply.
    "spec.instancetype.revisionName",
    "spec.preference.revisionName",
    "spec.template.metadata.annotations.kubevirt.io/pci-topology-version",
    `${template}.domain.firmware.serial`,
    `${template}.domain.firmware.uuid`,
  ],
  adopt: () => false,
  rules: virtualMachineRules,
  admission: "static",
  timeouts: { create: 60 * minutes, update: 60 * minutes, delete: 20 * minutes },
  ready: { watches: (machine) => [instanceWatch(machine), podsWatch(machine)], verdict: virtualMachineReady },
  notes: virtualMachineNotes,
  deletion: { after: afterMachine },
};
