import type { KindRow } from "../row";

const hyperConverged = (parallelMigrationsPerCluster: number) => ({
  metadata: { name: "kubevirt-hyperconverged", namespace: "openshift-cnv" },
  spec: { liveMigrationConfig: { parallelMigrationsPerCluster } },
});

export const virtualizationRows: KindRow[] = [
  {
    token: "ove:virtualization:HyperConverged",
    inputs: hyperConverged(5),
    changed: hyperConverged(6),
    edit: { spec: { liveMigrationConfig: { parallelMigrationsPerCluster: 7 } } },
    drift: "spec.liveMigrationConfig.parallelMigrationsPerCluster",
  },
];
