import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "../../model";
import { Api, pathOf } from "../agents/api";
import type { Part, ProcessSpec, SandboxContext } from "../part";
import { until } from "./setup";

const CRDS = "apiextensions.k8s.io/v1";
const RESOURCE = "customresourcedefinitions";

const DEADLINE_S = 60;

/**
 * True for CRDs that a cluster does not serve before Cilium's operator has run: everything of its group but the
 * configuration, which comes with the helm-operator.
 */
export function isHeldBack(crdName: string): boolean {
  return crdName.endsWith(".cilium.io") && crdName !== "ciliumconfigs.cilium.io";
}

/** File in the sandbox's folder with the CRDs that the simulated operator registers late. */
export function heldBackFile(dir: string): string {
  return join(dir, "cilium-crds.json");
}

/** Takes Cilium's CRDs away again until its (simulated) operator registers them. */
export const cilium: Part = {
  name: "cilium",

  async start(context: SandboxContext): Promise<ProcessSpec[]> {
    const api = await Api.connect(context.kubeconfig);
    const held = (await heldBack(api)).map((crd) => crd.metadata.name);
    const crds = await Promise.all(held.map((name) => api.get(pathOf(CRDS, RESOURCE, { name }))));
    if (crds.length > 0) {
      writeFileSync(heldBackFile(context.dir), JSON.stringify(crds.flatMap((crd) => (crd ? [pristine(crd)] : []))));
    }
    await Promise.all(held.map((name) => api.remove(pathOf(CRDS, RESOURCE, { name }))));
    return [];
  },

  async ready(context: SandboxContext): Promise<void> {
    const api = await Api.connect(context.kubeconfig);
    await until("Removing Cilium's CRDs", DEADLINE_S, async () => {
      const left = await heldBack(api);
      return left.length > 0 ? `${left.length} are still there` : undefined;
    });
  },
};

async function heldBack(api: Api): Promise<KubernetesObject[]> {
  const { items } = await api.list(pathOf(CRDS, RESOURCE));
  return items.filter((crd) => isHeldBack(crd.metadata.name));
}

/** The CRD as it was created: without what the server has added. */
function pristine(crd: KubernetesObject): KubernetesObject {
  const { name, labels, annotations } = crd.metadata;
  return { apiVersion: crd.apiVersion, kind: crd.kind, metadata: { name, labels, annotations }, spec: crd.spec };
}
