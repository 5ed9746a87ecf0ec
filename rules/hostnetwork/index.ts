import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { addressRules } from "./addresses";
import { interfaceRules } from "./interfaces";
import { policyRules } from "./policies";
import { portRules } from "./ports";
import { vlanRules } from "./vlans";

export { nmstateRules } from "./nmstate";

/** What the admission policy refuses of a policy, and what nmstate refuses on every node or ignores. */
export const nodeNetworkConfigurationPolicyRules: readonly Rule<KubernetesObject>[] = [
  ...policyRules,
  ...interfaceRules,
  ...portRules,
  ...vlanRules,
  ...addressRules,
];
