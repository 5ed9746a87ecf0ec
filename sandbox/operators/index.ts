import type { Part, SandboxContext } from "../part";
import { agents } from "./agents";
import { cilium } from "./cilium";
import { kubevirt } from "./kubevirt";
import { machineConfig } from "./machine-config";
import { sriov } from "./sriov";

/** Parts that need nothing of each other to be ready: they are prepared in order and waited for side by side. */
function together(name: string, parts: Part[]): Part {
  return {
    name,
    async start(context: SandboxContext) {
      const processes = [];
      for (const part of parts) processes.push(...(await part.start(context)));
      return processes;
    },
    async ready(context: SandboxContext) {
      await Promise.all(parts.map((part) => part.ready(context)));
    },
  };
}

/** The operators and the simulated agents, to be started in this order on a control plane that serves all CRDs. */
export const operatorParts: Part[] = [together("operators", [cilium, agents, machineConfig, sriov, kubevirt])];

export { isHeldBack } from "./cilium";
