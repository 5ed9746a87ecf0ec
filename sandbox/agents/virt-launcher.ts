import { createHash } from "node:crypto";
import { asJson, isObject, type JsonObject, type KubernetesObject, valueAt } from "../../model";
import { objectsOf, textOf } from "./read";

/** `status.interfaces[]` of a VirtualMachineInstance. */
export interface MachineInterface {
  name: string;
  mac: string;
  podInterfaceName: string;
  infoSource: string;
  queueCount: number;
  linkState: string;
  interfaceName?: string;
  ipAddress?: string;
  ipAddresses?: string[];
}

/** The machine's interfaces, one per network, as the domain and (when it answers) the guest agent report them. */
export function machineInterfaces(
  vmi: KubernetesObject,
  pod: KubernetesObject | undefined,
  withAgent: boolean,
): MachineInterface[] {
  const devices = objectsOf(valueAt(asJson(vmi), ["spec", "domain", "devices", "interfaces"]));
  const podIP = textOf(pod?.status?.podIP);
  return objectsOf(vmi.spec?.networks).map((network, index) => {
    const name = textOf(network.name);
    const device = devices.find((entry) => entry.name === name) ?? {};
    const onPodNetwork = isObject(network.pod);
    const sources = ["domain", ...(withAgent ? ["guest-agent"] : []), ...(onPodNetwork ? [] : ["multus-status"])];
    return {
      name,
      mac: textOf(device.macAddress) || macOf(`${vmi.metadata.uid} ${name}`),
      podInterfaceName: onPodNetwork ? "eth0" : podInterface(name),
      infoSource: sources.join(", "),
      queueCount: 1,
      linkState: textOf(device.state) === "down" ? "down" : "up",
      ...(withAgent ? { interfaceName: `enp${index + 1}s0` } : {}),
      ...(onPodNetwork && podIP ? { ipAddress: podIP, ipAddresses: [podIP] } : {}),
    };
  });
}

/** KubeVirt's name of a secondary interface in the pod: from the network's name alone. */
export function podInterface(network: string): string {
  return `pod${createHash("sha256").update(network).digest("hex").slice(0, 11)}`;
}

/** A locally administered address that stays the same for the same text. */
export function macOf(seed: string): string {
  const bytes = createHash("sha256").update(seed).digest("hex").slice(0, 10);
  return `02:${bytes.match(/../g)?.join(":") ?? ""}`;
}

/** Whether the machine can move while it runs, and the two conditions that say so (pkg/virt-handler/vm.go). */
export function migratability(vmi: KubernetesObject, now: string): { migratable: boolean; conditions: JsonObject[] } {
  const problem = interfaceProblem(vmi) ?? hostDeviceProblem(vmi) ?? diskProblem(vmi);
  const times = { lastProbeTime: now, lastTransitionTime: now };
  const live: JsonObject = problem
    ? { type: "LiveMigratable", status: "False", ...problem, ...times }
    : { type: "LiveMigratable", status: "True", ...times };
  const storage: JsonObject = { type: "StorageLiveMigratable", status: "True", ...times };
  return { migratable: !problem, conditions: [live, storage] };
}

interface Problem extends JsonObject {
  reason: string;
  message: string;
}

function interfaceProblem(vmi: KubernetesObject): Problem | undefined {
  const pod = objectsOf(vmi.spec?.networks).find((network) => isObject(network.pod));
  const devices = objectsOf(valueAt(asJson(vmi), ["spec", "domain", "devices", "interfaces"]));
  const device = devices.find((entry) => entry.name === pod?.name);
  const allowed = vmi.metadata.annotations?.["kubevirt.io/allow-pod-bridge-network-live-migration"] !== undefined;
  if (!device || !isObject(device.bridge) || allowed) return undefined;
  const message =
    "cannot migrate VMI which does not use masquerade, bridge with kubevirt.io/allow-pod-bridge-network-live-migration VM annotation or a migratable plugin to connect to the pod network";
  return { reason: "InterfaceNotLiveMigratable", message };
}

function hostDeviceProblem(vmi: KubernetesObject): Problem | undefined {
  if (objectsOf(valueAt(asJson(vmi), ["spec", "domain", "devices", "hostDevices"])).length === 0) return undefined;
  return { reason: "HostDeviceNotLiveMigratable", message: "VMI uses a PCI host devices" };
}

function diskProblem(vmi: KubernetesObject): Problem | undefined {
  const volume = objectsOf(vmi.status?.volumeStatus).find((entry) => {
    const modes = valueAt(entry, ["persistentVolumeClaimInfo", "accessModes"]);
    return Array.isArray(modes) && !modes.includes("ReadWriteMany");
  });
  if (!volume) return undefined;
  const claim = textOf(valueAt(volume, ["persistentVolumeClaimInfo", "claimName"]));
  return {
    reason: "DisksNotLiveMigratable",
    message: `cannot migrate VMI: PVC ${claim} is not shared, live migration requires that all PVCs must be shared (using ReadWriteMany access mode)`,
  };
}
