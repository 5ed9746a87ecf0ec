import type { KubernetesObject } from "../../model";

/** Where OpenShift's settings for monitoring of users' projects are written down. */
export const userWorkload = "openshift/cluster-monitoring-operator assets/prometheus-user-workload/prometheus.yaml";

/**
 * Whether the namespace is known and none of the platform's own: OpenShift's monitoring of users' projects has it then,
 * unless its label openshift.io/cluster-monitoring says otherwise.
 */
export function isUserProject({ metadata }: KubernetesObject): boolean {
  return typeof metadata.namespace === "string" && !/^(openshift-|kube-|default$)/.test(metadata.namespace);
}
