import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const workers = new ove.NodePool(
  "worker",
  {
    name: "worker",
    machineCount: 3,
    iommu: "intel",
    units: [{ name: "openvswitch.service", enabled: true }],
    files: [{ path: "/etc/modules-load.d/vfio-pci.conf", mode: "0644", content: "vfio-pci\n" }],
  },
  { provider },
);

// Nodes of this pool take what workers boot with as well, so it rolls out after them.
const fast = new ove.NodePool(
  "fast",
  {
    name: "fast",
    machineCount: 2,
    nodes: ["worker-3", "worker-4"],
    taints: [{ key: "example.com/fast", effect: "NoSchedule" }],
    hugepages: { size: "1Gi", count: 16 },
    performance: { reserved: "0-1,16-17", isolated: "2-15,18-31", topologyPolicy: "single-numa-node" },
  },
  { provider, dependsOn: [workers] },
);

export const { machineConfigs } = workers;
export const { ready } = fast;
