import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const fabric = new ove.SriovFabric(
  "fabric",
  {
    vfPools: [
      {
        name: "machines",
        resourceName: "machines",
        nodePool: "worker",
        nodes: 3,
        pfs: ["ens1f0"],
        vendor: "15b3",
        numVfs: 8,
        vfs: { first: 0, last: 5 },
      },
      {
        name: "pods",
        resourceName: "pods",
        nodePool: "worker",
        nodes: 3,
        pfs: ["ens1f0"],
        vendor: "15b3",
        numVfs: 8,
        vfs: { first: 6, last: 7 },
        deviceType: "netdevice",
      },
    ],
    networks: [{ name: "fast", namespace: "shop-web", resourceName: "machines", vlan: 200 }],
  },
  { provider },
);

export const { resources, networks, ready } = fabric;
