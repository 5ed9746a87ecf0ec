import type { KubernetesObjectApi } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../model";

/** The sandbox's workers. */
export const WORKERS = ["worker-0", "worker-1", "worker-2"];

/** What a destroy has to bring back: labels, taints and resources of workers, specs of pools and singletons. */
export async function footprint(api: KubernetesObjectApi, workers = WORKERS): Promise<string> {
  const read = async (apiVersion: string, kind: string, name: string): Promise<KubernetesObject> =>
    (await api.read({ apiVersion, kind, metadata: { name } })) as unknown as KubernetesObject;
  const seen = (await Promise.all(workers.map((name) => read("v1", "Node", name)))).map(
    ({ metadata, spec, status }) => {
      // The SR-IOV operator's own mark, which stays "Disabled" on nodes that it has once looked at.
      const labels = { ...metadata.labels };
      delete labels["sriovnetwork.openshift.io/device-plugin"];
      return { labels, taints: spec?.taints, allocatable: status?.allocatable };
    },
  );
  const { spec } = await read("machineconfiguration.openshift.io/v1", "MachineConfigPool", "worker");
  const configs = await api.list("machineconfiguration.openshift.io/v1", "MachineConfig");
  const own = configs.items.map((item) => item.metadata?.name).filter((name) => !name?.startsWith("rendered-"));
  const { configuration, ...rest } = spec ?? {};
  // The SR-IOV operator writes false after its own drains, which is the default.
  if (rest.paused === false) delete rest.paused;
  const sources = (configuration as { source?: { name: string }[] }).source?.map((source) => source.name);
  const singletons = await Promise.all(
    [
      ["sriovnetwork.openshift.io/v1", "SriovOperatorConfig"],
      ["cilium.io/v1alpha1", "CiliumConfig"],
    ].map(async ([apiVersion = "", kind = ""]) =>
      (await api.list(apiVersion, kind)).items.map((item) => item.metadata?.name),
    ),
  );
  return JSON.stringify({ seen, rest, sources, own: own.sort(), singletons }, null, 1);
}
