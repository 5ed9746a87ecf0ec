import { namespacedName } from "../../model/arguments";
import { gatewayOf, GATEWAYS, planGateways } from "../gateway";
import { LOAD_BALANCERS } from "../loadbalancing";
import { tokens } from "../tokens";
import type { Domain } from "./domain";
import { checkNamespaces } from "./namespaces";

/** Ways into the cluster for HTTP. */
export const gateway: Domain = {
  plans: ({ gateways }) => (gateways ? [planGateways(gateways)] : []),
  edges: ({ gateways }, edges) => {
    if (!gateways) return;
    for (const { id, token, properties } of planGateways(gateways).objects) {
      if (token === tokens.gate) continue;
      edges.afterNamespace(id, (properties.metadata as { namespace: string }).namespace);
      if (token !== tokens.gateway) continue;
      edges.afterComponent(id, "cilium", "Cilium's operator serves gateways");
      edges.afterComponent(id, LOAD_BALANCERS, "its address comes from a pool");
    }
  },
  references: (environment, report) => {
    const { cilium, gateways, loadBalancers } = environment;
    if (!gateways) return;
    if (cilium && gateways.gateways.length > 0 && !cilium.mesh.gatewayApi) {
      report(["gateways", "gateways"], "Cilium does not serve Gateway API.", "Set `cilium.mesh.gatewayApi`.");
    }
    const pools = new Set(loadBalancers?.pools.map(({ name }) => name));
    gateways.gateways.forEach(({ pool }, index) => {
      if (pool === undefined || pools.has(pool)) return;
      const fix = "Add it to `loadBalancers.pools`.";
      report(["gateways", "gateways", index, "pool"], `There is no pool "${pool}".`, fix);
    });
    const known = new Map(gateways.gateways.map((each) => [namespacedName(each), each]));
    gateways.routes.forEach((route, index) => {
      const where = [GATEWAYS, "routes", index];
      const parent = known.get(gatewayOf(route));
      if (parent === undefined) {
        report([...where, "gateway"], `There is no gateway "${gatewayOf(route)}".`, "Add it to `gateways.gateways`.");
        return;
      }
      if (parent.routesFrom === "Same" && parent.namespace !== route.namespace) {
        report(
          [...where, "gatewayNamespace"],
          "The gateway takes routes of its own namespace.",
          "Set its `routesFrom`.",
        );
      }
      if (route.listener !== undefined && !parent.listeners.some(({ name }) => name === route.listener)) {
        report([...where, "listener"], `The gateway has no listener "${route.listener}".`, "Correct the name.");
      }
    });
    checkNamespaces(environment, [GATEWAYS, "gateways"], gateways.gateways, report);
    checkNamespaces(environment, [GATEWAYS, "routes"], gateways.routes, report);
    checkNamespaces(environment, [GATEWAYS, "backends"], gateways.backends, report);
  },
};
