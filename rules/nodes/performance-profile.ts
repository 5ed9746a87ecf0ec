import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, known, mapAt, missing, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { profileCpuRules } from "./profile-cpus";

const webhook = "cluster-node-tuning-operator pkg/apis/performanceprofile/v2/performanceprofile_validation.go";

const truth = (object: KubernetesObject, ...path: PathStep[]): boolean =>
  objectAt(object, "spec", ...path.slice(0, -1))[String(path.at(-1))] === true;

const selectors: Rule<KubernetesObject> = {
  id: "nodes/profile-selectors",
  severity: "error",
  source: `${webhook} validateSelectors`,
  check(object) {
    const spec = object.spec ?? {};
    const found: Violation[] = ["machineConfigLabel", "machineConfigPoolSelector", "nodeSelector"]
      .filter((key) => Object.keys(objectAt(spec, key)).length > 1)
      .map((key) => ({ path: ["spec", key], message: `${key} may have one label only.` }));
    const keys = Object.keys(objectAt(spec, "nodeSelector"));
    const needed = missing(spec, "machineConfigLabel") || missing(spec, "machineConfigPoolSelector");
    if ("nodeSelector" in spec && !known(spec.nodeSelector)) return found;
    if (needed && !missing(spec, "nodeSelector") && keys[0]?.split("/").length !== 2) {
      const message = `The label ${JSON.stringify(keys[0] ?? "")} is not of the form domain/role, from which the pool is found.`;
      const fix = "Use node-role.kubernetes.io/<pool>, or give machineConfigLabel and machineConfigPoolSelector.";
      found.push({ path: ["spec", "nodeSelector"], message, fix });
    }
    return found;
  },
};

/** Page sizes by the size of the kernel's own pages. 64k kernels exist on ARM only. */
const sizes: Readonly<Record<string, readonly string[]>> = {
  "4k": ["2M", "1G", "64k", "32M"],
  "64k": ["2M", "512M", "16G"],
};

const armOnly = ["64k", "32M", "512M", "16G"];

const kernelPages: Rule<KubernetesObject> = {
  id: "nodes/profile-kernel-page-size",
  severity: "error",
  source: `${webhook} validateKernelPageSize`,
  check(object) {
    const size = textAt(object, "spec", "kernelPageSize");
    const path = ["spec", "kernelPageSize"];
    if (size === undefined) return [];
    if (!(size in sizes))
      return [{ path, message: `"${size}" is no page size of a kernel.`, fix: "Allowed: 4k, 64k." }];
    if (size !== "64k" || !truth(object, "realTimeKernel", "enabled")) return [];
    return [{ path, message: "There is no real-time kernel with pages of 64k." }];
  },
};

function pageSizes(object: KubernetesObject): [PathStep[], string][] {
  const path = ["spec", "hugepages"];
  const own = textAt(object, ...path, "defaultHugepagesSize");
  const pages = indexedAt(object, ...path, "pages").flatMap(([index, page]): [PathStep[], string][] => {
    const size = textAt(page, "size");
    return size === undefined ? [] : [[[...path, "pages", index, "size"], size]];
  });
  return [...(own === undefined ? [] : [[[...path, "defaultHugepagesSize"], own] as [PathStep[], string]]), ...pages];
}

const hugepages: Rule<KubernetesObject> = {
  id: "nodes/profile-hugepage-size",
  severity: "error",
  source: `${webhook} validateHugePages`,
  check(object) {
    const kernel = textAt(object, "spec", "kernelPageSize") ?? "4k";
    const unknown = object.spec && "kernelPageSize" in object.spec && object.spec.kernelPageSize === undefined;
    const allowed = sizes[kernel];
    const found: Violation[] = [];
    if (allowed && !unknown) {
      for (const [path, size] of pageSizes(object)) {
        if (allowed.includes(size)) continue;
        const fix = `Allowed with kernel pages of ${kernel}: ${allowed.join(", ")}.`;
        found.push({ path, message: `There are no huge pages of "${size}".`, fix });
      }
    }
    const pages = objectAt(object, "spec", "hugepages");
    if (indexedAt(pages, "pages").length > 0 && missing(pages, "defaultHugepagesSize")) {
      const message = "Huge pages need defaultHugepagesSize.";
      found.push({ path: ["spec", "hugepages", "defaultHugepagesSize"], message });
    }
    return found;
  },
};

const hugepagesArm: Rule<KubernetesObject> = {
  id: "nodes/profile-hugepage-arm",
  severity: "warning",
  source: `${webhook} validateHugePages: x86 has 2M and 1G only`,
  check(object) {
    return pageSizes(object)
      .filter(([, size]) => armOnly.includes(size))
      .map(([path, size]) => ({
        path,
        message: `Huge pages of ${size} exist on ARM only; on x86 the profile is refused.`,
      }));
  },
};

const hugepageTwice: Rule<KubernetesObject> = {
  id: "nodes/profile-hugepage-repeated",
  severity: "error",
  source: `${webhook} validatePageDuplication`,
  check(object) {
    const seen = new Set<string>();
    const path = ["spec", "hugepages", "pages"];
    return indexedAt(object, ...path).flatMap(([index, page]): Violation[] => {
      if ("node" in page && page.node === undefined) return [];
      const size = textAt(page, "size");
      const node = numberAt(page, "node");
      if (size === undefined) return [];
      const id = `${size} ${node ?? ""}`;
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      const where = node === undefined ? "" : ` on NUMA node ${node}`;
      return [{ path: [...path, index], message: `Pages of ${size}${where} occur twice.` }];
    });
  },
};

const policies = ["none", "best-effort", "restricted", "single-numa-node"];

const topology: Rule<KubernetesObject> = {
  id: "nodes/profile-topology",
  severity: "error",
  source: `${webhook} validateNUMA; the CRD has no enum`,
  check(object) {
    const path = ["spec", "numa", "topologyPolicy"];
    const policy = textAt(object, ...path);
    if (policy === undefined || policies.includes(policy)) return [];
    return [{ path, message: `"${policy}" is no topology policy.`, fix: `Allowed: ${policies.join(", ")}.` }];
  },
};

function deviceViolations(device: JsonObject, path: PathStep[]): Violation[] {
  const found: Violation[] = [];
  if (textAt(device, "interfaceName") === "") {
    found.push({ path: [...path, "interfaceName"], message: "The name of an interface cannot be empty." });
  }
  for (const key of ["vendorID", "deviceID"]) {
    const id = textAt(device, key);
    if (id === undefined || /^0x[0-9a-fA-F]{1,4}$/.test(id)) continue;
    found.push({ path: [...path, key], message: `"${id}" is no id.`, fix: "Write 0x and four hexadecimal digits." });
  }
  if (textAt(device, "deviceID") !== undefined && missing(device, "vendorID")) {
    found.push({ path: [...path, "vendorID"], message: "A deviceID needs the vendorID." });
  }
  return found;
}

const devices: Rule<KubernetesObject> = {
  id: "nodes/profile-device",
  severity: "error",
  source: `${webhook} validateNet`,
  check(object) {
    const path = ["spec", "net", "devices"];
    return indexedAt(object, ...path).flatMap(([index, device]) => deviceViolations(device, [...path, index]));
  },
};

const hints: Rule<KubernetesObject> = {
  id: "nodes/profile-hints",
  severity: "error",
  source: `${webhook} validateWorkloadHints`,
  check(object) {
    const path = ["spec", "workloadHints"];
    const given = objectAt(object, ...path);
    const cpu = objectAt(object, "spec", "cpu");
    const found: Violation[] = [];
    if (truth(object, "realTimeKernel", "enabled") && given.realTime === false) {
      found.push({ path: [...path, "realTime"], message: "A real-time kernel needs the hint realTime." });
    }
    if (given.highPowerConsumption === true && given.perPodPowerManagement === true) {
      const message = "highPowerConsumption and perPodPowerManagement exclude each other.";
      found.push({ path: [...path, "highPowerConsumption"], message });
    }
    const unknown = "shared" in cpu && cpu.shared === undefined;
    const absent = missing(cpu, "shared") || cpu.shared === "";
    if (given.mixedCpus === true && absent && !unknown && object.spec?.cpu !== undefined) {
      found.push({ path: [...path, "mixedCpus"], message: "mixedCpus needs cpu.shared." });
    }
    return found;
  },
};

const frequency: Rule<KubernetesObject> = {
  id: "nodes/profile-frequency",
  severity: "error",
  source: `${webhook} validateCpuFrequency`,
  check(object) {
    const path = ["spec", "hardwareTuning"];
    if (!object.spec || missing(object.spec, "hardwareTuning") || object.spec.hardwareTuning === undefined) return [];
    const tuning = objectAt(object, ...path);
    return ["isolatedCpuFreq", "reservedCpuFreq"].flatMap((key): Violation[] => {
      if (missing(tuning, key)) return [{ path: [...path, key], message: "Both frequencies must be given." }];
      return tuning[key] === 0 ? [{ path: [...path, key], message: "A frequency cannot be 0." }] : [];
    });
  },
};

const experimental: Rule<KubernetesObject> = {
  id: "nodes/profile-kubelet-annotation",
  severity: "error",
  source:
    "cluster-node-tuning-operator components/kubeletconfig: the annotation is read as a KubeletConfiguration in JSON",
  check(object) {
    const key = "kubeletconfig.experimental";
    const text = mapAt(object, "metadata", "annotations")[key];
    if (text === undefined) return [];
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return [];
    } catch {
      // Told below.
    }
    return [
      { path: ["metadata", "annotations", key], message: "The annotation is no JSON object, so the profile degrades." },
    ];
  },
};

/** What the Node Tuning Operator's webhook refuses of a PerformanceProfile, or what degrades it. */
export const performanceProfileRules: readonly Rule<KubernetesObject>[] = [
  ...profileCpuRules,
  selectors,
  kernelPages,
  hugepages,
  hugepagesArm,
  hugepageTwice,
  topology,
  devices,
  hints,
  frequency,
  experimental,
];
