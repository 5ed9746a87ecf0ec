import type { Json, JsonObject, KubernetesObject, PathStep } from "../../model";
import { asJson, isObject, valueAt } from "../../model";
import { objectAt, textAt } from "../read";
import type { Violation } from "../rule";
import { instancetypes } from "./sources";
import { domain, template } from "./template";
import { type Objects, setRule } from "./together";

/** Fields that a machine must leave to its instance type where that has them: place in the type, place in the machine. */
const shared: readonly [type: PathStep[], machine: PathStep[]][] = [
  ...["model", "dedicatedCPUPlacement", "isolateEmulatorThread", "numa", "realtime"].map(
    (key): [PathStep[], PathStep[]] => [
      ["cpu", key],
      // The only field that the two write in different ways.
      [...domain, "cpu", key === "dedicatedCPUPlacement" ? "dedicatedCpuPlacement" : key],
    ],
  ),
  [
    ["memory", "hugepages"],
    [...domain, "memory", "hugepages"],
  ],
  [
    ["memory", "maxGuest"],
    [...domain, "memory", "maxGuest"],
  ],
  [
    ["ioThreads", "supplementalPoolThreadCount"],
    [...domain, "ioThreads", "supplementalPoolThreadCount"],
  ],
  [["ioThreadsPolicy"], [...domain, "ioThreadsPolicy"]],
  [["launchSecurity"], [...domain, "launchSecurity"]],
  [["gpus"], [...domain, "devices", "gpus"]],
  [["hostDevices"], [...domain, "devices", "hostDevices"]],
  [["schedulerName"], [...template, "schedulerName"]],
  [["nodeSelector"], [...template, "nodeSelector"]],
];

/** Whether a field says something; empty text and lists do not. */
function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** The instance type that a machine names, where the set has it. */
function typeOf(machine: KubernetesObject, objects: Objects): KubernetesObject | undefined {
  const matcher = objectAt(machine, "spec", "instancetype");
  const kind = (textAt(matcher, "kind") ?? "VirtualMachineClusterInstancetype").toLowerCase();
  return objects.find((object) => {
    if (object.kind.toLowerCase() !== kind || object.metadata.name !== matcher.name) return false;
    return object.kind.includes("Cluster") || object.metadata.namespace === machine.metadata.namespace;
  });
}

function annotationConflicts(spec: JsonObject, machine: KubernetesObject): PathStep[][] {
  const place: PathStep[] = ["spec", "template", "metadata", "annotations"];
  const own = objectAt(machine, ...place);
  return Object.entries(objectAt(spec, "annotations"))
    .filter(([key, value]) => own[key] !== undefined && value !== undefined && own[key] !== value)
    .map(([key]) => [...place, key]);
}

/** R51: refused when the machine and its instance type both say something. */
export const instancetypeFields = setRule(
  "instancetype-field",
  "error",
  `${instancetypes}apply: cpu.go, memory.go, iothreads.go, gpu.go, hostdevices.go, scheduler.go, nodeselector.go`,
  (objects) =>
    objects.flatMap((machine, at): Violation[] => {
      const type = machine.kind === "VirtualMachine" ? typeOf(machine, objects) : undefined;
      const spec = type?.spec;
      if (!isObject(spec)) return [];
      const both = shared
        .filter(([inType, inMachine]) => {
          const own = valueAt(asJson(machine), inMachine);
          // A machine that says false is as if it said nothing; a type that does decides.
          return isSet(valueAt(spec, inType)) && isSet(own) && own !== false;
        })
        .map(([, inMachine]) => inMachine);
      return [...both, ...annotationConflicts(spec, machine)].map((path) => ({
        path: [at, ...path],
        message: `The instance type "${type?.metadata.name}" says this as well.`,
        fix: "Leave it out of one of the two.",
      }));
    }),
);
