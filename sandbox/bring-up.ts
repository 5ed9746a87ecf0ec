import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Inventory } from "../model";
import { bootControlPlane, step } from "./control-plane/boot";
import { freePort, requireFree } from "./control-plane/ports";
import { logTail, startProcess, stopProcesses } from "./control-plane/processes";
import { kubeconfigFile, loadKubeconfig, Sandbox } from "./handle";
import { hasOfficialKubernetesPlugin } from "./official-plugin";
import type { Part, ProcessSpec, SandboxContext } from "./part";
import { PlainError, messageOf } from "./plain-error";
import { duration, timed, type Progress } from "./progress";
import { writeState, type SandboxState } from "./state";
import { installedPulumi, startToolchain, toolParts, type CachedTools } from "./toolchain";

export interface BringUpOptions {
  name: string;
  dir: string;
  inventory: Inventory;
  parts: readonly Part[];
  port?: number;
  progress: Progress;
  signal?: AbortSignal;
}

/** Starts a sandbox in an empty folder. On failure nothing is left but the logs. */
export async function bringUp(options: BringUpOptions): Promise<Sandbox> {
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  signal.throwIfAborted();
  try {
    return await Promise.race([work(options, signal), aborted(signal)]);
  } catch (error) {
    // Whatever still works in the background starts no process once this is aborted.
    failure.abort(error);
    await stopProcesses(options.dir);
    removeAllButLogs(options.dir);
    throw error;
  }
}

async function work(options: BringUpOptions, signal: AbortSignal): Promise<Sandbox> {
  const { name, dir, inventory, parts, progress } = options;
  const begun = Date.now();
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (options.port !== undefined) await requireFree(options.port);
  const ports = {
    apiServer: options.port ?? (await freePort()),
    etcdClient: await freePort(),
    etcdPeer: await freePort(),
  };
  const toolchain = startToolchain({ parts: neededTools(parts), progress, signal });
  const official = toolchain.ready("pulumi").then((tools) => hasOfficialKubernetesPlugin(tools.program("pulumi")));
  official.catch(() => undefined); // a failed build is reported below
  const file = kubeconfigFile(dir);
  const processes = await bootControlPlane({
    ...{ dir, ports, inventory, toolchain, progress, signal },
    kubeconfigFile: file,
  });
  const tools = await toolchain.all();
  if (parts.length > 0) {
    const kubeconfig = loadKubeconfig(file);
    const context = { ...{ name, dir, kubeconfig, tools, inventory, freePort }, kubeconfigFile: file };
    for (const part of parts) processes.push(...(await startPart(part, context, progress, signal)));
  }
  const state: SandboxState = {
    ...{ name, port: ports.apiServer, inventory, parts: parts.map((part) => part.name), processes },
    ...programsForUsers(tools),
    standIn: !(await official),
  };
  signal.throwIfAborted();
  writeState(dir, state);
  progress(`sandbox ${name} is up (${duration((Date.now() - begun) / 1000)})`);
  return new Sandbox(state);
}

/** Rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

/** Without operators their programs are not needed. */
function neededTools(parts: readonly Part[]): typeof toolParts {
  const operators = ["machine-config-controller", "sriov-network-operator", "kubevirt"];
  return parts.length > 0 ? toolParts : toolParts.filter(({ name }) => !operators.includes(name));
}

function programsForUsers(tools: CachedTools): Pick<SandboxState, "programFolders" | "ownPulumi"> {
  const ownPulumi = installedPulumi() === undefined;
  const programs = ["kubectl", ...(ownPulumi ? ["pulumi"] : [])];
  return { ownPulumi, programFolders: programs.map((program) => dirname(tools.program(program))) };
}

async function startPart(
  part: Part,
  context: SandboxContext,
  progress: Progress,
  signal: AbortSignal,
): Promise<ProcessSpec[]> {
  const specs: ProcessSpec[] = [];
  const start = async (): Promise<void> => {
    specs.push(...(await part.start(context)));
    signal.throwIfAborted();
    for (const spec of specs) startProcess(context.dir, spec);
    await part.ready(context);
  };
  try {
    await step(progress, `${part.name} ready`, () => timed(progress, part.name, undefined, start));
    return specs;
  } catch (error) {
    signal.throwIfAborted();
    const tails = specs.map(
      ({ name }) => `\nThe end of ${join(context.dir, "logs", name)}.log:\n${logTail(context.dir, name)}`,
    );
    throw new PlainError(`${part.name} did not become ready: ${messageOf(error)}${tails.join("")}`);
  }
}

function removeAllButLogs(dir: string): void {
  for (const entry of readdirSync(dir)) {
    if (entry !== "logs") rmSync(join(dir, entry), { recursive: true, force: true });
  }
  if (readdirSync(dir).length === 0) rmSync(dir, { recursive: true });
}
