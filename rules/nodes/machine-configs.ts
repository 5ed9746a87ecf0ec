import { isAtLeast } from "../../model";
import type { KubernetesObject } from "../../model";
import { listAt, textAt } from "../read";
import type { Rule } from "../rule";
import { roleLabel } from "./roles";

const role: Rule<KubernetesObject> = {
  id: "nodes/role-label",
  severity: "error",
  source: "machine-config-operator: pools select by this label (manifests/*.machineconfigpool.yaml)",
  check({ metadata }) {
    const labels = metadata.labels;
    if (labels && roleLabel in labels && labels[roleLabel] !== "") return [];
    // Labels that are not known yet may hold it.
    if ("labels" in metadata && labels === undefined) return [];
    const message = "Without a role label no pool takes this MachineConfig.";
    return [
      { path: ["metadata", "labels", roleLabel], message, fix: "Set it to the name of the pool, for example worker." },
    ];
  },
};

const kernelTypes = ["", "default", "realtime", "64k-pages"];

const kernelType: Rule<KubernetesObject> = {
  id: "nodes/kernel-type",
  severity: "error",
  source: "machine-config-operator pkg/controller/common/helpers.go ValidateMachineConfig; the CRD has no enum",
  check(object) {
    const type = textAt(object, "spec", "kernelType");
    if (type === undefined || kernelTypes.includes(type)) return [];
    const message = `"${type}" is no kernel type, so the pool cannot be rendered.`;
    return [{ path: ["spec", "kernelType"], message, fix: "Allowed: default, realtime, 64k-pages." }];
  },
};

/** The oldest supported OpenShift that has an extension, where not all do. */
const extensionsSince: Readonly<Record<string, string>> = { "two-node-ha": "4.19" };

const extensionNames = [
  "two-node-ha",
  "wasm",
  "ipsec",
  "usbguard",
  "kerberos",
  "kernel-devel",
  "sandboxed-containers",
  "sysstat",
];

const extensions: Rule<KubernetesObject> = {
  id: "nodes/extensions",
  severity: "error",
  source:
    "machine-config-operator pkg/controller/common/helpers.go SupportedExtensions, validateExtensions, MergeMachineConfigs",
  check(object, { versions }) {
    const path = ["spec", "extensions"];
    const special = ["realtime", "64k-pages"].includes(textAt(object, "spec", "kernelType") ?? "");
    return listAt(object, ...path).flatMap((name, index) => {
      if (typeof name !== "string") return [];
      if (!extensionNames.includes(name)) {
        const fix = `Known extensions: ${extensionNames.join(", ")}.`;
        return [{ path: [...path, index], message: `There is no extension "${name}".`, fix }];
      }
      const since = extensionsSince[name];
      if (since && !isAtLeast(versions.openshift, since)) {
        return [{ path: [...path, index], message: `The extension "${name}" exists since OpenShift ${since}.` }];
      }
      if (name !== "kernel-devel" || !special) return [];
      return [{ path: [...path, index], message: "kernel-devel exists for the default kernel only." }];
    });
  },
};

const repeatedArguments: Rule<KubernetesObject> = {
  id: "nodes/kernel-argument-repeated",
  severity: "warning",
  source: "machine-config-operator MergeMachineConfigs: kernel arguments are concatenated and never made unique",
  check(object) {
    const path = ["spec", "kernelArguments"];
    const list = listAt(object, ...path);
    return list.flatMap((argument, index) => {
      if (typeof argument !== "string" || list.indexOf(argument) === index) return [];
      // Sizes of huge pages come in pairs that may repeat: hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=4.
      if (/^hugepages=/.test(argument)) return [];
      return [
        { path: [...path, index], message: `The kernel argument "${argument}" occurs twice; nodes boot with both.` },
      ];
    });
  },
};

const argumentForm: Rule<KubernetesObject> = {
  id: "nodes/kernel-argument-form",
  severity: "error",
  source: "rpm-ostree kargs splits kernel arguments at white space",
  check(object) {
    const path = ["spec", "kernelArguments"];
    return listAt(object, ...path).flatMap((argument, index) => {
      if (typeof argument !== "string") return [];
      if (argument.trim() === "") return [{ path: [...path, index], message: "The kernel argument is empty." }];
      if (!/\s/.test(argument) || /"/.test(argument)) return [];
      const message = `"${argument}" is more than one kernel argument.`;
      return [{ path: [...path, index], message, fix: "Write one element for each." }];
    });
  },
};

const fips: Rule<KubernetesObject> = {
  id: "nodes/fips",
  severity: "warning",
  source: "machine-config-operator pkg/daemon/update.go checkFIPS: decided when the cluster is installed",
  check(object) {
    if (object.spec?.fips !== true) return [];
    const message = "FIPS mode is decided when the cluster is installed; on nodes without it this makes them degraded.";
    return [{ path: ["spec", "fips"], message }];
  },
};

const osImage: Rule<KubernetesObject> = {
  id: "nodes/os-image",
  severity: "warning",
  source: "machine-config-operator MergeMachineConfigs: osImageURL of a MachineConfig wins over the release's",
  check(object) {
    if (!textAt(object, "spec", "osImageURL")) return [];
    const message = "An own operating system image is no longer upgraded with the cluster.";
    return [{ path: ["spec", "osImageURL"], message }];
  },
};

const nameOrder: Rule<KubernetesObject> = {
  id: "nodes/name-order",
  severity: "info",
  source: "machine-config-operator MergeMachineConfigs merges in the order of names, later ones win",
  check({ metadata }) {
    if (typeof metadata.name !== "string" || /^\d\d-/.test(metadata.name)) return [];
    const message = "MachineConfigs are merged in the order of their names; this one does not begin with two digits.";
    return [{ path: ["metadata", "name"], message, fix: "Name it NN-<role>-<what>, for example 60-worker-files." }];
  },
};

/** What a pool's rendered MachineConfig may have in bytes. */
export const sizeLimit = 1_572_864;

const size: Rule<KubernetesObject> = {
  id: "nodes/size",
  severity: "error",
  source: "Kubernetes stores no larger objects; machine-config-operator renders all of a pool into one",
  check(object) {
    const bytes = Buffer.byteLength(JSON.stringify(object.spec ?? {}), "utf8");
    if (bytes <= sizeLimit) return [];
    const message = `The MachineConfig has ${bytes} bytes; the pool's rendered configuration may have ${sizeLimit} in all.`;
    return [{ path: ["spec"], message, fix: "Compress files with gzip or put them into an image." }];
  },
};

const ownName: Rule<KubernetesObject> = {
  id: "nodes/generated-name",
  severity: "error",
  source: "machine-config-operator names rendered-<pool>-<hash> and 99-<pool>-generated-<what>",
  check({ metadata }) {
    if (typeof metadata.name !== "string" || !/^rendered-|-generated-/.test(metadata.name)) return [];
    const message = `"${metadata.name}" is a name of configurations that the machine config operator makes itself.`;
    return [{ path: ["metadata", "name"], message, fix: "Choose another name." }];
  },
};

/** Rules on a MachineConfig, but for its Ignition configuration. */
export const configRules: readonly Rule<KubernetesObject>[] = [
  role,
  kernelType,
  extensions,
  repeatedArguments,
  argumentForm,
  fips,
  osImage,
  nameOrder,
  ownName,
  size,
];
