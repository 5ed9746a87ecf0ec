import { Address4, Address6 } from "ip-address";
import type { JsonObject, KubernetesObject } from "../../model";
import { objectsOf, textOf } from "./read";
import { labelsFit } from "./selectors";

/** Consecutive addresses of one family. */
interface Range {
  six: boolean;
  first: bigint;
  last: bigint;
}

/** Classes of load balancers that Cilium serves beside services without a class. */
const classes = ["io.cilium/l2-announcer", "io.cilium/bgp-control-plane"];

const SHARING_KEY = "lbipam.cilium.io/sharing-key";

function addressOf(text: string): { six: boolean; value: bigint } {
  const six = text.includes(":");
  return { six, value: (six ? new Address6(text) : new Address4(text)).bigInt() };
}

/** The addresses of a block; `ends` tells whether the first and last one of a network of more than two count. */
function rangeOf(block: JsonObject, ends: boolean): Range {
  const cidr = textOf(block.cidr);
  if (cidr === "") {
    const { six, value } = addressOf(textOf(block.start));
    return { six, first: value, last: addressOf(textOf(block.stop) || textOf(block.start)).value };
  }
  const { six, value } = addressOf(cidr.split("/")[0] ?? "");
  const size = 1n << BigInt((six ? 128 : 32) - Number(cidr.split("/")[1]));
  const first = value - (value % size);
  const kept = ends || size <= 2n ? 0n : 1n;
  return { six, first: first + kept, last: first + size - 1n - kept };
}

/** The addresses of a pool; undefined when one of its blocks cannot be read, which makes the operator give up on it. */
export function rangesOf(pool: KubernetesObject): Range[] | undefined {
  try {
    const ends = pool.spec?.allowFirstLastIPs !== "No";
    const ranges = objectsOf(pool.spec?.blocks).map((block) => rangeOf(block, ends));
    return ranges.every((range) => range.first <= range.last) ? ranges : undefined;
  } catch {
    return undefined;
  }
}

const textFrom = (value: bigint, six: boolean): string =>
  six ? Address6.fromBigInt(value).correctForm() : Address4.fromBigInt(value).correctForm();

const shown = (range: Range): string => `${textFrom(range.first, range.six)} - ${textFrom(range.last, range.six)}`;

const meet = (one: Range, two: Range): boolean => one.six === two.six && one.first <= two.last && two.first <= one.last;

/**
 * Why a pool is switched off, as the operator says it: it overlaps itself, or an older pool that is in use.
 * Source: settleConflicts in cilium operator/pkg/lbipam/lbipam.go.
 */
export function conflictOf(pool: KubernetesObject, pools: readonly KubernetesObject[]): string | undefined {
  const age = ({ metadata }: KubernetesObject): string => `${metadata.creationTimestamp} ${metadata.name}`;
  const own = rangesOf(pool) ?? [];
  const others = pools.filter((each) => age(each) < age(pool) && !conflictOf(each, pools));
  const candidates = [
    ...own.flatMap((one, at) => own.slice(at + 1).map((two) => ({ one, two, name: pool.metadata.name }))),
    ...others.flatMap((other) =>
      own.flatMap((one) => (rangesOf(other) ?? []).map((two) => ({ one, two, name: other.metadata.name }))),
    ),
  ];
  const found = candidates.find(({ one, two }) => meet(one, two));
  return (
    found &&
    `Pool conflicts since range '${shown(found.one)}' overlaps range '${shown(found.two)}' from IP Pool '${found.name}'`
  );
}

/** How many addresses a pool has. */
export function total(pool: KubernetesObject): bigint {
  return (rangesOf(pool) ?? []).reduce((sum, range) => sum + range.last - range.first + 1n, 0n);
}

/** Whether an address is one of a pool's. */
export function holds(pool: KubernetesObject, address: string): boolean {
  const { six, value } = addressOf(address);
  return (rangesOf(pool) ?? []).some((range) => range.six === six && range.first <= value && value <= range.last);
}

/** The addresses that a service has. */
export function addressesOf(service: KubernetesObject): string[] {
  const balancer = service.status?.loadBalancer;
  const ingress = typeof balancer === "object" && balancer && !Array.isArray(balancer) ? balancer.ingress : undefined;
  return objectsOf(ingress).map((each) => textOf(each.ip));
}

/** Whether Cilium gives addresses to a service. */
export function isServed(service: KubernetesObject): boolean {
  const of = textOf(service.spec?.loadBalancerClass);
  return service.spec?.type === "LoadBalancer" && (of === "" || classes.includes(of));
}

/** Whether a pool gives addresses to a service: it is in use and its selector fits. */
function gives(pool: KubernetesObject, service: KubernetesObject, pools: readonly KubernetesObject[]): boolean {
  const { name, namespace = "", labels } = service.metadata;
  const all = { ...labels, "io.kubernetes.service.name": name, "io.kubernetes.service.namespace": namespace };
  return pool.spec?.disabled !== true && !conflictOf(pool, pools) && labelsFit(pool.spec?.serviceSelector, all);
}

/** Whether two services may have one address: by the same key, in one namespace, with no port in common. */
function share(one: KubernetesObject, two: KubernetesObject): boolean {
  const key = one.metadata.annotations?.[SHARING_KEY];
  const ports = ({ spec }: KubernetesObject): string[] =>
    objectsOf(spec?.ports).map(({ port, protocol }) => `${textOf(protocol) || "TCP"}/${textOf(port)}`);
  const isSame = key !== undefined && key === two.metadata.annotations?.[SHARING_KEY];
  return (
    isSame && one.metadata.namespace === two.metadata.namespace && !ports(one).some((port) => ports(two).includes(port))
  );
}

/**
 * The address that a service gets: what it has or asks for when a pool gives it, else one that it may share, else the
 * first that is free.
 */
export function addressFor(
  service: KubernetesObject,
  pools: readonly KubernetesObject[],
  services: readonly KubernetesObject[],
): string | undefined {
  const fitting = pools.filter((pool) => gives(pool, service, pools));
  const others = services.filter((each) => each.metadata.uid !== service.metadata.uid);
  const used = new Set(others.filter((each) => !share(service, each)).flatMap(addressesOf));
  const wanted = (service.metadata.annotations?.["lbipam.cilium.io/ips"] ?? "").split(",").filter(Boolean)[0]?.trim();
  const free = (address: string): boolean => !used.has(address) && fitting.some((pool) => holds(pool, address));
  if (wanted) return free(wanted) ? wanted : undefined;
  const kept = addressesOf(service)[0];
  if (kept && free(kept)) return kept;
  const shared = others
    .filter((each) => share(service, each))
    .flatMap(addressesOf)
    .find(free);
  if (shared) return shared;
  const six = Array.isArray(service.spec?.ipFamilies) && service.spec.ipFamilies[0] === "IPv6";
  for (const range of fitting.flatMap((pool) => rangesOf(pool) ?? []).filter((each) => each.six === six)) {
    for (let value = range.first; value <= range.last; value++) {
      const address = textFrom(value, six);
      if (!used.has(address)) return address;
    }
  }
  return undefined;
}
