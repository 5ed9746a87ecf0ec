import type { KubernetesObject } from "../../model";
import { listAt, textAt } from "../read";
import type { Rule } from "../rule";
import { roleLabel } from "./roles";

/** Source: machine-config-operator pools select by this label (manifests/*.machineconfigpool.yaml). */
const role: Rule<KubernetesObject> = {
  id: "nodes/role-label",
  severity: "error",
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

/** Source: machine-config-operator ValidateMachineConfig; the CRD has no enum. */
const kernelType: Rule<KubernetesObject> = {
  id: "nodes/kernel-type",
  severity: "error",
  check(object) {
    const type = textAt(object, "spec", "kernelType");
    if (type === undefined || kernelTypes.includes(type)) return [];
    const message = `"${type}" is no kernel type, so the pool cannot be rendered.`;
    return [{ path: ["spec", "kernelType"], message, fix: "Allowed: default, realtime, 64k-pages." }];
  },
};

/** Source: machine-config-operator SupportedExtensions. */
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

/** Source: machine-config-operator ValidateMachineConfigExtensions and MergeMachineConfigs. */
const extensions: Rule<KubernetesObject> = {
  id: "nodes/extensions",
  severity: "error",
  check(object) {
    const path = ["spec", "extensions"];
    const special = ["realtime", "64k-pages"].includes(textAt(object, "spec", "kernelType") ?? "");
    return listAt(object, ...path).flatMap((name, index) => {
      if (typeof name !== "string") return [];
      if (!extensionNames.includes(name)) {
        const fix = `Known extensions: ${extensionNames.join(", ")}.`;
        return [{ path: [...path, index], message: `There is no extension "${name}".`, fix }];
      }
      if (name !== "kernel-devel" || !special) return [];
      return [{ path: [...path, index], message: "kernel-devel exists for the default kernel only." }];
    });
  },
};

/** Source: machine-config-operator MergeMachineConfigs: kernel arguments are concatenated and never made unique. */
const repeatedArguments: Rule<KubernetesObject> = {
  id: "nodes/kernel-argument-repeated",
  severity: "warning",
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

/** Source: kernel arguments are split at white space by the bootloader's tools (rpm-ostree kargs). */
const argumentForm: Rule<KubernetesObject> = {
  id: "nodes/kernel-argument-form",
  severity: "error",
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

/** Source: fips is decided when the cluster is installed (machine-config-operator checkFIPS). */
const fips: Rule<KubernetesObject> = {
  id: "nodes/fips",
  severity: "warning",
  check(object) {
    if (object.spec?.fips !== true) return [];
    const message = "FIPS mode is decided when the cluster is installed; on nodes without it this makes them degraded.";
    return [{ path: ["spec", "fips"], message }];
  },
};

/** Source: the operating system follows the release; an own image takes upgrades out of the operator's hands. */
const osImage: Rule<KubernetesObject> = {
  id: "nodes/os-image",
  severity: "warning",
  check(object) {
    if (!textAt(object, "spec", "osImageURL")) return [];
    const message = "An own operating system image is no longer upgraded with the cluster.";
    return [{ path: ["spec", "osImageURL"], message }];
  },
};

/** Source: MergeMachineConfigs merges in the order of names, later ones win. */
const nameOrder: Rule<KubernetesObject> = {
  id: "nodes/name-order",
  severity: "info",
  check({ metadata }) {
    if (typeof metadata.name !== "string" || /^\d\d-/.test(metadata.name)) return [];
    const message = "MachineConfigs are merged in the order of their names; this one does not begin with two digits.";
    return [{ path: ["metadata", "name"], message, fix: "Name it NN-<role>-<what>, for example 60-worker-files." }];
  },
};

/** Source: Kubernetes refuses larger objects; the rendered MachineConfig holds all of the pool's together. */
const sizeLimit = 1_572_864;

const size: Rule<KubernetesObject> = {
  id: "nodes/size",
  severity: "error",
  check(object) {
    const bytes = Buffer.byteLength(JSON.stringify(object.spec ?? {}), "utf8");
    if (bytes <= sizeLimit) return [];
    const message = `The MachineConfig has ${bytes} bytes; the pool's rendered configuration may have ${sizeLimit} in all.`;
    return [{ path: ["spec"], message, fix: "Compress files with gzip or put them into an image." }];
  },
};

/** Source: names of rendered and generated MachineConfigs belong to the operator. */
const ownName: Rule<KubernetesObject> = {
  id: "nodes/generated-name",
  severity: "error",
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
