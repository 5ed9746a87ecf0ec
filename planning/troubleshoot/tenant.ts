import type { Plan, TroubleshootingStep } from "../../model";
import type { TenantArgs } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { TENANT_LABEL } from "../tenants";
import { agentStep, encryptionStep, flowSteps, policyNames, policyStep } from "./cilium";
import { columns, oc } from "./commands";

function endpointStep(namespace: string): TroubleshootingStep {
  const shown = columns(
    ["ENDPOINT", ".metadata.name"],
    ["STATE", ".status.state"],
    ["IDENTITY", ".status.identity.id"],
    ["LABELS", ".status.identity.labels"],
  );
  return {
    question: `Does Cilium know the pods and machines in ${namespace}?`,
    commands: [oc("get", "ciliumendpoints", "-n", namespace, ...shown)],
    good: "Every pod has an endpoint that is ready, and its labels are those that policies ask for.",
    bad: "No endpoint: the pod is older than Cilium on its node, or on the node's network; start it anew. A label of the machine's own is missing: only labels of its template reach the pod.",
  };
}

/** Why traffic of a tenant is dropped. */
export function tenantSteps(environment: Environment, plan: Plan, tenant: TenantArgs): TroubleshootingStep[] {
  const names = tenant.namespaces.map(({ name }) => name);
  return [
    {
      question: "Are the tenant's namespaces there?",
      commands: [oc("get", "namespaces", "-l", `${TENANT_LABEL}=${tenant.name}`)],
      good: `Active: ${names.join(", ")}.`,
      bad: "A missing one was not made, or lost its label. One that is Terminating waits for what is in it.",
    },
    agentStep(),
    ...names.flatMap((name) => [
      ...policyStep(name, policyNames(plan, name)),
      endpointStep(name),
      ...flowSteps(environment, name, ["--namespace", name], true),
    ]),
    ...encryptionStep(environment),
  ];
}
