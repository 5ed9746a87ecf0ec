import type { z } from "zod";
import type { Environment } from "../../model/environment";

type Input = z.input<typeof Environment>;

/** A whole environment, as users write it. */
export const full: Input = {
  name: "test",
  cluster: {
    openshift: "4.20",
    kubevirt: "1.8",
    apiServer: { host: "api-int.test.example" },
    clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  },
  nodePools: [
    { name: "worker", machineCount: 3, iommu: "intel", hugepages: { size: "1Gi", count: 8 } },
    { name: "dpdk", machineCount: 2, kernelArguments: ["nosmt"] },
    { name: "master", machineCount: 3, maxUnavailable: 1 },
  ],
  cilium: { encryption: { strictEgress: true } },
  fabric: {
    vfPools: [
      { name: "fast", resourceName: "fast", nodePool: "worker", pfs: ["ens1f0"], numVfs: 4 },
      { name: "slow", resourceName: "slow", nodePool: "dpdk", pfs: ["ens2f0", "ens2f1"], numVfs: 2, nodes: 1 },
    ],
    networks: [
      { name: "storage", namespace: "web", resourceName: "fast" },
      { name: "backup", namespace: "db", resourceName: "slow", vlan: 7 },
    ],
  },
  namespaces: [{ name: "web", labels: { team: "web", stage: "test" } }, { name: "db" }],
  networks: [
    { name: "tenant", namespace: "web", type: "bridge", bridge: "br-tenant" },
    { name: "tenant", namespace: "db", type: "bridge", bridge: "br-tenant", vlan: 5 },
  ],
  machines: [
    {
      name: "frontend",
      namespace: "web",
      memory: "4Gi",
      hugepages: "1Gi",
      labels: { app: "web", tier: "front" },
      rootDisk: { source: "containerDisk", image: "image" },
      nics: [
        { binding: "masquerade" },
        { name: "tenant", binding: "bridge", network: "tenant" },
        { name: "storage", binding: "sriov", network: "web/storage" },
      ],
    },
    {
      name: "plain",
      namespace: "db",
      memory: "1Gi",
      rootDisk: { source: "dataVolume", name: "plain-root" },
      nics: [{ binding: "masquerade" }],
    },
  ],
};
