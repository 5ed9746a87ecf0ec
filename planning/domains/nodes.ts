import { isBuiltIn, type NodePoolArgs } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { partNames, planNodePool, rolloutDigest } from "../nodes";
import type { CrossEdges, Domain, Report } from "./domain";
import { withOpenVSwitch } from "./hostnetwork";

/** Kernel arguments by which nodes boot in the RDMA mode that the SR-IOV operator would reboot them for otherwise. */
const RDMA_ARGUMENTS = { shared: "ib_core.netns_mode=1", exclusive: "ib_core.netns_mode=0" } as const;

/** The node pools with everything that other sections need of them. */
function poolsOf(environment: Environment): NodePoolArgs[] {
  const modes = new Map(environment.fabric?.pools.map((pool) => [pool.nodePool, pool.rdmaMode]));
  return withOpenVSwitch(environment).map((pool) => {
    const mode = modes.get(pool.name);
    const argument = mode && RDMA_ARGUMENTS[mode];
    if (argument === undefined || pool.kernelArguments.includes(argument)) return pool;
    return { ...pool, kernelArguments: [...pool.kernelArguments, argument] };
  });
}

/** The pool `worker`, when its nodes boot with something of ours: nodes of custom pools take that as well. */
function inheritedPool(pools: readonly NodePoolArgs[]): NodePoolArgs | undefined {
  return pools.find((pool) => pool.name === "worker" && rolloutDigest(pool) !== undefined);
}

const ONE_BY_ONE = "pools roll out one after the other, in the order in which they are declared";
const TOGETHER =
  "nodes of this pool take the configurations of `worker` too, so it is held before these change and rolls out once";

/**
 * Pools roll out in the order of declaration: a pool is held when the one before it has been released. Custom pools
 * inherit from `worker`: together with it they are held first, and then released in that order.
 */
function rolloutEdges(environment: Environment, edges: CrossEdges): void {
  const pools = poolsOf(environment);
  const worker = inheritedPool(pools);
  const rolling = pools.filter(({ name }) => isRolling(pools, name));
  const isTogether = ({ name }: NodePoolArgs): boolean => worker !== undefined && name !== "master";
  const first = rolling.findIndex(isTogether);
  const ahead = rolling[first - 1];
  rolling.forEach((pool, index) => {
    const id = `nodes/${pool.name}`;
    const previous = rolling[index - 1];
    if (isTogether(pool) && ahead) edges.after(`${id}/hold`, `nodes/${ahead.name}/release`, ONE_BY_ONE);
    if (isTogether(pool) && index > first && previous) {
      edges.after(`${id}/release`, `nodes/${previous.name}/release`, ONE_BY_ONE);
    } else if (!isTogether(pool) && previous) {
      edges.after(`${id}/hold`, `nodes/${previous.name}/release`, ONE_BY_ONE);
    }
    if (worker && pool !== worker && isTogether(pool)) edges.after("nodes/worker/hold", `${id}/hold`, TOGETHER);
  });
  const opening = rolling[first];
  if (!worker || !opening || opening === worker) return;
  for (const name of partNames(worker)) edges.after(`nodes/${opening.name}/release`, `nodes/worker/${name}`, TOGETHER);
}

/** Whether a pool has a rollout of its own, or one of what it inherits. */
function isRolling(pools: readonly NodePoolArgs[], name: string): boolean {
  const pool = pools.find((each) => each.name === name);
  if (!pool) return false;
  return rolloutDigest(pool) !== undefined || (!isBuiltIn(name) && inheritedPool(pools) !== undefined);
}

function checkProfiles({ nodePools }: Environment, report: Report): void {
  const custom = nodePools.find((pool) => !isBuiltIn(pool.name));
  const index = nodePools.findIndex((pool) => pool.name === "worker" && pool.performance !== undefined);
  if (!custom || index < 0) return;
  const message = `The Node Tuning Operator makes nothing of a profile for \`worker\` beside a custom pool ("${custom.name}").`;
  report(["nodePools", index, "performance"], message, "Give these nodes a pool of their own, with the profile.");
}

function checkNodes({ nodePools, inventory }: Environment, report: Report): void {
  const known = inventory && new Set(inventory.nodes.map((node) => node.name));
  const taken = new Map<string, string>();
  nodePools.forEach((pool, index) =>
    pool.nodes.forEach((name, position) => {
      const where = ["nodePools", index, "nodes", position];
      const other = taken.get(name);
      if (other !== undefined) report(where, `"${name}" is in the pool "${other}" too.`, "A node is in one pool only.");
      taken.set(name, pool.name);
      if (known && !known.has(name)) report(where, `The inventory has no node "${name}".`, "Correct the name.");
    }),
  );
}

/** Node pools. */
export const nodes: Domain = {
  plans: (environment) => {
    const pools = poolsOf(environment);
    const worker = inheritedPool(pools);
    const inherited = worker && rolloutDigest(worker);
    return pools.map((pool) => planNodePool(pool, isBuiltIn(pool.name) ? undefined : inherited));
  },
  edges: rolloutEdges,
  references: (environment, report) => {
    checkProfiles(environment, report);
    checkNodes(environment, report);
  },
};
