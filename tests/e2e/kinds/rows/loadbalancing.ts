import type { JsonObject } from "../../../../model";
import type { KindRow } from "../row";

const metadata = { name: "life" };
const blocks = (...cidrs: string[]): JsonObject => ({ blocks: cidrs.map((cidr) => ({ cidr })) });
const announcement = (...interfaces: string[]): JsonObject => ({ loadBalancerIPs: true, interfaces });
const peerConfig = (holdTimeSeconds: number): JsonObject => ({
  timers: { holdTimeSeconds, keepAliveTimeSeconds: 3 },
  families: [{ afi: "ipv4", safi: "unicast", advertisements: { matchLabels: { advertise: "life" } } }],
});
const clusterConfig = (localASN: number): JsonObject => ({
  nodeSelector: { matchLabels: { "node-role.kubernetes.io/worker": "" } },
  bgpInstances: [
    {
      name: "life",
      localASN,
      peers: [{ name: "tor", peerASN: 65000, peerAddress: "192.0.2.1", peerConfigRef: { name: "life" } }],
    },
  ],
});
const advertisement = (...addresses: string[]): JsonObject => ({
  advertisements: [
    { advertisementType: "Service", service: { addresses }, selector: { matchLabels: { pool: "life" } } },
  ],
});
const advertised = { ...metadata, labels: { advertise: "life" } };
const cilium = ["ove:cilium:CiliumConfig"];

export const loadbalancingRows: KindRow[] = [
  {
    token: "ove:loadbalancing:CiliumLoadBalancerIPPool",
    after: cilium,
    inputs: { metadata, spec: blocks("192.0.2.0/27") },
    changed: { metadata, spec: blocks("192.0.2.0/27", "198.51.100.0/28") },
    edit: { spec: blocks("192.0.2.0/27", "203.0.113.0/28") },
    drift: "spec.blocks[1].cidr",
  },
  {
    token: "ove:loadbalancing:CiliumL2AnnouncementPolicy",
    after: cilium,
    inputs: { metadata, spec: announcement("^ens1f0$") },
    changed: { metadata, spec: announcement("^ens1f0$", "^ens1f1$") },
    edit: { spec: { externalIPs: true, loadBalancerIPs: false } },
    drift: "spec.loadBalancerIPs",
  },
  {
    token: "ove:loadbalancing:CiliumBGPPeerConfig",
    after: cilium,
    inputs: { metadata, spec: peerConfig(9) },
    changed: { metadata, spec: peerConfig(12) },
    edit: { spec: { timers: { holdTimeSeconds: 30 } } },
    drift: "spec.timers.holdTimeSeconds",
  },
  {
    token: "ove:loadbalancing:CiliumBGPClusterConfig",
    after: ["ove:loadbalancing:CiliumBGPPeerConfig"],
    inputs: { metadata, spec: clusterConfig(65001) },
    changed: { metadata, spec: clusterConfig(65002) },
    edit: { spec: clusterConfig(65003) },
    drift: "spec.bgpInstances[0].localASN",
  },
  {
    token: "ove:loadbalancing:CiliumBGPAdvertisement",
    after: cilium,
    inputs: { metadata: advertised, spec: advertisement("LoadBalancerIP") },
    changed: { metadata: advertised, spec: advertisement("LoadBalancerIP", "ExternalIP") },
    edit: { spec: advertisement("LoadBalancerIP", "ClusterIP") },
    drift: "spec.advertisements[0].service.addresses[1]",
  },
];
