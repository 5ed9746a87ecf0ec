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
