/** Label that says which pool a MachineConfig is for. */
export const roleLabel = "machineconfiguration.openshift.io/role";

/** Pools that OpenShift makes itself. */
export const builtInPools: readonly string[] = ["master", "worker", "arbiter"];
