import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { isObject, type JsonObject } from "../model";
import type { Connection } from "../provider/engine/connection";
import { output } from "./env-command";

interface InventoryFlags {
  kubeconfig?: string;
  out?: string;
}

const NODES = "/api/v1/nodes";
const STATES = "/apis/sriovnetwork.openshift.io/v1/sriovnetworknodestates";

/** Adds `ove inventory`: the nodes and the hardware of a live cluster. */
export function inventoryCommand(program: Command): void {
  program
    .command("inventory")
    .description("print the nodes of a live cluster and their hardware")
    .option("--kubeconfig <file>", "which cluster; by default the files of KUBECONFIG, then ~/.kube/config")
    .option("--out <file>", "write it to a file instead of standard output")
    .addHelpText(
      "after",
      "\nIt is what `ove verify --inventory`, `ove sandbox up --inventory` and the section `inventory` of an environment take.",
    )
    .action(inventory);
}

async function inventory({ kubeconfig, out }: InventoryFlags): Promise<void> {
  const { Connection, loadKubeConfig } = await import("../provider/engine/connection");
  const { liveInventory } = await import("../provider/manifests/live-inventory");
  const { stringify } = await import("yaml");
  const connection = new Connection(loadKubeConfig({ kubeconfig }));
  try {
    const [nodes, states] = await allOf([list(connection, NODES), list(connection, STATES)]);
    if (!states) process.stderr.write("The cluster has no SR-IOV network operator: network cards are not known.\n");
    const text = stringify(liveInventory(nodes ?? [], states ?? []), { lineWidth: 0, aliasDuplicateObjects: false });
    if (out === undefined) output(text);
    else writeFileSync(out, text);
  } finally {
    connection.close();
  }
}

/** All results, or one error with everything that went wrong, in the order in which it was asked. */
async function allOf<T>(asked: Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(asked);
  const problems = settled.flatMap((each) => (each.status === "rejected" ? [(each.reason as Error).message] : []));
  if (problems.length > 0) throw new Error([...new Set(problems)].join("\n"));
  return settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
}

/** All objects under a path; undefined when the API server does not serve it. */
async function list(connection: Connection, path: string): Promise<JsonObject[] | undefined> {
  const { code, body } = await connection.request("GET", path).catch((error: Error) => {
    throw new Error(`The cluster at ${connection.server} does not answer: ${error.message}`);
  });
  if (code === 404) return undefined;
  if (code !== 200)
    throw new Error(`The cluster at ${connection.server} does not give ${path}: ${messageOf(code, body)}`);
  const { items } = JSON.parse(body) as { items?: JsonObject[] };
  return items ?? [];
}

/** What the API server says of a refusal. */
function messageOf(code: number, body: string): string {
  try {
    const status = JSON.parse(body) as unknown;
    if (isObject(status) && typeof status.message === "string") return status.message;
  } catch {
    // Something before the API server has answered, not in JSON.
  }
  return `HTTP ${code}.`;
}
