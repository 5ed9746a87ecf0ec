import type { JsonObject, Plan } from "../model";
import type { FabricPool, SriovFabricArgs, SriovNetwork, VfPool } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { canonical, nonEmpty, sortedBy } from "./canonical";
import { roleLabel } from "./nodes";
import { tokens } from "./tokens";

export { SriovFabricArgs } from "../model/arguments";

/** The operator's namespace, the only one in which it reads policies and networks. */
export const SRIOV_NAMESPACE = "openshift-sriov-network-operator";

function nodeSelector(pool: VfPool): Record<string, string> {
  return { ...pool.nodeSelector, [roleLabel(pool.nodePool)]: "" };
}

function policySpec(pool: VfPool): JsonObject {
  const range = pool.vfs ? `#${pool.vfs.first}-${pool.vfs.last}` : "";
  return {
    resourceName: pool.resourceName,
    nodeSelector: nodeSelector(pool),
    nicSelector: {
      vendor: pool.vendor,
      deviceID: pool.deviceID,
      pfNames: [...pool.pfs].sort().map((pf) => `${pf}${range}`),
    },
    numVfs: pool.numVfs,
    deviceType: pool.deviceType,
    isRdma: pool.isRdma,
    mtu: pool.mtu,
    // Without the operator's webhook a missing priority would be 0, the strongest.
    priority: pool.priority,
  };
}

function networkSpec({ namespace, ...spec }: SriovNetwork): JsonObject {
  return { ...spec, name: undefined, networkNamespace: namespace };
}

/** How many devices each node of a pool offers. */
function devicesPerNode({ pfs, vfs, numVfs }: VfPool): number {
  return pfs.length * (vfs ? vfs.last - vfs.first + 1 : numVfs);
}

/** Pools that offer the same resource on the same nodes, as lists in the order of names. */
function sharedResources(pools: readonly VfPool[]): VfPool[][] {
  const groups = new Map<string, VfPool[]>();
  for (const pool of pools) {
    const key = JSON.stringify(canonical([pool.resourceName, nodeSelector(pool)]));
    groups.set(key, [...(groups.get(key) ?? []), pool]);
  }
  return [...groups.values()];
}

function operatorSpec({ operator }: SriovFabricArgs): JsonObject {
  const { configDaemonNodeSelector, ...spec } = operator;
  return { ...spec, configDaemonNodeSelector: nonEmpty(configDaemonNodeSelector) };
}

const ONE_AT_A_TIME = "policies and pools are configured one at a time, as each may drain the same nodes";

/** The SR-IOV devices of a cluster: operator configuration, then pools and policies one by one, then resources and networks. */
export function planSriov(args: SriovFabricArgs): Plan {
  const plan = new PlanBuilder("sriov", tokens.sriovFabric);
  const metadata = (name: string) => ({ name, namespace: SRIOV_NAMESPACE });
  const operator = plan.add("operator", tokens.sriovOperatorConfig, {
    metadata: metadata("default"),
    spec: operatorSpec(args),
  });
  if (args.createNamespace) {
    const namespace = plan.add("namespace", tokens.namespace, { metadata: { name: SRIOV_NAMESPACE } });
    plan.after(operator, namespace, "the namespace must exist");
  }

  let previous = planPools(plan, args, operator);
  const policies = new Map<VfPool, string>();
  const pools = sortedBy(args.vfPools, (pool) => pool.name);
  for (const pool of pools) {
    const policy = plan.add(`policy/${pool.name}`, tokens.sriovNetworkNodePolicy, {
      metadata: metadata(pool.name),
      spec: policySpec(pool),
    });
    plan.after(policy, operator, "nodes must have reported their devices, or the policy is refused");
    if (previous) plan.after(policy, previous, ONE_AT_A_TIME);
    previous = policy;
    policies.set(pool, policy);
  }
  for (const group of sharedResources(pools)) planResource(plan, group, policies);
  planNetworks(plan, args, operator, policies);
  return plan.build();
}

/**
 * The nodes of a pool. Nodes with the role of a custom pool are workers too: they are left out of `worker` when they
 * have a configuration of their own, since a node in two of them is never drained.
 */
function poolSelector({ nodePool }: FabricPool, pools: readonly FabricPool[]): JsonObject {
  const own = nodePool === "worker" ? pools.map((pool) => pool.nodePool).filter((role) => role !== "worker") : [];
  const without = own.sort().map((role) => ({ key: roleLabel(role), operator: "DoesNotExist" }));
  return {
    matchLabels: { [roleLabel(nodePool)]: "" },
    matchExpressions: without.length > 0 ? without : undefined,
  };
}

/** Name of the object of a pool's configuration. */
export function poolObject(pool: { name: string }): string {
  return `pool/${pool.name}`;
}

/** Plans the configurations of pools one by one, before the policies; the answer is the last one. */
function planPools(plan: PlanBuilder, { pools }: SriovFabricArgs, operator: string): string | undefined {
  let previous: string | undefined;
  for (const pool of sortedBy(pools, ({ name }) => name)) {
    const id = plan.add(poolObject(pool), tokens.sriovNetworkPoolConfig, {
      metadata: { name: pool.name, namespace: SRIOV_NAMESPACE },
      spec: { maxUnavailable: pool.maxUnavailable, rdmaMode: pool.rdmaMode, nodeSelector: poolSelector(pool, pools) },
    });
    plan.after(id, operator, "the operator's webhook checks the configuration of a pool");
    if (previous) plan.after(id, previous, "another RDMA mode reboots nodes, of one pool at a time");
    previous = id;
  }
  return previous;
}

function planResource(plan: PlanBuilder, group: VfPool[], policies: ReadonlyMap<VfPool, string>): void {
  const [first] = group;
  if (!first) return;
  const resource = plan.add(`resource/${first.name}`, tokens.nodeAllocatable, {
    nodeSelector: nodeSelector(first),
    resource: `openshift.io/${first.resourceName}`,
    minimum: group.reduce((sum, pool) => sum + devicesPerNode(pool), 0),
    nodes: Math.max(...group.map((pool) => pool.nodes)),
  });
  for (const pool of group) {
    const policy = policies.get(pool);
    if (policy) plan.after(resource, policy, "nodes offer devices only after the policy is applied");
  }
}

function planNetworks(
  plan: PlanBuilder,
  { networks }: SriovFabricArgs,
  operator: string,
  policies: ReadonlyMap<VfPool, string>,
): void {
  for (const network of networks) {
    const id = plan.add(networkObject(network), tokens.sriovNetwork, {
      metadata: { name: network.name, namespace: SRIOV_NAMESPACE },
      spec: networkSpec(network),
    });
    plan.after(id, operator, "the operator makes the network's attachment");
    for (const [pool, policy] of policies) {
      if (pool.resourceName !== network.resourceName) continue;
      plan.after(id, policy, "the attachment names a resource that a policy defines");
    }
  }
}

/** Name of a network's object in the fabric's component. */
export function networkObject(network: { name: string }): string {
  return `network/${network.name}`;
}
