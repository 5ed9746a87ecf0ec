import type { CiliumNetworkArgs } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { planCilium } from "../cilium";
import type { Domain } from "./domain";

/** What the cluster's facts add to the arguments of Cilium's component. */
function ciliumArgs({ cluster }: Environment, cilium: NonNullable<Environment["cilium"]>): CiliumNetworkArgs {
  const { cilium: version, clusterNetworks, apiServer } = cluster;
  return { ...cilium, version, clusterNetworks, apiServer };
}

/** Cilium as the cluster's network. */
export const cilium: Domain = {
  plans: (environment) => (environment.cilium ? [planCilium(ciliumArgs(environment, environment.cilium))] : []),
  edges: ({ nodePools }, edges) => {
    const reason = "agents restart after the pool's reboots, so that no node loses its network twice at once";
    for (const { name } of nodePools) edges.afterComponent("cilium/config", `nodes/${name}`, reason);
  },
};
