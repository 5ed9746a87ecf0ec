import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { agentRules, configMapRules } from "./cilium-agent";
import { serviceRules } from "./services";

/** Rules on Kubernetes' own kinds, by `apiVersion/kind`: places where operators' settings are put that belong elsewhere. */
export const builtInRules: Readonly<Record<string, readonly Rule<KubernetesObject>[]>> = {
  "v1/ConfigMap": configMapRules,
  "v1/Service": serviceRules,
  "apps/v1/DaemonSet": agentRules,
};
