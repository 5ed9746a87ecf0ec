import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { allowedRules } from "./allowed";
import { conflictRules } from "./conflicts";
import { datapathRules } from "./datapath";
import { encryptionRules } from "./encryption";
import { formerRules } from "./former";
import { platformRules } from "./platform";

export { ciliumNodeConfigRules } from "./node-config";

/** What Cilium's chart or its agents refuse, and what they accept without effect or without protection. */
export const ciliumConfigRules: readonly Rule<KubernetesObject>[] = [
  ...allowedRules,
  ...formerRules,
  ...encryptionRules,
  ...datapathRules,
  ...platformRules,
  ...conflictRules,
];
