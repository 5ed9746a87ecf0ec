import { condition, objectName } from "../../model";
import type { KubernetesObject } from "../../model";
import { numberAt } from "../../rules/read";
import type { Watch } from "../kind";

const drain = "machineconfiguration.openshift.io/desiredDrain";
const drained = "machineconfiguration.openshift.io/lastAppliedDrain";

/** What tells why a drain takes long: the disruption budgets, and the machine config operator's reports on its nodes. */
export interface Drains {
  budgets?: readonly KubernetesObject[];
  /** MachineConfigNodes; not all releases have them. */
  reports?: readonly KubernetesObject[];
}

/** Both only tell more. Budgets are few; pods, which would tell which budget is whose, are too many to watch in a large cluster. */
export const drainWatches: readonly Watch[] = [
  { id: "budgets", apiVersion: "policy/v1", plural: "poddisruptionbudgets", details: true },
  {
    id: "nodeReports",
    apiVersion: "machineconfiguration.openshift.io/v1",
    plural: "machineconfignodes",
    details: true,
  },
];

/** Whether the machine config daemon has asked for a drain that is not done. Source: pkg/daemon/drain.go, performDrain. */
function isDraining({ metadata: { annotations = {} } }: KubernetesObject): boolean {
  return (annotations[drain] ?? "").startsWith("drain-") && annotations[drain] !== annotations[drained];
}

/** The drain controller's error; absent while it is still trying for the first time. */
function reported(node: string, reports: readonly KubernetesObject[]): string | undefined {
  const report = reports.find(({ metadata }) => metadata.name === node);
  const message = report && condition(report, "Drained")?.message;
  return message?.startsWith("Error:") ? message : undefined;
}

/** Budgets that let no pod go: the API server refuses to evict theirs. Those of pods in the report, when it names any. */
function strict(budgets: readonly KubernetesObject[], report: string | undefined): string[] {
  const namespaces = [...(report ?? "").matchAll(/-n "([^"]+)"/g)].map(([, name]) => name);
  return budgets
    .filter((budget) => numberAt(budget, "status", "disruptionsAllowed") === 0)
    .filter((budget) => (numberAt(budget, "status", "expectedPods") ?? 0) > 0)
    .filter(({ metadata }) => namespaces.length === 0 || namespaces.includes(metadata.namespace))
    .map(({ metadata }) => objectName(metadata))
    .sort();
}

/**
 * For each node that is being drained a sentence: what the machine config operator says, and the disruption budgets
 * that let no pod go. The operator itself goes on trying for ever; it tells of a failure after ten minutes by an event.
 * Source: machine-config-operator pkg/controller/drain/drain_controller.go.
 */
export function draining(nodes: readonly KubernetesObject[], { budgets = [], reports = [] }: Drains): string[] {
  return nodes.filter(isDraining).map(({ metadata: { name } }) => {
    const report = reported(name, reports);
    const names = strict(budgets, report);
    const kept = names.length > 0 ? `PodDisruptionBudgets that let no pod go: ${names.join(", ")}` : undefined;
    return [`node ${name} is being drained`, report, kept].filter((part) => part !== undefined).join("; ");
  });
}
