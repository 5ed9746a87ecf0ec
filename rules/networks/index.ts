import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { chainedRules } from "./chained";
import { envelopeRules } from "./envelope";
import { operatorRules } from "./operator";
import { keyRules } from "./plugin-keys";
import { pluginRules } from "./plugin-rules";
import { otherwiseRules } from "./works-otherwise";

/** What the admission controller refuses, and what fails or is ignored when a pod starts. */
export const attachmentRules: readonly Rule<KubernetesObject>[] = [
  ...envelopeRules,
  ...keyRules,
  ...pluginRules,
  ...chainedRules,
  ...otherwiseRules,
];

/** What the network operator cannot carry out. */
export const networkOperatorRules: readonly Rule<KubernetesObject>[] = operatorRules(attachmentRules);

export { multiNetworkPolicyRules } from "./policies";
export { networkSetRules } from "./attachments-set";
