import { asJson, type KubernetesObject, valueAt } from "../../model";
import { type AgentContext, annotation } from "./context";
import { hostConfig } from "./host-config";
import { Worker } from "./store";

/** Milliseconds between two heartbeats on a node; virt-controller gives a node up after five minutes. */
const HEARTBEAT_MS = 60_000;

const HEARTBEAT = "kubevirt.io/heartbeat";

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

/** What virt-handler and the bridge marker want of a node; undefined when it is all there and the heartbeat is fresh. */
export function nodeUpdate(
  node: KubernetesObject,
  bridges: string[],
  machineConfig: KubernetesObject | undefined,
  now: Date,
): { labels: Record<string, string>; resources: Record<string, string> } | undefined {
  const pinned = String(machineConfig !== undefined && staticCpuManager(machineConfig));
  const labels = { ...hostLabels, "kubevirt.io/cpumanager": pinned, cpumanager: pinned };
  const resources = nodeResources(bridges);
  const age = now.getTime() - Date.parse(annotation(node, HEARTBEAT));
  const labelled = Object.entries(labels).every(([key, value]) => node.metadata.labels?.[key] === value);
  const offered = Object.entries(resources).every(
    ([resource, count]) => valueAt(asJson(node), ["status", "allocatable", resource]) === count,
  );
  return labelled && offered && age < HEARTBEAT_MS ? undefined : { labels, resources };
}

/** Runs what virt-handler's and the bridge marker's DaemonSets do for the workers themselves. */
export function startVirtNodes(context: AgentContext): void {
  const configs = context.store("machineconfiguration.openshift.io/v1", "machineconfigs");
  const worker = new Worker("virt-node", async (name) => {
    const entry = context.inventoryOf(name);
    const node = entry?.role === "worker" ? await context.node(name) : undefined;
    if (!entry || !node) return;
    const config = configs.get(annotation(node, "machineconfiguration.openshift.io/currentConfig"));
    const update = nodeUpdate(node, entry.bridges ?? [], config, new Date());
    if (update) {
      await context.offer(name, update.resources);
      await context.markNode(name, { [HEARTBEAT]: new Date().toISOString() }, update.labels);
    }
    return HEARTBEAT_MS;
  });
  context.nodes.onChange((node, gone) => gone || worker.wake(node.metadata.name));
}

/** What a node offers to virtual machines: KubeVirt's devices, and a thousand ports on each bridge. */
export function nodeResources(bridges: string[]): Record<string, string> {
  const devices = ["kvm", "tun", "vhost-net"].map((device) => [`devices.kubevirt.io/${device}`, "1k"]);
  const ports = bridges.map((bridge) => [`bridge.network.kubevirt.io/${bridge}`, "1k"]);
  return Object.fromEntries([...devices, ...ports]) as Record<string, string>;
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
