import { z } from "zod";
import { isAddress } from "../addresses";
import { type AddressRange, rangeBetween, rangeOfNetwork } from "../ranges";
import { distinct, DnsLabel, namespacedName, NetworkCidr, StringMap } from "./common";

const Address = z.string().refine(isAddress, { error: (issue) => `${JSON.stringify(issue.input)} is not an address.` });

/** A part of a pool: a network, or addresses from one to another. */
export const PoolBlock = z
  .strictObject({
    cidr: NetworkCidr.optional().describe("A network."),
    start: Address.optional().describe("First address of a range."),
    stop: Address.optional().describe("Last address of the range; the first alone unless given."),
  })
  .superRefine(({ cidr, start, stop }, context) => {
    const report = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if ((cidr === undefined) === (start === undefined)) report([], "Must be either a `cidr` or begin at `start`.");
    else if (stop !== undefined && start === undefined) report(["stop"], "Goes with `start` only.");
    else if (start !== undefined && !rangeBetween(start, stop ?? start)) report(["stop"], "Must not be below `start`.");
  });
export type PoolBlock = z.infer<typeof PoolBlock>;

/** The addresses of a block. */
export function blockRange({ cidr, start = "", stop = start }: PoolBlock): AddressRange | undefined {
  return cidr === undefined ? rangeBetween(start, stop) : rangeOfNetwork(cidr);
}

/** Addresses for Services of type LoadBalancer. */
export const LoadBalancerPool = z.strictObject({
  name: DnsLabel.describe("Name of the pool; also value of the label `pulumi-ove/pool` of the Services that use it."),
  blocks: z.array(PoolBlock).min(1).describe("Its addresses."),
  allowFirstLastIPs: z
    .boolean()
    .default(false)
    .describe("Also gives out the first and last address of each network; false unless given."),
});
export type LoadBalancerPool = z.infer<typeof LoadBalancerPool>;

/** Announces addresses by ARP and neighbour discovery on the nodes' own network. */
export const L2Announcement = z.strictObject({
  name: DnsLabel.describe("Name of the policy."),
  pools: z.array(DnsLabel).min(1).describe("Pools whose addresses are announced."),
  interfaces: z
    .array(z.string().min(1))
    .default([])
    .describe("Regular expressions for names of the nodes' interfaces, such as `^br-ex$`; all unless given."),
  nodeSelector: StringMap.default({}).describe("Labels of the nodes that announce; all unless given."),
});

const Asn = z.int().min(1).max(4294967295);

/** A router at the other end of a BGP session. */
export const BgpPeer = z.strictObject({
  name: DnsLabel.describe("Name of the peer."),
  address: Address.describe("Its address."),
  asn: Asn.describe("Number of its autonomous system."),
  holdTimeSeconds: z.int().min(3).max(65535).default(90).describe("Hold time in seconds; 90 unless given."),
  keepAliveTimeSeconds: z.int().min(1).max(65535).default(30).describe("Keep-alive time in seconds; 30 unless given."),
  ebgpMultihop: z.int().min(1).max(255).default(1).describe("How many hops away the router may be; 1 unless given."),
  authSecret: DnsLabel.optional().describe("Secret in Cilium's namespace whose key `password` is the session's."),
});

/** Announces addresses to routers. */
export const BgpAnnouncement = z
  .strictObject({
    name: DnsLabel.describe("Name of the instance."),
    pools: z.array(DnsLabel).min(1).describe("Pools whose addresses are announced."),
    localASN: Asn.describe("Number of the cluster's autonomous system."),
    peers: distinct(BgpPeer).min(1).describe("The routers."),
    nodeSelector: StringMap.default({}).describe("Labels of the nodes that speak BGP; all unless given."),
  })
  .superRefine(({ peers }, context) =>
    peers.forEach(({ holdTimeSeconds, keepAliveTimeSeconds }, index) => {
      if (keepAliveTimeSeconds <= holdTimeSeconds) return;
      const path = ["peers", index, "keepAliveTimeSeconds"];
      context.addIssue({ code: "custom", path, message: "Must not be above the hold time." });
    }),
  );

/** A port of a Service. */
export const ServicePort = z.strictObject({
  name: DnsLabel.optional().describe("Name of the port; needed where there are several."),
  port: z.int().min(1).max(65535).describe("Port at the load balancer."),
  targetPort: z.int().min(1).max(65535).optional().describe("Port of the machine or pod; the same unless given."),
  protocol: z.enum(["TCP", "UDP", "SCTP"]).default("TCP").describe("Protocol; TCP unless given."),
});

/** An address outside of the cluster for machines or pods. */
export const LoadBalancerService = z
  .strictObject({
    name: DnsLabel.describe("Name of the Service."),
    namespace: DnsLabel.describe("Its namespace."),
    pool: DnsLabel.describe("Pool that its address comes from."),
    selector: StringMap.refine((labels) => Object.keys(labels).length > 0, { error: "Must not be empty." }).describe(
      "Labels of the pods behind it; of a machine, those of its template.",
    ),
    ports: z.array(ServicePort).min(1).describe("Its ports."),
    addresses: z.array(Address).default([]).describe("Addresses that it gets; any of the pool unless given."),
    sharingKey: z
      .string()
      .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/, "Must be letters, digits, hyphens and dots.")
      .optional()
      .describe("Services with the same key share an address; their ports must differ."),
    externalTrafficPolicy: z
      .enum(["Cluster", "Local"])
      .default("Cluster")
      .describe("`Local` keeps the client's address; not with L2 announcements. Cluster unless given."),
  })
  .superRefine(({ ports }, context) => {
    const nameless = ports.length > 1 ? ports.findIndex(({ name }) => name === undefined) : -1;
    if (nameless < 0) return;
    context.addIssue({ code: "custom", path: ["ports", nameless, "name"], message: "Is required: there are several." });
  });
export type LoadBalancerService = z.infer<typeof LoadBalancerService>;

/** Addresses for Services, who announces them, and the Services. */
export const LoadBalancersArgs = z.strictObject({
  pools: distinct(LoadBalancerPool).min(1).describe("Pools of addresses."),
  l2: distinct(L2Announcement).default([]).describe("Announcements by ARP and neighbour discovery."),
  bgp: distinct(BgpAnnouncement).default([]).describe("Announcements by BGP."),
  services: distinct(LoadBalancerService, namespacedName).default([]).describe("Services of type LoadBalancer."),
});
export type LoadBalancersArgs = z.infer<typeof LoadBalancersArgs>;
