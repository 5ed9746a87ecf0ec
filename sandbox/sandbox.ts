import { existsSync, rmSync } from "node:fs";
import { sameJson, type Inventory, type Json } from "../model";
import { bringUp } from "./bring-up";
import { ApiClient } from "./control-plane/api-client";
import { defaultInventoryFile, readInventory } from "./control-plane/inventory";
import { processStates, stopProcesses, type ProcessState } from "./control-plane/processes";
import { certificatesDir } from "./control-plane/programs";
import { Sandbox } from "./handle";
import { withLock } from "./lock";
import type { Part } from "./part";
import { PlainError } from "./plain-error";
import type { Progress } from "./progress";
import { readState, sandboxDir, type SandboxState } from "./state";

export { defaultInventoryFile, readInventory } from "./control-plane/inventory";
export type { ProcessState } from "./control-plane/processes";
export { Sandbox } from "./handle";
export { PlainError } from "./plain-error";
export type { Progress } from "./progress";

/** The name of the sandbox when none is given. */
export const defaultName = "default";

export interface UpOptions {
  /** `default` when absent. */
  name?: string;
  /** Nodes and their hardware; sandbox/inventory.yaml when absent. */
  inventory?: Inventory;
  /** What runs on top of the control plane, in this order; nothing when absent. */
  parts?: readonly Part[];
  /** Port of the API server on 127.0.0.1; a free one when absent. */
  port?: number;
  progress?: Progress;
  /** Stops everything that was begun; `up` then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** How a sandbox is now. */
export interface SandboxStatus {
  name: string;
  dir: string;
  /** `broken`: it was up, but a process is gone or the API server does not answer. */
  state: "up" | "broken" | "down";
  /** What is wrong with a broken one. */
  problem?: string;
  server?: string;
  parts: string[];
  processes: ProcessState[];
}

/**
 * Starts a sandbox and resolves when all of it is ready; its processes go on in the background. A healthy one of that
 * name is used again, anything left of a broken one is cleared first. On failure, or when the signal says so, nothing
 * is left running; the logs stay.
 */
export async function up(options: UpOptions = {}): Promise<Sandbox> {
  const { name = defaultName, parts = [], port, progress = () => undefined, signal } = options;
  if (!existsSync("/proc/self/stat")) throw new PlainError("The sandbox runs on Linux only: it needs /proc.");
  const dir = sandboxDir(name);
  const work = async (): Promise<Sandbox> => {
    const state = readState(dir);
    const problem = state && (await problemOf(dir, state));
    if (state && problem === undefined) {
      requireSame(state, options);
      progress(`sandbox ${name} is already up`);
      return new Sandbox(state);
    }
    if (problem !== undefined) progress(`sandbox ${name} was there, but ${problem}: starting it anew`);
    const inventory = options.inventory ?? readInventory(defaultInventoryFile());
    await discard(dir);
    return bringUp({ name, dir, inventory, parts, port, progress, signal });
  };
  const onWait = (pid: number): void => progress(`waiting for process ${pid}, which is working on sandbox ${name}`);
  return withLock(`${dir}.lock`, work, { onWait, signal });
}

/** Stops a sandbox and removes what it held. False when there was none. */
export async function down(name = defaultName): Promise<boolean> {
  const dir = sandboxDir(name);
  return withLock(`${dir}.lock`, async () => {
    const there = readState(dir) !== undefined;
    await discard(dir);
    return there;
  });
}

/** An empty sandbox again, with the same nodes and on the same port. `parts` are what runs on top, as for `up`. */
export async function reset(options: Pick<UpOptions, "name" | "parts" | "progress" | "signal"> = {}): Promise<Sandbox> {
  const { inventory, port } = stateOf(options.name ?? defaultName);
  await down(options.name);
  return up({ ...options, inventory, port });
}

/** The sandbox of that name, which must be up (its health is not checked). */
export function attach(name = defaultName): Sandbox {
  return new Sandbox(stateOf(name));
}

export async function status(name = defaultName): Promise<SandboxStatus> {
  const dir = sandboxDir(name);
  const state = readState(dir);
  if (!state) return { name, dir, state: "down", parts: [], processes: [] };
  const problem = await problemOf(dir, state);
  return {
    ...{ name, dir, problem, parts: state.parts },
    state: problem === undefined ? "up" : "broken",
    server: new Sandbox(state).server,
    processes: processStates(dir, namesOf(state)),
  };
}

function stateOf(name: string): SandboxState {
  const state = readState(sandboxDir(name));
  if (state) return state;
  const option = name === defaultName ? "" : ` --name ${name}`;
  throw new PlainError(`There is no sandbox "${name}" up. \`ove sandbox up${option}\` starts it.`);
}

function namesOf(state: SandboxState): string[] {
  return state.processes.map((spec) => spec.name);
}

/** Why a sandbox that was up cannot be used, or undefined. */
async function problemOf(dir: string, state: SandboxState): Promise<string | undefined> {
  const gone = processStates(dir, namesOf(state)).filter(({ pid }) => pid === undefined);
  if (gone.length > 0) return `${gone.map(({ name }) => name).join(", ")} is not running`;
  const client = new ApiClient(state.port, certificatesDir(dir));
  try {
    return (await client.ready()) ? undefined : "its API server does not answer";
  } finally {
    client.close();
  }
}

/** What was asked for explicitly must be what runs. */
function requireSame(state: SandboxState, options: UpOptions): void {
  const different: string[] = [];
  const plain = (value: Inventory): Json => JSON.parse(JSON.stringify(value)) as Json;
  if (options.inventory && !sameJson(plain(options.inventory), plain(state.inventory)))
    different.push("another inventory");
  if (options.port !== undefined && options.port !== state.port) different.push(`API server port ${state.port}`);
  const parts = (options.parts ?? []).map((part) => part.name);
  if (!sameJson(parts, state.parts)) different.push(state.parts.length > 0 ? "other operators" : "no operators");
  if (different.length === 0) return;
  throw new PlainError(
    `Sandbox "${state.name}" is already up with ${different.join(" and ")}. ` +
      `Stop it first with \`ove sandbox down\`, or give this one another name with --name.`,
  );
}

/** Ends what runs of a sandbox and removes its folder. */
async function discard(dir: string): Promise<void> {
  await stopProcesses(dir);
  rmSync(dir, { recursive: true, force: true });
}
