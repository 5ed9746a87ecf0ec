import type { JsonObject } from "../model";
import { podMtu } from "../model/addresses";
import type { CiliumNetworkArgs } from "../model/arguments";
import { mergeLayers } from "../model/layers";
import { type CiliumSettings, ciliumSettings, ciliumVersions } from "./cilium-settings";

/** The namespace that Cilium lives in on OpenShift. */
export const CILIUM_NAMESPACE = "cilium";

/** Ports of tunnels that OpenShift's installer opens between nodes. */
const tunnelPorts = { vxlan: 4789, geneve: 6081 };

/**
 * Labels that KubeVirt changes while a machine lives. As parts of an identity they would give each machine
 * a new one whenever it is scheduled or migrated.
 */
const NO_IDENTITY = [
  String.raw`!kubevirt\.io/created-by`,
  String.raw`!kubevirt\.io/nodeName`,
  String.raw`!kubevirt\.io/migrationJobUID`,
  String.raw`!vmi\.kubevirt\.io/id`,
];

function strictMode({ args, strictEgress, routing }: CiliumSettings): JsonObject | undefined {
  const { clusterNetworks, encryption, version } = args;
  const ingress = encryption?.strictIngress ? { enabled: true } : undefined;
  // With tunnels agents refuse to start without remote node identities; otherwise they would be a hole.
  const allowRemoteNodeIdentities = routing === "tunnel";
  const egress = strictEgress
    ? { enabled: true, cidr: clusterNetworks[0]?.cidr, allowRemoteNodeIdentities }
    : undefined;
  if (!ingress && !egress) return undefined;
  return ciliumVersions[version].strictEgress === "strictMode" ? { ...egress, ingress } : { egress, ingress };
}

function encryptionValues(settings: CiliumSettings): JsonObject {
  const { encryption: type, args } = settings;
  if (type === "none") return { enabled: false };
  const ipsec = type === "ipsec" ? { secretName: args.encryption?.ipsecSecret } : undefined;
  const nodeEncryption = type === "wireguard" ? (args.encryption?.nodeEncryption ?? false) : undefined;
  return { enabled: true, type, nodeEncryption, ipsec, strictMode: strictMode(settings) };
}

/** Metrics behind a Service. */
const METRICS = { enabled: true, metricsService: true };

function hubbleValues({ hubble }: CiliumNetworkArgs): JsonObject {
  const exemplars = hubble.metrics.some((metric) => metric.includes("exemplars=true"));
  return {
    enabled: true,
    listenAddress: hubble.listenAddress,
    relay: { enabled: hubble.relay },
    ui: { enabled: hubble.ui },
    metrics: {
      enabled: hubble.metrics.length > 0 ? hubble.metrics : undefined,
      // Exemplars exist in this format only.
      enableOpenMetrics: exemplars ? true : undefined,
    },
    // Certificates by a job in the cluster: those that Helm makes are new at each rendering.
    tls: { enabled: true, auto: { enabled: true, method: "cronJob" } },
  };
}

function routingValues(settings: CiliumSettings): JsonObject {
  const { args, routing, tunnelProtocol, dsrDispatch, encryptionOverhead } = settings;
  const native = routing === "native";
  // Direct server return by geneve needs the protocol also where packets are routed otherwise.
  const tunnels = !native || dsrDispatch === "geneve";
  return {
    routingMode: routing,
    tunnelProtocol: tunnels ? tunnelProtocol : undefined,
    tunnelPort: tunnels ? tunnelPorts[tunnelProtocol] : undefined,
    ipv4NativeRoutingCIDR: native ? (args.routing.nativeCidr ?? args.clusterNetworks[0]?.cidr) : undefined,
    autoDirectNodeRoutes: native ? args.routing.directNodeRoutes : undefined,
    // Within the ports that OpenShift's installer opens between nodes.
    clusterHealthPort: 9940,
    // Found by itself, only routes would carry the smaller MTU, and guests copy that of the link.
    MTU: native ? args.deviceMtu - encryptionOverhead : podMtu(args.deviceMtu, encryptionOverhead),
    devices: args.devices.length > 0 ? [...args.devices].sort() : undefined,
  };
}

/** What is written only where it is switched on: without it the chart's own default stays. */
function on(enabled: boolean, more: JsonObject = {}): JsonObject | undefined {
  return enabled ? { enabled: true, ...more } : undefined;
}

function loadBalancerValues({ args, ...settings }: CiliumSettings): JsonObject {
  const { loadBalancer: given } = args;
  const { algorithm, acceleration, dsrDispatch } = settings;
  return {
    loadBalancer: { mode: given.mode, algorithm, acceleration, dsrDispatch },
    maglev:
      algorithm === "maglev" ? { tableSize: given.maglevTableSize, hashSeed: settings.maglevHashSeed } : undefined,
    localRedirectPolicies: on(given.localRedirectPolicies),
    l2announcements: on(given.l2Announcements),
    // The default is a namespace in which OpenShift's Cilium does not live.
    bgpControlPlane: on(given.bgpControlPlane, { secretsNamespace: { name: CILIUM_NAMESPACE } }),
    egressGateway: on(given.egressGateway),
  };
}

function meshValues({ mesh }: CiliumNetworkArgs): JsonObject {
  return {
    l7Proxy: mesh.l7Proxy,
    envoy: { enabled: mesh.l7Proxy && mesh.envoyDaemonSet, resources: mesh.envoyResources },
    envoyConfig: on(mesh.envoyConfig),
    gatewayAPI: on(mesh.gatewayApi),
  };
}

function bpfValues({ args, bpfMasquerade, hostLegacyRouting, bandwidthManager }: CiliumSettings): JsonObject {
  return {
    // Virtual machines do not start on devices of another mode.
    bpf: { datapathMode: "veth", masquerade: bpfMasquerade, hostLegacyRouting },
    bandwidthManager: on(bandwidthManager, args.bpf.bbr ? { bbr: true } : {}),
  };
}

function platformValues(args: CiliumNetworkArgs): JsonObject {
  const { agent, apiServer, clusterNetworks } = args;
  return {
    upgradeCompatibility: args.upgradeCompatibility,
    // OpenShift's Multus delegates from these folders; the defaults are seen by nobody.
    cni: { binPath: "/var/lib/cni/bin", confPath: "/var/run/multus/cni/net.d", exclusive: false },
    securityContext: { privileged: true },
    ipam: {
      mode: "cluster-pool",
      operator: {
        clusterPoolIPv4PodCIDRList: clusterNetworks.map((network) => network.cidr),
        clusterPoolIPv4MaskSize: clusterNetworks[0]?.hostPrefix,
      },
    },
    kubeProxyReplacement: args.kubeProxyReplacement,
    k8sServiceHost: apiServer.host,
    k8sServicePort: apiServer.port,
    // Traffic of guests passes no socket of the host, so services must be translated at the pod's interface too.
    socketLB: { hostNamespaceOnly: true },
    labels: [...NO_IDENTITY, ...args.identityLabels].join(" "),
    policyEnforcementMode: args.policyEnforcement,
    resources: agent.resources,
    // The Services alone: monitors of the chart need kinds that are not there on day 1.
    prometheus: args.metricsServices ? METRICS : undefined,
    operator:
      agent.operatorReplicas === undefined && !args.metricsServices
        ? undefined
        : { replicas: agent.operatorReplicas, prometheus: args.metricsServices ? METRICS : undefined },
    // Agents read their configuration when they start; without this a change would wait for the next reboot.
    rollOutCiliumPods: true,
  };
}

/** Helm values for OpenShift with virtual machines. */
export function ciliumValues(args: CiliumNetworkArgs): JsonObject {
  const settings = ciliumSettings(args);
  const values: JsonObject = {
    ...platformValues(args),
    ...routingValues(settings),
    ...bpfValues(settings),
    ...loadBalancerValues(settings),
    ...meshValues(args),
    encryption: encryptionValues(settings),
    hubble: hubbleValues(args),
  };
  return mergeLayers(values, args.values) as JsonObject;
}
