import { z } from "zod";
import { Quantity } from "./common";

/** Sizes of lookup tables that agents know. Source: Cilium pkg/maglev, maglevSupportedTableSizes. */
const TABLE_SIZES = [251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071] as const;

/** How services are balanced. */
export const CiliumLoadBalancer = z.strictObject({
  mode: z
    .enum(["snat", "dsr", "hybrid"])
    .default("snat")
    .describe(
      "`snat` (default): replies return through the node; `dsr`: they go straight to the client; `hybrid`: dsr for TCP.",
    ),
  algorithm: z
    .enum(["random", "maglev"])
    .optional()
    .describe("`maglev` picks the same backend on every node; the preset's unless given."),
  acceleration: z
    .enum(["disabled", "native", "best-effort"])
    .optional()
    .describe(
      "Handles service traffic from outside in the card's driver (XDP); the preset's unless given. Bonds and VLANs cannot.",
    ),
  maglevTableSize: z
    .literal(TABLE_SIZES)
    .default(16381)
    .describe(
      "Entries of each service's table with `maglev`, a prime of at least 100 per backend; 16381 unless given.",
    ),
  maglevHashSeed: z
    .string()
    .regex(/^[A-Za-z0-9+/]{16}$/, "Must be 12 bytes in base64.")
    .optional()
    .describe("Seed of the tables; made from the API server's host unless given, so it never changes by itself."),
  localRedirectPolicies: z
    .boolean()
    .default(false)
    .describe("Lets policies redirect traffic to pods of the same node."),
  l2Announcements: z
    .boolean()
    .default(false)
    .describe("Answers ARP for addresses of load balancers, by CiliumL2AnnouncementPolicy."),
  bgpControlPlane: z.boolean().default(false).describe("Announces addresses to routers, by CiliumBGPClusterConfig."),
  egressGateway: z
    .boolean()
    .default(false)
    .describe("Lets pods leave by addresses of chosen nodes, by CiliumEgressGatewayPolicy."),
});

const Cpu = z.string().regex(/^([1-9]\d*m?|0?\.\d+|[1-9]\d*\.\d+)$/, "Must be a quantity such as 100m.");

const Amounts = z.strictObject({
  cpu: Cpu.optional().describe("Processors, such as `100m`."),
  memory: Quantity.optional().describe("Memory, such as `512Mi`."),
});

/** Requests and limits of a container. */
export const ContainerResources = z.strictObject({
  requests: Amounts.optional().describe("What is set aside."),
  limits: Amounts.optional().describe("What is not exceeded."),
});

/** The sidecar-free mesh: one Envoy on each node. */
export const CiliumMesh = z.strictObject({
  l7Proxy: z.boolean().default(true).describe("Allows policies with HTTP and DNS rules; true unless given."),
  envoyDaemonSet: z
    .boolean()
    .default(true)
    .describe("Runs Envoy in a DaemonSet of its own, so that it survives restarts of agents; true unless given."),
  envoyResources: ContainerResources.optional().describe("Requests and limits of Envoy."),
  envoyConfig: z.boolean().default(false).describe("Serves CiliumEnvoyConfig."),
  gatewayApi: z
    .boolean()
    .default(false)
    .describe("Serves Gateway and HTTPRoute. Their CRDs must be there before agents start."),
});

/** Hubble, Cilium's observability. */
export const CiliumHubble = z.strictObject({
  listenAddress: z
    .string()
    .regex(/^\S*:\d{1,5}$/, "Must be an address with a port such as :4244.")
    .optional()
    .describe("Where agents serve the relay, `:4244` unless given."),
  relay: z.boolean().default(true).describe("Runs the relay, which sees the flows of all nodes."),
  ui: z
    .boolean()
    .default(false)
    .describe("Runs the web interface, which needs the relay and has no log-in of its own."),
  metrics: z
    .array(z.string().regex(/^[A-Za-z0-9-]+(:\S+)?$/, "Must be one metric, `name` or `name:options` without blanks."))
    .default([])
    .describe("Metrics, for example `dns:query;ignoreAAAA` or `drop`, one in each element; served on port 9965."),
});

/** The agents and their operator. */
export const CiliumAgent = z.strictObject({
  resources: ContainerResources.optional().describe("Requests and limits of agents. Limits are better left out."),
  operatorReplicas: z
    .int()
    .min(1)
    .optional()
    .describe("Replicas of the operator, 2 unless given; 1 for a single node."),
});
