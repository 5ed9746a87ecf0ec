import type { PathStep } from "../../model";
import {
  type GroupProblem,
  groupProblems,
  type NodeGroup,
  type NodePoolArgs,
  partsOf,
  shareNodes,
  unsetMtus,
} from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { groupObject, HOST_NETWORK, planHostNetwork } from "../hostnetwork";
import { type ComposedHost, composeHost, madeKey } from "../uplinks";
import type { CrossEdges, Domain, Report } from "./domain";
import { poolsOfRole } from "./sriov";

/** The environment's host network with what its attachments need. */
export function hostOf({ hostNetwork, networks }: Environment): ComposedHost {
  return composeHost(hostNetwork, networks);
}

const OPEN_VSWITCH = "openvswitch.service";

/**
 * The node pools, with Open vSwitch's service where a group has bridges of it: nodes run it by themselves only where
 * OVN-Kubernetes is the cluster's network. It is one more unit of the pool, so there is no further reboot.
 */
export function withOpenVSwitch(environment: Environment): NodePoolArgs[] {
  const groups = hostOf(environment).args?.groups ?? [];
  const roles = new Set(groups.filter((group) => group.ovsBridges.length > 0).map((group) => group.nodePool));
  return environment.nodePools.map((pool) => {
    if (!roles.has(pool.name)) return pool;
    const own = pool.units.find((unit) => unit.name === OPEN_VSWITCH);
    const others = pool.units.filter((unit) => unit !== own);
    return { ...pool, units: [...others, { name: OPEN_VSWITCH, enabled: true, ...own }] };
  });
}

/** The node pools in which a group has nodes; all where its labels do not tell. */
function poolsOf(environment: Environment, { nodePool }: NodeGroup): string[] {
  return nodePool === undefined ? environment.nodePools.map((pool) => pool.name) : poolsOfRole(environment, nodePool);
}

function groupEdges(environment: Environment, group: NodeGroup, edges: CrossEdges): void {
  const reason =
    group.ovsBridges.length > 0
      ? "Open vSwitch runs on the nodes only after the pool's rollout"
      : "a network that changes while its node reboots is rolled back";
  for (const pool of poolsOf(environment, group)) {
    edges.afterComponent(groupObject(group.name), `nodes/${pool}`, reason);
  }
}

/** Policies of virtual functions wait where the host network has their card: both set up the same hardware. */
function functionEdges({ fabric }: Environment, groups: readonly NodeGroup[], edges: CrossEdges): void {
  const used = new Set(groups.flatMap((group) => partsOf(group).flatMap((part) => [part.name, ...part.below])));
  for (const pool of fabric?.vfPools ?? []) {
    if (!pool.pfs.some((pf) => used.has(pf))) continue;
    const reason = "the host network uses the same card, and both would change it at once";
    edges.afterComponent(`sriov/policy/${pool.name}`, HOST_NETWORK, reason);
  }
}

function checkPools({ nodePools }: Environment, groups: readonly NodeGroup[], at: Where, report: Report): void {
  const known = new Set(nodePools.map((pool) => pool.name));
  groups.forEach((group) => {
    if (group.nodePool === undefined || known.has(group.nodePool)) return;
    const openVSwitch = group.ovsBridges.length > 0;
    // Every cluster has these two, and without Open vSwitch nothing is asked of them.
    if (!openVSwitch && (group.nodePool === "worker" || group.nodePool === "master")) return;
    const why = openVSwitch ? " Open vSwitch is enabled there." : "";
    report(
      at(group, { path: ["nodePool"], message: "" }, "nodePool"),
      `The environment has no node pool "${group.nodePool}".${why}`,
      "Add it to `nodePools`.",
    );
  });
}

/** Where a problem is shown: at the group, or at the attachment for which the interface is made. */
type Where = (group: NodeGroup, problem: GroupProblem, key?: string) => PathStep[];

function whereOf({ hostNetwork }: Environment, { madeFor }: ComposedHost): Where {
  return (group, { path, part }, key = "uplink") => {
    const index = hostNetwork?.groups.findIndex((each) => each.name === group.name) ?? -1;
    const attachment = part === undefined ? undefined : madeFor.get(madeKey(group.name, part));
    const first = [...madeFor].find(([made]) => made.startsWith(`${group.name}/`))?.[1];
    if (attachment !== undefined) return ["networks", attachment, key];
    return index < 0 && first !== undefined ? ["networks", first, key] : ["hostNetwork", "groups", index, ...path];
  };
}

/** Groups whose nodes are partly the same: a later policy would undo what an earlier one has made. */
function checkShared(groups: readonly NodeGroup[], at: Where, report: Report): void {
  groups.forEach((group, index) => {
    for (const other of groups.slice(0, index).filter((earlier) => shareNodes(earlier, group))) {
      const names = new Set(partsOf(other).map((part) => part.name));
      for (const part of partsOf(group).filter(({ name }) => names.has(name))) {
        const path = [part.list, part.index, "name"];
        const message = `Group "${other.name}" has ${part.name} too, and nodes of both would get it twice.`;
        report(at(group, { path, message, part: part.name }), message, "Describe it in one of the groups.");
      }
    }
  });
}

function checkParts(environment: Environment, groups: readonly NodeGroup[], at: Where, report: Report): void {
  const hardware = environment.hostInterfaces && new Set(environment.hostInterfaces);
  for (const group of groups) {
    for (const problem of groupProblems(group)) {
      report(at(group, problem), problem.message, "Use another interface, or describe it once.");
    }
    for (const problem of unsetMtus(group)) {
      const fix = `Give it an MTU of ${problem.mtu} in \`interfaces\` of the group, unless it has it.`;
      report(at(group, problem, "mtu"), problem.message, fix, "warning");
    }
    const parts = partsOf(group);
    const names = new Set(parts.map((part) => part.name));
    for (const part of parts) {
      for (const name of part.below.filter((each) => hardware && !hardware.has(each) && !names.has(each))) {
        const path = [part.list, part.index, part.list === "vlans" ? "base" : "ports"];
        const message = `The nodes have no interface "${name}".`;
        report(at(group, { path, message, part: part.name }), message, "Add it to `hostInterfaces`, or correct it.");
      }
    }
  }
}

/** The network of the nodes. */
export const hostNetwork: Domain = {
  plans: (environment) => {
    const { args } = hostOf(environment);
    return args ? [planHostNetwork(args)] : [];
  },
  edges: (environment, edges) => {
    const groups = hostOf(environment).args?.groups ?? [];
    for (const group of groups) groupEdges(environment, group, edges);
    functionEdges(environment, groups, edges);
  },
  references: (environment, report) => {
    const host = hostOf(environment);
    const groups = host.args?.groups ?? [];
    const at = whereOf(environment, host);
    checkPools(environment, groups, at, report);
    checkShared(groups, at, report);
    checkParts(environment, groups, at, report);
    for (const { attachment, name } of host.conflicts) {
      const message = `Needs an interface "${name}", which is something else already.`;
      report(["networks", attachment, "uplink"], message, "Name that one as `bridge` or `master`, without `uplink`.");
    }
  },
};
