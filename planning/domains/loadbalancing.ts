import type { PathStep } from "../../model";
import { blockRange } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { type AddressRange, rangeBetween, rangeOfNetwork, rangesMeet } from "../../model/ranges";
import { planLoadBalancers, serviceObject } from "../loadbalancing";
import { tokens } from "../tokens";
import type { Domain, Report } from "./domain";
import { checkNamespaces } from "./namespaces";

type LoadBalancers = NonNullable<Environment["loadBalancers"]>;

/** Networks of the cluster, none of whose addresses a pool may give out. */
function clusterRanges({ cluster }: Environment): { range: AddressRange; what: string }[] {
  const named = [
    ...cluster.clusterNetworks.map(({ cidr }) => ({ cidr, what: `the pod network ${cidr}` })),
    ...cluster.serviceNetwork.map((cidr) => ({ cidr, what: `the service network ${cidr}` })),
  ];
  return named.flatMap(({ cidr, what }) => {
    const range = rangeOfNetwork(cidr);
    return range ? [{ range, what }] : [];
  });
}

function checkPools(environment: Environment, { pools }: LoadBalancers, report: Report): void {
  const taken = clusterRanges(environment);
  pools.forEach((pool, index) =>
    pool.blocks.forEach((block, position) => {
      const range = blockRange(block);
      const other = range && taken.find((each) => rangesMeet(each.range, range));
      const where = ["loadBalancers", "pools", index, "blocks", position];
      if (other) report(where, `Has addresses of ${other.what}.`, "Take addresses that nobody else has.");
      if (range) taken.push({ range, what: `pool ${pool.name}` });
    }),
  );
}

function checkAnnouncers({ cilium }: Environment, { pools, l2, bgp, services }: LoadBalancers, report: Report): void {
  const known = new Set(pools.map(({ name }) => name));
  const announced = new Set([...l2, ...bgp].flatMap((each) => each.pools));
  const named = (path: PathStep[], pool: string): void => {
    if (!known.has(pool)) report(path, `There is no pool "${pool}".`, "Add it to `loadBalancers.pools`.");
  };
  l2.forEach((each, index) =>
    each.pools.forEach((pool, at) => named(["loadBalancers", "l2", index, "pools", at], pool)),
  );
  bgp.forEach((each, index) =>
    each.pools.forEach((pool, at) => named(["loadBalancers", "bgp", index, "pools", at], pool)),
  );
  services.forEach((service, index) => named(["loadBalancers", "services", index, "pool"], service.pool));
  pools.forEach(({ name }, index) => {
    if (announced.has(name)) return;
    const message = "Nobody announces its addresses: packets for them reach no node.";
    report(["loadBalancers", "pools", index], message, "Name the pool in `loadBalancers.l2` or `loadBalancers.bgp`.");
  });
  if (cilium === undefined) return;
  const { l2Announcements, bgpControlPlane } = cilium.loadBalancer;
  if (l2.length > 0 && !l2Announcements) {
    report(["loadBalancers", "l2"], "Cilium does not announce on L2.", "Set `cilium.loadBalancer.l2Announcements`.");
  }
  if (bgp.length > 0 && !bgpControlPlane) {
    report(["loadBalancers", "bgp"], "Cilium does not speak BGP.", "Set `cilium.loadBalancer.bgpControlPlane`.");
  }
}

function checkServices({ pools, l2, services }: LoadBalancers, report: Report): void {
  const onL2 = new Set(l2.flatMap((each) => each.pools));
  services.forEach(({ pool, addresses, externalTrafficPolicy }, index) => {
    const where = ["loadBalancers", "services", index];
    const ranges = (pools.find(({ name }) => name === pool)?.blocks ?? []).flatMap((block) => blockRange(block) ?? []);
    addresses.forEach((address, position) => {
      const own = rangeBetween(address, address);
      if (ranges.length === 0 || ranges.some((range) => own && rangesMeet(range, own))) return;
      report([...where, "addresses", position], `Is no address of pool "${pool}".`, "Take one of the pool's.");
    });
    if (externalTrafficPolicy === "Local" && onL2.has(pool)) {
      const message = "With L2 announcements the node that answers may have no pod of the Service.";
      report([...where, "externalTrafficPolicy"], message, "Leave it out, or announce the pool by BGP.");
    }
  });
}

/** Addresses for Services of type LoadBalancer. */
export const loadBalancing: Domain = {
  plans: ({ loadBalancers }) => (loadBalancers ? [planLoadBalancers(loadBalancers)] : []),
  edges: ({ loadBalancers }, edges) => {
    if (!loadBalancers) return;
    for (const { id, token } of planLoadBalancers(loadBalancers).objects) {
      if (token === tokens.service || token === tokens.gate) continue;
      edges.afterComponent(id, "cilium", "Cilium's operator registers the kinds of load balancing when it runs");
    }
    for (const service of loadBalancers.services) edges.afterNamespace(serviceObject(service), service.namespace);
  },
  references: (environment, report) => {
    const { loadBalancers } = environment;
    if (!loadBalancers) return;
    checkPools(environment, loadBalancers, report);
    checkAnnouncers(environment, loadBalancers, report);
    checkServices(loadBalancers, report);
    checkNamespaces(environment, ["loadBalancers", "services"], loadBalancers.services, report);
  },
};
