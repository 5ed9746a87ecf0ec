import { sameJson } from "../../model";
import type { DisruptionRow, JsonObject, KubernetesObject } from "../../model";
import { parseQuantity } from "../../rules";
import { numberAt, objectAt, objectsAt, textAt } from "../../rules/read";

type Objects = Parameters<NonNullable<DisruptionRow["when"]>>[0];

const spec = ["spec", "template", "spec"];
const domain = [...spec, "domain"];
const at = spec.join(".");
const devices = `${at}.domain.devices`;
const controller = "kubevirt pkg/virt-controller/watch/vm/vm.go syncRestartRequired";

/** How a machine is to run; `running` is the older way to say it. */
export function runStrategy(machine: KubernetesObject): string {
  return textAt(machine, "spec", "runStrategy") ?? (machine.spec?.running === true ? "Always" : "Halted");
}

const named = (machine: KubernetesObject | undefined, ...path: string[]): Map<string, JsonObject> =>
  new Map(objectsAt(machine, ...path).map((each) => [textAt(each, "name") ?? "", each]));

const changed = (before: Map<string, JsonObject>, after: Map<string, JsonObject>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => !sameJson(before.get(name) ?? null, after.get(name) ?? null),
  );

const withoutState = (nic: JsonObject | undefined): JsonObject => ({ ...nic, state: "" });

const nics = (machine?: KubernetesObject) => named(machine, ...domain, "devices", "interfaces");
const nets = (machine?: KubernetesObject) => named(machine, ...spec, "networks");

/** Interfaces were added beside those that stay, all of them on networks that can be plugged in while it runs. */
function plugged({ before, after }: Objects): boolean {
  const [old, now, networks] = [nics(before), nics(after), nets(after)];
  const kept = [...old].every(
    ([name, nic]) => now.has(name) && sameJson(withoutState(nic), withoutState(now.get(name))),
  );
  const keptNetworks = [...nets(before)].every(([name, network]) => sameJson(network, networks.get(name) ?? null));
  const fresh = [...now].filter(([name]) => !old.has(name));
  const pluggable = fresh.every(
    ([name, nic]) => ("bridge" in nic || "sriov" in nic) && "multus" in (networks.get(name) ?? {}),
  );
  return kept && keptNetworks && fresh.length > 0 && pluggable;
}

/** An interface is to be taken away. */
function unplugged({ before, after }: Objects): boolean {
  const old = nics(before);
  return [...nics(after)].some(([name, nic]) => nic.state === "absent" && old.get(name)?.state !== "absent");
}

const hotpluggable = (volume: JsonObject | undefined): boolean =>
  volume === undefined ||
  ["dataVolume", "persistentVolumeClaim"].some((source) => objectAt(volume, source).hotpluggable === true);

/** All volumes and disks that differ are hot-pluggable. */
function volumesPlugged({ before, after }: Objects): boolean {
  const [old, now] = [named(before, ...spec, "volumes"), named(after, ...spec, "volumes")];
  const path = [...domain, "devices", "disks"];
  const disks = changed(named(before, ...path), named(after, ...path));
  const volumes = changed(old, now);
  return [...volumes, ...disks].every((name) => {
    const known = old.has(name) || now.has(name);
    return known && hotpluggable(old.get(name)) && hotpluggable(now.get(name));
  });
}

const volumesMigrate = ({ after }: Objects): boolean => after?.spec?.updateVolumesStrategy === "Migration";

const architecture = (machine?: KubernetesObject): string => textAt(machine, ...spec, "architecture") ?? "amd64";

function socketsGrow({ before, after }: Objects): boolean {
  const [old, now] = [before, after].map((each) => numberAt(each, ...domain, "cpu", "sockets") ?? 1);
  const most = numberAt(after, ...domain, "cpu", "maxSockets") ?? Infinity;
  return now !== undefined && old !== undefined && now > old && now <= most && architecture(after) !== "arm64";
}

/** Source: pkg/liveupdate/memory ValidateLiveUpdateMemory. */
function memoryGrows({ before, after }: Objects): boolean {
  const size = (machine: KubernetesObject | undefined, key: string): number =>
    parseQuantity(textAt(machine, ...domain, "memory", key)) ?? 0;
  const now = size(after, "guest");
  const cpu = objectAt(after, ...domain, "cpu");
  const fixed = "realtime" in cpu || "guestMappingPassthrough" in objectAt(cpu, "numa");
  const sealed = "launchSecurity" in objectAt(after, ...domain);
  const most = size(after, "maxGuest") || Infinity;
  const fits = now >= 2 ** 30 && now <= most && size(before, "guest") < now && now % (2 * 2 ** 20) === 0;
  return fits && !fixed && !sealed && architecture(after) === "amd64";
}

const running = ({ before }: Objects): boolean => before !== undefined && runStrategy(before) !== "Halted";
const whileRunning =
  (check: (objects: Objects) => boolean) =>
  (objects: Objects): boolean =>
    running(objects) && check(objects);

const update = (row: Omit<DisruptionRow, "on" | "reach" | "by">): DisruptionRow => ({
  on: ["update"],
  reach: "object",
  by: "virt-controller",
  ...row,
});

const network = "kubevirt pkg/network/vmliveupdate IsRestartRequired, pkg/network/migration";

/** What changing a VirtualMachine costs, path by path, under the rollout strategy LiveUpdate that OpenShift sets. */
export const virtualMachineDisruptions: readonly DisruptionRow[] = [
  {
    on: ["delete"],
    cost: "machine-restart",
    reach: "object",
    by: "virt-controller",
    why: "The machine is stopped.",
    source: "kubevirt pkg/virt-controller/watch/vm",
  },
  update({
    paths: ["spec.runStrategy", "spec.running"],
    when: ({ before, after }) => running({ before }) && after !== undefined && runStrategy(after) === "Halted",
    cost: "machine-restart",
    why: "The machine is stopped.",
    source: "kubevirt pkg/virt-controller/watch/vm/vm.go syncRunStrategy",
  }),
  update({
    paths: [`${devices}.interfaces.state`],
    when: whileRunning(unplugged),
    cost: "machine-migration",
    why: "The interface is taken away while it runs; without the controller for dynamic networks by a migration.",
    source: network,
  }),
  update({
    paths: [`${devices}.interfaces.state`],
    cost: "none",
    why: "The link goes up or down while it runs.",
    source: network,
  }),
  update({
    paths: [`${at}.networks.multus.networkName`],
    when: running,
    cost: "machine-migration",
    why: "The machine is migrated to the other network by KubeVirt 1.9; an older one asks for a restart.",
    source: "kubevirt pkg/network/vmliveupdate haveNetsChangedIgnoringNADName, gate LiveUpdateNADRef",
  }),
  update({
    paths: [`${devices}.interfaces`, `${at}.networks`],
    when: whileRunning(plugged),
    cost: "machine-migration",
    why: "The interface is added by a migration.",
    source: network,
  }),
  update({
    paths: [`${at}.volumes`, `${devices}.disks`],
    when: volumesPlugged,
    cost: "none",
    why: "Volumes that are marked hotpluggable come and go while it runs.",
    source: "kubevirt pkg/virt-controller/watch/vm/vm.go validLiveUpdateVolumes, validLiveUpdateDisks",
  }),
  update({
    paths: [`${at}.volumes`],
    when: whileRunning(volumesMigrate),
    cost: "machine-migration",
    why: "updateVolumesStrategy: Migration copies the machine to its new volumes.",
    source: "kubevirt pkg/virt-controller/watch/vm/vm.go validLiveUpdateVolumes",
  }),
  update({
    paths: [`${at}.domain.cpu.sockets`],
    when: whileRunning(socketsGrow),
    cost: "machine-migration",
    why: "Processors are added by a migration.",
    source: "kubevirt pkg/virt-controller/watch/vm/vm.go handleCPUChangeRequest",
  }),
  update({
    paths: [`${at}.domain.memory.guest`],
    when: whileRunning(memoryGrows),
    cost: "machine-migration",
    why: "Memory is added by a migration.",
    source: "kubevirt pkg/virt-controller/watch/vm/vm.go handleMemoryHotplugRequest",
  }),
  update({
    paths: [`${at}.nodeSelector`, `${at}.affinity`, `${at}.tolerations`],
    cost: "none",
    why: "They count from the next migration or start on.",
    source: controller,
  }),
  update({
    paths: ["spec.template.metadata"],
    cost: "none",
    why: "Labels and annotations of the template count from the next start on.",
    source: controller,
  }),
  update({
    paths: ["spec.template", "spec.instancetype", "spec.preference"],
    when: running,
    cost: "machine-restart",
    why: "The machine keeps running as it is and carries the condition RestartRequired until it is restarted.",
    source: controller,
  }),
];
