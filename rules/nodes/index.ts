import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { fileRules } from "./files";
import { ignitionRules } from "./ignition";
import { configRules } from "./machine-configs";
import { poolRules } from "./pools";

/** What the machine config operator refuses to render, or its daemon to apply. */
export const machineConfigRules: readonly Rule<KubernetesObject>[] = [...configRules, ...ignitionRules, ...fileRules];

/** What keeps a MachineConfigPool from having its configuration or its nodes. */
export const machineConfigPoolRules: readonly Rule<KubernetesObject>[] = poolRules;

export { nodeSetRules } from "./merged";
export { mergeIgnition, mergeMachineConfigs, mergeOrder, mergedSize } from "./merge";
export type { MergedMachineConfig } from "./merge";
export { containerRuntimeConfigRules } from "./container-runtime";
export { machineConfigurationRules } from "./disruption-policy";
export { kubeletConfigRules } from "./kubelet";
export { nodeLabelRules } from "./labels";
export { commonCpus, parseCpuSet } from "./cpu-set";
export { performanceProfileRules } from "./performance-profile";
export { tunedRules, tuningNamespace } from "./tuned";
