import type { Json, JsonObject, KubernetesObject, PathStep } from "../../model";
import { ignitionVersions, openShiftVersions } from "../../model/versions";
import { unitFileProblem } from "../../model/unit-file";
import { indexedAt, listAt, missing, objectAt, textAt } from "../read";
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

const versionPresent: Rule<KubernetesObject> = {
  id: "nodes/ignition-version",
  severity: "error",
  source:
    "machine-config-operator pkg/controller/common/helpers.go IgnParseWrapper; coreos/butane config/openshift by release",
  check(object, { versions }) {
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
    if (version === undefined) return [];
    if (!ignitionVersions.includes(version)) {
      return [{ path, message: `No supported OpenShift reads Ignition ${version}.`, fix }];
    }
    const newest = openShiftVersions[versions.openshift]?.ignition;
    if (!newest || ignitionVersions.indexOf(version) <= ignitionVersions.indexOf(newest)) return [];
    const message = `OpenShift ${versions.openshift} reads Ignition up to ${newest}, not ${version}.`;
    return [{ path, message, fix }];
  },
};

const applied: Rule<KubernetesObject> = {
  id: "nodes/ignition-supported",
  severity: "error",
  source: "machine-config-operator docs/MachineConfiguration.md; pkg/controller/common IsComponentConfigsReconcilable",
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

const kernelArguments: Rule<KubernetesObject> = {
  id: "nodes/kernel-arguments-place",
  severity: "error",
  source: "machine-config-operator docs/MachineConfiguration.md; Butane config/openshift refuses them as well",
  check(object) {
    if (isEmpty(objectAt(object, ...config).kernelArguments)) return [];
    const message = "Kernel arguments in the Ignition configuration are not applied to running nodes.";
    return [{ path: [...config, "kernelArguments"], message, fix: "Write them in spec.kernelArguments." }];
  },
};

const users: Rule<KubernetesObject> = {
  id: "nodes/ignition-users",
  severity: "error",
  source:
    "machine-config-operator pkg/controller/common verifyUserFields: of users only core, of it keys and password hash",
  check(object) {
    const path = [...config, "passwd", "users"];
    return indexedAt(object, ...path).flatMap(([index, user]): Violation[] => {
      const name = textAt(user, "name");
      if (name !== undefined && name !== "core") {
        return [{ path: [...path, index, "name"], message: `The user "${name}" cannot be managed; only core can.` }];
      }
      const unknownPart = ["sshAuthorizedKeys", "passwordHash"].some((key) => key in user && user[key] === undefined);
      if (name === "core" && !unknownPart && isEmpty(user.sshAuthorizedKeys) && missing(user, "passwordHash")) {
        const message = "The user core has neither keys nor a password hash, which the machine config daemon refuses.";
        return [
          { path: [...path, index], message, fix: "Give sshAuthorizedKeys or passwordHash, or leave the user out." },
        ];
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

const units: Rule<KubernetesObject> = {
  id: "nodes/unit-name",
  severity: "error",
  source: "coreos/ignition config/v3_4/types/unit.go",
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

const unitTexts: Rule<KubernetesObject> = {
  id: "nodes/unit-content",
  severity: "error",
  source: "coreos/ignition config/shared/parse/unit.go, coreos/go-systemd unit/deserialize.go",
  check(object) {
    const path = [...config, "systemd", "units"];
    const problem = (item: JsonObject, ...place: PathStep[]): Violation[] => {
      const found = unitFileProblem(textAt(item, "contents") ?? "");
      return found ? [{ path: [...path, ...place, "contents"], message: `This is no systemd unit: ${found}.` }] : [];
    };
    return indexedAt(object, ...path).flatMap(([index, unit]) => [
      ...problem(unit, index),
      ...indexedAt(unit, "dropins").flatMap(([at, dropin]) => problem(dropin, index, "dropins", at)),
    ]);
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

function repeatedKeys(user: JsonObject, path: PathStep[]): Violation[] {
  const keys = listAt(user, "sshAuthorizedKeys");
  return keys.flatMap((key, index) => {
    if (typeof key !== "string" || keys.indexOf(key) === index) return [];
    const message = "The key occurs twice; Ignition refuses that.";
    return [{ path: [...path, "sshAuthorizedKeys", index], message }];
  });
}

const duplicates: Rule<KubernetesObject> = {
  id: "nodes/ignition-duplicate",
  severity: "error",
  source: "coreos/ignition config/validate: duplicate keys in one configuration",
  check(object) {
    const files = [...config, "storage", "files"];
    const unitList = [...config, "systemd", "units"];
    const userList = [...config, "passwd", "users"];
    return [
      ...repeated(indexedAt(object, ...files), "path", files, "file"),
      ...repeated(indexedAt(object, ...unitList), "name", unitList, "unit"),
      ...indexedAt(object, ...unitList).flatMap(([index, unit]) =>
        repeated(indexedAt(unit, "dropins"), "name", [...unitList, index, "dropins"], "drop-in"),
      ),
      ...repeated(indexedAt(object, ...userList), "name", userList, "user"),
      ...indexedAt(object, ...userList).flatMap(([index, user]) => repeatedKeys(user, [...userList, index])),
    ];
  },
};

/** Rules on the Ignition configuration of a MachineConfig, but for its files. */
export const ignitionRules: readonly Rule<KubernetesObject>[] = [
  versionPresent,
  applied,
  kernelArguments,
  users,
  units,
  unitTexts,
  duplicates,
];
