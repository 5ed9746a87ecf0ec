import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { networkRules } from "./networks";
import { operatorConfigRules } from "./operator-config";
import { policyRules } from "./policies";
import { selectorRules } from "./selectors";

/** What the operator's webhook refuses of its own configuration, and what it ignores. */
export const sriovOperatorConfigRules: readonly Rule<KubernetesObject>[] = operatorConfigRules;

/** The static rules of the operator's webhook, and what it accepts without effect. */
export const sriovNetworkNodePolicyRules: readonly Rule<KubernetesObject>[] = [...policyRules, ...selectorRules];

/** Networks are not validated by the operator at all: what makes their attachment fail or never appear. */
export const sriovNetworkRules: readonly Rule<KubernetesObject>[] = networkRules;
