import type { Plan } from "../model";
import type { CiliumNetworkArgs, MachineArgs, SriovFabricArgs } from "../model/arguments";
import type { Environment, EnvironmentMachine } from "../model/environment";
import { joinPlans, PlanBuilder } from "./builder";
import { nonEmpty } from "./canonical";
import { planCilium } from "./cilium";
import { crossEdges, PLATFORM } from "./edges";
import { planMachine } from "./machines";
import { planAttachments } from "./networks";
import { planNodePool } from "./nodes";
import { checkReferences } from "./references";
import { planSriov } from "./sriov";
import { tokens } from "./tokens";

/** What the cluster's facts add to the arguments of Cilium's component. */
function ciliumArgs({ cluster }: Environment, cilium: NonNullable<Environment["cilium"]>): CiliumNetworkArgs {
  const { cilium: version, clusterNetworks, apiServer } = cluster;
  return { ...cilium, version, clusterNetworks, apiServer };
}

/** Pools of virtual functions count on all nodes of their node pool unless they say otherwise. */
function sriovArgs({ nodePools }: Environment, sriov: NonNullable<Environment["sriov"]>): SriovFabricArgs {
  const counts = new Map(nodePools.map((pool) => [pool.name, pool.machineCount]));
  const vfPools = sriov.vfPools.map((pool) => ({ ...pool, nodes: pool.nodes ?? counts.get(pool.nodePool) ?? 1 }));
  return { ...sriov, vfPools };
}

function machineArgs(environment: Environment, machine: EnvironmentMachine): MachineArgs {
  return { ...machine, environment: environment.name };
}

function componentPlans(environment: Environment): Plan[] {
  const { nodePools, cilium, sriov, attachments, machines } = environment;
  return [
    ...nodePools.map(planNodePool),
    ...(cilium ? [planCilium(ciliumArgs(environment, cilium))] : []),
    ...(sriov ? [planSriov(sriovArgs(environment, sriov))] : []),
    ...(attachments.length > 0 ? [planAttachments({ attachments })] : []),
    ...machines.map((machine) => planMachine(machineArgs(environment, machine))),
  ];
}

/** The platform's own objects: namespaces, and a gate behind everything. */
function ownPlan({ namespaces }: Environment): Plan {
  const plan = new PlanBuilder(PLATFORM, tokens.platform);
  for (const { name, labels, annotations } of namespaces) {
    plan.add(`namespace/${name}`, tokens.namespace, {
      metadata: { name, labels: nonEmpty(labels), annotations: nonEmpty(annotations) },
    });
  }
  return plan.build(plan.add("ready", tokens.gate, { of: PLATFORM }));
}

/**
 * The whole plan of an environment. What it refers to and does not have becomes a finding; the rest is planned
 * all the same.
 */
export function planPlatform(environment: Environment): Plan {
  const parts = componentPlans(environment);
  const own = { ...ownPlan(environment), findings: checkReferences(environment) };
  const joined = joinPlans([...parts, own]);
  return joinPlans([joined], crossEdges(environment, joined));
}
