import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { KubernetesObject } from "../../model";
import { Api, ApiError, pathOf } from "../agents/api";
import { issueCertificates } from "../control-plane/certificates";
import type { Part, ProcessSpec, SandboxContext } from "../part";
import { webhookConfigurations } from "./kubevirt-webhooks";
import { ensure, ensureNamespace, until } from "./setup";

const NAMESPACE = "kubevirt";

/** Version of the KubeVirt module that the programs are built from. */
export const KUBEVIRT_VERSION = "v1.8.4";

const DEADLINE_S = 60;

/** What OpenShift Virtualization's operator sets on its KubeVirt, as far as it decides what virtual machines may do. */
const configuration = {
  evictionStrategy: "LiveMigrate",
  vmRolloutStrategy: "LiveUpdate",
  developerConfiguration: { featureGates: ["CPUManager", "HostDevices", "Snapshot", "VMPersistentState"] },
};

/** KubeVirt's virt-controller and virt-api, outside the cluster. */
export const kubevirt: Part = {
  name: "kubevirt",

  async start(context: SandboxContext): Promise<ProcessSpec[]> {
    const api = await Api.connect(context.kubeconfig);
    const folder = join(context.dir, "kubevirt");
    await ensureNamespace(api, NAMESPACE);
    await issueCertificates(context.tools, folder, [
      { file: "ca", commonName: "sandbox KubeVirt" },
      { file: "server", issuer: "ca", commonName: "virt-api", hosts: ["127.0.0.1"] },
    ]);
    const authority = readFileSync(join(folder, "ca.crt"), "utf8");
    await ensure(api, "configmaps", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kubevirt-ca", namespace: NAMESPACE },
      data: { "ca-bundle": authority },
    });
    await ensure(api, "kubevirts", installation());
    const status = {
      phase: "Deployed",
      defaultArchitecture: "amd64",
      observedKubeVirtVersion: KUBEVIRT_VERSION,
      targetKubeVirtVersion: KUBEVIRT_VERSION,
      operatorVersion: KUBEVIRT_VERSION,
      observedGeneration: 1,
      conditions: [
        { type: "Available", status: "True", reason: "AllComponentsReady" },
        { type: "Progressing", status: "False", reason: "AllComponentsReady" },
        { type: "Degraded", status: "False", reason: "AllComponentsReady" },
      ],
    };
    const location = { namespace: NAMESPACE, name: "kubevirt", subresource: "status" };
    await api.patch(pathOf("kubevirt.io/v1", "kubevirts", location), { status });
    const port = await context.freePort();
    const caBundle = Buffer.from(authority).toString("base64");
    for (const { resource, object } of webhookConfigurations(`https://127.0.0.1:${port}`, caBundle)) {
      await api.apply(pathOf(object.apiVersion, resource, { name: object.metadata.name }), object);
    }
    // A controller that was killed leaves a lease that a new one would wait for.
    await api.remove(pathOf("coordination.k8s.io/v1", "leases", { namespace: NAMESPACE, name: "virt-controller" }));
    return [virtApi(context, folder, port), virtController(context, folder, await context.freePort())];
  },

  async ready(context: SandboxContext): Promise<void> {
    const api = await Api.connect(context.kubeconfig);
    await until("virt-api", DEADLINE_S, () => refusalMissing(api));
    await until("virt-controller", DEADLINE_S, async () => {
      const location = { namespace: NAMESPACE, name: "virt-controller" };
      const lease = await api.get(pathOf("coordination.k8s.io/v1", "leases", location));
      return lease?.spec?.holderIdentity ? undefined : "it is not the leader yet";
    });
  },
};

function installation(): KubernetesObject {
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "KubeVirt",
    metadata: { name: "kubevirt", namespace: NAMESPACE },
    // Without it no machine is migrated by itself, and interfaces that were added wait for the next migration.
    spec: { configuration, workloadUpdateStrategy: { workloadUpdateMethods: ["LiveMigrate"] } },
  };
}

const environment = {
  NAMESPACE,
  POD_NAMESPACE: NAMESPACE,
  POD_NAME: "sandbox",
  NODE_NAME: "sandbox",
  VIRT_CONTROLLER_SERVICE_ACCOUNT: "kubevirt-controller",
};

function virtApi(context: SandboxContext, folder: string, port: number): ProcessSpec {
  const [cert, key] = [join(folder, "server.crt"), join(folder, "server.key")];
  return {
    name: "virt-api",
    program: context.tools.program("virt-api"),
    args: [
      "--listen=127.0.0.1",
      `--port=${port}`,
      `--kubeconfig=${asServiceAccount(context, folder, "kubevirt-apiserver")}`,
      `--tls-cert-file=${cert}`,
      `--tls-key-file=${key}`,
      `--handler-cert-file=${cert}`,
      `--handler-key-file=${key}`,
    ],
    env: environment,
    cwd: folder,
  };
}

function virtController(context: SandboxContext, folder: string, port: number): ProcessSpec {
  return {
    name: "virt-controller",
    program: context.tools.program("virt-controller"),
    args: [
      "--listen=127.0.0.1",
      `--port=${port}`,
      `--kubeconfig=${asServiceAccount(context, folder, "kubevirt-controller")}`,
      `--launcher-image=quay.example/virt-launcher:${KUBEVIRT_VERSION}`,
      `--exporter-image=quay.example/virt-exportserver:${KUBEVIRT_VERSION}`,
      `--prom-cert-file=${join(folder, "server.crt")}`,
      `--prom-key-file=${join(folder, "server.key")}`,
    ],
    env: environment,
    cwd: folder,
  };
}

/**
 * A kubeconfig with which a program acts as one of KubeVirt's service accounts, with an administrator's rights:
 * virt-api lets only these accounts change a VirtualMachineInstance's status and reserved labels.
 */
function asServiceAccount(context: SandboxContext, folder: string, account: string): string {
  const config = parse(readFileSync(context.kubeconfigFile, "utf8")) as { users: { user: Record<string, unknown> }[] };
  for (const { user } of config.users) {
    user.as = `system:serviceaccount:${NAMESPACE}:${account}`;
    user["as-groups"] = ["system:masters", "system:serviceaccounts"];
  }
  const file = join(folder, `${account}.kubeconfig`);
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}

/** A virtual machine whose interface names a network that it does not have has to be refused, by the webhook. */
async function refusalMissing(api: Api): Promise<string | undefined> {
  const machine = {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name: "probe", namespace: "default" },
    spec: {
      runStrategy: "Halted",
      template: { spec: { domain: { devices: { interfaces: [{ name: "nowhere", masquerade: {} }] } } } },
    },
  };
  try {
    await api.create(`${pathOf("kubevirt.io/v1", "virtualmachines", { namespace: "default" })}?dryRun=All`, machine);
    return "it accepted an interface without a network";
  } catch (error) {
    const refused = error instanceof ApiError && error.message.includes("admission webhook") && error.status === 422;
    return refused ? undefined : (error as Error).message;
  }
}
