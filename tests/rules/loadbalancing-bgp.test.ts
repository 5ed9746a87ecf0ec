import type { JsonObject, KubernetesObject } from "../../model";
import { ciliumBGPAdvertisementRules, ciliumBGPClusterConfigRules, ciliumBGPPeerConfigRules } from "../../rules";
import { merged, testFine, testRules } from "./support";
import type { Cases } from "./support";

const build =
  (kind: string) =>
  (input: JsonObject): KubernetesObject =>
    merged({ apiVersion: "cilium.io/v2", kind, metadata: { name: "edge" } }, input) as unknown as KubernetesObject;

const instances = (...list: JsonObject[]): JsonObject => ({ spec: { bgpInstances: list } });
const peers = (...list: JsonObject[]): JsonObject => instances({ name: "a", localASN: 65001, peers: list });
const peer = "spec.bgpInstances[0].peers[0]";
const broken: JsonObject = { matchLabels: { "a b": "" } };

const clusterCases: Record<string, Cases> = {
  "loadbalancing/bgp-local-asn": {
    bad: [
      [instances({ name: "a" }), "spec.bgpInstances[0].localASN"],
      [instances({ name: "a", localASN: null }), "spec.bgpInstances[0].localASN"],
    ],
    good: [instances({ name: "a", localASN: 65001 }), instances({ name: "a", localASN: undefined })],
  },
  "loadbalancing/bgp-local-port": {
    bad: [[instances({ name: "a", localPort: 179 }, { name: "b", localPort: 179 }), "spec.bgpInstances[1].localPort"]],
    good: [
      instances({ name: "a", localPort: 179 }, { name: "b", localPort: 1179 }),
      instances({ name: "a" }, { name: "b" }),
      instances({ name: "a", localPort: undefined }, { name: "b", localPort: undefined }),
    ],
  },
  "loadbalancing/bgp-peer-address": {
    bad: [
      [peers({ name: "p" }), `${peer}.peerAddress`],
      [peers({ name: "p", peerAddress: " 192.0.2.1" }), `${peer}.peerAddress`],
      [peers({ name: "p", peerAddress: "192.0.2.1/24" }), `${peer}.peerAddress`],
    ],
    good: [
      peers({ name: "p", peerAddress: "192.0.2.1" }),
      peers({ name: "p", peerAddress: "fe80::1%eth0" }),
      peers({ name: "p", autoDiscovery: { mode: "DefaultGateway" } }),
      peers({ name: "p", peerAddress: undefined }),
    ],
  },
  "loadbalancing/bgp-auto-discovery": {
    bad: [[peers({ name: "p", autoDiscovery: { mode: "DefaultGateway" } }), `${peer}.autoDiscovery.defaultGateway`]],
    good: [
      peers({ name: "p", autoDiscovery: { mode: "DefaultGateway", defaultGateway: { addressFamily: "ipv4" } } }),
      peers({ name: "p", autoDiscovery: { mode: "DefaultGateway", defaultGateway: undefined } }),
      peers({ name: "p", peerAddress: "192.0.2.1" }),
    ],
  },
  "loadbalancing/bgp-auto-discovery-ignored": {
    bad: [[peers({ name: "p", peerAddress: "192.0.2.1", autoDiscovery: { mode: "x" } }), `${peer}.autoDiscovery`]],
    good: [
      peers({ name: "p", peerAddress: "192.0.2.1" }),
      peers({ name: "p", autoDiscovery: { mode: "x" } }),
      peers({ name: "p", peerAddress: "192.0.2.1", autoDiscovery: undefined }),
    ],
  },
  "loadbalancing/bgp-peer-config": {
    bad: [
      [peers({ name: "p" }), `${peer}.peerConfigRef`],
      [peers({ name: "p", peerConfigRef: { name: "" } }), `${peer}.peerConfigRef`],
    ],
    good: [peers({ name: "p", peerConfigRef: { name: "tor" } }), peers({ name: "p", peerConfigRef: undefined })],
  },
  "loadbalancing/bgp-same-peer": {
    bad: [
      [
        peers({ name: "p", peerAddress: "192.0.2.1" }, { name: "q", peerAddress: "192.0.2.1" }),
        "spec.bgpInstances[0].peers[1].peerAddress",
      ],
    ],
    good: [
      peers({ name: "p", peerAddress: "192.0.2.1" }, { name: "q", peerAddress: "192.0.2.2" }),
      peers({ name: "p" }, { name: "q" }),
    ],
  },
  "loadbalancing/bgp-no-peers": {
    bad: [
      [instances({ name: "a" }), "spec.bgpInstances[0].peers"],
      [peers(), "spec.bgpInstances[0].peers"],
    ],
    good: [peers({ name: "p" }), instances({ name: "a", peers: undefined })],
  },
  "loadbalancing/bgp-node-selector": {
    bad: [[{ spec: { nodeSelector: broken } }, 'spec.nodeSelector.matchLabels["a b"]']],
    good: [{ spec: { nodeSelector: { matchLabels: { rack: "r1" } } } }, {}],
  },
};

testRules(
  "rules of a CiliumBGPClusterConfig",
  ciliumBGPClusterConfigRules,
  build("CiliumBGPClusterConfig"),
  clusterCases,
);

testFine("rules of a CiliumBGPClusterConfig and a fine one", ciliumBGPClusterConfigRules, {
  apiVersion: "cilium.io/v2",
  kind: "CiliumBGPClusterConfig",
  metadata: { name: "edge" },
  spec: {
    nodeSelector: { matchLabels: { rack: "r1" } },
    bgpInstances: [
      {
        name: "a",
        localASN: 65001,
        localPort: 179,
        peers: [
          { name: "p", peerASN: 65000, peerAddress: "192.0.2.1", peerConfigRef: { name: "tor" } },
          {
            name: "q",
            autoDiscovery: { mode: "DefaultGateway", defaultGateway: { addressFamily: "ipv6" } },
            peerConfigRef: { name: "tor" },
          },
        ],
      },
      {
        name: "b",
        localASN: 65002,
        localPort: 1179,
        peers: [{ name: "p", peerAddress: "::1", peerConfigRef: { name: "t" } }],
      },
    ],
  },
});

const timers = (content: JsonObject): JsonObject => ({ spec: { timers: content } });
const families = (...list: JsonObject[]): JsonObject => ({ spec: { families: list } });
const ipv4: JsonObject = { afi: "ipv4", safi: "unicast" };

testRules("rules of a CiliumBGPPeerConfig", ciliumBGPPeerConfigRules, build("CiliumBGPPeerConfig"), {
  "loadbalancing/bgp-timers": {
    bad: [
      [timers({ holdTimeSeconds: 9 }), "spec.timers.keepAliveTimeSeconds"],
      [timers({ keepAliveTimeSeconds: 91 }), "spec.timers.keepAliveTimeSeconds"],
      [timers({ holdTimeSeconds: 3, keepAliveTimeSeconds: 4 }), "spec.timers.keepAliveTimeSeconds"],
    ],
    good: [
      timers({ holdTimeSeconds: 9, keepAliveTimeSeconds: 9 }),
      timers({ holdTimeSeconds: 30 }),
      timers({ holdTimeSeconds: 9, keepAliveTimeSeconds: undefined }),
      {},
    ],
  },
  "loadbalancing/bgp-advertisements-selected": {
    bad: [
      [{ spec: {} }, "spec.families"],
      [families(), "spec.families"],
      [families({ ...ipv4, advertisements: {} }, ipv4), "spec.families[1].advertisements"],
    ],
    good: [families({ ...ipv4, advertisements: {} }), { spec: { families: undefined } }, {}],
  },
  "loadbalancing/bgp-family-repeated": {
    bad: [[families(ipv4, { afi: "ipv6", safi: "unicast" }, ipv4), "spec.families[0]"]],
    good: [families(ipv4, { afi: "ipv6", safi: "unicast" }), families({ afi: undefined, safi: "unicast" }, ipv4)],
  },
  "loadbalancing/bgp-family-selector": {
    bad: [[families({ ...ipv4, advertisements: broken }), 'spec.families[0].advertisements.matchLabels["a b"]']],
    good: [families({ ...ipv4, advertisements: { matchLabels: { a: "b" } } })],
  },
});

testFine("rules of a CiliumBGPPeerConfig and a fine one", ciliumBGPPeerConfigRules, {
  apiVersion: "cilium.io/v2",
  kind: "CiliumBGPPeerConfig",
  metadata: { name: "tor" },
  spec: {
    timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 3 },
    families: [{ ...ipv4, advertisements: { matchLabels: { advertise: "edge" } } }],
  },
});

const adverts = (...list: JsonObject[]): JsonObject => ({ spec: { advertisements: list } });
const first = "spec.advertisements[0]";
const service: JsonObject = { advertisementType: "Service", service: { addresses: ["LoadBalancerIP"] }, selector: {} };

testRules("rules of a CiliumBGPAdvertisement", ciliumBGPAdvertisementRules, build("CiliumBGPAdvertisement"), {
  "loadbalancing/bgp-advertisement-options": {
    bad: [
      [adverts({ advertisementType: "Service" }), `${first}.service`],
      [adverts({ advertisementType: "Interface" }), `${first}.interface`],
      [adverts({ ...service, advertisementType: "PodCIDR" }), `${first}.service`],
      [adverts({ ...service, interface: { name: "lo" } }), `${first}.interface`],
    ],
    good: [
      adverts(service, { advertisementType: "PodCIDR" }, { advertisementType: "Interface", interface: { name: "lo" } }),
      adverts({ advertisementType: "Service", service: undefined }, { advertisementType: undefined }),
    ],
  },
  "loadbalancing/bgp-advertisement-pod-cidr": {
    bad: [[adverts({ advertisementType: "PodCIDR", selector: {} }), `${first}.selector`]],
    good: [adverts({ advertisementType: "PodCIDR" }), adverts({ advertisementType: "PodCIDR", selector: undefined })],
  },
  "loadbalancing/bgp-advertisement-selector-missing": {
    bad: [
      [adverts({ advertisementType: "Service", service: {} }), `${first}.selector`],
      [adverts({ advertisementType: "CiliumPodIPPool" }), `${first}.selector`],
    ],
    good: [adverts(service), adverts({ advertisementType: "PodCIDR" })],
  },
  "loadbalancing/bgp-advertisement-selector-ignored": {
    bad: [[adverts({ advertisementType: "Interface", selector: {} }), `${first}.selector`]],
    good: [adverts({ advertisementType: "Interface" }), adverts(service)],
  },
  "loadbalancing/bgp-advertisement-empty": {
    bad: [[adverts(), "spec.advertisements"]],
    good: [adverts(service), { spec: { advertisements: undefined } }, {}],
  },
  "loadbalancing/bgp-advertisement-labels": {
    bad: [
      [{}, "metadata.labels"],
      [{ metadata: { labels: {} } }, "metadata.labels"],
    ],
    good: [{ metadata: { labels: { advertise: "edge" } } }, { metadata: { labels: undefined } }],
  },
  "loadbalancing/bgp-advertisement-selector": {
    bad: [[adverts({ ...service, selector: broken }), `${first}.selector.matchLabels["a b"]`]],
    good: [adverts(service)],
  },
  "loadbalancing/bgp-advertisement-selector-key": {
    bad: [
      [
        adverts({ ...service, selector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } }),
        `${first}.selector.matchLabels["kubernetes.io/metadata.name"]`,
      ],
    ],
    good: [
      adverts(service),
      adverts({
        advertisementType: "CiliumPodIPPool",
        selector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
      }),
    ],
  },
});

testFine("rules of a CiliumBGPAdvertisement and a fine one", ciliumBGPAdvertisementRules, {
  apiVersion: "cilium.io/v2",
  kind: "CiliumBGPAdvertisement",
  metadata: { name: "edge", labels: { advertise: "edge" } },
  spec: { advertisements: [{ ...service, selector: { matchLabels: { pool: "edge" } } }] },
});
