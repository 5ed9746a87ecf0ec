import type { KubernetesObject } from "../../model";
import { type Api, pathOf } from "./api";
import type { AgentContext } from "./context";
import { Worker } from "./store";

const NAMESPACE = "sandbox";

/** Name of the pod on a node that must not be evicted, and of its budget. */
export function blockerName(node: string): string {
  return `drain-blocked-${node}`;
}

/**
 * A pod on that node and a budget that allows no disruption of it. Everything else is real: the machine config
 * controller and the SR-IOV operator drain by the eviction API, and the API server refuses because of the budget.
 */
export function blockers(node: string): { pod: KubernetesObject; budget: KubernetesObject } {
  const metadata = { name: blockerName(node), namespace: NAMESPACE };
  const labels = { app: metadata.name };
  const containers = [{ name: "main", image: "sandbox.invalid/drain-blocked:1" }];
  return {
    pod: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...metadata, labels },
      spec: { nodeName: node, tolerations: [{ operator: "Exists" }], containers, terminationGracePeriodSeconds: 0 },
    },
    budget: {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    },
  };
}

async function ensure(api: Api, path: string, object: KubernetesObject): Promise<void> {
  if (!(await api.get(`${path}/${object.metadata.name}`))) await api.create(path, object);
}

/** Puts pods that cannot be evicted on the nodes that the fault names, and takes them away again. */
export function startDrainBlocked(context: AgentContext): void {
  const { api } = context;
  const pods = pathOf("v1", "pods", { namespace: NAMESPACE });
  const budgets = pathOf("policy/v1", "poddisruptionbudgets", { namespace: NAMESPACE });
  const worker = new Worker("drain-blocked", async (node) => {
    const { pod, budget } = blockers(node);
    if (context.fault("drain-blocked", node)) {
      // The budget first: a drain that is under way must not catch the pod without.
      await ensure(api, budgets, budget);
      await ensure(api, pods, pod);
      return;
    }
    if (!(await api.get(`${budgets}/${budget.metadata.name}`))) return;
    await api.remove(`${pods}/${pod.metadata.name}`);
    await api.remove(`${budgets}/${budget.metadata.name}`);
  });
  context.onFaults(() => context.inventory.nodes.forEach(({ name }) => worker.wake(name)));
}
