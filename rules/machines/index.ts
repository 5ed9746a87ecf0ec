import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { accessRules } from "./access";
import { claimRules } from "./claims";
import { cpuRules } from "./cpu";
import { dataVolumeTemplateRules } from "./data-volumes";
import { deviceRules } from "./devices";
import { diskRules } from "./disks";
import { firmwareRules } from "./firmware";
import { gateRules } from "./gates";
import { instancetypeUseRules } from "./instancetypes";
import { interfaceRules } from "./interfaces";
import { machineRules } from "./machine";
import { memoryRules } from "./memory";
import { networkRules } from "./networks";
import { podRules } from "./pods";
import { portRules } from "./ports";
import { schedulingRules } from "./scheduling";
import { storageRules } from "./storage";

export { dataVolumeRules } from "./data-volume";
export { instancetypeRules, migrationPolicyRules, preferenceRules } from "./instancetypes";
export { machineSetRules } from "./together-parts";

/** What KubeVirt's webhooks refuse, and what they accept and never runs. */
export const virtualMachineRules: readonly Rule<KubernetesObject>[] = [
  ...machineRules,
  ...cpuRules,
  ...memoryRules,
  ...firmwareRules,
  ...networkRules,
  ...interfaceRules,
  ...portRules,
  ...storageRules,
  ...diskRules,
  ...deviceRules,
  ...claimRules,
  ...accessRules,
  ...podRules,
  ...schedulingRules,
  ...instancetypeUseRules,
  ...gateRules,
  ...dataVolumeTemplateRules,
];
