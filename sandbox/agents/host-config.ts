import { isObject, type Json, type KubernetesObject, sameJson } from "../../model";
import { type ClusterPolicies, fileActions, type PolicyAction } from "./disruption-policy";
import { objectsOf, textOf } from "./read";

/** What of a MachineConfig a node acts on. */
export interface HostConfig {
  kernelArguments: string[];
  kernelType: string;
  extensions: string[];
  fips: boolean;
  osImageURL: string;
  /** Ignition file entries by path. */
  files: Record<string, Json>;
  /** Ignition unit entries by name. */
  units: Record<string, Json>;
  /** Ignition's `passwd` section: ssh keys and password hashes. */
  passwd: Json;
}

/** Reads a (rendered) MachineConfig. */
export function hostConfig(machineConfig: KubernetesObject): HostConfig {
  const spec = machineConfig.spec ?? {};
  const ignition = isObject(spec.config) ? spec.config : {};
  const storage = isObject(ignition.storage) ? ignition.storage : {};
  const systemd = isObject(ignition.systemd) ? ignition.systemd : {};
  return {
    kernelArguments: strings(spec.kernelArguments),
    kernelType: textOf(spec.kernelType) || "default",
    extensions: strings(spec.extensions),
    fips: spec.fips === true,
    osImageURL: textOf(spec.osImageURL),
    files: byKey(storage.files, "path"),
    units: byKey(systemd.units, "name"),
    passwd: ignition.passwd ?? {},
  };
}

/** What a change of configuration does to a node. */
export interface Disruption {
  drain: boolean;
  reboot: boolean;
  /** Why the change cannot be applied at all: the daemon goes to Degraded. */
  impossible?: string;
}

/**
 * What the machine-config-daemon does on the way from one configuration to another (machine-config-operator,
 * pkg/daemon/update.go and drain.go): everything reboots, except files, units and keys that a policy exempts.
 */
export function disruption(from: HostConfig, to: HostConfig, policies: ClusterPolicies): Disruption {
  if (from.fips !== to.fips) {
    return {
      drain: false,
      reboot: false,
      impossible: "detected change to FIPS flag; refusing to modify FIPS on a running cluster",
    };
  }
  const reboot = { drain: true, reboot: true };
  if (from.osImageURL !== to.osImageURL || from.kernelType !== to.kernelType) return reboot;
  if (!sameJson(from.kernelArguments, to.kernelArguments) || !sameJson(from.extensions, to.extensions)) return reboot;
  const actions: (PolicyAction[] | undefined)[] = [
    ...changed(from.files, to.files).map((path) => fileActions(path, policies.files)),
    ...changed(from.units, to.units).map((name) => policies.units.find((unit) => unit.name === name)?.actions),
  ];
  if (!sameJson(from.passwd, to.passwd)) actions.push(policies.sshkey.actions);
  if (actions.includes(undefined)) return reboot;
  const types = actions.flatMap((entry) => entry ?? []).map((action) => action.type);
  if (types.includes("Reboot")) return reboot;
  // `Special` is registries.conf: the real daemon skips the drain for harmless additions, which is not simulated.
  return { drain: types.includes("Drain") || types.includes("Special"), reboot: false };
}

/** Pages by Kubernetes resource name that the kernel sets aside for these arguments. */
export interface Hugepages {
  "hugepages-1Gi": number;
  "hugepages-2Mi": number;
}

/**
 * Reads `default_hugepagesz`, `hugepagesz` and `hugepages` as the kernel does: a count belongs to the size named just
 * before it, or to the default size (2M unless set) when no size stands before it.
 */
export function hugepages(kernelArguments: string[]): Hugepages {
  const pages: Hugepages = { "hugepages-1Gi": 0, "hugepages-2Mi": 0 };
  const values = kernelArguments.map((argument) => argument.split("=", 2) as [string, string | undefined]);
  const byDefault = values.findLast(([key]) => key === "default_hugepagesz")?.[1] ?? "2M";
  let size = byDefault;
  for (const [key, value] of values) {
    if (key === "hugepagesz") size = value ?? byDefault;
    if (key !== "hugepages") continue;
    const count = Number(value);
    if (!Number.isInteger(count) || count < 0) continue;
    if (/^(1G|1024M|1048576K)$/i.test(size)) pages["hugepages-1Gi"] = count;
    if (/^(2M|2048K)$/i.test(size)) pages["hugepages-2Mi"] = count;
  }
  return pages;
}

/** The names whose entries differ. */
function changed(from: Record<string, Json>, to: Record<string, Json>): string[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => !sameJson(from[key], to[key]));
}

function byKey(list: Json | undefined, key: string): Record<string, Json> {
  return Object.fromEntries(objectsOf(list).map((entry) => [textOf(entry[key]), entry]));
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
