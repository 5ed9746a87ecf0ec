import type { Json, JsonObject, KubernetesObject, PathStep } from "../../model";
import { ignitionVersions, recentIgnitionVersions } from "../../model/versions";
import { indexedAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const config: PathStep[] = ["spec", "config"];

/** Keys of an Ignition configuration that the machine config daemon acts on, by the place they are in. */
const appliedKeys: readonly [place: string[], keys: string[]][] = [
  [[], ["ignition", "storage", "systemd", "passwd", "kernelArguments"]],
  [["ignition"], ["version"]],
  [["storage"], ["files"]],
  [["systemd"], ["units"]],
  [["passwd"], ["users"]],
];

/** Keys whose presence says nothing, because they are empty. */
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Whether a spec has an Ignition configuration at all; without one nothing of it can be wrong. */
function hasConfig(object: KubernetesObject): boolean {
  return !isEmpty(object.spec?.config);
}

/** Source: machine-config-operator pkg/controller/common/helpers.go IgnParseWrapper. */
const versionPresent: Rule<KubernetesObject> = {
  id: "nodes/ignition-version",
  severity: "error",
  check(object) {
    if (!hasConfig(object)) return [];
    const path = [...config, "ignition", "version"];
    const ignition = objectAt(object, ...config, "ignition");
    const fix = 'Write ignition: {version: "3.2.0"}, which every supported OpenShift reads.';
    const content = objectAt(object, ...config);
    if ("ignition" in content && content.ignition === undefined) return [];
    if (missing(ignition, "version")) {
      return [{ path, message: "The Ignition configuration has no version, so the pool cannot be rendered.", fix }];
    }
    const version = textAt(ignition, "version");
    if (version === undefined || ignitionVersions.includes(version)) return [];
    return [{ path, message: `No supported OpenShift reads Ignition ${version}.`, fix }];
  },
};

/** Source: Butane's openshift variants; the machine config operator of 4.18 reads up to 3.4.0. */
const versionRecent: Rule<KubernetesObject> = {
  id: "nodes/ignition-version-recent",
  severity: "warning",
  check(object) {
    const version = textAt(object, ...config, "ignition", "version") ?? "";
    if (!recentIgnitionVersions.includes(version)) return [];
    const message = `Ignition ${version} is read by OpenShift 4.19 and later only.`;
    return [{ path: [...config, "ignition", "version"], message, fix: 'Use "3.2.0" unless something needs more.' }];
  },
};

/** Source: machine-config-operator docs/MachineConfiguration.md and pkg/controller/common IsComponentConfigsReconcilable. */
const applied: Rule<KubernetesObject> = {
  id: "nodes/ignition-supported",
  severity: "error",
  check(object) {
    return appliedKeys.flatMap(([place, keys]) =>
      Object.entries(objectAt(object, ...config, ...place))
        .filter(([key, value]) => !keys.includes(key) && !isEmpty(value))
        .map(([key]) => ({
          path: [...config, ...place, key],
          message: `The machine config daemon does not apply ${[...place, key].join(".")} to running nodes; they become degraded.`,
          fix: "Only storage.files, systemd.units and the keys of the user core are supported.",
        })),
    );
  },
};

/** Source: machine-config-operator docs/MachineConfiguration.md; Butane config/openshift. */
const kernelArguments: Rule<KubernetesObject> = {
  id: "nodes/kernel-arguments-place",
  severity: "error",
  check(object) {
    if (isEmpty(objectAt(object, ...config).kernelArguments)) return [];
    const message = "Kernel arguments in the Ignition configuration are not applied to running nodes.";
    return [{ path: [...config, "kernelArguments"], message, fix: "Write them in spec.kernelArguments." }];
  },
};

/** Source: machine-config-operator docs/MachineConfiguration.md: of users only core, of it keys and password hash. */
const users: Rule<KubernetesObject> = {
  id: "nodes/ignition-users",
  severity: "error",
  check(object) {
    const path = [...config, "passwd", "users"];
    return indexedAt(object, ...path).flatMap(([index, user]): Violation[] => {
      const name = textAt(user, "name");
      if (name !== undefined && name !== "core") {
        return [{ path: [...path, index, "name"], message: `The user "${name}" cannot be managed; only core can.` }];
      }
      return Object.keys(user)
        .filter((key) => !["name", "sshAuthorizedKeys", "passwordHash"].includes(key) && !isEmpty(user[key]))
        .map((key) => ({
          path: [...path, index, key],
          message: `"${key}" of the user core cannot be managed; only sshAuthorizedKeys and passwordHash can.`,
        }));
    });
  },
};

const unitSuffix = /\.(service|socket|device|mount|automount|swap|target|path|timer|snapshot|slice|scope)$/;

/** Source: Ignition config/v3_4/types/unit.go. */
const units: Rule<KubernetesObject> = {
  id: "nodes/unit-name",
  severity: "error",
  check(object) {
    const path = [...config, "systemd", "units"];
    return indexedAt(object, ...path).flatMap(([index, unit]) => {
      const name = textAt(unit, "name");
      const found: Violation[] = [];
      if (name !== undefined && !unitSuffix.test(name)) {
        const message = `"${name}" is not the name of a systemd unit.`;
        found.push({ path: [...path, index, "name"], message, fix: "It must end in its type, for example .service." });
      }
      for (const [at, dropin] of indexedAt(unit, "dropins")) {
        const dropinName = textAt(dropin, "name");
        if (dropinName === undefined || dropinName.endsWith(".conf")) continue;
        const message = `"${dropinName}" is not the name of a drop-in.`;
        found.push({ path: [...path, index, "dropins", at, "name"], message, fix: "It must end in .conf." });
      }
      return found;
    });
  },
};

function repeated(list: [number, JsonObject][], key: string, path: PathStep[], what: string): Violation[] {
  const seen = new Set<string>();
  return list.flatMap(([index, item]) => {
    const name = textAt(item, key);
    if (name === undefined) return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path: [...path, index, key], message: `The ${what} "${name}" occurs twice; Ignition refuses that.` }];
  });
}

/** Source: Ignition's validation of duplicate keys in one configuration (config/validate). */
const duplicates: Rule<KubernetesObject> = {
  id: "nodes/ignition-duplicate",
  severity: "error",
  check(object) {
    const files = [...config, "storage", "files"];
    const unitList = [...config, "systemd", "units"];
    return [
      ...repeated(indexedAt(object, ...files), "path", files, "file"),
      ...repeated(indexedAt(object, ...unitList), "name", unitList, "unit"),
      ...indexedAt(object, ...unitList).flatMap(([index, unit]) =>
        repeated(indexedAt(unit, "dropins"), "name", [...unitList, index, "dropins"], "drop-in"),
      ),
    ];
  },
};

/** Rules on the Ignition configuration of a MachineConfig, but for its files. */
export const ignitionRules: readonly Rule<KubernetesObject>[] = [
  versionPresent,
  versionRecent,
  applied,
  kernelArguments,
  users,
  units,
  duplicates,
];
