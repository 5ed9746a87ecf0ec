import { isObject } from "../../model";
import type { JsonObject, KubernetesObject } from "../../model";
import { indexedAt, known, listAt, mapAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { supportedNics } from "../sriov/nics";
import { isNested, place } from "./places";

const hco = "kubevirt/hyperconverged-cluster-operator";
const validator = `${hco} pkg/webhooks/validator`;

const macRange: Rule<KubernetesObject> = {
  id: "virtualization/mac-range",
  severity: "error",
  source: `${hco} api/v1beta1/hyperconverged_types.go KubeMacPoolConfig`,
  check(object) {
    const path = place(object, "networking", "kubeMacPoolConfiguration");
    const range = objectAt(object, ...path);
    const absent = ["rangeStart", "rangeEnd"].filter((key) => missing(range, key));
    const [one = ""] = absent;
    if (absent.length !== 1) return [];
    return [{ path: [...path, one], message: "A range of addresses has both ends, or none.", fix: "Give both." }];
  },
};

const enabledAnnotation = "dataimportcrontemplate.kubevirt.io/enable";

const importCrons: Rule<KubernetesObject> = {
  id: "virtualization/import-cron-templates",
  severity: "error",
  source: `${validator} validateDataImportCronTemplates`,
  check(object) {
    const path = place(object, "workloadSources", "dataImportCronTemplates");
    return indexedAt(object, ...path).flatMap(([index, template]): Violation[] => {
      if (!known(template.metadata ?? null) || ("metadata" in template && template.metadata === undefined)) return [];
      const value = mapAt(template, "metadata", "annotations")[enabledAnnotation]?.toLowerCase();
      const at = [...path, index];
      if (value !== undefined && value !== "true" && value !== "false") {
        const message = `"${value}" is not "true" or "false".`;
        return [{ path: [...at, "metadata", "annotations", enabledAnnotation], message }];
      }
      if (value === "false" || !missing(template, "spec")) return [];
      const message = "A template that is enabled needs a spec.";
      return [{ path: [...at, "spec"], message, fix: `Add it, or annotate ${enabledAnnotation}: "false".` }];
    });
  },
};

function mediatedTypes(config: JsonObject): Violation[] {
  const lists = ["mediatedDeviceTypes", "mediatedDevicesTypes"].map((key) => listAt(config, key));
  const [now = [], former = []] = lists;
  if (now.length === 0 || former.length === 0 || ![...now, ...former].every(known)) return [];
  const same = JSON.stringify(now) === JSON.stringify(former);
  const fix = "Use mediatedDeviceTypes alone.";
  return same ? [] : [{ path: ["mediatedDevicesTypes"], message: "It differs from mediatedDeviceTypes.", fix }];
}

const mediated: Rule<KubernetesObject> = {
  id: "virtualization/mediated-devices",
  severity: "error",
  source: `${validator} validateMediatedDeviceTypes; api/v1beta1/hyperconverged_types.go MediatedDevicesConfiguration`,
  check(object) {
    if (isNested(object)) return [];
    const path = ["spec", "mediatedDevicesConfiguration"];
    const config = objectAt(object, "spec").mediatedDevicesConfiguration;
    if (!isObject(config)) return [];
    const keys = ["mediatedDeviceTypes", "mediatedDevicesTypes"];
    const isUnknown = keys.some((key) => key in config && config[key] === undefined);
    if (!isUnknown && keys.every((key) => listAt(config, key).length === 0)) {
      return [{ path: [...path, "mediatedDeviceTypes"], message: "At least one type is needed." }];
    }
    const nodes = indexedAt(config, "nodeMediatedDeviceTypes").flatMap(([index, each]) =>
      mediatedTypes(each).map((found) => ({ ...found, path: ["nodeMediatedDeviceTypes", index, ...found.path] })),
    );
    return [...mediatedTypes(config), ...nodes].map((found) => ({ ...found, path: [...path, ...found.path] }));
  },
};

const tuningAnnotation = "hco.kubevirt.io/tuningPolicy";

/** Whether the annotation's text has the two rates that are needed. */
function hasRates(text: string): boolean {
  try {
    const rates = JSON.parse(text) as unknown;
    const of = (key: string): unknown => (rates as Record<string, unknown> | null)?.[key];
    return ["qps", "burst"].every((key) => Number(of(key)) > 0);
  } catch {
    return false;
  }
}

const tuning: Rule<KubernetesObject> = {
  id: "virtualization/tuning-policy",
  severity: "error",
  source: `${hco} controllers/handlers/kubevirt.go getHcoAnnotationTuning`,
  check(object) {
    const path = place(object, "virtualization", "tuningPolicy");
    const annotations = objectAt(object, "metadata").annotations ?? {};
    const at = ["metadata", "annotations", tuningAnnotation];
    const isUnknown =
      ("annotations" in object.metadata && object.metadata.annotations === undefined) || !isObject(annotations);
    if (textAt(object, ...path) !== "annotation" || isUnknown) return [];
    if (tuningAnnotation in annotations && annotations[tuningAnnotation] === undefined) return [];
    if (hasRates(textAt(annotations, tuningAnnotation) ?? "")) return [];
    const message = "This tuning policy takes its rates from an annotation, which has none.";
    return [{ path: at, message, fix: `Set it to {"qps": 100, "burst": 200}.` }];
  },
};

const burst: Rule<KubernetesObject> = {
  id: "virtualization/high-burst",
  severity: "warning",
  source: `${validator} validateTuningPolicy`,
  check(object) {
    const path = place(object, "virtualization", "tuningPolicy");
    if (textAt(object, ...path) !== "highBurst") return [];
    return [
      { path, message: "The profile highBurst is deprecated since 1.16 and ignored in v1.", fix: "Leave it out." },
    ];
  },
};

/** Gates of v1beta1 that are ignored, or have become fields. */
const formerGates: Readonly<Record<string, string>> = {
  withHostPassthroughCPU: "Leave it out.",
  deployTektonTaskResources: "Leave it out.",
  nonRoot: "Leave it out.",
  enableManagedTenantQuota: "Leave it out.",
  enableApplicationAwareQuota: "Use spec.enableApplicationAwareQuota.",
  enableCommonBootImageImport: "Use spec.enableCommonBootImageImport.",
  deployVmConsoleProxy: "Use spec.deployVmConsoleProxy.",
};

const gates: Rule<KubernetesObject> = {
  id: "virtualization/former-gates",
  severity: "warning",
  source: `${validator} v1beta1_validator.go validateDeprecatedFeatureGates, validateOldFGOnCreate`,
  check(object) {
    if (isNested(object)) return [];
    const declared = objectAt(object, "spec", "featureGates");
    return Object.entries(formerGates).flatMap(([gate, fix]): Violation[] => {
      if (typeof declared[gate] !== "boolean") return [];
      return [{ path: ["spec", "featureGates", gate], message: "The operator ignores this gate.", fix }];
    });
  },
};

const repeated: Rule<KubernetesObject> = {
  id: "virtualization/repeated-gates",
  severity: "error",
  source: `${hco} api/v1/featuregates/feature_gates.go: names are unique without regard to case`,
  check(object) {
    const seen = new Set<string>();
    return indexedAt(object, "spec", "featureGates").flatMap(([index, gate]): Violation[] => {
      const name = textAt(gate, "name")?.toLowerCase();
      if (name === undefined) return [];
      const again = seen.has(name);
      seen.add(name);
      return again ? [{ path: ["spec", "featureGates", index, "name"], message: "This gate is listed twice." }] : [];
    });
  },
};

const functions = new Set(supportedNics.map(({ vendor, vfDevice }) => `${vendor}:${vfDevice}`));

const virtualFunctions: Rule<KubernetesObject> = {
  id: "virtualization/virtual-functions",
  severity: "warning",
  source: "kubevirt pkg/virt-handler/device-manager and the SR-IOV device plugin: both would offer the same functions",
  check(object) {
    const path = place(object, "virtualization", "permittedHostDevices", "pciHostDevices");
    return indexedAt(object, ...path).flatMap(([index, device]): Violation[] => {
      const ids = textAt(device, "pciDeviceSelector")?.toLowerCase() ?? "";
      const isOffered = missing(device, "externalResourceProvider") || device.externalResourceProvider === false;
      if (!functions.has(ids) || !isOffered) return [];
      const message = `${ids} is a virtual function: the SR-IOV operator offers it, and it would be claimed twice.`;
      const fix = "Leave it out; a machine gets it by a network with an sriov interface.";
      return [{ path: [...path, index, "pciDeviceSelector"], message, fix }];
    });
  },
};

/** Rules on the settings of a HyperConverged. */
export const settingRules: readonly Rule<KubernetesObject>[] = [
  macRange,
  importCrons,
  mediated,
  tuning,
  burst,
  gates,
  repeated,
  virtualFunctions,
];
