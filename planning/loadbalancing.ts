import type { JsonObject, Plan } from "../model";
import type { LoadBalancerPool, LoadBalancersArgs, LoadBalancerService } from "../model/arguments";
import { rangeOfNetwork } from "../model/ranges";
import { PlanBuilder } from "./builder";
import { nonEmpty } from "./canonical";
import { tokens } from "./tokens";

export { LoadBalancersArgs } from "../model/arguments";

/** Id of the component in a plan. */
export const LOAD_BALANCERS = "loadbalancers";

/** The label by which pools and announcements find their Services. */
export const POOL_LABEL = "pulumi-ove/pool";

/** The label by which a peer finds what it is told. */
const ADVERTISE_LABEL = "pulumi-ove/advertise";

type Bgp = LoadBalancersArgs["bgp"][number];

/** Selects the Services of pools. */
function servicesOf(pools: readonly string[]): JsonObject {
  const [only, ...others] = [...pools].sort();
  if (others.length === 0) return { matchLabels: { [POOL_LABEL]: only } };
  return { matchExpressions: [{ key: POOL_LABEL, operator: "In", values: [only ?? "", ...others] }] };
}

function nodesOf(labels: Record<string, string>): JsonObject | undefined {
  return Object.keys(labels).length > 0 ? { matchLabels: labels } : undefined;
}

/** Only networks of more than two addresses have a first and a last one that are kept back. */
function hasEnds({ cidr }: LoadBalancerPool["blocks"][number]): boolean {
  const range = cidr === undefined ? undefined : rangeOfNetwork(cidr);
  return range !== undefined && range.to - range.from >= 2n;
}

function poolSpec({ name, blocks, allowFirstLastIPs }: LoadBalancerPool): JsonObject {
  return {
    blocks: blocks.map(({ cidr, start, stop }) => ({ cidr, start, stop })),
    allowFirstLastIPs: blocks.some(hasEnds) ? (allowFirstLastIPs ? "Yes" : "No") : undefined,
    serviceSelector: servicesOf([name]),
  };
}

function l2Spec({ pools, interfaces, nodeSelector }: LoadBalancersArgs["l2"][number]): JsonObject {
  return {
    loadBalancerIPs: true,
    interfaces: interfaces.length > 0 ? interfaces : undefined,
    nodeSelector: nodesOf(nodeSelector),
    serviceSelector: servicesOf(pools),
  };
}

function serviceSpec({ selector, ports, externalTrafficPolicy }: LoadBalancerService): JsonObject {
  return {
    type: "LoadBalancer",
    externalTrafficPolicy,
    selector,
    ports: ports.map((port) => ({ ...port, targetPort: port.targetPort ?? port.port })),
  };
}

function serviceAnnotations({ addresses, sharingKey }: LoadBalancerService): Record<string, string> | undefined {
  return nonEmpty({
    ...(addresses.length > 0 && { "lbipam.cilium.io/ips": addresses.join(",") }),
    ...(sharingKey !== undefined && { "lbipam.cilium.io/sharing-key": sharingKey }),
  });
}

/** A session's settings, what it tells, and the instance that opens it. Peers are shared by nobody. */
function planBgp(plan: PlanBuilder, bgp: Bgp): void {
  const { name, pools, localASN, peers, nodeSelector } = bgp;
  const advertisement = plan.add(`advertisement/${name}`, tokens.ciliumBGPAdvertisement, {
    metadata: { name, labels: { [ADVERTISE_LABEL]: name } },
    spec: {
      advertisements: [
        { advertisementType: "Service", service: { addresses: ["LoadBalancerIP"] }, selector: servicesOf(pools) },
      ],
    },
  });
  const configName = (peer: string): string => `${name}-${peer}`;
  const configs = peers.map(
    ({ name: peer, holdTimeSeconds, keepAliveTimeSeconds, ebgpMultihop, authSecret, address }) =>
      plan.add(`peer/${name}/${peer}`, tokens.ciliumBGPPeerConfig, {
        metadata: { name: configName(peer) },
        spec: {
          timers: { holdTimeSeconds, keepAliveTimeSeconds },
          ebgpMultihop,
          authSecretRef: authSecret,
          gracefulRestart: { enabled: true },
          families: [
            {
              afi: address.includes(":") ? "ipv6" : "ipv4",
              safi: "unicast",
              advertisements: { matchLabels: { [ADVERTISE_LABEL]: name } },
            },
          ],
        },
      }),
  );
  const cluster = plan.add(`bgp/${name}`, tokens.ciliumBGPClusterConfig, {
    metadata: { name },
    spec: {
      nodeSelector: nodesOf(nodeSelector),
      bgpInstances: [
        {
          name,
          localASN,
          peers: peers.map(({ name: peer, asn, address }) => ({
            name: peer,
            peerASN: asn,
            peerAddress: address,
            peerConfigRef: { name: configName(peer) },
          })),
        },
      ],
    },
  });
  for (const config of configs) plan.after(cluster, config, "the instance refers to the settings of its peers");
  plan.after(cluster, advertisement, "sessions announce from their start what they are for");
}

/** Id of the object of a Service. */
export function serviceObject({ namespace, name }: { namespace: string; name: string }): string {
  return `${LOAD_BALANCERS}/service/${namespace}/${name}`;
}

/** Pools of addresses, who announces them, and the Services that get them. */
export function planLoadBalancers({ pools, l2, bgp, services }: LoadBalancersArgs): Plan {
  const plan = new PlanBuilder(LOAD_BALANCERS, tokens.loadBalancers);
  const offered = new Map(
    pools.map((pool) => [
      pool.name,
      plan.add(`pool/${pool.name}`, tokens.ciliumLoadBalancerIPPool, {
        metadata: { name: pool.name },
        spec: poolSpec(pool),
      }),
    ]),
  );
  for (const announcement of l2) {
    const { name } = announcement;
    plan.add(`l2/${name}`, tokens.ciliumL2AnnouncementPolicy, { metadata: { name }, spec: l2Spec(announcement) });
  }
  for (const instance of bgp) planBgp(plan, instance);
  for (const service of services) {
    const { name, namespace, pool } = service;
    const id = plan.add(`service/${namespace}/${name}`, tokens.service, {
      metadata: { name, namespace, labels: { [POOL_LABEL]: pool }, annotations: serviceAnnotations(service) },
      spec: serviceSpec(service),
    });
    const from = offered.get(pool);
    if (from) plan.after(id, from, "its address comes from the pool");
  }
  return plan.build();
}
