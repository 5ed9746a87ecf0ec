import type { KubernetesObject } from "../../model";
import { PlainError } from "../plain-error";
import { until } from "../process-table";
import type { ProcessSpec, SandboxContext } from "../part";
import type { Progress } from "../progress";
import type { Toolchain } from "../toolchain";
import { ApiClient } from "./api-client";
import { issueControlPlaneCertificates, writeKubeconfig } from "./certificates";
import { installCrds } from "./crds";
import { createNodes, writeKwokConfig } from "./nodes";
import { requireNoExit, startProcess } from "./processes";
import {
  apiServer,
  certificatesDir,
  componentKubeconfig,
  controllerManager,
  etcd,
  kwok,
  scheduler,
  type Ports,
} from "./programs";

export interface BootOptions {
  dir: string;
  kubeconfigFile: string;
  ports: Ports;
  inventory: SandboxContext["inventory"];
  toolchain: Toolchain;
  progress: Progress;
  signal: AbortSignal;
}

/** Starts the control plane, installs the CRDs and creates the nodes. Returns what it keeps running. */
export async function bootControlPlane(options: BootOptions): Promise<ProcessSpec[]> {
  const { dir, kubeconfigFile, ports, inventory, toolchain, progress, signal } = options;
  const pki = certificatesDir(dir);
  const started: ProcessSpec[] = [];
  const start = (spec: ProcessSpec): void => {
    signal.throwIfAborted();
    startProcess(dir, spec);
    started.push(spec);
  };

  const tools = await toolchain.ready("certificates", "etcd", "kubernetes");
  const server = `https://127.0.0.1:${ports.apiServer}`;
  await step(progress, "control plane ready", async () => {
    await issueControlPlaneCertificates(tools, pki);
    writeKubeconfig(kubeconfigFile, pki, "admin", server);
    for (const component of ["kube-controller-manager", "kube-scheduler"]) {
      writeKubeconfig(componentKubeconfig(dir, component), pki, component, server);
    }
    start(etcd(tools, dir, ports));
    start(apiServer(tools, dir, ports));
    await apiServerReady(dir, ports.apiServer, signal);
  });

  start(controllerManager(tools, dir));
  start(scheduler(tools, dir));
  const client = new ApiClient(ports.apiServer, pki);
  try {
    const nodes = async (): Promise<void> => {
      const withKwok = await toolchain.ready("kwok");
      writeKwokConfig(withKwok, dir);
      start(kwok(withKwok, dir, kubeconfigFile));
      await step(progress, `${inventory.nodes.length} nodes ready`, () => createNodes(client, inventory));
    };
    const crds = async (): Promise<void> => {
      const withCrds = await toolchain.ready("crds");
      await step(progress, "CRDs established", () => installCrds(client, withCrds.crdsFile()));
    };
    await Promise.all([nodes(), crds(), controllersWork(client, dir)]);
  } finally {
    client.close();
  }
  return started;
}

/** Does the work and tells, in one line, what is done and how long it took. */
export async function step<T>(progress: Progress, what: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const result = await work();
  progress(`${what} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}

/** Resolves when the API server says that it is ready. */
export async function apiServerReady(dir: string, port: number, signal?: AbortSignal): Promise<void> {
  const client = new ApiClient(port, certificatesDir(dir));
  try {
    const ready = await until(async () => {
      signal?.throwIfAborted();
      for (const name of ["etcd", "kube-apiserver"]) requireNoExit(dir, name);
      return client.ready();
    }, 120);
    if (!ready) throw new PlainError(`The API server was not ready after two minutes. Its log is in ${dir}/logs.`);
  } finally {
    client.close();
  }
}

/** The controller manager works when namespaces get their service account: pods need it. */
async function controllersWork(client: ApiClient, dir: string): Promise<void> {
  const path = "/api/v1/namespaces/default/serviceaccounts";
  const works = await until(async () => {
    for (const name of ["kube-controller-manager", "kube-scheduler"]) requireNoExit(dir, name);
    const { items } = await client.get<{ items: KubernetesObject[] }>(path);
    return items.some((account) => account.metadata.name === "default");
  }, 60);
  if (!works) throw new PlainError(`The controller manager did not work after a minute. Its log is in ${dir}/logs.`);
}
