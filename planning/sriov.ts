import type { JsonObject, Plan } from "../model";
import type { SriovFabricArgs, SriovNetwork, VfPool } from "../model/arguments";
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

/** The SR-IOV devices of a cluster: operator configuration, then policies one by one, then resources and networks. */
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

  let previous: string | undefined;
  const policies = new Map<VfPool, string>();
  const pools = sortedBy(args.vfPools, (pool) => pool.name);
  for (const pool of pools) {
    const policy = plan.add(`policy/${pool.name}`, tokens.sriovNetworkNodePolicy, {
      metadata: metadata(pool.name),
      spec: policySpec(pool),
    });
    plan.after(policy, operator, "nodes must have reported their devices, or the policy is refused");
    if (previous) plan.after(policy, previous, "policies are applied one at a time, as each may drain the same nodes");
    previous = policy;
    policies.set(pool, policy);
  }
  for (const group of sharedResources(pools)) planResource(plan, group, policies);
  planNetworks(plan, args, operator, policies);
  return plan.build();
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
