import type { KubernetesObject } from "../../model";
import { objectAt, objectsAt } from "../../rules/read";
import type { Verdict, Watch } from "../kind";
import { ready, waiting } from "./verdict";

/** The endpoints of a service, in any namespace. */
export function endpointsWatch(id: string, service: string): Watch {
  return {
    id,
    apiVersion: "discovery.k8s.io/v1",
    plural: "endpointslices",
    labelSelector: `kubernetes.io/service-name=${service}`,
  };
}

/** Ready when a pod stands behind the service. Source: discovery/v1: an endpoint whose readiness is unknown counts. */
export function endpointsReady(slices: readonly KubernetesObject[], service: string): Verdict {
  const endpoints = slices.flatMap((slice) => objectsAt(slice, "endpoints"));
  if (endpoints.some((endpoint) => objectAt(endpoint, "conditions").ready !== false)) return ready;
  const seen = endpoints.length > 0 ? `${endpoints.length} pods, none ready` : "no pod";
  return waiting(`the service ${service} has a ready pod`, seen);
}
