import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const volumes = new ove.Images(
  "images",
  {
    images: [
      {
        name: "fedora",
        namespace: "shop-data",
        source: { from: "registry", url: "docker://quay.io/containerdisks/fedora:42" },
        size: "30Gi",
      },
      { name: "database-root", namespace: "shop-data", source: { from: "volume", name: "fedora" } },
      { name: "database-data", namespace: "shop-data", source: { from: "blank" }, size: "200Gi" },
    ],
  },
  { provider },
);

export const { images, ready } = volumes;
