import type { JsonObject, KubernetesObject } from "../../model";

/** What a simulated operator deploys: one container that kwok runs. */
export interface Workload {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  owner?: KubernetesObject;
}

/** A reference with which the API server removes an object together with its owner. */
export function ownerReference(owner: KubernetesObject): JsonObject {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", controller: true };
}

function metadata({ name, namespace, labels, owner }: Workload): KubernetesObject["metadata"] {
  return { name, namespace, labels, ...(owner ? { ownerReferences: [ownerReference(owner)] } : {}) };
}

function template(name: string, nodeSelector: JsonObject, hostNetwork: boolean): JsonObject {
  return {
    metadata: { labels: { name } },
    spec: {
      hostNetwork,
      nodeSelector,
      tolerations: [{ operator: "Exists" }],
      containers: [{ name, image: `sandbox.invalid/${name}:1` }],
    },
  };
}

/** A DaemonSet on the selected nodes. */
export function daemonSet(workload: Workload, nodeSelector: JsonObject): KubernetesObject {
  const { name } = workload;
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: metadata(workload),
    spec: { selector: { matchLabels: { name } }, template: template(name, nodeSelector, true) },
  };
}

/** A Deployment of one pod. */
export function deployment(workload: Workload): KubernetesObject {
  const { name } = workload;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(workload),
    spec: { replicas: 1, selector: { matchLabels: { name } }, template: template(name, {}, false) },
  };
}

/** The service in front of a Deployment. */
export function service(workload: Workload): KubernetesObject {
  const { name } = workload;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(workload),
    spec: { selector: { name }, ports: [{ name: "https", port: 443, targetPort: 9443 }] },
  };
}
