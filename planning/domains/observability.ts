import type { ObservabilityArgs } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { CILIUM_NAMESPACE } from "../cilium-values";
import { OBSERVABILITY, planObservability } from "../observability";
import { tokens } from "../tokens";
import type { Domain } from "./domain";

/** What is watched, by what the environment has. */
function observabilityArgs(environment: Environment): ObservabilityArgs | undefined {
  const { observability, cilium, virtualization, fabric, nodePools, machines } = environment;
  if (!observability) return undefined;
  return {
    ...observability,
    cilium: cilium !== undefined,
    hubble: (cilium?.hubble.metrics.length ?? 0) > 0,
    bgp: (environment.loadBalancers?.bgp.length ?? 0) > 0,
    virtualization: virtualization !== undefined || machines.length > 0,
    nodes: nodePools.length > 0,
    vfResources: [...new Set(fabric?.vfPools.map(({ resourceName }) => resourceName))],
  };
}

/** Scraping, alerts and dashboard. */
export const observability: Domain = {
  plans: (environment) => {
    const args = observabilityArgs(environment);
    return args ? [planObservability(args)] : [];
  },
  edges: (environment, edges) => {
    const args = observabilityArgs(environment);
    if (!args) return;
    for (const { id, token } of planObservability(args).objects) {
      if (token === tokens.role || token === tokens.roleBinding) edges.afterNamespace(id, CILIUM_NAMESPACE);
      if (token !== tokens.serviceMonitor && token !== tokens.prometheusRule) continue;
      edges.afterNamespace(id, args.namespace);
      if (token === tokens.serviceMonitor) edges.afterComponent(id, "cilium", "its chart makes the Services");
    }
  },
  references: (environment, report) => {
    const { cilium, observability: given } = environment;
    if (!given || cilium || given.namespace !== "cilium") return;
    report([OBSERVABILITY, "namespace"], "Cilium's namespace is not managed here.", "Name one that Prometheus reads.");
  },
};
