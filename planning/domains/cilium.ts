import type { Finding, Plan } from "../../model";
import { overlaps } from "../../model/addresses";
import type { CiliumNetworkArgs } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { planCilium } from "../cilium";
import type { Domain, Report } from "./domain";

/** What the cluster's facts add to the arguments of Cilium's component. */
export function ciliumArgs(
  { cluster, observability }: Environment,
  cilium: NonNullable<Environment["cilium"]>,
): CiliumNetworkArgs {
  const { cilium: version, clusterNetworks, apiServer } = cluster;
  const metricsServices = cilium.metricsServices || observability !== undefined;
  return { ...cilium, metricsServices, version, clusterNetworks, apiServer };
}

/** Findings on the component's arguments, with their paths in the environment. */
export function environmentFindings(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: `cilium.${finding.path}` }));
}

function ciliumPlan(environment: Environment, cilium: NonNullable<Environment["cilium"]>): Plan {
  const plan = planCilium(ciliumArgs(environment, cilium));
  return { ...plan, findings: environmentFindings(plan.findings) };
}

/** Reports service addresses that are pods' addresses too. */
function checkServiceNetwork({ cluster }: Environment, report: Report): void {
  cluster.serviceNetwork.forEach((service, index) => {
    const pods = cluster.clusterNetworks.find(({ cidr }) => overlaps(cidr, service));
    if (!pods) return;
    const where = ["cluster", "serviceNetwork", index];
    report(where, `${service} overlaps the pod network ${pods.cidr}.`, "Give the blocks of the cluster's Network.");
  });
}

/** Cilium as the cluster's network. */
export const cilium: Domain = {
  plans: (environment) => (environment.cilium ? [ciliumPlan(environment, environment.cilium)] : []),
  edges: ({ nodePools }, edges) => {
    const reason = "agents restart after the pool's reboots, so that no node loses its network twice at once";
    for (const { name } of nodePools) edges.afterComponent("cilium/config", `nodes/${name}`, reason);
  },
  references: checkServiceNetwork,
};
