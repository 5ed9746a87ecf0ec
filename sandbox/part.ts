import type { KubeConfig } from "@kubernetes/client-node";
import type { Inventory } from "../model";

/** Where the built programs and the sources of their modules are. */
export interface Tools {
  /** Path of a built program, for example `kube-apiserver`. */
  program(name: string): string;
  /** Folder of a Go module's sources in the module cache, for files that a program reads at run time. */
  moduleDir(module: string): string;
}

/** What a part of the sandbox may use while it starts. */
export interface SandboxContext {
  /** Name of the sandbox; several can run at once. */
  name: string;
  /** Folder of this sandbox: kubeconfig, certificates, logs, pid files. */
  dir: string;
  kubeconfigFile: string;
  kubeconfig: KubeConfig;
  tools: Tools;
  inventory: Inventory;
  /** A TCP port on 127.0.0.1 that was free when asked for. */
  freePort(): Promise<number>;
}

/** A program that the sandbox keeps running until it goes down. */
export interface ProcessSpec {
  name: string;
  program: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
}

/**
 * One part of the sandbox on top of the control plane: a real operator or the simulated agents.
 * Parts start in the order in which they are listed; each is ready before the next starts.
 */
export interface Part {
  name: string;
  /** Makes what the program needs in the cluster (namespaces, CRD-backed objects, certificates) and says what to run. */
  start(context: SandboxContext): Promise<ProcessSpec[]>;
  /** Resolves when the part does its work; rejects with a plain message after its own deadline. */
  ready(context: SandboxContext): Promise<void>;
}
