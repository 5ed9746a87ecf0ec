import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { dataVolumeRules } from "./data-volumes";
import { machineRules } from "./machine";
import { networkRules } from "./networks";
import { storageRules } from "./storage";

/** What KubeVirt's webhooks refuse, and what they accept and never runs. */
export const virtualMachineRules: readonly Rule<KubernetesObject>[] = [
  ...machineRules,
  ...networkRules,
  ...storageRules,
  ...dataVolumeRules,
];
