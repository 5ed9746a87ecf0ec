import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { certificateRules } from "./certificates";
import { identityRules } from "./identity";
import { settingRules } from "./settings";

/** What the operator's webhook refuses of a HyperConverged, and what the operator ignores. */
export const hyperConvergedRules: readonly Rule<KubernetesObject>[] = [
  ...identityRules,
  ...certificateRules,
  ...settingRules,
];
