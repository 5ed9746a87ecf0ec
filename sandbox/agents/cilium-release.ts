import { createHash } from "node:crypto";
import type { JsonObject, KubernetesObject } from "../../model";
import { CILIUM_VERSION, configMapData, isOn, textAt } from "./cilium-values";

/** An object of the Helm release and the plural of its kind. */
export interface ReleaseObject {
  resource: string;
  object: KubernetesObject;
}

const partOf = { "app.kubernetes.io/part-of": "cilium" };

/** What the chart makes of these values, as far as somebody waits for it: configuration, agents, operator, Hubble. */
export function ciliumObjects(namespace: string, values: JsonObject): ReleaseObject[] {
  const data = configMapData(values);
  const configMap: KubernetesObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "cilium-config", namespace, labels: partOf },
    data,
  };
  const objects: ReleaseObject[] = [
    { resource: "configmaps", object: configMap },
    { resource: "daemonsets", object: agentDaemonSet(namespace, values, data) },
    { resource: "deployments", object: deployment(namespace, "cilium-operator", replicas(values), true) },
  ];
  if (textAt(values, "envoy.enabled") !== "false" && textAt(values, "l7Proxy") !== "false") {
    objects.push({ resource: "daemonsets", object: daemonSet(namespace, "cilium-envoy", pod("cilium-envoy", true)) });
  }
  if (textAt(values, "hubble.enabled") === "false") return objects;
  for (const part of ["relay", "ui"]) {
    if (!isOn(values, `hubble.${part}.enabled`)) continue;
    objects.push({ resource: "deployments", object: deployment(namespace, `hubble-${part}`, 1, false) });
  }
  return objects;
}

function replicas(values: JsonObject): number {
  return Number(textAt(values, "operator.replicas") || "2");
}

/**
 * The agents. A changed `cilium-config` alone does not restart them: only `rollOutCiliumPods` puts its checksum into
 * the template.
 */
function agentDaemonSet(namespace: string, values: JsonObject, data: Record<string, string>): KubernetesObject {
  const template = pod("cilium", true);
  const host = textAt(values, "k8sServiceHost");
  const environment = host
    ? [
        { name: "KUBERNETES_SERVICE_HOST", value: host },
        { name: "KUBERNETES_SERVICE_PORT", value: textAt(values, "k8sServicePort") },
      ]
    : [];
  const paths = ["binPath", "confPath"].map((key) => ({
    name: key === "binPath" ? "cni-path" : "etc-cni-netd",
    hostPath: { path: textAt(values, `cni.${key}`) || (key === "binPath" ? "/opt/cni/bin" : "/etc/cni/net.d") },
  }));
  const checksum = createHash("sha256").update(JSON.stringify(data)).digest("hex");
  const annotations: Record<string, string> = isOn(values, "rollOutCiliumPods")
    ? { "cilium.io/cilium-configmap-checksum": checksum }
    : {};
  const container = { ...template.spec.containers[0], name: "cilium-agent", env: environment };
  return daemonSet(namespace, "cilium", {
    metadata: { ...template.metadata, annotations },
    spec: { ...template.spec, containers: [container], volumes: paths },
  });
}

interface PodTemplate {
  metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
  spec: { containers: JsonObject[]; hostNetwork: boolean; tolerations: JsonObject[]; volumes?: JsonObject[] };
}

function pod(name: string, hostNetwork: boolean): PodTemplate {
  const image = `quay.io/cilium/${name}:v${CILIUM_VERSION}`;
  return {
    metadata: { labels: { ...partOf, "k8s-app": name } },
    spec: { hostNetwork, tolerations: [{ operator: "Exists" }], containers: [{ name, image }] },
  };
}

function daemonSet(namespace: string, name: string, template: PodTemplate): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace, labels: { ...partOf, "k8s-app": name } },
    spec: {
      selector: { matchLabels: { "k8s-app": name } },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } },
      template: template as unknown as JsonObject,
    },
  };
}

function deployment(namespace: string, name: string, count: number, hostNetwork: boolean): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { ...partOf, "k8s-app": name } },
    spec: {
      replicas: count,
      selector: { matchLabels: { "k8s-app": name } },
      template: pod(name, hostNetwork) as unknown as JsonObject,
    },
  };
}
