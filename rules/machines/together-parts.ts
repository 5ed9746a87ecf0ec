import type { JsonObject, KubernetesObject } from "../../model";
import { indexedAt, objectAt, objectsAt, textAt } from "../read";
import type { Rule } from "../rule";
import { instancetypeFields } from "./instancetype-fields";
import { volumes } from "./template";
import { machineNetworkSetRules, setRule } from "./together";
import type { Objects } from "./together";

/** The source document's Service: nothing carries the label that it selects. */
const service = setRule(
  "service-selects-none",
  "warning",
  "KubeVirt pkg/virt-controller/services/template.go: pods have the labels of spec.template.metadata",
  (objects) =>
    objects.flatMap((object, at) => {
      const selector = Object.entries(objectAt(object, "spec", "selector"));
      const machines = objects.filter((each) => each.kind === "VirtualMachine");
      const near = machines.filter((each) => each.metadata.namespace === object.metadata.namespace);
      if (object.kind !== "Service" || selector.length === 0 || near.length === 0) return [];
      const labels = (each: KubernetesObject): JsonObject => objectAt(each, "spec", "template", "metadata", "labels");
      const written = near.filter((each) =>
        selector.every(([key, value]) => objectAt(each, "metadata", "labels")[key] === value),
      );
      if (written.length === 0 || near.some((each) => selector.every(([key, value]) => labels(each)[key] === value)))
        return [];
      const message = "The labels that it selects are the machine's own and not those of its pod.";
      return [{ path: [at, "spec", "selector"], message, fix: "Write them in spec.template.metadata.labels." }];
    }),
);

const madeBy = (machine: KubernetesObject): (string | undefined)[] =>
  objectsAt(machine, "spec", "dataVolumeTemplates").map((each) => textAt(each, "metadata", "name"));

/** The source document's root disks: nothing makes them. Said only of a set that has no other maker of volumes. */
const volume = setRule(
  "data-volume-missing",
  "warning",
  "KubeVirt pkg/virt-controller/watch/vm: the machine stays in ErrorPvcNotFound or DataVolumeError",
  (objects) =>
    objects.flatMap((machine, at) =>
      (machine.kind === "VirtualMachine" ? indexedAt(machine, ...volumes) : []).flatMap(([index, each]) => {
        const name = textAt(each, "dataVolume", "name");
        const { namespace } = machine.metadata;
        const there = objects.some(
          (other) =>
            other.kind === "DataVolume" && other.metadata.name === name && other.metadata.namespace === namespace,
        );
        const own = madeBy(machine);
        if (name === undefined || there || own.includes(name) || own.includes(undefined)) return [];
        const path = [at, ...volumes, index, "dataVolume", "name"];
        const message = `Nothing here makes the DataVolume "${name}".`;
        return [{ path, message, fix: "Add it to spec.dataVolumeTemplates, or make a DataVolume." }];
      }),
    ),
);

/** Rules on machines together with all other objects of a set. */
export const machineSetRules: readonly Rule<Objects>[] = [
  ...machineNetworkSetRules,
  service,
  volume,
  instancetypeFields,
];
