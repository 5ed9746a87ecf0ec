import { asJson, type JsonObject, type KubernetesObject, valueAt } from "../../model";
import { type AgentContext, annotation } from "./context";
import { hostConfig } from "./host-config";
import { objectsOf, textOf } from "./read";
import { Worker } from "./store";

/** Milliseconds between two heartbeats on a node; virt-controller gives a node up after five minutes. */
const HEARTBEAT_MS = 60_000;

const HEARTBEAT = "kubevirt.io/heartbeat";

/** Label of an enactment with its node. */
const NODE = "nmstate.io/node";

/** What virt-handler's labeller finds out about an Intel server: machines are scheduled by these. */
const hostLabels: Record<string, string> = {
  "kubevirt.io/schedulable": "true",
  "machine-type.node.kubevirt.io/q35": "true",
  "machine-type.node.kubevirt.io/pc-q35-rhel9.6.0": "true",
  "host-model-cpu.node.kubevirt.io/Icelake-Server": "true",
  "cpu-vendor.node.kubevirt.io/Intel": "true",
  ...Object.fromEntries(
    ["Icelake-Server", "Cascadelake-Server", "Skylake-Server", "Broadwell", "Haswell"].flatMap((model) => [
      [`cpu-model.node.kubevirt.io/${model}`, "true"],
      [`cpu-model-migration.node.kubevirt.io/${model}`, "true"],
    ]),
  ),
};

/** Resources by which nodes tell of their bridges, by the bridge's type in nmstate. */
const MARKERS: Readonly<Record<string, string>> = {
  "linux-bridge": "bridge.network.kubevirt.io/",
  "ovs-bridge": "ovs-cni.network.kubevirt.io/",
};

/**
 * The bridge resources of a node: what the host has, and what policies that were carried out there made or took away.
 * Those of Open vSwitch are told of only where OpenShift Virtualization deploys its plugin.
 */
export function bridgeResources(
  bridges: readonly string[],
  enactments: readonly KubernetesObject[],
  openVSwitch = false,
): string[] {
  const marked = new Set(bridges.map((bridge) => `${MARKERS["linux-bridge"] ?? ""}${bridge}`));
  for (const enactment of enactments) {
    const done = objectsOf(enactment.status?.conditions).some(
      (each) => each.type === "Available" && each.status === "True",
    );
    const interfaces = done ? objectsOf(valueAt(asJson(enactment), ["status", "desiredState", "interfaces"])) : [];
    for (const each of interfaces) {
      const marker = MARKERS[textOf(each.type)];
      if (marker === undefined || (each.type === "ovs-bridge" && !openVSwitch)) continue;
      const resource = `${marker}${textOf(each.name)}`;
      if (each.state === "absent") marked.delete(resource);
      else marked.add(resource);
    }
  }
  return [...marked].sort();
}

/** What a node offers; null is for what it must not offer any more. */
export type Offered = Record<string, string | null>;

/**
 * What virt-handler and the markers of bridges want of a node; undefined when it is all there and the heartbeat is
 * fresh. `bridges` are the resources of its bridges.
 */
export function nodeUpdate(
  node: KubernetesObject,
  bridges: readonly string[],
  machineConfig: KubernetesObject | undefined,
  now: Date,
): { labels: Record<string, string>; resources: Offered } | undefined {
  const pinned = String(machineConfig !== undefined && staticCpuManager(machineConfig));
  const labels = { ...hostLabels, "kubevirt.io/cpumanager": pinned, cpumanager: pinned };
  const allocatable = (valueAt(asJson(node), ["status", "allocatable"]) ?? {}) as JsonObject;
  const isMarked = (resource: string): boolean => Object.values(MARKERS).some((each) => resource.startsWith(each));
  const gone = Object.keys(allocatable).filter((resource) => isMarked(resource) && !bridges.includes(resource));
  const resources: Offered = { ...Object.fromEntries(gone.map((each) => [each, null])), ...nodeResources(bridges) };
  const age = now.getTime() - Date.parse(annotation(node, HEARTBEAT));
  const labelled = Object.entries(labels).every(([key, value]) => node.metadata.labels?.[key] === value);
  const offered = Object.entries(resources).every(([resource, count]) => allocatable[resource] === count);
  return labelled && offered && age < HEARTBEAT_MS ? undefined : { labels, resources };
}

/** Runs what the DaemonSets of virt-handler and of the bridges' markers do for the workers themselves. */
export function startVirtNodes(context: AgentContext): void {
  const configs = context.store("machineconfiguration.openshift.io/v1", "machineconfigs");
  const enactments = context.store("nmstate.io/v1beta1", "nodenetworkconfigurationenactments");
  const operands = context.store("hco.kubevirt.io/v1beta1", "hyperconvergeds");
  const worker = new Worker("virt-node", async (name) => {
    const entry = context.inventoryOf(name);
    const node = entry?.role === "worker" ? await context.node(name) : undefined;
    if (!entry || !node) return;
    const config = configs.get(annotation(node, "machineconfiguration.openshift.io/currentConfig"));
    const applied = enactments.all().filter(({ metadata }) => metadata.labels?.[NODE] === name);
    const openVSwitch = operands.all().some((operand) => annotation(operand, "deployOVS") === "true");
    const bridges = bridgeResources(entry.bridges ?? [], applied, openVSwitch);
    const update = nodeUpdate(node, bridges, config, new Date());
    if (update) {
      await context.offer(name, update.resources);
      await context.markNode(name, { [HEARTBEAT]: new Date().toISOString() }, update.labels);
    }
    return HEARTBEAT_MS;
  });
  context.nodes.onChange((node, gone) => gone || worker.wake(node.metadata.name));
  operands.onChange(() => context.inventory.nodes.forEach(({ name }) => worker.wake(name)));
  enactments.onChange(({ metadata }) => worker.wake(metadata.labels?.[NODE] ?? ""));
}

/** What a node offers to virtual machines: KubeVirt's devices, and a thousand ports on each bridge. */
export function nodeResources(bridges: readonly string[]): Record<string, string> {
  const devices = ["kvm", "tun", "vhost-net"].map((device) => `devices.kubevirt.io/${device}`);
  return Object.fromEntries([...devices, ...bridges].map((resource) => [resource, "1k"]));
}

/** Whether the node's kubelet gives processors to pods exclusively: its configuration is a file of the MachineConfig. */
export function staticCpuManager(machineConfig: KubernetesObject): boolean {
  const file = hostConfig(machineConfig).files["/etc/kubernetes/kubelet.conf"];
  const source = file && valueAt(file, ["contents", "source"]);
  if (typeof source !== "string") return false;
  const [header = "", body = ""] = source.split(/,(.*)/s);
  const text = header.endsWith(";base64") ? Buffer.from(body, "base64").toString("utf8") : decodeURIComponent(body);
  return /"?cpuManagerPolicy"?:\s*"?static"?/.test(text);
}
