import type { Plan } from "../model";
import type { OperatorArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { nonEmpty } from "./canonical";
import { tokens } from "./tokens";

export { OperatorArgs } from "../model/arguments";

/** Id of an operator's component in a plan. */
export function operatorComponent({ name }: { name: string }): string {
  return `operators/${name}`;
}

/** Namespace, OperatorGroup and Subscription of an operator. A namespace has one OperatorGroup, or nothing installs. */
export function planOperator(operator: OperatorArgs): Plan {
  const { namespace, channel, version, catalog, catalogNamespace, scope } = operator;
  const plan = new PlanBuilder(operatorComponent(operator), tokens.operatorSubscription);
  const group = plan.add("group", tokens.operatorGroup, {
    metadata: { name: operator.groupName ?? namespace, namespace },
    spec: { targetNamespaces: scope === "own" ? [namespace] : undefined },
  });
  if (operator.createNamespace) {
    const home = plan.add("namespace", tokens.namespace, {
      metadata: { name: namespace, labels: nonEmpty(operator.namespaceLabels) },
    });
    plan.after(group, home, "the namespace must exist");
  }
  const subscription = plan.add("subscription", tokens.subscription, {
    metadata: { name: operator.package, namespace },
    spec: {
      name: operator.package,
      source: catalog,
      sourceNamespace: catalogNamespace,
      channel,
      // Plans are approved by the provider, and only those with this version alone.
      installPlanApproval: "Manual",
      startingCSV: version,
    },
  });
  plan.after(subscription, group, "OLM installs nothing into a namespace without an OperatorGroup");
  return plan.build();
}
