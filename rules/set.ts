import type { KubernetesObject } from "../model";
import { machineSetRules } from "./machines";
import { networkSetRules } from "./networks";
import { policySetRules } from "./policies/dns-set";
import { nodeSetRules } from "./nodes";
import type { Rule } from "./rule";
import { sriovFabricRules } from "./sriov";

/**
 * Rules on all objects of a plan or of a folder of manifests together. The first step of a violation's path is the
 * index of the object concerned.
 */
export const setRules: readonly Rule<readonly KubernetesObject[]>[] = [
  ...sriovFabricRules,
  ...networkSetRules,
  ...policySetRules,
  ...nodeSetRules,
  ...machineSetRules,
];
