import type { SriovFabricArgs } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { networkObject, planSriov, poolObject } from "../sriov";
import type { CrossEdges, Domain } from "./domain";
import { checkNamespaces } from "./namespaces";

/** Pools of virtual functions count on all nodes of their node pool unless they say otherwise. */
function fabricArgs({ nodePools }: Environment, fabric: NonNullable<Environment["fabric"]>): SriovFabricArgs {
  const counts = new Map(nodePools.map((pool) => [pool.name, pool.machineCount]));
  const vfPools = fabric.vfPools.map((pool) => ({ ...pool, nodes: pool.nodes ?? counts.get(pool.nodePool) ?? 1 }));
  return { ...fabric, vfPools };
}

/** The pools whose nodes carry a role. Nodes of custom pools are workers too. */
export function poolsOfRole({ nodePools }: Environment, role: string): string[] {
  if (role !== "worker") return [role];
  return nodePools.map((pool) => pool.name).filter((name) => name !== "master");
}

/** What may drain nodes waits until nothing else does. */
function drainEdges(environment: Environment, object: string, role: string, edges: CrossEdges): void {
  edges.afterComponent(object, "cilium", "it may drain nodes, which must not happen while agents restart");
  for (const pool of poolsOfRole(environment, role)) {
    const reason = "the SR-IOV operator drains no node of a pool that is rolling out or held";
    edges.afterComponent(object, `nodes/${pool}`, reason);
  }
}

/** SR-IOV devices and the networks on them. */
export const sriov: Domain = {
  plans: (environment) => (environment.fabric ? [planSriov(fabricArgs(environment, environment.fabric))] : []),
  edges: (environment, edges) => {
    const { pools = [], vfPools = [] } = environment.fabric ?? {};
    for (const pool of pools) drainEdges(environment, `sriov/${poolObject(pool)}`, pool.nodePool, edges);
    for (const pool of vfPools) drainEdges(environment, `sriov/policy/${pool.name}`, pool.nodePool, edges);
    for (const network of environment.fabric?.networks ?? []) {
      edges.afterNamespace(`sriov/${networkObject(network)}`, network.namespace);
    }
  },
  references: (environment, report) => {
    const { nodePools, fabric } = environment;
    const pools = new Set(nodePools.map((pool) => pool.name));
    for (const list of ["pools", "vfPools"] as const) {
      fabric?.[list].forEach(({ nodePool }, index) => {
        if (pools.has(nodePool)) return;
        const where = ["fabric", list, index, "nodePool"];
        report(where, `The environment has no node pool "${nodePool}".`, "Add it to `nodePools`.");
      });
    }
    const resources = new Set(fabric?.vfPools.map((pool) => pool.resourceName));
    fabric?.networks.forEach(({ resourceName }, index) => {
      if (resources.has(resourceName)) return;
      const where = ["fabric", "networks", index, "resourceName"];
      const fix = "Name the resource of one in `fabric.vfPools`.";
      report(where, `No pool of virtual functions makes "${resourceName}".`, fix);
    });
    checkNamespaces(environment, ["fabric", "networks"], fabric?.networks ?? [], report);
  },
};
