import type { KubernetesObject } from "../../model";
import type { Violation } from "../rule";

/** The operator's namespace on OpenShift; it reads its own objects nowhere else. */
export const operatorNamespace = "openshift-sriov-network-operator";

/** An object of the operator that is in another namespace: accepted and ignored. */
export function ignoredElsewhere({ metadata }: KubernetesObject): Violation[] {
  if (typeof metadata.namespace !== "string" || metadata.namespace === operatorNamespace) return [];
  const message = `The SR-IOV operator ignores objects in namespace "${metadata.namespace}".`;
  return [{ path: ["metadata", "namespace"], message, fix: `Use ${operatorNamespace}.` }];
}
