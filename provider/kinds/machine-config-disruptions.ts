import { sameJson } from "../../model";
import type { DisruptionRow, Json, KubernetesObject } from "../../model";
import { objectAt, objectsAt, textAt } from "../../rules/read";

const source = "openshift/machine-config-operator pkg/apihelpers, the built-in node disruption policies";

/** Files and folders that nodes take without a drain: nothing is done, or cri-o is reloaded or restarted. */
const quiet = [
  "/etc/containers/policy.json",
  "/etc/containers/registries.d",
  "/etc/crio/policies",
  "/etc/machine-config-daemon/no-reboot/containers-gpg.pub",
  "/etc/nmstate/openshift",
  "/etc/pki/ca-trust/source/anchors/openshift-config-user-ca-bundle.crt",
  "/var/lib/kubelet/config.json",
];

/** Taken without a reboot; nodes are drained unless the change only adds mirrors. */
const registries = "/etc/containers/registries.conf";

const isQuiet = (path: string): boolean => quiet.some((each) => path === each || path.startsWith(`${each}/`));

type Files = Map<string, Json>;

function filesOf(config: KubernetesObject | undefined): Files {
  const files = objectsAt(config, "spec", "config", "storage", "files");
  return new Map(files.map((file) => [textAt(file, "path") ?? "", file]));
}

/** Paths of the files that a change adds, changes or takes away. */
function changedFiles(before: KubernetesObject | undefined, after: KubernetesObject | undefined): string[] {
  const [old, now] = [filesOf(before), filesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((path) => !sameJson(old.get(path), now.get(path)));
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === "" || value === false || Object.keys(value).length === 0;

/** Whether a MachineConfig holds files, and users' keys, and nothing else. */
function onlyFiles(config: KubernetesObject): boolean {
  const { config: ignition, ...rest } = config.spec ?? {};
  const units = objectAt(ignition, "systemd").units;
  return isEmpty(units) && Object.values(rest).every(isEmpty);
}

/** Whether a change is one of files alone, each of which passes the test. */
const filesAre =
  (test: (path: string) => boolean): DisruptionRow["when"] =>
  ({ before, after }) => {
    const whole = before && after ? undefined : (before ?? after);
    if (whole && !onlyFiles(whole)) return false;
    return changedFiles(before, after).every(test);
  };

const row = (parts: Pick<DisruptionRow, "on" | "paths" | "when" | "cost" | "why">): DisruptionRow => ({
  ...parts,
  reach: "pool",
  by: "machine-config-operator",
  source,
});

const always = ["create", "update", "delete"] as const;

/** What a change of a MachineConfig costs, unless the cluster's node disruption policies say otherwise. */
export const machineConfigDisruptions: readonly DisruptionRow[] = [
  row({
    on: ["update"],
    paths: ["spec.config.passwd.users"],
    cost: "none",
    why: "Keys of the user core are written without a reboot.",
  }),
  row({
    on: always,
    paths: ["spec.config.storage.files"],
    when: filesAre(isQuiet),
    cost: "none",
    why: "Nodes take these files as they run; at most cri-o is reloaded or restarted.",
  }),
  row({
    on: always,
    paths: ["spec.config.storage.files"],
    when: filesAre((path) => isQuiet(path) || path === registries),
    cost: "drain",
    why: "Nodes are drained before cri-o reads its registries anew, unless the change only adds mirrors.",
  }),
  row({
    on: always,
    paths: ["spec"],
    cost: "reboot",
    why: "Every node of the pool is drained, updated and rebooted, one after the other.",
  }),
];
