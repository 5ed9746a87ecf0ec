import { isAtLeast } from "../../model";
import type { Facts, Json, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, mapAt, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { isClaimed } from "./claims";
import { instances, network } from "./sources";
import { devices, disks, domain, interfaces, machineRule, networks, setKeys, template, volumes } from "./template";

/** Something that a machine may use only with a feature gate. */
interface Gate {
  name: string;
  /** Since which version the gate is on unless it is switched off; never when absent. */
  onSince?: string;
  /** Where a machine uses it. */
  used: (machine: KubernetesObject) => PathStep[][];
}

const at = (parent: PathStep[], key: string) => (machine: KubernetesObject) =>
  setKeys(objectAt(machine, ...parent), [key]).map((each) => [...parent, each]);

const each =
  (list: PathStep[], key: string) =>
  (machine: KubernetesObject): PathStep[][] =>
    indexedAt(machine, ...list).flatMap(([index, item]) =>
      setKeys(item, [key]).map((found): PathStep[] => [...list, index, found]),
    );

const annotation = (key: string) => (machine: KubernetesObject) => {
  const path: PathStep[] = ["spec", "template", "metadata", "annotations"];
  return mapAt(machine, ...path)[key] ? [[...path, key]] : [];
};

const isTrue = (parent: PathStep[], key: string) => (machine: KubernetesObject) =>
  at(parent, key)(machine).filter(() => objectAt(machine, ...parent)[key] === true);

const named = (list: (Json | undefined)[], name: Json | undefined): boolean =>
  list.some(
    (item) => name !== undefined && typeof item === "object" && item !== null && "name" in item && item.name === name,
  );

const emptyDrives = (machine: KubernetesObject): PathStep[][] =>
  indexedAt(machine, ...disks)
    .filter(([, disk]) => setKeys(disk, ["cdrom"]).length > 0 && typeof disk.name === "string")
    .filter(
      ([, disk]) => !named(listAt(machine, ...volumes), disk.name) && !listAt(machine, ...volumes).includes(undefined),
    )
    .map(([index]) => [...disks, index, "name"]);

const sharedClaims = (machine: KubernetesObject): PathStep[][] =>
  indexedAt(machine, ...devices, "filesystems")
    .filter(([, shared]) =>
      objectsAt(machine, ...volumes).some(
        (volume) => volume.name === shared.name && setKeys(volume, ["persistentVolumeClaim", "dataVolume"]).length > 0,
      ),
    )
    .map(([index]) => [...devices, "filesystems", index]);

const reservations = (machine: KubernetesObject): PathStep[][] =>
  indexedAt(machine, ...disks)
    .filter(([, disk]) => objectAt(disk, "lun").reservation === true)
    .map(([index]) => [...disks, index, "lun", "reservation"]);

const claimed = (key: string) => (machine: KubernetesObject) =>
  indexedAt(machine, ...devices, key)
    .filter(([, device]) => isClaimed(device))
    .map(([index]): PathStep[] => [...devices, key, index]);

const encrypted = (machine: KubernetesObject): PathStep[][] =>
  textAt(machine, ...template, "architecture") === "s390x" ? at(domain, "launchSecurity")(machine) : [];

/**
 * Gates whose absence the webhook answers with a refusal. HostDevices is none of them here: OpenShift Virtualization
 * sets it always.
 */
const gates: readonly Gate[] = [
  { name: "PasstBinding", onSince: "1.9", used: each(interfaces, "passtBinding") },
  { name: "PortRangesSpec", used: each(interfaces, "portRanges") },
  { name: "NetworkDevicesWithDRA", used: each(networks, "resourceClaim") },
  { name: "DeclarativeHotplugVolumes", onSince: "1.9", used: emptyDrives },
  { name: "HostDisk", used: each(volumes, "hostDisk") },
  { name: "DownwardMetrics", used: each(volumes, "downwardMetrics") },
  { name: "DownwardMetrics", used: at(devices, "downwardMetrics") },
  { name: "EnableVirtioFsStorageVolumes", used: sharedClaims },
  { name: "PersistentReservation", used: reservations },
  { name: "VSOCK", used: isTrue(devices, "autoattachVSOCK") },
  { name: "VideoConfig", onSince: "1.9", used: at(devices, "video") },
  { name: "PanicDevices", onSince: "1.9", used: at(devices, "panicDevices") },
  { name: "RebootPolicy", onSince: "1.9", used: at(domain, "rebootPolicy") },
  { name: "ReservedOverheadMemlock", used: at([...domain, "memory"], "reservedOverhead") },
  { name: "WorkloadEncryptionSEV", onSince: "1.9", used: at([...domain, "launchSecurity"], "sev") },
  { name: "WorkloadEncryptionSEV", onSince: "1.9", used: at([...domain, "launchSecurity"], "snp") },
  { name: "WorkloadEncryptionTDX", used: at([...domain, "launchSecurity"], "tdx") },
  { name: "SecureExecution", onSince: "1.9", used: encrypted },
  { name: "GPUsWithDRA", used: claimed("gpus") },
  { name: "HostDevicesWithDRA", used: claimed("hostDevices") },
  { name: "Sidecar", used: annotation("hooks.kubevirt.io/hookSidecars") },
  { name: "ExperimentalIgnitionSupport", used: annotation("kubevirt.io/ignitiondata") },
  {
    name: "DecentralizedLiveMigration",
    used: (machine) => (textAt(machine, "spec", "runStrategy") === "WaitAsReceiver" ? [["spec", "runStrategy"]] : []),
  },
];

const needed = (gate: Gate, machine: KubernetesObject, facts: Facts): Violation[] => {
  const { kubevirt } = facts.versions;
  if (gate.onSince && isAtLeast(kubevirt, gate.onSince)) return [];
  return gate.used(machine).map((path) => ({
    path,
    message: `KubeVirt ${kubevirt} refuses it without the feature gate ${gate.name}.`,
    fix: "Have the gate set before.",
  }));
};

/** A warning, because gates are the cluster's: an administrator may have set it. */
const featureGates = machineRule(
  "feature-gate",
  "warning",
  `${instances} and ${network}: config.…Enabled(); pkg/virt-config/featuregate/active.go`,
  (machine, facts) => gates.flatMap((gate) => needed(gate, machine, facts)),
);

/** Fields that an older KubeVirt does not know: it drops them or refuses the object. */
const fields: readonly { since: string; used: (machine: KubernetesObject) => PathStep[][] }[] = [
  { since: "1.9", used: each(interfaces, "portRanges") },
  { since: "1.9", used: each(networks, "resourceClaim") },
  { since: "1.9", used: at(template, "serviceAccountName") },
];

const newFields = machineRule(
  "new-field",
  "error",
  "KubeVirt 1.9 api/core/v1: the field is not in the CRD of 1.8",
  (machine, facts) =>
    fields
      .filter(({ since }) => !isAtLeast(facts.versions.kubevirt, since))
      .flatMap(({ since, used }) =>
        used(machine).map((path) => ({
          path,
          message: `KubeVirt ${facts.versions.kubevirt} does not have this field; it came with ${since}.`,
        })),
      ),
);

/** Rules on what depends on KubeVirt's version and its feature gates. */
export const gateRules: readonly Rule<KubernetesObject>[] = [featureGates, newFields];
