import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { missing, objectAt, objectsAt, textAt } from "../read";
import type { Rule } from "../rule";
import { dataVolumeContentRule, dataVolumeSources } from "./data-volume";
import { elementRule, listUnknown, machineRule, repeated, setKeys, volumes } from "./template";

/** Path of the disks that a machine brings along; the webhook says `dataVolumeTemplate`. */
const templates: PathStep[] = ["spec", "dataVolumeTemplates"];

/** Source of all rules here: KubeVirt pkg/storage/admitter, R48. */
const named = elementRule(
  "data-volume-name",
  "error",
  "KubeVirt pkg/storage/admitters/data-volume-template.go ValidateDataVolumeTemplate",
  templates,
  (volume) => {
    const metadata = objectAt(volume, "metadata");
    const known = "metadata" in volume && volume.metadata === undefined;
    if (known || (!missing(metadata, "name") && metadata.name !== "")) return [];
    return [{ path: ["metadata", "name"], message: "The name of the DataVolume is missing." }];
  },
);

/** R48: nothing would start the machine with it. */
const referenced = elementRule(
  "data-volume-unused",
  "error",
  "KubeVirt pkg/storage/admitters/data-volume-template.go ValidateDataVolumeTemplate",
  templates,
  (volume, _index, machine) => {
    const name = textAt(volume, "metadata", "name");
    if (name === undefined || listUnknown(machine, volumes)) return [];
    const used = objectsAt(machine, ...volumes).some((each) => {
      const names = [textAt(each, "dataVolume", "name"), textAt(each, "persistentVolumeClaim", "claimName")];
      const unknown = ["dataVolume", "persistentVolumeClaim"].some((key) => unknownInside(each, key));
      return unknown || names.includes(name);
    });
    if (used) return [];
    const message = `No volume of the machine uses the DataVolume "${name}".`;
    return [{ path: ["metadata", "name"], message, fix: `Add a volume with dataVolume.name: ${name}.` }];
  },
);

/** Whether a source, or the name in it, is not known yet. */
function unknownInside(volume: JsonObject, key: string): boolean {
  if (!(key in volume)) return false;
  return volume[key] === undefined || Object.values(objectAt(volume, key)).includes(undefined);
}

/** R48; the webhook reports this at `.PVC.Storage`. */
const size = elementRule(
  "data-volume-storage",
  "error",
  "KubeVirt pkg/storage/admitters/data-volume-template.go validateDataVolume",
  templates,
  (volume) => {
    if (!("spec" in volume) || volume.spec === undefined) return [];
    const given = setKeys(objectAt(volume, "spec"), ["pvc", "storage"]);
    if (given.length === 1) return [];
    const message = given.length === 0 ? "The DataVolume asks for no storage." : "pvc and storage cannot go together.";
    return [{ path: ["spec"], message, fix: "Give storage." }];
  },
);

/** R48; the webhook reports a missing source at `.source.sourceRef`. */
const origin = elementRule(
  "data-volume-source",
  "error",
  "KubeVirt pkg/storage/admitters/data-volume-template.go validateNumberOfSources",
  templates,
  (volume) => {
    const spec = objectAt(volume, "spec");
    const claim = { ...objectAt(spec, "pvc"), ...objectAt(spec, "storage") };
    const references = setKeys(claim, ["dataSource", "dataSourceRef"]);
    const given = setKeys(spec, ["source", "sourceRef"]);
    if (volume.spec === undefined) return [];
    if (given.length > 0 && references.length > 0) {
      return [{ path: ["spec", given[0] ?? ""], message: `It cannot go with ${references.join(" and ")}.` }];
    }
    if (given.length + references.length === 0) {
      return [
        {
          path: ["spec"],
          message: "The DataVolume has no source.",
          fix: "Give source or sourceRef, for example source: {blank: {}}.",
        },
      ];
    }
    if (!("source" in spec) || spec.source === undefined || spec.source === null) return [];
    const kinds = setKeys(objectAt(spec, "source"), dataVolumeSources);
    return kinds.length === 1
      ? []
      : [
          {
            path: ["spec", "source"],
            message: "The source must be exactly one.",
            fix: `One of ${dataVolumeSources.join(", ")}.`,
          },
        ];
  },
);

/** The mutating webhook writes a missing apiGroup as null, which the schema refuses. */
const group = elementRule(
  "data-volume-group",
  "error",
  "KubeVirt's CRD: dataSource.apiGroup is a text; the mutating webhook encodes it without omitempty",
  templates,
  (volume) =>
    ["pvc", "storage"].flatMap((claim) =>
      ["dataSource", "dataSourceRef"].flatMap((key) => {
        const parent = objectAt(volume, "spec", claim);
        if (setKeys(parent, [key]).length === 0 || parent[key] === undefined) return [];
        if (!missing(objectAt(parent, key), "apiGroup")) return [];
        const message = "The apiGroup is missing.";
        const fix = 'For example snapshot.storage.k8s.io; for a PersistentVolumeClaim: apiGroup: "".';
        return [{ path: ["spec", claim, key, "apiGroup"], message, fix }];
      }),
    ),
);

/** R48. */
const namespace = elementRule(
  "data-volume-namespace",
  "error",
  "KubeVirt pkg/storage/admitters/data-volume-template.go validateVirtualMachineDataVolumeTemplateNamespace",
  templates,
  (volume, _index, machine) => {
    const own = textAt(volume, "metadata", "namespace");
    if (own === undefined || typeof machine.metadata.namespace !== "string" || own === machine.metadata.namespace)
      return [];
    return [
      {
        path: ["metadata", "namespace"],
        message: "A machine's DataVolumes are in its own namespace.",
        fix: "Leave it out.",
      },
    ];
  },
);

/** The webhook lets duplicate names pass; one of the two is never made. */
const names = machineRule(
  "data-volume-repeated",
  "warning",
  "the controller makes one DataVolume for a name",
  (machine) => {
    const flat = objectsAt(machine, ...templates).map((each) => objectAt(each, "metadata"));
    return repeated({ ...machine, flat }, ["flat"], "name").map(({ index, text }) => ({
      path: [...templates, index, "metadata", "name"],
      message: `The DataVolume "${text}" occurs twice.`,
    }));
  },
);

/** Rules on a machine's DataVolumes. */
export const dataVolumeTemplateRules: readonly Rule<KubernetesObject>[] = [
  dataVolumeContentRule,
  named,
  names,
  referenced,
  size,
  origin,
  group,
  namespace,
];
