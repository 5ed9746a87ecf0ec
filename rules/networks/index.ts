import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { envelopeRules } from "./envelope";
import { keyRules } from "./plugin-keys";
import { pluginRules } from "./plugin-rules";

/** What the admission controller refuses, and what fails or is ignored when a pod starts. */
export const attachmentRules: readonly Rule<KubernetesObject>[] = [...envelopeRules, ...keyRules, ...pluginRules];
