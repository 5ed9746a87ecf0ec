import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { condition, type KubernetesObject, valueAt, asJson } from "../../model";
import { Api, pathOf } from "../agents/api";
import type { Part, ProcessSpec, SandboxContext } from "../part";
import { baseObjects, namespaces, RELEASE_VERSION } from "./openshift-base";
import { ensure, ensureNamespace, until } from "./setup";

const GROUP = "machineconfiguration.openshift.io/v1";
const NAMESPACE = "openshift-machine-config-operator";
const MODULE = "github.com/openshift/machine-config-operator";

/** Seconds: rendering takes about ten, twice that when a template sub-controller is late. */
const DEADLINE_S = 120;

/** OpenShift's Machine Config Controller, outside the cluster. */
export const machineConfig: Part = {
  name: "machine-config-controller",

  async start(context: SandboxContext): Promise<ProcessSpec[]> {
    const api = await Api.connect(context.kubeconfig);
    for (const name of namespaces) await ensureNamespace(api, name);
    await ensure(api, "secrets", pullSecret());
    for (const { resource, object, status } of baseObjects(await featureGates(context))) {
      await ensure(api, resource, object);
      if (!status) continue;
      const { name } = object.metadata;
      await api.patch(pathOf(object.apiVersion, resource, { name, subresource: "status" }), { status });
    }
    // A controller that was killed leaves a lease that a new one would wait for, for minutes.
    const lease = { namespace: NAMESPACE, name: "machine-config-controller" };
    await api.remove(pathOf("coordination.k8s.io/v1", "leases", lease));
    return [await controller(context)];
  },

  async ready(context: SandboxContext): Promise<void> {
    const api = await Api.connect(context.kubeconfig);
    for (const role of ["master", "worker"] as const) {
      const machines = context.inventory.nodes.filter((node) => node.role === role).length;
      await until(`Machine config pool ${role}`, DEADLINE_S, async () => {
        const pool = await api.get(pathOf(GROUP, "machineconfigpools", { name: role }));
        return pool ? missingOf(pool, machines) : "it does not exist";
      });
    }
  },
};

async function controller(context: SandboxContext): Promise<ProcessSpec> {
  return {
    name: "machine-config-controller",
    program: context.tools.program("machine-config-controller"),
    args: [
      "start",
      `--kubeconfig=${context.kubeconfigFile}`,
      `--resourcelock-namespace=${NAMESPACE}`,
      `--templates=${join(context.tools.moduleDir(MODULE), "templates")}`,
      `--payload-version=${RELEASE_VERSION}`,
      `--metrics-listen-address=127.0.0.1:${await context.freePort()}`,
    ],
    env: { RELEASE_VERSION },
  };
}

function pullSecret(): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "pull-secret", namespace: "openshift-config" },
    type: "kubernetes.io/dockerconfigjson",
    stringData: { ".dockerconfigjson": '{"auths":{}}' },
  };
}

/** Every gate that this openshift/api knows: the controller crashes on asking for one that the cluster does not list. */
async function featureGates(context: SandboxContext): Promise<string[]> {
  const module = context.tools.moduleDir("github.com/openshift/api");
  const source = await readFile(join(module, "features", "features.go"), "utf8");
  const names = [...source.matchAll(/newFeatureGate\("([^"]+)"\)/g)].map((match) => match[1] ?? "");
  if (names.length === 0) throw new Error("No feature gates found in openshift/api; its features package has changed.");
  return [...new Set(names)];
}

/** What keeps a pool from being rolled out on all its machines, or undefined. */
export function missingOf(pool: KubernetesObject, machines: number): string | undefined {
  const at = (...path: string[]): unknown => valueAt(asJson(pool), path);
  if (condition(pool, "RenderDegraded")?.status === "True") {
    return `rendering fails: ${condition(pool, "RenderDegraded")?.message ?? ""}`;
  }
  if (!at("spec", "configuration", "name")) return "nothing is rendered yet";
  if (at("status", "observedGeneration") !== at("metadata", "generation")) return "the status is stale";
  if (at("status", "configuration", "name") !== at("spec", "configuration", "name")) return "it is rolling out";
  if (at("status", "machineCount") !== machines) return `it has ${String(at("status", "machineCount"))} machines`;
  if (condition(pool, "Updated")?.status !== "True") return "it is not Updated";
  return undefined;
}
