import { z } from "zod";
import { isAddress } from "../addresses";
import { distinct, DnsLabel, namespacedName } from "./common";
import { LoadBalancerService } from "./loadbalancing";

const HostName = z
  .string()
  .max(253)
  .regex(
    /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    "Must be a host name such as www.example.com.",
  );

/** A port on which a gateway takes requests. */
export const GatewayListener = z
  .strictObject({
    name: DnsLabel.describe("Name of the listener."),
    port: z.int().min(1).max(65535).describe("Its port."),
    protocol: z.enum(["HTTP", "HTTPS"]).default("HTTP").describe("HTTP unless given; HTTPS ends at the gateway."),
    hostname: HostName.optional().describe(
      "Host name of the requests; all unless given. `*.` stands for one or more parts.",
    ),
    certificate: DnsLabel.optional().describe("TLS Secret in the gateway's namespace; needed for HTTPS."),
  })
  .refine(({ protocol, certificate }) => (protocol === "HTTPS") === (certificate !== undefined), {
    path: ["certificate"],
    error: "Belongs to HTTPS, which needs it.",
  });

/** A way into the cluster, served by Cilium on its nodes. */
export const GatewayArgs = z.strictObject({
  name: DnsLabel.describe("Name of the gateway."),
  namespace: DnsLabel.describe("Its namespace."),
  pool: DnsLabel.optional().describe("Pool that its address comes from; any that is open to all unless given."),
  address: z
    .string()
    .refine(isAddress, { error: "Must be an address." })
    .optional()
    .describe("Its address; any of the pool unless given."),
  listeners: distinct(GatewayListener)
    .refine((list) => list.length > 0, { error: "Must not be empty." })
    .describe("Its ports."),
  routesFrom: z
    .enum(["Same", "All"])
    .default("Same")
    .describe("Namespaces whose routes it takes: its own (`Same`, default) or `All`."),
});
export type GatewayArgs = z.infer<typeof GatewayArgs>;

/** Where requests go. */
export const RouteRule = z.strictObject({
  path: z
    .string()
    .regex(/^\//, "Must begin with a slash.")
    .default("/")
    .describe("Beginning of the path; `/` unless given."),
  method: z
    .enum(["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"])
    .optional()
    .describe("Method; all unless given."),
  service: DnsLabel.describe("Service in the route's namespace."),
  port: z.int().min(1).max(65535).describe("Port of the Service."),
});

/** Requests that a gateway hands on. */
export const RouteArgs = z.strictObject({
  name: DnsLabel.describe("Name of the route."),
  namespace: DnsLabel.describe("Its namespace, that of the Services."),
  gateway: DnsLabel.describe("Gateway that it belongs to."),
  gatewayNamespace: DnsLabel.optional().describe("Namespace of the gateway; the route's unless given."),
  listener: DnsLabel.optional().describe("Listener of the gateway; all unless given."),
  hostnames: z.array(HostName).default([]).describe("Host names; those of the listeners unless given."),
  rules: z.array(RouteRule).min(1).describe("Where requests go; the longest path wins."),
});
export type RouteArgs = z.infer<typeof RouteArgs>;

/** An address inside of the cluster for machines or pods, for routes to name. */
export const BackendArgs = z.strictObject({
  name: LoadBalancerService.shape.name,
  namespace: LoadBalancerService.shape.namespace,
  selector: LoadBalancerService.shape.selector,
  ports: LoadBalancerService.shape.ports,
});

/** Ways into the cluster for HTTP. */
export const GatewaysArgs = z.strictObject({
  gateways: distinct(GatewayArgs, namespacedName).default([]).describe("The gateways."),
  routes: distinct(RouteArgs, namespacedName).default([]).describe("What they hand on."),
  backends: distinct(BackendArgs, namespacedName).default([]).describe("Services in front of machines or pods."),
});
export type GatewaysArgs = z.infer<typeof GatewaysArgs>;
