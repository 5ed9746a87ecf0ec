import type { Plan } from "../model";
import type { Environment } from "../model/environment";
import { joinPlans, PlanBuilder } from "./builder";
import { nonEmpty } from "./canonical";
import { domains } from "./domains";
import { collectReferences, CrossEdges, PLATFORM } from "./domains/domain";
import { withoutImplied } from "./reduction";
import { tokens } from "./tokens";

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

/** The edges between the components of an environment. */
function crossEdges(environment: Environment, plan: Pick<Plan, "components" | "objects">): Plan["edges"] {
  const edges = new CrossEdges(plan);
  for (const domain of domains) domain.edges?.(environment, edges);
  const ready = `${PLATFORM}/ready`;
  for (const { id } of plan.components) {
    if (id !== PLATFORM) edges.afterComponent(ready, id, "the platform is ready when all of its components are");
  }
  for (const { name } of environment.namespaces) edges.afterNamespace(ready, name);
  return edges.edges;
}

/**
 * The whole plan of an environment. What it refers to and does not have becomes a finding; the rest is planned
 * all the same.
 */
export function planPlatform(environment: Environment): Plan {
  const findings = collectReferences((report) => {
    for (const domain of domains) domain.references?.(environment, report);
  });
  const own = { ...ownPlan(environment), findings };
  const plans = [...domains.flatMap((domain) => domain.plans(environment)), own];
  const objects = plans.flatMap((plan) => plan.objects);
  const components = plans.flatMap((plan) => plan.components);
  return withoutImplied(joinPlans(plans, crossEdges(environment, { objects, components })));
}
