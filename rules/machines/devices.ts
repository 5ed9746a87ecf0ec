import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { instances } from "./sources";
import { devices, disks, domain, elementRule, machineRule, setKeys, template, unknownAt } from "./template";

const inputs: PathStep[] = [...devices, "inputs"];
const gpus: PathStep[] = [...devices, "gpus"];
const panics: PathStep[] = [...devices, "panicDevices"];

/** R52; the webhook reports the count at `domain.ioThreads.count`. */
const ioThreads = machineRule("io-threads", "error", `${instances} validateIOThreadsPolicy`, (machine) => {
  const path = [...domain, "ioThreadsPolicy"];
  const policy = textAt(machine, ...path);
  if (policy === undefined) return [];
  if (!["shared", "auto", "supplementalPool"].includes(policy))
    return [{ path, message: `There is no policy "${policy}".`, fix: "Allowed: shared, auto, supplementalPool." }];
  const count = [...domain, "ioThreads", "supplementalPoolThreadCount"];
  if (policy !== "supplementalPool" || unknownAt(machine, count) || (numberAt(machine, ...count) ?? 0) >= 1) return [];
  return [{ path: count, message: "The number of threads is missing." }];
});

/** R55. */
const input = elementRule("input", "error", `${instances} validateInputDevices`, inputs, (device) => {
  const [bus, type] = [textAt(device, "bus"), textAt(device, "type")];
  const found: Violation[] = [];
  if (bus && bus !== "virtio" && bus !== "usb")
    found.push({ path: ["bus"], message: `An input device cannot be on the bus "${bus}".`, fix: "virtio or usb." });
  if (type !== undefined && type !== "tablet")
    found.push({ path: ["type"], message: `There is no input device "${type}".`, fix: "Allowed: tablet." });
  return found;
});

/** R55; the webhook reports it at `spec.template.spec.Sound`. */
const sound = machineRule("sound", "error", `${instances} validateSoundDevices`, (machine) => {
  const path = [...devices, "sound"];
  if (setKeys(objectAt(machine, ...devices), ["sound"]).length === 0 || unknownAt(machine, path)) return [];
  const device = objectAt(machine, ...path);
  const model = textAt(device, "model");
  const found: Violation[] = [];
  if (model && model !== "ich9" && model !== "ac97")
    found.push({ path: [...path, "model"], message: `There is no sound card "${model}".`, fix: "ich9 or ac97." });
  if (!("name" in device) || device.name === "" || device.name === null)
    found.push({ path: [...path, "name"], message: "The name is missing." });
  return found;
});

/** Reported by the webhook at `spec.template.spec.video`. */
const video = machineRule("video", "error", `${instances} validateVideoConfig`, (machine) => {
  const given = objectAt(machine, ...devices);
  if (setKeys(given, ["video"]).length === 0 || given.autoattachGraphicsDevice !== false) return [];
  return [{ path: [...devices, "video"], message: "A machine without graphics has no video device." }];
});

/** Reported by the webhook at `spec.template.spec.GPUs`. */
const displays = machineRule("gpu-display", "error", `${instances} validateMDEVRamFB`, (machine) => {
  const shows = (gpu: JsonObject): boolean => {
    const options = objectAt(gpu, "virtualGPUOptions");
    const display = objectAt(options, "display");
    if (setKeys(options, ["display"]).length === 0 || options.display === undefined) return false;
    const on = !("enabled" in display) || display.enabled === true;
    const frame = objectAt(display, "ramFB");
    return on && (!("ramFB" in display) || frame.enabled === true);
  };
  const second = indexedAt(machine, ...gpus).filter(([, gpu]) => shows(gpu))[1];
  if (!second) return [];
  return [{ path: [...gpus, second[0]], message: "One graphics card only can show the early screen (ramFB)." }];
});

const panicModels = ["hyperv", "isa", "pvpanic"];

/** Panic devices. */
const panic = elementRule(
  "panic-device",
  "error",
  `${instances} validatePanicDevices`,
  panics,
  (device, _i, machine) => {
    const model = textAt(device, "model");
    if (textAt(machine, ...template, "architecture") === "s390x")
      return [{ path: [], message: "s390x machines have no panic devices." }];
    if (model === undefined || panicModels.includes(model)) return [];
    return [{ path: ["model"], message: `There is no panic device "${model}".`, fix: panicModels.join(", ") + "." }];
  },
);

const arm = "KubeVirt pkg/virt-api/webhooks/arm64.go";

/** R47: accepted for a VirtualMachine, refused for its instance. */
const armDisks = elementRule("arm64-disk", "error", `${arm} validateDiskBus`, disks, (disk, _index, machine) => {
  if (textAt(machine, ...template, "architecture") !== "arm64") return [];
  return ["disk", "cdrom", "lun"].flatMap((type): Violation[] => {
    const bus = textAt(disk, type, "bus");
    if (!bus || bus === "virtio" || bus === "scsi") return [];
    return [{ path: [type, "bus"], message: `arm64 machines have no bus "${bus}".`, fix: "Use virtio or scsi." }];
  });
});

/** R47. */
const armRest = machineRule("arm64", "error", `${arm} ValidateVirtualMachineInstanceArm64Setting`, (machine) => {
  if (textAt(machine, ...template, "architecture") !== "arm64") return [];
  const found: Violation[] = [];
  const model = textAt(machine, ...domain, "cpu", "model");
  if (model && model !== "host-passthrough")
    found.push({ path: [...domain, "cpu", "model"], message: "arm64 machines need the model host-passthrough." });
  if (setKeys(objectAt(machine, ...domain, "firmware", "bootloader"), ["bios"]).length > 0)
    found.push({ path: [...domain, "firmware", "bootloader", "bios"], message: "arm64 machines boot by efi only." });
  for (const key of setKeys(objectAt(machine, ...devices), ["watchdog", "sound"]))
    found.push({ path: [...devices, key], message: `arm64 machines have no ${key}.` });
  return found;
});

const videos: Readonly<Record<string, readonly string[]>> = {
  amd64: ["vga", "cirrus", "virtio", "ramfb", "bochs"],
  arm64: ["virtio", "ramfb"],
  s390x: ["virtio"],
};

const architectureOf = (machine: KubernetesObject): string =>
  unknownAt(machine, [...template, "architecture"]) ? "" : (textAt(machine, ...template, "architecture") ?? "amd64");

/** R47. */
const videoType = machineRule(
  "video-type",
  "error",
  "KubeVirt pkg/virt-api/webhooks/{amd64,arm64,s390x}.go validateVideoType",
  (machine) => {
    const path = [...devices, "video", "type"];
    const type = textAt(machine, ...path);
    const allowed = videos[architectureOf(machine)];
    if (!type || !allowed || allowed.includes(type)) return [];
    return [{ path, message: `There is no video device "${type}".`, fix: `Allowed: ${allowed.join(", ")}.` }];
  },
);

/** R47: which watchdog the architecture has. */
const watchdog = machineRule(
  "watchdog",
  "error",
  "KubeVirt pkg/virt-api/webhooks/{amd64,s390x}.go validateWatchdog",
  (machine) => {
    const path = [...devices, "watchdog"];
    const wanted = { amd64: "i6300esb", s390x: "diag288" }[architectureOf(machine)];
    const given = setKeys(objectAt(machine, ...path), ["i6300esb", "diag288"]);
    if (!wanted || setKeys(objectAt(machine, ...devices), ["watchdog"]).length === 0 || unknownAt(machine, path))
      return [];
    // Without one the mutating webhook adds the architecture's own.
    if (given.every((each) => each === wanted)) return [];
    return [{ path, message: `The watchdog of this architecture is ${wanted}.`, fix: `Write ${wanted}: {}.` }];
  },
);

/** Rules on a machine's other devices. */
export const deviceRules: readonly Rule<KubernetesObject>[] = [
  ioThreads,
  input,
  sound,
  video,
  videoType,
  displays,
  panic,
  watchdog,
  armDisks,
  armRest,
];
