import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const database = new ove.Machine(
  "database",
  {
    environment: "prod",
    name: "database",
    namespace: "shop-data",
    labels: { app: "database" },
    cpu: { cores: 4 },
    memory: "8Gi",
    rootDisk: { source: "dataVolume", name: "database-root", bootOrder: 1 },
    disks: [{ name: "data", source: "blank", size: "200Gi", serial: "data" }],
    nics: [
      { binding: "masquerade" },
      { name: "storage", binding: "bridge", network: "storage", addresses: ["10.0.200.50/24"] },
    ],
  },
  { provider },
);

export const { macAddresses, ready } = database;
