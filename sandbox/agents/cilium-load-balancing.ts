import type { KubernetesObject } from "../../model";
import { pathOf } from "./api";
import { addressFor, addressesOf, conflictOf, holds, isServed, rangesOf, total } from "./cilium-addresses";
import { conditionsWith, sameConditions, type Said } from "./cilium-conditions";
import type { AgentContext } from "./context";
import { objectsOf } from "./read";
import { delay, Worker } from "./store";

const CILIUM = "cilium.io/v2";
const POOLS = "ciliumloadbalancerippools";

/** Milliseconds until the operator notices a change: until then its conditions speak of the earlier form. */
const NOTICE_MS = 700;
/** Milliseconds between settling conflicts and counting addresses. */
const COUNT_MS = 300;

/** On services that Cilium makes for gateways: the gateway's name. */
const GATEWAY = "io.cilium.gateway/owning-gateway";

/**
 * What the operator says of conflicts; undefined when it has nothing new to say, so that the condition keeps the
 * generation in which it changed last.
 */
export function conflictSaid(pool: KubernetesObject, pools: readonly KubernetesObject[]): Said | undefined {
  const message = conflictOf(pool, pools);
  const status = message ? "True" : "False";
  const old = objectsOf(pool.status?.conditions).find((each) => each.type === "cilium.io/PoolConflict");
  if (old?.status === status) return undefined;
  return {
    type: "cilium.io/PoolConflict",
    status,
    reason: message ? "cidr_overlap" : "resolved",
    message: message ?? "",
  };
}

/** What the operator says of a pool's addresses: the numbers are messages of conditions that are never known. */
export function countsSaid(pool: KubernetesObject, services: readonly KubernetesObject[]): Said[] {
  const used = BigInt(services.flatMap(addressesOf).filter((address) => holds(pool, address)).length);
  const said = (type: string, count: bigint): Said => ({
    type: `cilium.io/${type}`,
    status: "Unknown",
    reason: "noreason",
    message: String(count),
  });
  return [said("IPsTotal", total(pool)), said("IPsAvailable", total(pool) - used), said("IPsUsed", used)];
}

/** What the operator says of a service: whether it got an address. */
export function serviceSaid(address: string | undefined): Said {
  const type = "cilium.io/IPAMRequestSatisfied";
  if (address) return { type, status: "True", reason: "satisfied", message: "" };
  return {
    type,
    status: "False",
    reason: "no_pool",
    message: "There are no enabled CiliumLoadBalancerIPPools that match this service",
  };
}

/** Runs the address management of Cilium's operator: conflicts and counts of pools, addresses of services. */
export function startCiliumLoadBalancing(context: AgentContext): void {
  const { api } = context;
  const pools = context.store(CILIUM, POOLS);
  const services = context.store("v1", "services");

  const say = async (pool: KubernetesObject, said: readonly Said[]): Promise<void> => {
    const before = objectsOf(pool.status?.conditions);
    const conditions = conditionsWith(pool, said, before);
    if (sameConditions(before, conditions)) return;
    await api.patch(pathOf(CILIUM, POOLS, { name: pool.metadata.name, subresource: "status" }), {
      status: { conditions },
    });
  };

  const serve = async (all: KubernetesObject[], list: KubernetesObject[]): Promise<void> => {
    for (const service of list.filter(isServed)) {
      const { name, namespace, labels } = service.metadata;
      const withheld = context.fault("gateway-without-address", `${namespace}/${labels?.[GATEWAY] ?? ""}`);
      const address = withheld ? undefined : addressFor(service, all, list);
      if (addressesOf(service)[0] === address && service.status?.conditions) continue;
      const ingress = address ? [{ ip: address }] : [];
      const status = { loadBalancer: { ingress }, conditions: conditionsWith(service, [serviceSaid(address)]) };
      const path = pathOf("v1", "services", { namespace, name, subresource: "status" });
      Object.assign(service, await api.patch(path, { status }));
    }
  };

  const work = async (): Promise<void> => {
    await delay(NOTICE_MS);
    const list = async (path: string): Promise<KubernetesObject[]> => (await api.list(path)).items;
    const settled = await list(pathOf(CILIUM, POOLS));
    for (const pool of settled.filter(rangesOf)) {
      const said = conflictSaid(pool, settled);
      if (said) await say(pool, [said]);
    }
    await delay(COUNT_MS);
    const [present, all] = await Promise.all([list(pathOf(CILIUM, POOLS)), list(pathOf("v1", "services"))]);
    await serve(present.filter(rangesOf), all);
    for (const pool of present.filter(rangesOf)) await say(pool, countsSaid(pool, all));
  };
  const worker = new Worker("cilium-lb-ipam", work);
  const wake = (): void => worker.wake("pools");
  pools.onChange(wake);
  services.onChange((service) => isServed(service) && pools.all().length > 0 && wake());
  context.onFaults(() => pools.all().length > 0 && wake());
}
