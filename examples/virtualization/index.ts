import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const virtualization = new ove.Virtualization(
  "virtualization",
  {
    evictionStrategy: "LiveMigrate",
    parallelMigrationsPerCluster: 4,
    instanceTypes: [
      { name: "small", cpus: 2, memory: "4Gi" },
      { name: "database", cpus: 8, memory: "32Gi", dedicated: true, hugepages: "1Gi" },
    ],
    migrationClasses: [{ name: "databases", machines: { tier: "database" }, bandwidth: "512Mi", allowPostCopy: false }],
  },
  { provider },
);

export const { instanceTypes, ready } = virtualization;
