import type { InventoryNode, JsonObject, KubernetesObject, Nic } from "../../model";

export const sriovNamespace = "openshift-sriov-network-operator";

/** A ConnectX-5, unless told otherwise. */
export function nic(more: Partial<Nic> = {}): Nic {
  return {
    name: "ens1f0",
    pciAddress: "0000:3b:00.0",
    vendor: "15b3",
    deviceID: "1017",
    driver: "mlx5_core",
    mac: "04:3f:72:00:00:01",
    totalVfs: 8,
    ...more,
  };
}

export const intel = nic({
  name: "ens2f0",
  pciAddress: "0000:5e:00.0",
  vendor: "8086",
  deviceID: "158b",
  totalVfs: 64,
});

export function worker(name: string, nics: Nic[] = [nic(), intel], labels?: Record<string, string>): InventoryNode {
  return { name, role: "worker", cpus: 8, memory: "32Gi", nics, ...(labels ? { labels } : {}) };
}

/** A policy for four functions of `ens1f0` on all workers, unless told otherwise. */
export function policy(name: string, spec: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "sriovnetwork.openshift.io/v1",
    kind: "SriovNetworkNodePolicy",
    metadata: { name, namespace: sriovNamespace },
    spec: {
      resourceName: name,
      numVfs: 4,
      nodeSelector: { "node-role.kubernetes.io/worker": "" },
      nicSelector: { pfNames: ["ens1f0"] },
      ...spec,
    },
  };
}
