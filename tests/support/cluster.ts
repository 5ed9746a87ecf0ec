import { readFileSync } from "node:fs";
import { CoreV1Api, KubeConfig, KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { freePort } from "../../sandbox/control-plane/ports";
import { startProcess } from "../../sandbox/control-plane/processes";
import type { Part } from "../../sandbox/part";
import { Sandbox, defaultInventoryFile, down, readInventory, up } from "../../sandbox/sandbox";
import { sandboxDir } from "../../sandbox/state";
import { ensureToolchain } from "../../sandbox/toolchain";

/** What is used of a CRD's spec. */
interface CrdSpec {
  group: string;
  names: { kind: string };
  versions: { name: string; served: boolean }[];
}

/** A kubeconfig file's content, as far as the tests change it. */
interface KubeconfigFile {
  clusters: { cluster: { server: string } }[];
  users: { name: string; user: Record<string, unknown> }[];
}

/** A control plane with all CRDs and no operators, shared by the tests of one run. */
export class TestCluster {
  readonly api: KubernetesObjectApi;
  private readonly config = new KubeConfig();

  constructor(readonly sandbox: Sandbox) {
    this.config.loadFromFile(sandbox.kubeconfigFile);
    this.api = KubernetesObjectApi.makeApiClient(this.config);
  }

  get kubeconfigFile(): string {
    return this.sandbox.kubeconfigFile;
  }

  /** Starts a real operator as well. It stays until the cluster ends, so tests that need none come first. */
  async start(part: Part): Promise<void> {
    const { name } = this.sandbox;
    const dir = sandboxDir(name);
    const tools = await ensureToolchain({ progress: () => undefined });
    const inventory = readInventory(defaultInventoryFile());
    const { config: kubeconfig, kubeconfigFile } = this;
    const context = { name, dir, kubeconfig, kubeconfigFile, tools, inventory, freePort };
    for (const spec of await part.start(context)) startProcess(dir, spec);
    await part.ready(context);
  }

  async ensureNamespace(name: string): Promise<void> {
    await this.ensure({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }

  /** The administrator's kubeconfig, changed. */
  kubeconfigWith(change: (file: KubeconfigFile) => void): string {
    const file = parse(readFileSync(this.kubeconfigFile, "utf8")) as KubeconfigFile;
    change(file);
    return stringify(file);
  }

  /** The kubeconfig of a service account, which may do nothing unless something binds it. */
  async kubeconfigOfServiceAccount(namespace: string, name: string): Promise<string> {
    await this.ensure({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } });
    const core = this.config.makeApiClient(CoreV1Api);
    const request = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: [], expirationSeconds: 3600 },
    };
    const { status } = await core.createNamespacedServiceAccountToken({ name, namespace, body: request });
    return this.kubeconfigWith((file) => (file.users[0]!.user = { token: status?.token }));
  }

  /** Runs the work while a CRD is not there, and brings it back. */
  async withoutCrd(name: string, work: () => Promise<void>): Promise<void> {
    const crd = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name } };
    const found = await this.api.read<KubernetesObject & { spec: CrdSpec }>(crd);
    const { group, names, versions } = found.spec;
    const listed = (): Promise<unknown> =>
      this.api.list(`${group}/${versions.find(({ served }) => served)?.name}`, names.kind);
    // Learns the path while the kind is there: afterwards discovery would not know it.
    await listed();
    await this.api.delete(crd);
    const isGone = async (ask: () => Promise<unknown>): Promise<boolean> =>
      (await ask().catch((error: { code?: number }) => error.code)) === 404;
    // The API server goes on serving the kind for a moment after its CRD has gone.
    await until(async () => (await isGone(() => this.api.read(crd))) && (await isGone(listed)));
    try {
      await work();
    } finally {
      await this.api.create({ ...found, metadata: { name, annotations: found.metadata?.annotations } });
    }
  }

  private async ensure(object: KubernetesObject): Promise<void> {
    await this.api.create(object).catch((error: { code?: number }) => {
      if (error.code !== 409) throw error;
    });
  }
}

/** Asks again and again until the answer is yes; the test's own time limit ends it. */
export async function until(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await new Promise((resolve) => setTimeout(resolve, 50));
}

let shared: Promise<TestCluster> | undefined;

/** The control plane of this run; the first caller starts it. */
export function testCluster(): Promise<TestCluster> {
  shared ??= up({ name: `tests-${process.pid}` }).then((sandbox) => new TestCluster(sandbox));
  return shared;
}

/** Ends it; called once after all tests. */
export async function endTestCluster(): Promise<void> {
  if (shared) await down((await shared).sandbox.name);
}
