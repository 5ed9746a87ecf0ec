import { join } from "node:path";
import type { Inventory } from "../model";
import { cacheRoot, readIfThere, writeAtomically } from "./files";
import type { ProcessSpec } from "./part";
import { PlainError } from "./plain-error";

/** What is kept of a sandbox that came up; the file appears when everything is ready. */
export interface SandboxState {
  name: string;
  /** Port of the API server on 127.0.0.1. */
  port: number;
  inventory: Inventory;
  /** Names of the parts on top of the control plane, in their order. */
  parts: string[];
  processes: ProcessSpec[];
  /** Folders with programs for the user: kubectl, and pulumi where it was built. */
  programFolders: string[];
  /** Whether pulumi was built for the sandbox, without a language host and plugins of its own. */
  ownPulumi: boolean;
  /** Whether the official Kubernetes plugin cannot be had, so that the stand-in is used. */
  standIn: boolean;
}

/** Folder of a sandbox. */
export function sandboxDir(name: string): string {
  // The name becomes part of paths and of the mark on processes.
  if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    throw new PlainError(`"${name}" cannot be a sandbox's name: use a-z, 0-9 and -, at most 40 characters.`);
  }
  return join(cacheRoot(), "sandboxes", name);
}

function stateFile(dir: string): string {
  return join(dir, "sandbox.json");
}

export function readState(dir: string): SandboxState | undefined {
  const text = readIfThere(stateFile(dir));
  return text === undefined ? undefined : (JSON.parse(text) as SandboxState);
}

export function writeState(dir: string, state: SandboxState): void {
  writeAtomically(stateFile(dir), JSON.stringify(state, undefined, 2));
}
