import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, mapAt, objectAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { sizeLimit } from "./machine-configs";
import { mergeMachineConfigs, mergeOrder, mergedSize } from "./merge";
import { roleLabel } from "./roles";

/** Share of the size limit from which on a pool's configuration is about to be too large. */
const warnShare = 0.8;

/** The MachineConfigs of each pool that there are any for: a custom pool has those of the workers as well. */
function pools(objects: readonly KubernetesObject[]): [pool: string, configs: KubernetesObject[]][] {
  const configs = objects.filter((object) => object.kind === "MachineConfig");
  const role = (config: KubernetesObject): string => config.metadata.labels?.[roleLabel] ?? "";
  const names = new Set(configs.map(role).filter((name) => name !== ""));
  const inherits = (pool: string): boolean => !["worker", "master", "arbiter"].includes(pool);
  return [...names].map((pool) => [
    pool,
    mergeOrder(configs.filter((each) => role(each) === pool || (inherits(pool) && role(each) === "worker"))),
  ]);
}

/** A place in one object of the set: its index comes first. */
const placeOf = (objects: readonly KubernetesObject[], config: KubernetesObject, ...path: PathStep[]): PathStep[] => [
  objects.indexOf(config),
  ...path,
];

/** Violations by place, each once: a worker's configuration is looked at in several pools. */
function unique(violations: Violation[]): Violation[] {
  return [...new Map(violations.map((each) => [JSON.stringify(each.path), each])).values()];
}

const repeatedArguments: Rule<readonly KubernetesObject[]> = {
  id: "nodes/merged-kernel-argument",
  severity: "warning",
  source: "machine-config-operator MergeMachineConfigs: kernel arguments are concatenated and never made unique",
  check(objects) {
    return unique(
      pools(objects).flatMap(([pool, configs]) =>
        configs.flatMap((config, at) =>
          textsAt(config, "spec", "kernelArguments").flatMap((argument, index) => {
            const first = configs
              .slice(0, at)
              .find((each) => textsAt(each, "spec", "kernelArguments").includes(argument));
            if (!first || /^hugepages=/.test(argument)) return [];
            const message = `The nodes of pool ${pool} get "${argument}" twice: ${first.metadata.name} has it already.`;
            const path = placeOf(objects, config, "spec", "kernelArguments", index);
            return [{ path, message, fix: "Keep it in one of them." }];
          }),
        ),
      ),
    );
  },
};

/** What several MachineConfigs may be about, and by which key. */
const overridable: readonly [what: string, path: PathStep[], key: string][] = [
  ["file", ["spec", "config", "storage", "files"], "path"],
  ["unit", ["spec", "config", "systemd", "units"], "name"],
];

function sameThing(config: KubernetesObject, path: PathStep[], key: string, name: string): JsonObject | undefined {
  return indexedAt(config, ...path).find(([, item]) => textAt(item, key) === name)?.[1];
}

const overridden: Rule<readonly KubernetesObject[]> = {
  id: "nodes/merged-override",
  severity: "warning",
  source: "machine-config-operator MergeMachineConfigs: of files and units with the same name the later one wins",
  check(objects) {
    return unique(
      pools(objects).flatMap(([pool, configs]) =>
        configs.flatMap((config, at) =>
          overridable.flatMap(([what, path, key]) =>
            indexedAt(config, ...path).flatMap(([index, item]) => {
              const name = textAt(item, key);
              if (name === undefined || (what === "unit" && textAt(item, "contents") === undefined)) return [];
              const earlier = configs.slice(0, at).findLast((each) => {
                const other = sameThing(each, path, key, name);
                return other && (what === "file" || textAt(other, "contents") !== undefined);
              });
              if (!earlier) return [];
              const message = `In pool ${pool} this ${what} "${name}" replaces the one of ${earlier.metadata.name}.`;
              return [{ path: placeOf(objects, config, ...path, index), message, fix: "Keep it in one of them." }];
            }),
          ),
        ),
      ),
    );
  },
};

const compression: Rule<readonly KubernetesObject[]> = {
  id: "nodes/merged-compression",
  severity: "error",
  source: "coreos/ignition config/merge: what a later file does not say stays as it was; coreos/butane issue 332",
  check(objects) {
    const path = ["spec", "config", "storage", "files"];
    return unique(
      pools(objects).flatMap(([, configs]) =>
        configs.flatMap((config, at) =>
          indexedAt(config, ...path).flatMap(([index, file]) => {
            const contents = objectAt(file, "contents");
            if (textAt(contents, "source") === undefined || "compression" in contents) return [];
            const name = textAt(file, "path") ?? "";
            const earlier = configs
              .slice(0, at)
              .findLast((each) => textAt(sameThing(each, path, "path", name), "contents", "compression") !== undefined);
            if (!earlier || textAt(sameThing(earlier, path, "path", name), "contents", "compression") === "") return [];
            const message = `"${name}" is taken for compressed, because the file of ${earlier.metadata.name} that it replaces is.`;
            const place = placeOf(objects, config, ...path, index, "contents", "compression");
            return [{ path: place, message, fix: 'Write compression: "".' }];
          }),
        ),
      ),
    );
  },
};

/** A rule on the size of each pool's configuration, told at the last MachineConfig that adds to it. */
function sizeRule(
  id: string,
  severity: "error" | "warning",
  check: (bytes: number) => boolean,
): Rule<readonly KubernetesObject[]> {
  return {
    id,
    severity,
    source: "machine-config-operator pkg/controller/render: a rendered MachineConfig may have 1.5 MiB",
    check(objects) {
      return unique(
        pools(objects).flatMap(([pool, configs]) => {
          const bytes = mergedSize(mergeMachineConfigs(configs));
          const last = configs.at(-1);
          if (!last || !check(bytes)) return [];
          const message = `The MachineConfigs of pool ${pool} come to ${bytes} bytes; a rendered one may have ${sizeLimit}.`;
          const fix = "Compress files with gzip or put them into an image.";
          return [{ path: placeOf(objects, last, "spec"), message, fix }];
        }),
      );
    },
  };
}

const tooLarge = sizeRule("nodes/merged-size", "error", (bytes) => bytes > sizeLimit);
const nearlyTooLarge = sizeRule(
  "nodes/merged-size-near",
  "warning",
  (bytes) => bytes > warnShare * sizeLimit && bytes <= sizeLimit,
);

/** The labels of the pool that a profile's own KubeletConfig is for. */
function profilePool(profile: KubernetesObject): Record<string, string> {
  const given = mapAt(profile, "spec", "machineConfigPoolSelector");
  if (Object.keys(given).length > 0) return given;
  const role = Object.keys(mapAt(profile, "spec", "nodeSelector"))[0]?.split("/")[1];
  return role ? { [roleLabel]: role } : {};
}

const besideProfile: Rule<readonly KubernetesObject[]> = {
  id: "nodes/kubelet-beside-profile",
  severity: "error",
  source:
    "cluster-node-tuning-operator makes a KubeletConfig for each PerformanceProfile; two for one pool override each other",
  check(objects) {
    const profiles = objects.filter((object) => object.kind === "PerformanceProfile");
    const configs = objects.filter((object) => object.kind === "KubeletConfig");
    return configs.flatMap((config) => {
      const wanted = Object.entries(mapAt(config, "spec", "machineConfigPoolSelector", "matchLabels"));
      const roles = wanted.map(([key]) => key.split("/").at(-1) ?? "");
      const clash = profiles.find((profile) => {
        const labels = Object.entries(profilePool(profile));
        return labels.some(
          ([key, value]) => wanted.some(([k, v]) => k === key && v === value) || roles.includes(value),
        );
      });
      if (!clash) return [];
      return [
        {
          path: placeOf(objects, config, "spec", "machineConfigPoolSelector"),
          message: `PerformanceProfile ${clash.metadata.name} makes a KubeletConfig for the same pool.`,
          fix: "Write the settings into the profile's annotation kubeletconfig.experimental as JSON.",
        },
      ];
    });
  },
};

/** Rules on everything of a domain together; a path begins with the object's index in the set. */
export const nodeSetRules: readonly Rule<readonly KubernetesObject[]>[] = [
  repeatedArguments,
  overridden,
  compression,
  tooLarge,
  nearlyTooLarge,
  besideProfile,
];
