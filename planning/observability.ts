import type { JsonObject, Plan } from "../model";
import type { ObservabilityArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { CILIUM_NAMESPACE } from "./cilium-values";
import { type Alert, alertAreas } from "./observability/alerts";
import { dashboard } from "./observability/panels";
import { tokens } from "./tokens";

export { ObservabilityArgs } from "../model/arguments";

/** Id of the component in a plan. */
export const OBSERVABILITY = "observability";

/** Services of Cilium's chart by name, with the label that finds them and the port that serves metrics. */
const services: readonly { name: string; labels: Record<string, string>; port: string; hubble?: true }[] = [
  { name: "cilium-agent", labels: { "app.kubernetes.io/name": "cilium-agent" }, port: "metrics" },
  { name: "cilium-operator", labels: { "io.cilium/app": "operator" }, port: "metrics" },
  { name: "cilium-envoy", labels: { "k8s-app": "cilium-envoy" }, port: "envoy-metrics" },
  { name: "hubble-metrics", labels: { "k8s-app": "hubble" }, port: "hubble-metrics", hubble: true },
];

function rule({ name, expr, for: time, severity, summary, description, runbook }: Alert): JsonObject {
  return { alert: name, expr, for: time, labels: { severity }, annotations: { summary, description, runbook } };
}

/** Lets the cluster's Prometheus find Cilium's Services and their pods, which it may not in namespaces of others. */
function addAccess(plan: PlanBuilder): void {
  const metadata = { name: "prometheus-k8s", namespace: CILIUM_NAMESPACE };
  const role = plan.add("access/role", tokens.role, {
    metadata,
    rules: [{ apiGroups: [""], resources: ["services", "endpoints", "pods"], verbs: ["get", "list", "watch"] }],
  });
  const binding = plan.add("access/binding", tokens.roleBinding, {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
    subjects: [{ kind: "ServiceAccount", name: "prometheus-k8s", namespace: "openshift-monitoring" }],
  });
  plan.after(binding, role, "a binding names a role that is there");
}

/** Scraping of Cilium, alert rules per area and a dashboard for OpenShift's console. */
export function planObservability(args: ObservabilityArgs): Plan {
  const { namespace } = args;
  const plan = new PlanBuilder(OBSERVABILITY, tokens.observability);
  if (args.cilium) addAccess(plan);
  for (const { name, labels, port, hubble } of services) {
    if (!args.cilium || (hubble && !args.hubble)) continue;
    plan.add(`monitor/${name}`, tokens.serviceMonitor, {
      metadata: { name, namespace },
      spec: {
        namespaceSelector: { matchNames: [CILIUM_NAMESPACE] },
        selector: { matchLabels: labels },
        endpoints: [{ port, interval: "30s", path: "/metrics" }],
      },
    });
  }
  for (const { name, alerts } of alertAreas(args)) {
    plan.add(`rules/${name}`, tokens.prometheusRule, {
      metadata: { name: `ove-${name}`, namespace },
      spec: { groups: [{ name: `ove-${name}`, rules: alerts.map(rule) }] },
    });
  }
  plan.add("dashboard", tokens.configMap, {
    metadata: {
      name: "ove-dashboard",
      namespace: "openshift-config-managed",
      labels: { "console.openshift.io/dashboard": "true" },
    },
    data: { "ove.json": JSON.stringify(dashboard(args)) },
  });
  return plan.build();
}
