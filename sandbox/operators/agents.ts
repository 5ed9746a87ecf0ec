import { writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { Api, pathOf } from "../agents/api";
import { packageRoot } from "../files";
import type { Part, ProcessSpec, SandboxContext } from "../part";
import { heldBackFile } from "./cilium";
import { ensureNamespace, until } from "./setup";

const DEADLINE_S = 60;

/** All simulated agents, in one process of our own. */
export const agents: Part = {
  name: "agents",

  async start(context: SandboxContext): Promise<ProcessSpec[]> {
    // Where tests switch faults on.
    await ensureNamespace(await Api.connect(context.kubeconfig), "sandbox");
    const inventory = join(context.dir, "inventory.json");
    writeFileSync(inventory, JSON.stringify(context.inventory));
    const extension = extname(__filename);
    const main = join(__dirname, "..", "agents", `main${extension}`);
    // From the sources (in tests) the agents need the same loader as this file.
    const loader = extension === ".ts" ? ["--require", require.resolve("ts-node/register/transpile-only")] : [];
    const options = [
      ...["--kubeconfig", context.kubeconfigFile],
      ...["--inventory", inventory],
      ...["--cilium-crds", heldBackFile(context.dir)],
    ];
    const args = [...loader, main, ...options];
    return [{ name: "agents", program: process.execPath, args, cwd: packageRoot() }];
  },

  async ready(context: SandboxContext): Promise<void> {
    const api = await Api.connect(context.kubeconfig);
    const workers = context.inventory.nodes.filter((node) => node.role === "worker");
    await until("The simulated agents", DEADLINE_S, async () => {
      const nodes = await Promise.all(workers.map(({ name }) => api.get(pathOf("v1", "nodes", { name }))));
      const silent = nodes.find((node) => node?.metadata.labels?.["kubevirt.io/schedulable"] !== "true");
      return silent ? `node ${silent.metadata.name} has no agents yet` : undefined;
    });
  },
};
