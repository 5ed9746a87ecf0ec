import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { hardwareRules } from "./hardware";
import { ibNetworkRules, networkRules, ovsNetworkRules as ovsRules } from "./networks";
import { operatorConfigRules } from "./operator-config";
import { policyRules } from "./policies";
import { poolRules } from "./pools";
import { selectorRules } from "./selectors";

/** What the operator's webhook refuses of its own configuration, and what it ignores. */
export const sriovOperatorConfigRules: readonly Rule<KubernetesObject>[] = operatorConfigRules;

/** The rules of the operator's webhook, and what it accepts without effect. */
export const sriovNetworkNodePolicyRules: readonly Rule<KubernetesObject>[] = [
  ...policyRules,
  ...selectorRules,
  ...hardwareRules,
];

/** Networks are not validated by the operator at all: what makes their attachment fail or never appear. */
export const sriovNetworkRules: readonly Rule<KubernetesObject>[] = networkRules;

/** InfiniBand networks are rendered like the others. */
export const sriovIBNetworkRules: readonly Rule<KubernetesObject>[] = ibNetworkRules;

/** Networks of Open vSwitch are rendered like the others. */
export const ovsNetworkRules: readonly Rule<KubernetesObject>[] = ovsRules;

/** What the webhook refuses of a pool, and what works differently than one would think. */
export const sriovNetworkPoolConfigRules: readonly Rule<KubernetesObject>[] = poolRules;

export { sriovFabricRules } from "./fabric";
