import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Inventory, InventoryNode, KubernetesObject } from "../../model";
import { packageRoot } from "../files";
import type { Tools } from "../part";
import { PlainError } from "../plain-error";
import { until } from "../process-table";
import type { ApiClient } from "./api-client";
import { kwokConfigFile } from "./programs";

/**
 * What kwok does by itself: pods run as soon as they are on a node (kwok's own fast stages, from its module), nodes
 * that say nothing of their state become Ready. Our node stage leaves every later word on a node to the agents.
 */
export function writeKwokConfig(tools: Tools, dir: string): void {
  const pods = join(tools.moduleDir("sigs.k8s.io/kwok"), "kustomize", "stage", "pod", "fast");
  const stages = readdirSync(pods)
    .filter((file) => file.startsWith("pod-"))
    .map((file) => join(pods, file));
  stages.push(join(packageRoot(), "sandbox", "control-plane", "node-stage.yaml"));
  writeFileSync(kwokConfigFile(dir), stages.map((file) => readFileSync(file, "utf8")).join("\n---\n"));
}

/** Creates the inventory's nodes, complete and Ready, and waits until kwok plays their kubelets. */
export async function createNodes(client: ApiClient, inventory: Inventory): Promise<void> {
  await Promise.all(inventory.nodes.map((node, index) => client.create("/api/v1/nodes", nodeObject(node, index))));
  let missing: string[] = [];
  const held = await until(async () => {
    const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    const { items } = await client.get<{ items: KubernetesObject[] }>(leases);
    missing = inventory.nodes
      .map(({ name }) => name)
      .filter((name) => !items.some((lease) => lease.metadata.name === name));
    return missing.length === 0;
  }, 60);
  if (!held) throw new PlainError(`kwok does not play the nodes ${missing.join(", ")} after a minute.`);
}

function nodeObject(node: InventoryNode, index: number): KubernetesObject {
  // A real control plane wears both names and takes no ordinary pods.
  const roles = node.role === "master" ? ["master", "control-plane"] : ["worker"];
  const taints = [{ key: "node-role.kubernetes.io/master", effect: "NoSchedule" }];
  const pages = Object.entries(node.hugepages ?? {}).map(([size, memory]) => [`hugepages-${size}`, memory] as const);
  const resources = {
    ...{ cpu: String(node.cpus), memory: node.memory, pods: "250", "ephemeral-storage": "200Gi" },
    ...Object.fromEntries(pages),
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: node.name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": "linux",
        ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ""])),
        ...node.labels,
      },
    },
    spec: node.role === "master" ? { taints } : {},
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: "InternalIP", address: `192.0.2.${10 + index}` }, // TEST-NET-1: nothing ever answers there
        { type: "Hostname", address: node.name },
      ],
      conditions: conditions(),
      nodeInfo: {
        architecture: "amd64",
        operatingSystem: "linux",
        bootID: randomUUID(),
        machineID: randomUUID().replaceAll("-", ""),
        systemUUID: randomUUID(),
        kernelVersion: "5.14.0-570.el9.x86_64",
        osImage: "Red Hat Enterprise Linux CoreOS 9.6",
        containerRuntimeVersion: "cri-o://1.32.0",
        kubeletVersion: "v1.35.3",
        kubeProxyVersion: "",
      },
    },
  };
}

/** What a healthy kubelet reports. */
function conditions(): { [key: string]: string }[] {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const report = (type: string, status: string, reason: string): { [key: string]: string } => ({
    type,
    status,
    reason,
    message: "",
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return [
    report("MemoryPressure", "False", "KubeletHasSufficientMemory"),
    report("DiskPressure", "False", "KubeletHasNoDiskPressure"),
    report("PIDPressure", "False", "KubeletHasSufficientPID"),
    report("Ready", "True", "KubeletReady"),
  ];
}
