import type { KubernetesObject } from "../../model";
import { tuningNamespace } from "../../rules";
import type { Related, Watch } from "../kind";

/** The objects that several kinds look at; `id` is the key in `Related`. */
export const watch = {
  pool: (name: string): Watch => ({
    id: "pool",
    apiVersion: "machineconfiguration.openshift.io/v1",
    plural: "machineconfigpools",
    name,
  }),
  pools: { id: "pools", apiVersion: "machineconfiguration.openshift.io/v1", plural: "machineconfigpools" },
  machineConfigs: {
    id: "machineConfigs",
    apiVersion: "machineconfiguration.openshift.io/v1",
    plural: "machineconfigs",
  },
  tuneds: {
    id: "tuneds",
    apiVersion: "tuned.openshift.io/v1",
    plural: "tuneds",
    namespace: tuningNamespace,
  },
  nodes: (labels: Readonly<Record<string, string>> = {}): Watch => {
    const labelSelector = selectorText(labels);
    return { id: "nodes", apiVersion: "v1", plural: "nodes", ...(labelSelector ? { labelSelector } : {}) };
  },
  daemonSet: (namespace: string, name: string): Watch => ({
    id: name,
    apiVersion: "apps/v1",
    plural: "daemonsets",
    namespace,
    name,
  }),
} as const;

/** A label selector in the API's text form. */
export function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** All objects that a watch sees. */
export function all(related: Related, id: string): readonly KubernetesObject[] {
  return related[id] ?? [];
}

/** The one object of a watch by name. */
export function one(related: Related, id: string): KubernetesObject | undefined {
  return related[id]?.[0];
}
