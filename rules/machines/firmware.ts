import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { disksFile, instances } from "./sources";
import { domain, interfaces, listUnknown, machineRule, setKeys, template, unknownAt, volumes } from "./template";

const firmware: PathStep[] = [...domain, "firmware"];
const bootloader: PathStep[] = [...firmware, "bootloader"];
const launch: PathStep[] = [...domain, "launchSecurity"];

const machineTypes: Readonly<Record<string, RegExp>> = {
  amd64: /^(pc-)?q35/,
  arm64: /^virt/,
  s390x: /^s390-ccw-virtio/,
};

/** R33: the types that KubeVirt allows unless its configuration says otherwise. */
const machineType = machineRule(
  "machine-type",
  "error",
  `${instances} validateEmulatedMachine, pkg/virt-config DefaultAMD64EmulatedMachines`,
  (machine) => {
    const path = [...domain, "machine", "type"];
    const type = textAt(machine, ...path);
    const architecture = textAt(machine, ...template, "architecture") ?? "amd64";
    if (!type || unknownAt(machine, [...template, "architecture"])) return [];
    if (machineTypes[architecture]?.test(type) ?? true) return [];
    return [{ path, message: `KubeVirt runs no ${architecture} machines of type "${type}".`, fix: "Leave it out." }];
  },
);

/** R34. */
const loader = machineRule("bootloader", "error", `${instances} validateBootloader`, (machine) => {
  if (setKeys(objectAt(machine, ...bootloader), ["efi", "bios"]).length < 2) return [];
  return [{ path: bootloader, message: "efi and bios cannot go together.", fix: "Keep one of them." }];
});

const enabled = (feature: JsonObject): boolean => feature.enabled !== false;

/** R34: secure boot is on unless it is switched off, on every architecture. */
const secureBoot = machineRule("secure-boot", "error", `${instances} validateDomainSpec`, (machine) => {
  const loaders = objectAt(machine, ...bootloader);
  if (setKeys(loaders, ["efi"]).length === 0) return [];
  const secure = [...bootloader, "efi", "secureBoot"];
  const smm = [...domain, "features", "smm", "enabled"];
  if (unknownAt(machine, secure) || unknownAt(machine, smm)) return [];
  if (objectAt(loaders, "efi").secureBoot === false) return [];
  const features = objectAt(machine, ...domain, "features");
  if (setKeys(features, ["smm"]).length > 0 && enabled(objectAt(features, "smm"))) return [];
  const fix = "Write features.smm.enabled: true, or firmware.bootloader.efi.secureBoot: false.";
  return [{ path: domain, message: "Secure boot needs the feature smm.", fix }];
});

/** The path of a file inside of an image: absolute, no relative parts, not the root. */
export function filePath(text: string): boolean {
  const parts = text.replace(/\/$/, "").split("/").slice(1);
  return text.startsWith("/") && text !== "/" && parts.every((part) => part !== "" && part !== "." && part !== "..");
}

/** R35. */
const kernelBoot = machineRule(
  "kernel-boot",
  "error",
  `${instances} validateKernelBoot, ${disksFile} ValidatePath`,
  (machine) => {
    const path = [...firmware, "kernelBoot"];
    const boot = objectAt(machine, ...path);
    if (unknownAt(machine, [...path, "container"])) return [];
    if (setKeys(boot, ["container"]).length === 0) {
      const args = boot.kernelArgs !== undefined && boot.kernelArgs !== "" && boot.kernelArgs !== null;
      return args ? [{ path: [...path, "kernelArgs"], message: "Arguments need a kernel: container is missing." }] : [];
    }
    const container = objectAt(boot, "container");
    const found: Violation[] = [];
    const given = (key: string): boolean => setKeys(container, [key]).length > 0 && container[key] !== "";
    const within = [...path, "container"];
    if (!given("image")) found.push({ path: [...within, "image"], message: "The image is missing." });
    if (!given("kernelPath") && !given("initrdPath"))
      found.push({ path: within, message: "There is neither kernelPath nor initrdPath." });
    for (const key of ["kernelPath", "initrdPath"]) {
      const text = textAt(container, key);
      if (text && !filePath(text))
        found.push({ path: [...within, key], message: `"${text}" is no absolute path of a file.` });
    }
    return found;
  },
);

/** Reported by the webhook at `spec.template.spec.acpi`. */
const acpi = machineRule("acpi", "error", `${instances} validateFirmwareACPI`, (machine) => {
  const path = [...firmware, "acpi"];
  const tables = objectAt(machine, ...path);
  if (setKeys(objectAt(machine, ...firmware), ["acpi"]).length === 0 || unknownAt(machine, path)) return [];
  const keys = ["slicNameRef", "msdmNameRef"].filter((key) => setKeys(tables, [key]).length > 0 && tables[key] !== "");
  if (keys.length === 0) return [{ path, message: "It names no volume.", fix: "Give slicNameRef or msdmNameRef." }];
  if (listUnknown(machine, volumes)) return [];
  return keys.flatMap((key): Violation[] => {
    const name = textAt(tables, key);
    const volume = objectsAt(machine, ...volumes).find((each) => each.name === name || each.name === undefined);
    if (name === undefined || (volume && (volume.name === undefined || setKeys(volume, ["secret"]).length > 0)))
      return [];
    const message = volume ? `The volume "${name}" is no Secret.` : `There is no volume "${name}".`;
    return [{ path: [...path, key], message, fix: "Add a volume with a Secret." }];
  });
});

/** What does not go together with a kind of encryption. */
function encryptionProblems(machine: KubernetesObject, kind: string): string[] {
  const found: string[] = [];
  const features = objectAt(machine, ...domain, "features");
  const smm = setKeys(features, ["smm"]).length > 0 && !unknownAt(machine, [...domain, "features", "smm", "enabled"]);
  if (kind === "tdx" && smm && enabled(objectAt(features, "smm"))) found.push("tdx does not go with smm.");
  const efi = [...bootloader, "efi"];
  if (unknownAt(machine, efi)) return found;
  if (setKeys(objectAt(machine, ...bootloader), ["efi"]).length === 0) found.push(`${kind} needs the bootloader efi.`);
  else {
    const secure = objectAt(machine, ...efi).secureBoot !== false && !unknownAt(machine, [...efi, "secureBoot"]);
    if (kind !== "tdx" && secure) found.push(`${kind} does not go with secure boot.`);
    if (kind !== "sev" && objectAt(machine, ...efi).persistent === true)
      found.push(`${kind} does not go with persistent variables of efi.`);
  }
  const attested = setKeys(objectAt(machine, ...launch, "sev"), ["attestation"]).length > 0;
  const start = [...template, "startStrategy"];
  if (attested && textAt(machine, ...start) !== "Paused" && !unknownAt(machine, start))
    found.push("Attestation needs startStrategy: Paused.");
  if (objectsAt(machine, ...interfaces).some((nic) => setKeys(nic, ["bootOrder"]).length > 0))
    found.push(`${kind} does not go with booting from the network.`);
  return found;
}

/** Reported by the webhook at `spec.template.spec.launchSecurity`. */
const launchSecurity = machineRule(
  "launch-security",
  "error",
  "KubeVirt pkg/virt-api/webhooks/amd64.go ValidateLaunchSecurityAmd64",
  (machine) => {
    const architecture = textAt(machine, ...template, "architecture") ?? "amd64";
    const security = objectAt(machine, ...launch);
    if (setKeys(objectAt(machine, ...domain), ["launchSecurity"]).length === 0 || unknownAt(machine, launch)) return [];
    if (architecture === "s390x" || unknownAt(machine, [...template, "architecture"])) return [];
    if (architecture !== "amd64")
      return [{ path: [...template, "architecture"], message: `${architecture} machines cannot be encrypted.` }];
    const kinds = setKeys(security, ["sev", "snp", "tdx"]);
    if (kinds.length !== 1)
      return [{ path: launch, message: "The encryption must be exactly one.", fix: "Give one of sev, snp, tdx." }];
    return encryptionProblems(machine, kinds[0] ?? "").map((message) => ({ path: launch, message }));
  },
);

/** Rules on a machine's firmware. */
export const firmwareRules: readonly Rule<KubernetesObject>[] = [
  machineType,
  loader,
  secureBoot,
  kernelBoot,
  acpi,
  launchSecurity,
];
