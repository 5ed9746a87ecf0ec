import { randomUUID } from "node:crypto";
import { pathOf } from "./api";
import { type AgentContext, annotation, KERNEL_ARGUMENTS } from "./context";
import { hugepages } from "./host-config";
import { delay } from "./store";

/** Annotation that counts how often a node was rebooted. */
export const REBOOTS = "sandbox.pulumi-ove/reboots";

/** Milliseconds that a reboot takes. */
const REBOOT_MS = 2000;

/** Reboots a node: it is not Ready for a moment, then Ready with a new boot id and these kernel arguments. */
export async function reboot(context: AgentContext, name: string, kernelArguments: string[]): Promise<void> {
  const status = pathOf("v1", "nodes", { name, subresource: "status" });
  const down = { status: "False", reason: "KubeletNotReady", message: "node is shutting down" };
  await context.api.patch(status, readiness(down), "strategic-merge-patch+json");
  await delay(REBOOT_MS);
  const count = Number(annotation(await context.node(name), REBOOTS)) + 1;
  await context.markNode(name, { [KERNEL_ARGUMENTS]: kernelArguments.join(" "), [REBOOTS]: String(count) });
  await boot(context, name, kernelArguments);
}

/** Reports what a kubelet reports after its start: Ready, a new boot id, and the memory that huge pages leave. */
export async function boot(context: AgentContext, name: string, kernelArguments: string[]): Promise<void> {
  const up = { status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" };
  const memory = context.inventoryOf(name)?.memory ?? "0";
  const pages = hugepages(kernelArguments);
  const huge = { "hugepages-1Gi": `${pages["hugepages-1Gi"]}Gi`, "hugepages-2Mi": `${pages["hugepages-2Mi"] * 2}Mi` };
  const left = kibibytes(memory) - pages["hugepages-1Gi"] * 1024 ** 2 - pages["hugepages-2Mi"] * 2048;
  const patch = {
    status: {
      ...readiness(up).status,
      nodeInfo: { bootID: randomUUID() },
      capacity: { memory, ...huge },
      allocatable: { memory: `${Math.max(0, left)}Ki`, ...huge },
    },
  };
  const status = pathOf("v1", "nodes", { name, subresource: "status" });
  await context.api.patch(status, patch, "strategic-merge-patch+json");
}

function readiness(fields: object): { status: { conditions: object[] } } {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  return { status: { conditions: [{ type: "Ready", lastHeartbeatTime: now, lastTransitionTime: now, ...fields }] } };
}

/** A Kubernetes memory quantity in KiB; binary suffixes and plain bytes only, as inventories use them. */
export function kibibytes(quantity: string): number {
  const match = /^(\d+)(Ki|Mi|Gi|Ti)?$/.exec(quantity);
  if (!match) throw new Error(`Memory "${quantity}" is not a number with Ki, Mi, Gi or Ti.`);
  const factor = { Ki: 1, Mi: 1024, Gi: 1024 ** 2, Ti: 1024 ** 3 }[match[2] ?? ""] ?? 1 / 1024;
  return Math.floor(Number(match[1]) * factor);
}
