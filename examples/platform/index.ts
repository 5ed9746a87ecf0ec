import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const platform = new ove.Platform(
  "platform",
  {
    name: "lab",
    cluster: {
      openshift: "4.20",
      kubevirt: "1.8",
      apiServer: { host: "api-int.lab.example" },
      clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
    },
    nodePools: [{ name: "worker", machineCount: 3, iommu: "intel" }],
    cilium: { encryption: { strictEgress: true } },
    tenants: [{ name: "shop", namespaces: [{ name: "shop-web" }] }],
    machines: [
      {
        name: "frontend",
        namespace: "shop-web",
        memory: "4Gi",
        rootDisk: { source: "containerDisk", image: "quay.io/containerdisks/fedora:42" },
        nics: [{ binding: "masquerade" }],
      },
    ],
  },
  { provider },
);

export const { machines, networks, ready } = platform;
