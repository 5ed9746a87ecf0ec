import type { JsonObject, Plan } from "../model";
import { type GatewayArgs, type GatewaysArgs, namespacedName, type RouteArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { POOL_LABEL } from "./loadbalancing";
import { tokens } from "./tokens";

export { GatewaysArgs } from "../model/arguments";

/** Id of the component in a plan. */
export const GATEWAYS = "gateways";

/** The class that Cilium's operator makes. */
const CLASS = "cilium";

function gatewaySpec({ pool, address, listeners, routesFrom }: GatewayArgs): JsonObject {
  return {
    gatewayClassName: CLASS,
    // The Service that Cilium makes for the gateway gets these labels.
    infrastructure: pool === undefined ? undefined : { labels: { [POOL_LABEL]: pool } },
    addresses: address === undefined ? undefined : [{ type: "IPAddress", value: address }],
    listeners: listeners.map(({ name, port, protocol, hostname, certificate }) => ({
      name,
      port,
      protocol,
      hostname,
      tls: certificate === undefined ? undefined : { mode: "Terminate", certificateRefs: [{ name: certificate }] },
      allowedRoutes: { namespaces: { from: routesFrom } },
    })),
  };
}

function routeSpec({ gateway, gatewayNamespace, listener, hostnames, rules, namespace }: RouteArgs): JsonObject {
  const foreign = gatewayNamespace !== undefined && gatewayNamespace !== namespace;
  return {
    parentRefs: [{ name: gateway, namespace: foreign ? gatewayNamespace : undefined, sectionName: listener }],
    hostnames: hostnames.length > 0 ? hostnames : undefined,
    rules: rules.map(({ path, method, service, port }) => ({
      matches: [{ path: { type: "PathPrefix", value: path }, method }],
      backendRefs: [{ name: service, port }],
    })),
  };
}

/** `namespace/name` of the gateway of a route. */
export function gatewayOf({ gateway, gatewayNamespace, namespace }: RouteArgs): string {
  return namespacedName({ namespace: gatewayNamespace ?? namespace, name: gateway });
}

/** Gateways, the Services behind them, and routes from the ones to the others. */
export function planGateways({ gateways, routes, backends }: GatewaysArgs): Plan {
  const plan = new PlanBuilder(GATEWAYS, tokens.gateways);
  const made = new Map<string, string>();
  for (const each of gateways) {
    const { name, namespace } = each;
    const id = plan.add(`gateway/${namespace}/${name}`, tokens.gateway, {
      metadata: { name, namespace },
      spec: gatewaySpec(each),
    });
    made.set(`gateway ${namespacedName(each)}`, id);
  }
  for (const { name, namespace, selector, ports } of backends) {
    const id = plan.add(`backend/${namespace}/${name}`, tokens.service, {
      metadata: { name, namespace },
      spec: { selector, ports: ports.map((port) => ({ ...port, targetPort: port.targetPort ?? port.port })) },
    });
    made.set(`service ${namespacedName({ name, namespace })}`, id);
  }
  for (const route of routes) {
    const { name, namespace, rules } = route;
    const id = plan.add(`route/${namespace}/${name}`, tokens.httpRoute, {
      metadata: { name, namespace },
      spec: routeSpec(route),
    });
    const gateway = made.get(`gateway ${gatewayOf(route)}`);
    if (gateway) plan.after(id, gateway, "a route is taken by a gateway that is there");
    for (const service of new Set(rules.map((rule) => rule.service))) {
      const backend = made.get(`service ${namespacedName({ namespace, name: service })}`);
      if (backend) plan.after(id, backend, "its references are resolved when the Service is there");
    }
  }
  return plan.build();
}
