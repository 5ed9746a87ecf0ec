import { z } from "zod";
import { ciliumMinors } from "../versions";
import { InterfaceName, Mtu, NetworkCidr } from "./common";

/** Minor versions of Cilium that the planned values fit. */
export const CiliumMinor = z.enum(ciliumMinors);
export type CiliumMinor = z.infer<typeof CiliumMinor>;

/** A block of pod addresses, as in the cluster's Network object. */
export const ClusterNetwork = z
  .strictObject({
    cidr: NetworkCidr.refine((cidr) => !cidr.includes(":"), { error: "Must be an IPv4 network." }).describe(
      "The block, for example `10.128.0.0/14`. IPv4 only.",
    ),
    hostPrefix: z.int().min(1).max(32).describe("Prefix length of each node's part, for example 23."),
  })
  .refine(({ cidr, hostPrefix }) => hostPrefix >= Number(cidr.split("/")[1]), {
    path: ["hostPrefix"],
    error: "Must not be shorter than the block's own prefix.",
  });

/** The blocks of pod addresses of a cluster. Cilium knows one size of a node's part only. */
export const ClusterNetworks = z
  .array(ClusterNetwork)
  .min(1)
  .refine((networks) => new Set(networks.map((network) => network.hostPrefix)).size <= 1, {
    error: "All blocks must have the same `hostPrefix`.",
  });

/** Where agents reach the API server without going through its Service. */
export const ApiServer = z.strictObject({
  host: z.string().min(1).describe("Host name or address, `api-int.<base domain>` on OpenShift."),
  port: z.int().min(1).max(65535).default(6443).describe("TCP port, 6443 unless given."),
});

/** WireGuard between nodes. */
export const CiliumEncryption = z.strictObject({
  nodeEncryption: z.boolean().default(false).describe("Also encrypts traffic between nodes themselves (beta)."),
  strictEgress: z
    .boolean()
    .default(false)
    .describe("Drops pod traffic that would leave a node in clear text. IPv4 only, for the first pod network."),
});

/** Hubble, Cilium's observability. */
export const CiliumHubble = z.strictObject({
  relay: z.boolean().default(true).describe("Runs the relay, which sees the flows of all nodes."),
  ui: z
    .boolean()
    .default(false)
    .describe("Runs the web interface, which needs the relay and has no log-in of its own."),
  metrics: z.array(z.string().min(1)).default([]).describe("Metrics, for example `dns:query;ignoreAAAA` or `drop`."),
});

/** Cilium's configuration on OpenShift with virtual machines. */
export const CiliumNetworkArgs = z.strictObject({
  version: CiliumMinor.default("1.20").describe("Minor version of Cilium: 1.18, 1.19 or 1.20 (default)."),
  createNamespace: z
    .boolean()
    .default(false)
    .describe("Makes the namespace `cilium`. It is there already where Cilium was installed with the cluster."),
  clusterNetworks: ClusterNetworks.describe("Blocks of pod addresses; the same as in the Network object."),
  apiServer: ApiServer.describe("Where agents reach the API server."),
  kubeProxyReplacement: z
    .boolean()
    .default(true)
    .describe("Cilium does the work of kube-proxy, which must be off then."),
  encryption: CiliumEncryption.optional().describe("WireGuard encryption; none unless given."),
  deviceMtu: Mtu.default(1500).describe("MTU of the nodes' uplinks in bytes, from which that of pods is computed."),
  devices: z
    .array(InterfaceName)
    .default([])
    .describe(
      "Interfaces that Cilium handles. Name them where nodes have SR-IOV devices; found by Cilium unless given.",
    ),
  hubble: CiliumHubble.prefault({}).describe("Observability."),
  values: z
    .record(z.string(), z.json())
    .default({})
    .describe("Further Helm values, merged last: maps deep, everything else replaced."),
});
export type CiliumNetworkArgs = z.infer<typeof CiliumNetworkArgs>;
