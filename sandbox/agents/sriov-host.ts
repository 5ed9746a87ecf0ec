import type { KubernetesObject, Nic } from "../../model";

/** `spec.interfaces[].vfGroups[]` of a SriovNetworkNodeState. */
export interface VfGroup {
  resourceName?: string;
  deviceType?: string;
  /** `first-last`, both included. */
  vfRange?: string;
  policyName?: string;
  mtu?: number;
  isRdma?: boolean;
  vdpaType?: string;
}

/** `spec.interfaces[]` of a SriovNetworkNodeState: what the operator wants of one physical function. */
export interface InterfaceSpec {
  pciAddress: string;
  name?: string;
  numVfs?: number;
  mtu?: number;
  linkType?: string;
  eSwitchMode?: string;
  externallyManaged?: boolean;
  vfGroups?: VfGroup[];
}

export interface VirtualFunction {
  vfID: number;
  pciAddress: string;
  vendor: string;
  deviceID: string;
  driver: string;
  name?: string;
  mac?: string;
  mtu?: number;
  vdpaType?: string;
}

/** `status.interfaces[]` of a SriovNetworkNodeState: what the host has. */
export interface InterfaceStatus {
  name: string;
  pciAddress: string;
  vendor: string;
  deviceID: string;
  driver: string;
  mac: string;
  mtu: number;
  numVfs?: number;
  totalvfs?: number;
  linkSpeed?: string;
  linkType: string;
  linkAdminState: string;
  eSwitchMode?: string;
  externallyManaged?: boolean;
  Vfs?: VirtualFunction[];
}

/** What the config daemon has done to a host since its last boot. */
export interface HostState {
  bootID: string;
  interfaces: InterfaceSpec[];
}

/** Device ids of virtual functions by `vendor pf`, from the operator's ConfigMap `supported-nic-ids`. */
export function vfDeviceIds(configMap: KubernetesObject | undefined): Map<string, string> {
  const lines = Object.values((configMap?.data ?? {}) as Record<string, string>).map((line) => line.split(" "));
  return new Map(lines.map(([vendor, pf, vf]) => [`${vendor} ${pf}`, vf ?? ""]));
}

/** The interfaces of a host as the config daemon discovers them; cards that the operator does not support are left out. */
export function discover(nics: Nic[], host: HostState, vfIds: Map<string, string>): InterfaceStatus[] {
  return nics
    .filter((nic) => vfIds.has(`${nic.vendor} ${nic.deviceID}`))
    .map((nic) => {
      const spec = host.interfaces.find((entry) => entry.pciAddress === nic.pciAddress);
      // What the host has made by itself stays unless a policy takes the whole card over.
      const numVfs = spec && !spec.externallyManaged ? (spec.numVfs ?? 0) : (nic.numVfs ?? 0);
      const vfs = Array.from({ length: numVfs }, (_, vfID) => virtualFunction(nic, spec, vfID, vfIds));
      const mtu = Math.max(nic.mtu ?? 1500, spec?.mtu ?? 0);
      return {
        name: nic.name,
        pciAddress: nic.pciAddress,
        vendor: nic.vendor,
        deviceID: nic.deviceID,
        driver: nic.driver,
        mac: nic.mac,
        mtu,
        ...(nic.linkSpeed ? { linkSpeed: nic.linkSpeed } : {}),
        linkType: nic.linkType ?? "ETH",
        linkAdminState: "up",
        ...(nic.totalVfs > 0 ? { totalvfs: nic.totalVfs, eSwitchMode: spec?.eSwitchMode || "legacy" } : {}),
        ...(spec?.externallyManaged ? { externallyManaged: true } : {}),
        ...(numVfs > 0 ? { numVfs, Vfs: vfs } : {}),
      };
    });
}

function virtualFunction(
  nic: Nic,
  spec: InterfaceSpec | undefined,
  vfID: number,
  vfIds: Map<string, string>,
): VirtualFunction {
  const group = spec?.vfGroups?.find((entry) => inRange(vfID, entry.vfRange));
  const vf = {
    vfID,
    pciAddress: vfAddress(nic.pciAddress, vfID),
    vendor: nic.vendor,
    deviceID: vfIds.get(`${nic.vendor} ${nic.deviceID}`) ?? "",
  };
  const { deviceType } = group ?? {};
  if (deviceType && deviceType !== "netdevice") return { ...vf, driver: deviceType };
  return {
    ...vf,
    driver: nic.vendor === "8086" ? "iavf" : nic.driver,
    name: `${nic.name}v${vfID}`,
    mac: vfMac(nic.mac, vfID),
    mtu: group?.mtu || nic.mtu || 1500,
    ...(group?.vdpaType ? { vdpaType: group.vdpaType } : {}),
  };
}

/** True when the index lies in `first-last`. */
export function inRange(index: number, range: string | undefined): boolean {
  const match = /^(\d+)-(\d+)$/.exec(range ?? "");
  return match !== null && index >= Number(match[1]) && index <= Number(match[2]);
}

/** PCI address of a virtual function: each function of a card has 256 routing ids behind those of the functions. */
function vfAddress(pf: string, vfID: number): string {
  const [domain = "0000", bus = "00", device = "00", fn = "0"] = pf.split(/[:.]/);
  const first = (parseInt(bus, 16) << 8) | (parseInt(device, 16) << 3);
  const id = first + 8 + (Number(fn) << 8) + vfID;
  const hex = (value: number): string => value.toString(16).padStart(2, "0");
  return `${domain}:${hex((id >> 8) & 255)}:${hex((id >> 3) & 31)}.${id & 7}`;
}

/** A locally administered address that differs per function. */
function vfMac(pf: string, vfID: number): string {
  const [, second, third, fourth, fifth, sixth] = pf.split(":");
  return [
    "0a",
    second,
    third,
    fourth,
    (parseInt(fifth ?? "0", 16) ^ (vfID + 1)).toString(16).padStart(2, "0"),
    sixth,
  ].join(":");
}

/** True when the host's interface is not what the operator wants (sriov-network-operator, NeedToUpdateSriov). */
export function differs(spec: InterfaceSpec, status: InterfaceStatus): boolean {
  if ((spec.mtu ?? 0) > status.mtu) return true;
  if ((spec.eSwitchMode || "legacy") !== (status.eSwitchMode || "legacy")) return true;
  const [wanted, present] = [spec.numVfs ?? 0, status.numVfs ?? 0];
  if (spec.externallyManaged ? wanted > present : wanted !== present) return true;
  return (status.Vfs ?? []).some((vf) => {
    const group = spec.vfGroups?.find((entry) => inRange(vf.vfID, entry.vfRange));
    if (!group) return false;
    if ((group.vdpaType ?? "") !== (vf.vdpaType ?? "")) return true;
    if (group.deviceType && group.deviceType !== "netdevice") return group.deviceType !== vf.driver;
    return vf.driver === "vfio-pci" || (group.mtu !== undefined && group.mtu > 0 && group.mtu !== vf.mtu);
  });
}

/**
 * Whether pods have to leave first: virtual functions that exist would change or go. Those of the cards in `hostMade`
 * are the host's own, and stay when no policy takes the card.
 */
export function needsDrain(
  specs: InterfaceSpec[],
  interfaces: InterfaceStatus[],
  hostMade: readonly string[] = [],
): boolean {
  return interfaces.some((status) => {
    if (!status.numVfs || status.externallyManaged) return false;
    const spec = specs.find((entry) => entry.pciAddress === status.pciAddress);
    return spec ? differs(spec, status) : !hostMade.includes(status.pciAddress);
  });
}

/** Arguments by which the kernel is told the mode of its RDMA subsystem. */
const RDMA_ARGUMENTS = { shared: "ib_core.netns_mode=1", exclusive: "ib_core.netns_mode=0" } as const;

/** The mode of the kernel's RDMA subsystem, which is shared unless it was booted otherwise. */
export function rdmaModeOf(booted: readonly string[]): "shared" | "exclusive" {
  return booted.includes(RDMA_ARGUMENTS.exclusive) ? "exclusive" : "shared";
}

/** The arguments to boot with: the missing ones, and of the two that tell the RDMA mode only the wanted one. */
export function bootLine(booted: readonly string[], missing: readonly string[]): string[] {
  const modes: string[] = Object.values(RDMA_ARGUMENTS);
  const replaced = missing.some((argument) => modes.includes(argument));
  return [...booted.filter((argument) => !replaced || !modes.includes(argument)), ...missing];
}

/** Kernel arguments that the wanted configuration needs and the node was not booted with: they need a reboot. */
export function missingArguments(specs: InterfaceSpec[], rdmaMode: string, booted: string[]): string[] {
  const vfio = specs.some((spec) => spec.vfGroups?.some((group) => group.deviceType === "vfio-pci"));
  const wanted = vfio ? ["intel_iommu=on", "iommu=pt"] : [];
  if (rdmaMode === "shared" || rdmaMode === "exclusive") wanted.push(RDMA_ARGUMENTS[rdmaMode]);
  return wanted.filter((argument) => !booted.includes(argument));
}
