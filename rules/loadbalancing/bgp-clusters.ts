import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, missing, numberAt, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { selectorProblems, selectorRule } from "./label-selectors";
import { isAddress } from "../../model/ranges";

/** Every peer of the configuration with its place. */
function peersOf(config: KubernetesObject): [path: PathStep[], peer: JsonObject][] {
  return indexedAt(config, "spec", "bgpInstances").flatMap(([index, instance]) =>
    indexedAt(instance, "peers").map(([at, peer]): [PathStep[], JsonObject] => [
      ["spec", "bgpInstances", index, "peers", at],
      peer,
    ]),
  );
}

const localAsn: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-local-asn",
  severity: "warning",
  source: "cilium pkg/bgp/manager/manager.go getLocalASN: an instance without one is not started",
  check: (config) =>
    indexedAt(config, "spec", "bgpInstances").flatMap(([index, instance]) => {
      if (!missing(instance, "localASN")) return [];
      const message = "The instance does not start on nodes whose CiliumBGPNodeConfigOverride gives no ASN either.";
      return [{ path: ["spec", "bgpInstances", index, "localASN"], message, fix: "Set localASN." }];
    }),
};

const localPort: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-local-port",
  severity: "error",
  source: "cilium pkg/bgp/manager/manager.go registerBGPInstance: each instance listens on its port of the node",
  check: (config) => {
    const instances = indexedAt(config, "spec", "bgpInstances");
    return instances.flatMap(([index, instance], at) => {
      const port = numberAt(instance, "localPort");
      const taken = instances.slice(0, at).find(([, other]) => port !== undefined && other.localPort === port);
      if (!taken) return [];
      const message = `Instance ${taken[0] + 1} listens on port ${port} of the same nodes.`;
      return [{ path: ["spec", "bgpInstances", index, "localPort"], message, fix: "Give each instance its own port." }];
    });
  },
};

const peerAddress: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-peer-address",
  severity: "error",
  source: "cilium pkg/bgp/manager/reconciler/neighbor.go: a peer without an address is skipped; netip.ParseAddr",
  check: (config) =>
    peersOf(config).flatMap(([path, peer]) => {
      const address = textAt(peer, "peerAddress");
      if (address !== undefined) {
        if (isAddress(address.replace(/%[^%\s]+$/, ""))) return [];
        const message = `"${address}" is no address to the agent; blanks around it count as well.`;
        return [{ path: [...path, "peerAddress"], message }];
      }
      if (!missing(peer, "peerAddress") || !missing(peer, "autoDiscovery")) return [];
      const message = "The peer has no address, so the agent skips it.";
      return [{ path: [...path, "peerAddress"], message, fix: "Set peerAddress or autoDiscovery." }];
    }),
};

const discovery: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-auto-discovery",
  severity: "error",
  source: "cilium pkg/bgp/manager/reconciler/default_gateway.go getDefaultGateway reads the family without a check",
  check: (config) =>
    peersOf(config).flatMap(([path, peer]) => {
      const found = objectAt(peer, "autoDiscovery");
      if (textAt(found, "mode") !== "DefaultGateway" || !missing(found, "defaultGateway")) return [];
      const message = "Discovery of the default gateway needs to know the address family.";
      const fix = "Set defaultGateway.addressFamily to ipv4 or ipv6.";
      return [{ path: [...path, "autoDiscovery", "defaultGateway"], message, fix }];
    }),
};

const discoveryIgnored: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-auto-discovery-ignored",
  severity: "warning",
  source: "cilium pkg/bgp/manager/reconciler/default_gateway.go Reconcile: peerAddress wins",
  check: (config) =>
    peersOf(config).flatMap(([path, peer]): Violation[] => {
      if (!textAt(peer, "peerAddress") || missing(peer, "autoDiscovery") || peer.autoDiscovery === undefined) return [];
      const message = "The agent ignores it, because the peer has a peerAddress.";
      return [{ path: [...path, "autoDiscovery"], message, fix: "Keep one of the two." }];
    }),
};

const peerConfig: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-peer-config",
  severity: "warning",
  source: "cilium pkg/bgp/manager/reconciler/peer_advertisements.go GetConfiguredAdvertisements skips such peers",
  check: (config) =>
    peersOf(config).flatMap(([path, peer]) => {
      if (!missing(peer, "peerConfigRef") && textAt(peer, "peerConfigRef", "name") !== "") return [];
      const message = "Nothing is advertised to a peer without a CiliumBGPPeerConfig.";
      return [{ path: [...path, "peerConfigRef"], message, fix: "Name one whose families select advertisements." }];
    }),
};

const samePeer: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-same-peer",
  severity: "error",
  source: "gobgp knows the peers of an instance by their addresses and refuses the second one",
  check: (config) =>
    indexedAt(config, "spec", "bgpInstances").flatMap(([index, instance]) => {
      const addresses = objectsAt(instance, "peers").map((peer) => textAt(peer, "peerAddress"));
      return indexedAt(instance, "peers").flatMap(([at, peer], place) => {
        const address = textAt(peer, "peerAddress");
        if (address === undefined || !addresses.slice(0, place).includes(address)) return [];
        const message = `Another peer of this instance has the address ${address}.`;
        return [{ path: ["spec", "bgpInstances", index, "peers", at, "peerAddress"], message }];
      });
    }),
};

const noPeers: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-no-peers",
  severity: "warning",
  source:
    "cilium pkg/k8s/apis/cilium.io/v2/bgp_cluster_types.go: peers is optional, an instance without one speaks to nobody",
  check: (config) =>
    indexedAt(config, "spec", "bgpInstances").flatMap(([index, instance]) => {
      if (!missing(instance, "peers") && instance.peers === undefined) return [];
      const { peers } = instance;
      if (Array.isArray(peers) && peers.length > 0) return [];
      return [{ path: ["spec", "bgpInstances", index, "peers"], message: "The instance has no peers." }];
    }),
};

const selector = selectorRule(
  "loadbalancing/bgp-node-selector",
  "cilium operator/pkg/bgp/cluster.go upsertNodeConfigs: with a selector that cannot be read nothing is configured",
  (config) => selectorProblems(config, "spec", "nodeSelector"),
);

/** What the operator and the agent refuse or skip of a cluster's BGP configuration. */
export const ciliumBGPClusterConfigRules: readonly Rule<KubernetesObject>[] = [
  localAsn,
  localPort,
  peerAddress,
  discovery,
  discoveryIgnored,
  peerConfig,
  samePeer,
  noPeers,
  selector,
];
