import { z } from "zod";
import { ciliumMinors } from "../versions";
import { CiliumAgent, CiliumHubble, CiliumLoadBalancer, CiliumMesh } from "./cilium-parts";
import { InterfaceName, Mtu, NetworkCidr } from "./common";

/** Minor versions of Cilium that the planned values fit. */
export const CiliumMinor = z.enum(ciliumMinors);
export type CiliumMinor = z.infer<typeof CiliumMinor>;

/** An IPv4 network. */
const Ipv4Cidr = NetworkCidr.refine((cidr) => !cidr.includes(":"), { error: "Must be an IPv4 network." });

/** A block of pod addresses, as in the cluster's Network object. */
export const ClusterNetwork = z
  .strictObject({
    cidr: Ipv4Cidr.describe("The block, for example `10.128.0.0/14`. IPv4 only."),
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

/** Blocks of service addresses. */
export const ServiceNetworks = z.array(Ipv4Cidr).length(1);

/** Where agents reach the API server without going through its Service. */
export const ApiServer = z.strictObject({
  host: z.string().min(1).describe("Host name or address, `api-int.<base domain>` on OpenShift."),
  port: z.int().min(1).max(65535).default(6443).describe("TCP port, 6443 unless given."),
});

/** `id+ algorithm key bits`, as Cilium's documentation makes it. The sign `+` gives each tunnel a key of its own. */
const IPSEC_KEYS = /^([1-9]|1[0-5])\+ rfc4106\(gcm\(aes\)\) ([0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{72}) 128\n?$/;

/** Encryption between nodes. */
export const CiliumEncryption = z.strictObject({
  type: z
    .enum(["wireguard", "ipsec", "none"])
    .optional()
    .describe("`wireguard` where this section is given, otherwise the preset's. Only one of them can be on."),
  nodeEncryption: z
    .boolean()
    .default(false)
    .describe("Also encrypts traffic between nodes themselves (beta); WireGuard only."),
  strictEgress: z
    .boolean()
    .optional()
    .describe(
      "Drops pod traffic that would leave a node in clear text. IPv4 only, for the first pod network; off unless the preset says otherwise.",
    ),
  strictIngress: z
    .boolean()
    .default(false)
    .describe("Drops pod traffic that reaches a node in clear text. WireGuard with tunnels, since Cilium 1.19."),
  ipsecSecret: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "Must be the name of a Secret.")
    .default("cilium-ipsec-keys")
    .describe("Secret in Cilium's namespace whose entry `keys` holds the IPsec key, `cilium-ipsec-keys` unless given."),
  ipsecKeysFrom: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Key in the namespace `ove` of Pulumi's configuration that holds the IPsec key; the Secret is made of it.",
    ),
  ipsecKeys: z
    .string()
    .regex(IPSEC_KEYS, "Must be `<id>+ rfc4106(gcm(aes)) <key in hexadecimal digits> 128`.")
    .optional()
    .describe("The IPsec key itself, as a secret of Pulumi's; the Secret is made of it."),
});

/** How packets travel between nodes. */
export const CiliumRouting = z.strictObject({
  mode: z
    .enum(["tunnel", "native"])
    .optional()
    .describe("In tunnels, or by the network's own routes; the preset's unless given. Not to be changed in operation."),
  tunnelProtocol: z
    .enum(["vxlan", "geneve"])
    .optional()
    .describe("`vxlan` unless direct server return needs `geneve`."),
  nativeCidr: Ipv4Cidr.optional().describe(
    "Block that is reached without masquerading in native mode; the pod network unless given.",
  ),
  directNodeRoutes: z
    .boolean()
    .default(true)
    .describe("In native mode nodes of one segment route to each other. Write false where BGP does."),
});

/** What Cilium does in the kernel beside the service load balancer. */
export const CiliumBpf = z.strictObject({
  masquerade: z.boolean().optional().describe("Masquerades in BPF instead of iptables; the preset's unless given."),
  hostLegacyRouting: z
    .boolean()
    .optional()
    .describe("Routes between pods and node by the kernel's stack instead of BPF; the preset's unless given."),
  bandwidthManager: z
    .boolean()
    .optional()
    .describe("Limits and paces the sending of pods by their annotations; the preset's unless given."),
  bbr: z
    .boolean()
    .default(false)
    .describe("Congestion control BBR for pods; needs the bandwidth manager and kernel 5.18."),
  kernel: z
    .string()
    .regex(/^\d+\.\d+/, "Must be a kernel release such as 6.12.0.")
    .default("5.14")
    .describe("Oldest kernel among the nodes, 5.14 (RHEL 9) unless given; `oc get nodes -o wide` shows it."),
});

/** Cilium's configuration on OpenShift with virtual machines. */
export const CiliumNetworkArgs = z.strictObject({
  version: CiliumMinor.default("1.20").describe("Minor version of Cilium: 1.18, 1.19 or 1.20 (default)."),
  upgradeCompatibility: z
    .string()
    .regex(/^1\.\d+$/, "Must be a minor version such as 1.18.")
    .optional()
    .describe(
      "Minor version that this cluster was installed with; its defaults are kept. The present one unless given.",
    ),
  preset: z
    .enum(["vm-compatible", "secure", "throughput"])
    .default("vm-compatible")
    .describe("Fills what is not given: `vm-compatible` (default), `secure` or `throughput`."),
  management: z
    .enum(["ciliumConfig", "helm"])
    .default("ciliumConfig")
    .describe("By the operator's CiliumConfig (default), or as a Helm release of the open-source chart."),
  chartVersion: z
    .string()
    .regex(/^1\.\d+\.\d+$/, "Must be a release such as 1.20.5.")
    .optional()
    .describe("Release of the chart with `management: helm`; a pinned one of the minor version unless given."),
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
  routing: CiliumRouting.prefault({}).describe("How packets travel between nodes."),
  encryption: CiliumEncryption.optional().describe("Encryption between nodes; the preset's unless given."),
  loadBalancer: CiliumLoadBalancer.prefault({}).describe("How services are balanced."),
  bpf: CiliumBpf.prefault({}).describe("What is done in the kernel."),
  deviceMtu: Mtu.default(1500).describe("MTU of the nodes' uplinks in bytes, from which that of pods is computed."),
  devices: z
    .array(InterfaceName)
    .default([])
    .describe(
      "Interfaces that Cilium handles. Name them where nodes have SR-IOV devices; found by Cilium unless given.",
    ),
  policyEnforcement: z
    .enum(["default", "always", "never"])
    .default("default")
    .describe("`default`: pods that a policy selects; `always`: all, also without a policy; `never`: none."),
  identityLabels: z
    .array(z.string().regex(/^!?\S+$/, "Must be one expression without blanks."))
    .default([])
    .describe(
      "Further expressions for the labels that make identities, `!` excludes. KubeVirt's changing ones always are. Changing it gives all pods new identities.",
    ),
  mesh: CiliumMesh.prefault({}).describe("HTTP policies, Gateway API and the per-node Envoy."),
  metricsServices: z
    .boolean()
    .default(false)
    .describe(
      "Whether agents and operator offer their metrics as Services, as `Observability` needs; in an environment with `observability` they do.",
    ),
  hubble: CiliumHubble.prefault({}).describe("Observability."),
  agent: CiliumAgent.prefault({}).describe("Resources of the agents and replicas of the operator."),
  values: z
    .record(z.string(), z.json())
    .default({})
    .describe("Further Helm values, merged last: maps deep, everything else replaced."),
});
export type CiliumNetworkArgs = z.infer<typeof CiliumNetworkArgs>;
