import type { KubeConfig } from "@kubernetes/client-node";
import { createRequire } from "node:module";
import { join } from "node:path";
import { apiServerReady } from "./control-plane/boot";
import { processStates, startProcess, stopProcesses } from "./control-plane/processes";
import { sandboxEnvironment } from "./environment";
import { sandboxDir, type SandboxState } from "./state";

/** A sandbox that is up. */
export class Sandbox {
  readonly name: string;
  /** Its folder: kubeconfig, certificates, logs/<process>.log. */
  readonly dir: string;
  private config?: KubeConfig;

  constructor(private readonly state: SandboxState) {
    this.name = state.name;
    this.dir = sandboxDir(state.name);
  }

  /** Kubeconfig of the administrator. */
  get kubeconfigFile(): string {
    return kubeconfigFile(this.dir);
  }

  get kubeconfig(): KubeConfig {
    return (this.config ??= loadKubeconfig(this.kubeconfigFile));
  }

  /** Address of the API server. */
  get server(): string {
    return `https://127.0.0.1:${this.state.port}`;
  }

  /** The environment variables with which programs find the sandbox and plain `pulumi up` works. */
  env(): Record<string, string> {
    return sandboxEnvironment({ ...this.state, kubeconfigFile: this.kubeconfigFile });
  }

  /** Takes the API server away, as a crash would; what etcd holds stays. */
  async stopApiServer(): Promise<void> {
    await stopProcesses(this.dir, "kube-apiserver");
  }

  /** Brings the API server back on the same port and waits until it is ready. */
  async startApiServer(): Promise<void> {
    const spec = this.state.processes.find(({ name }) => name === "kube-apiserver");
    if (!spec) throw new Error(`The state of sandbox ${this.name} has no API server`);
    if (processStates(this.dir, [spec.name])[0]?.pid === undefined) startProcess(this.dir, spec);
    await apiServerReady(this.dir, this.state.port);
  }
}

export function kubeconfigFile(dir: string): string {
  return join(dir, "kubeconfig");
}

/** Loads the client library only when somebody wants it: it takes longer than all else that `ove sandbox up` does. */
export function loadKubeconfig(file: string): KubeConfig {
  const library = createRequire(__filename)("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
  const config = new library.KubeConfig();
  config.loadFromFile(file);
  return config;
}
