import { isObject, type KubernetesObject } from "../../model";
import type { AgentContext } from "./context";
import { textOf } from "./read";
import { hostState, SRIOV_GROUP, SRIOV_NAMESPACE } from "./sriov-config-daemon";
import { discover, inRange, type InterfaceStatus, vfDeviceIds, type VirtualFunction } from "./sriov-host";
import { Lateness, Worker } from "./store";

/** Prefix of all resources that the SR-IOV device plugin offers on OpenShift. */
const PREFIX = "openshift.io/";

/** The operator labels nodes on which the plugin shall run. */
const LABEL = "sriovnetwork.openshift.io/device-plugin";

/** Milliseconds from Succeeded until the restarted plugin has registered its resources. */
const REGISTER_MS = 1500;
/** Milliseconds that a kubelet keeps a resource with count 0 after its plugin is gone (really five minutes). */
const FORGET_MS = 2000;

/** `selectors` of one resource in the plugin's configuration; a device has to match every one that is there. */
export interface Selectors {
  vendors?: string[];
  devices?: string[];
  drivers?: string[];
  /** `name` or `name#first-last`. */
  pfNames?: string[];
  /** PCI addresses of physical functions. */
  rootDevices?: string[];
  pciAddresses?: string[];
  /** `ether` or `infiniband`. */
  linkTypes?: string[];
}

/** The plugin's configuration for one node, as the operator renders it. */
export interface PluginConfig {
  resourceList?: { resourceName: string; selectors?: Selectors }[] | null;
}

/** How many devices each configured resource has on a host; a device goes to the first resource that selects it. */
export function pools(config: PluginConfig, interfaces: InterfaceStatus[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const resources = config.resourceList ?? [];
  for (const { resourceName } of resources) counts[`${PREFIX}${resourceName}`] = 0;
  for (const pf of interfaces) {
    for (const vf of pf.Vfs ?? []) {
      const owner = resources.find(({ selectors }) => selects(selectors ?? {}, pf, vf));
      if (owner) counts[`${PREFIX}${owner.resourceName}`] = (counts[`${PREFIX}${owner.resourceName}`] ?? 0) + 1;
    }
  }
  return counts;
}

function selects(selectors: Selectors, pf: InterfaceStatus, vf: VirtualFunction): boolean {
  const has = (list: string[] | undefined, value: string): boolean => !list?.length || list.includes(value);
  const named = (name: string): boolean => {
    const [pfName, range] = name.split("#");
    return pfName === pf.name && (range === undefined || inRange(vf.vfID, range));
  };
  return (
    has(selectors.vendors, vf.vendor) &&
    has(selectors.devices, vf.deviceID) &&
    has(selectors.drivers, vf.driver) &&
    has(selectors.rootDevices, pf.pciAddress) &&
    has(selectors.pciAddresses, vf.pciAddress) &&
    has(selectors.linkTypes, pf.linkType === "IB" ? "infiniband" : "ether") &&
    (!selectors.pfNames?.length || selectors.pfNames.some(named))
  );
}

/** The change from what a node offers to what it should offer; a resource whose plugin is gone first counts 0. */
export function offerChange(
  offered: Record<string, string>,
  wanted: Record<string, number>,
): Record<string, string | null> {
  const change: Record<string, string | null> = {};
  for (const [resource, count] of Object.entries(wanted)) {
    if (offered[resource] !== String(count)) change[resource] = String(count);
  }
  for (const [resource, count] of Object.entries(offered)) {
    if (!(resource in wanted)) change[resource] = count === "0" ? null : "0";
  }
  return change;
}

/** Runs the simulated SR-IOV device plugin (and the kubelet's part of it) of every node. */
export function startDevicePlugin(context: AgentContext): void {
  const states = context.store(SRIOV_GROUP, "sriovnetworknodestates", SRIOV_NAMESPACE);
  const configMaps = context.store("v1", "configmaps", SRIOV_NAMESPACE);
  const lateness = new Lateness();

  const work = async (name: string): Promise<number | void> => {
    const node = await context.node(name);
    if (!node || (states.get(`${SRIOV_NAMESPACE}/${name}`)?.status?.syncStatus ?? "Succeeded") !== "Succeeded") return;
    if (context.fault("device-plugin-late", name)) return;
    const interfaces = discover(
      context.inventoryOf(name)?.nics ?? [],
      hostState(node),
      vfDeviceIds(configMaps.get(`${SRIOV_NAMESPACE}/supported-nic-ids`)),
    );
    const config = configOf(configMaps.get(`${SRIOV_NAMESPACE}/device-plugin-config`), name);
    const enabled = node.metadata.labels?.[LABEL] === "Enabled";
    const change = offerChange(offeredBy(node), enabled ? pools(config, interfaces) : {});
    if (Object.keys(change).length === 0) return;
    const wait = Object.values(change).includes(null) ? FORGET_MS : REGISTER_MS;
    const left = lateness.left(name, JSON.stringify(change), wait);
    if (left > 0) return left;
    await context.offer(name, change);
  };

  const worker = new Worker("sriov-device-plugin", work);
  const wakeAll = (): void => context.inventory.nodes.forEach((node) => worker.wake(node.name));
  states.onChange((state) => worker.wake(state.metadata.name));
  context.nodes.onChange((node) => worker.wake(node.metadata.name));
  configMaps.onChange(wakeAll);
  context.onFaults(wakeAll);
}

function configOf(configMap: KubernetesObject | undefined, node: string): PluginConfig {
  const text = ((configMap?.data ?? {}) as Record<string, string>)[node];
  return text ? (JSON.parse(text) as PluginConfig) : {};
}

function offeredBy(node: KubernetesObject): Record<string, string> {
  const allocatable = isObject(node.status?.allocatable) ? node.status.allocatable : {};
  const ours = Object.entries(allocatable).filter(([resource]) => resource.startsWith(PREFIX));
  return Object.fromEntries(ours.map(([resource, count]) => [resource, textOf(count)]));
}
