import { isObject } from "../../model";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { objectAt, textAt, textsAt } from "../read";
import { roleLabel } from "./roles";

/** What a pool's MachineConfigs come to, as the machine config operator renders it. */
export interface MergedMachineConfig {
  /** The Ignition document. */
  config: JsonObject;
  kernelArguments: string[];
  extensions: string[];
  fips: boolean;
  kernelType: string;
  osImageURL: string;
  baseOSExtensionsContainerImage: string;
}

/** Ignition's lists whose elements are merged by a key; lists of texts are united. */
const listKeys: Readonly<Record<string, string>> = {
  "storage.files": "path",
  "systemd.units": "name",
  "systemd.units.dropins": "name",
  "passwd.users": "name",
};

/** Lists whose elements are only ever added to. */
const appended = "storage.files.append";

const byName = (a: KubernetesObject, b: KubernetesObject): number => {
  if (a.metadata.name === b.metadata.name) return 0;
  return a.metadata.name < b.metadata.name ? -1 : 1;
};

/** The MachineConfigs in the order in which they are merged: those of the workers by name, then the others by name. */
export function mergeOrder(configs: readonly KubernetesObject[]): KubernetesObject[] {
  const ofWorkers = (config: KubernetesObject): boolean => config.metadata.labels?.[roleLabel] === "worker";
  return [...configs.filter(ofWorkers).sort(byName), ...configs.filter((config) => !ofWorkers(config)).sort(byName)];
}

function mergeLists(parent: Json[], child: Json[], place: string): Json[] {
  if (place === appended) return [...parent, ...child];
  const key = listKeys[place];
  const id = (item: Json): Json | undefined => (key && isObject(item) ? item[key] : item);
  const result = [...parent];
  for (const item of child) {
    const at = result.findIndex((each) => id(each) === id(item));
    if (at < 0) result.push(item);
    else result[at] = mergeIgnition(result[at], item, place) ?? item;
  }
  return result;
}

/**
 * Merges one Ignition value into another: what the later one does not say stays as it was, also inside of a file. So a
 * file that replaces a compressed one without naming a compression is taken for compressed.
 * Source: coreos/ignition config/merge.
 */
export function mergeIgnition(parent: Json | undefined, child: Json | undefined, place = ""): Json | undefined {
  if (child === undefined || child === null) return parent;
  if (Array.isArray(parent) && Array.isArray(child)) return mergeLists(parent, child, place);
  if (!isObject(parent) || !isObject(child)) return child;
  const result: JsonObject = { ...parent };
  for (const [key, value] of Object.entries(child)) {
    result[key] = mergeIgnition(parent[key], value, place === "" ? key : `${place}.${key}`);
  }
  return result;
}

/** The merged configuration with every file replacing what a node has, unless it says otherwise. */
function overwriting(config: JsonObject): JsonObject {
  const storage = objectAt(config, "storage");
  if (!Array.isArray(storage.files)) return config;
  const files = storage.files.map((file) =>
    isObject(file) && (file.overwrite ?? undefined) === undefined ? { ...file, overwrite: true } : file,
  );
  return { ...config, storage: { ...storage, files } };
}

/**
 * Merges a pool's MachineConfigs as the machine config operator does.
 * Source: machine-config-operator pkg/controller/common/helpers.go MergeMachineConfigs.
 */
export function mergeMachineConfigs(configs: readonly KubernetesObject[]): MergedMachineConfig {
  const ordered = mergeOrder(configs);
  const last = (key: string): string =>
    ordered
      .map((each) => textAt(each, "spec", key) ?? "")
      .filter((value) => value !== "")
      .at(-1) ?? "";
  const config = ordered.reduce<Json | undefined>(
    (all, each) => mergeIgnition(all, objectAt(each, "spec", "config")),
    {},
  );
  const special = ordered
    .map((each) => textAt(each, "spec", "kernelType"))
    .filter((type) => type === "realtime" || type === "64k-pages");
  return {
    config: isObject(config) ? overwriting(config) : {},
    kernelArguments: ordered.flatMap((each) => textsAt(each, "spec", "kernelArguments")),
    extensions: ordered.flatMap((each) => textsAt(each, "spec", "extensions")),
    fips: ordered.some((each) => each.spec?.fips === true),
    kernelType: special.at(-1) ?? "default",
    osImageURL: last("osImageURL"),
    baseOSExtensionsContainerImage: last("baseOSExtensionsContainerImage"),
  };
}

/** Bytes of the rendered MachineConfig's content. */
export function mergedSize(merged: MergedMachineConfig): number {
  return Buffer.byteLength(JSON.stringify(merged), "utf8");
}
