import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const workers = new ove.NodePool(
  "worker",
  {
    name: "worker",
    machineCount: 3,
    iommu: "intel",
    hugepages: { size: "1Gi", count: 16 },
    units: [{ name: "openvswitch.service", enabled: true }],
    files: [{ path: "/etc/modules-load.d/vfio-pci.conf", mode: "0644", content: "vfio-pci\n" }],
  },
  { provider },
);

export const { machineConfigs, ready } = workers;
