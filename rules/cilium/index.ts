import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { allowedRules } from "./allowed";
import { datapathRules } from "./datapath";
import { encryptionRules } from "./encryption";
import { platformRules } from "./platform";

/** What Cilium's chart or its agents refuse, and what they accept without effect or without protection. */
export const ciliumConfigRules: readonly Rule<KubernetesObject>[] = [
  ...allowedRules,
  ...encryptionRules,
  ...datapathRules,
  ...platformRules,
];
