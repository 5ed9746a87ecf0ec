import type { JsonObject, Plan } from "../model";
import { podMtu } from "../model/addresses";
import type { CiliumMinor, CiliumNetworkArgs } from "../model/arguments";
import { mergeLayers } from "../model/environment";
import { PlanBuilder } from "./builder";
import { tokens } from "./tokens";

export { CiliumNetworkArgs } from "../model/arguments";

/** The namespace that Cilium lives in on OpenShift. */
export const CILIUM_NAMESPACE = "cilium";

/** What differs between Cilium's minor versions in the values that are planned. */
interface VersionFacts {
  /** Bytes that WireGuard adds to a packet. From 80 to 95 since 1.19.5 (cilium#45940). */
  wireguardOverhead: number;
  /** Strict mode's place: `strictMode` itself up to 1.19, `strictMode.egress` since 1.20. The wrong one is ignored. */
  strictMode(egress: JsonObject): JsonObject;
}

const versions: Record<CiliumMinor, VersionFacts> = {
  "1.18": { wireguardOverhead: 80, strictMode: (egress) => egress },
  "1.19": { wireguardOverhead: 95, strictMode: (egress) => egress },
  "1.20": { wireguardOverhead: 95, strictMode: (egress) => ({ egress }) },
};

/**
 * Labels that KubeVirt changes while a machine lives. As parts of an identity they would give each machine
 * a new one whenever it is scheduled or migrated.
 */
const NO_IDENTITY = [
  String.raw`!kubevirt\.io/created-by`,
  String.raw`!kubevirt\.io/nodeName`,
  String.raw`!kubevirt\.io/migrationJobUID`,
  String.raw`!vmi\.kubevirt\.io/id`,
].join(" ");

function encryptionValues({ encryption, version, clusterNetworks }: CiliumNetworkArgs): JsonObject {
  if (!encryption) return { enabled: false };
  const values: JsonObject = { enabled: true, type: "wireguard", nodeEncryption: encryption.nodeEncryption };
  if (encryption.strictEgress) {
    // Without remote node identities the agent refuses to start with tunnels.
    const egress = { enabled: true, cidr: clusterNetworks[0]?.cidr, allowRemoteNodeIdentities: true };
    values.strictMode = versions[version].strictMode(egress);
  }
  return values;
}

function hubbleValues({ hubble }: CiliumNetworkArgs): JsonObject {
  return {
    enabled: true,
    relay: { enabled: hubble.relay },
    ui: { enabled: hubble.ui },
    metrics: { enabled: hubble.metrics.length > 0 ? hubble.metrics : undefined },
    // Certificates by a job in the cluster: those that Helm makes are new at each rendering.
    tls: { enabled: true, auto: { enabled: true, method: "cronJob" } },
  };
}

/** Helm values for OpenShift with virtual machines. */
export function ciliumValues(args: CiliumNetworkArgs): JsonObject {
  const { apiServer, clusterNetworks, devices, deviceMtu, encryption, version } = args;
  const values: JsonObject = {
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
    routingMode: "tunnel",
    tunnelProtocol: "vxlan",
    // Ports that OpenShift's installer opens between nodes.
    tunnelPort: 4789,
    clusterHealthPort: 9940,
    // Found by itself, only routes would carry the smaller MTU, and guests copy that of the link.
    MTU: podMtu(deviceMtu, encryption ? versions[version].wireguardOverhead : 0),
    devices: devices.length > 0 ? [...devices].sort() : undefined,
    encryption: encryptionValues(args),
    // Traffic of guests passes no socket of the host, so services must be translated at the pod's interface too.
    socketLB: { hostNamespaceOnly: true },
    bpf: { datapathMode: "veth" },
    labels: NO_IDENTITY,
    // Agents read their configuration when they start; without this a change would wait for the next reboot.
    rollOutCiliumPods: true,
    hubble: hubbleValues(args),
  };
  return mergeLayers(values, args.values) as JsonObject;
}

/** Cilium's configuration, taken over from the installation where it is there already. */
export function planCilium(args: CiliumNetworkArgs): Plan {
  const plan = new PlanBuilder("cilium", tokens.ciliumNetwork);
  const config = plan.add("config", tokens.ciliumConfig, {
    metadata: { name: "ciliumconfig", namespace: CILIUM_NAMESPACE },
    spec: ciliumValues(args),
  });
  if (args.createNamespace) {
    const namespace = plan.add("namespace", tokens.namespace, {
      metadata: {
        name: CILIUM_NAMESPACE,
        labels: {
          // OpenShift's security context constraints are not asked for in namespaces of this level.
          "openshift.io/run-level": "0",
          "openshift.io/cluster-monitoring": "true",
          "openshift.io/cluster-logging": "true",
          "pod-security.kubernetes.io/enforce": "privileged",
          "security.openshift.io/scc.podSecurityLabelSync": "false",
        },
        annotations: { "openshift.io/node-selector": "" },
      },
    });
    plan.after(config, namespace, "the namespace must exist");
  }
  return plan.build();
}
