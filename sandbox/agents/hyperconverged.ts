import type { JsonObject, KubernetesObject } from "../../model";
import { asJson, isObject, objectName, valueAt } from "../../model";
import { pathOf } from "./api";
import type { AgentContext } from "./context";
import { delay, Worker } from "./store";
import { deployment, service } from "./workload";

const HCO = "hco.kubevirt.io/v1beta1";
const KUBEVIRT = "kubevirt.io/v1";
const NAME = "kubevirt-hyperconverged";
const WEBHOOK = "virt-api";

/** Milliseconds until the operator sees a change; until then its old status stays as it is. */
const NOTICE_MS = 400;
/** Milliseconds that its components take. */
const DEPLOY_MS = 900;

/** How far the operator is with a HyperConverged. */
export type Stage = "init" | "deploying" | "done" | "degraded" | "ignored";

const FAILURE = "simulated failure: KubeVirt is degraded";

/** Status of each condition and why, by stage. */
const stages: Record<Exclude<Stage, "ignored">, { reason: string; message: string; states: Record<string, string> }> = {
  init: {
    reason: "Init",
    message: "Initializing HyperConverged cluster",
    states: {
      ReconcileComplete: "Unknown",
      Available: "False",
      Progressing: "True",
      Degraded: "False",
      Upgradeable: "Unknown",
    },
  },
  deploying: {
    reason: "KubeVirtProgressing",
    message: "KubeVirt is progressing: Deploying version 1.8.4",
    states: {
      ReconcileComplete: "True",
      Available: "False",
      Progressing: "True",
      Degraded: "False",
      Upgradeable: "False",
    },
  },
  done: {
    reason: "ReconcileCompleted",
    message: "Reconcile completed successfully",
    states: {
      ReconcileComplete: "True",
      Available: "True",
      Progressing: "False",
      Degraded: "False",
      Upgradeable: "True",
    },
  },
  degraded: {
    reason: "KubeVirtDegraded",
    message: FAILURE,
    states: {
      ReconcileComplete: "True",
      Available: "False",
      Progressing: "False",
      Degraded: "True",
      Upgradeable: "False",
    },
  },
};

/** The status of a stage. Source: hyperconverged_controller.go setInitialConditions, aggregateComponentConditions. */
export function hyperConvergedStatus(stage: Stage, generation: number): JsonObject {
  if (stage === "ignored") {
    const message = `Request does not match expected name (${NAME})`;
    const condition = { type: "ReconcileComplete", status: "False", reason: "InvalidRequest", message };
    return { conditions: [{ ...condition, observedGeneration: generation }] };
  }
  const { reason, message, states } = stages[stage];
  const conditions = Object.entries(states).map(([type, status]) => ({
    type,
    status,
    reason,
    message,
    observedGeneration: generation,
  }));
  const systemHealthStatus = stage === "done" ? "healthy" : stage === "degraded" ? "error" : "warning";
  return { observedGeneration: generation, conditions, systemHealthStatus };
}

/** What the operator writes into KubeVirt's configuration. Source: controllers/handlers/kubevirt.go NewKubeVirt. */
export function kubeVirtConfiguration(hyperConverged: KubernetesObject): JsonObject {
  const spec = hyperConverged.spec ?? {};
  const migrations = isObject(spec.liveMigrationConfig) ? spec.liveMigrationConfig : {};
  const { evictionStrategy } = spec;
  return {
    ...(Object.keys(migrations).length > 0 ? { migrations } : {}),
    ...(typeof evictionStrategy === "string" ? { evictionStrategy } : {}),
  };
}

/** Runs the simulated hyperconverged cluster operator. */
export function startHyperConverged(context: AgentContext): void {
  const store = context.store(HCO, "hyperconvergeds");
  const done = new Map<string, string>();
  const worker = new Worker("hyperconverged", async (key) => {
    const known = store.get(key);
    if (!known) {
      done.delete(key);
      return;
    }
    const { name, namespace = "", uid = "", generation = 0 } = known.metadata;
    const isBroken = context.fault("hyperconverged-degraded", key);
    const version = `${uid} ${generation} ${isBroken}`;
    if (known.metadata.deletionTimestamp || done.get(key) === version) return;
    const report = (stage: Stage): Promise<unknown> =>
      context.api.patch(pathOf(HCO, "hyperconvergeds", { namespace, name, subresource: "status" }), {
        status: hyperConvergedStatus(stage, generation),
      });
    await delay(NOTICE_MS);
    if (name !== NAME) {
      await report("ignored");
    } else {
      if (!known.status) await report("init");
      else await report("deploying");
      await delay(DEPLOY_MS);
      if (!isBroken) await deploy(context, known);
      await report(isBroken ? "degraded" : "done");
    }
    done.set(key, version);
    return 0;
  });
  store.onChange((object) => worker.wake(objectName(object.metadata)));
  context.onFaults(() => store.all().forEach((object) => worker.wake(objectName(object.metadata))));
}

/** Starts the webhook, and writes the settings into every KubeVirt that is there. */
async function deploy({ api }: AgentContext, owner: KubernetesObject): Promise<void> {
  const { namespace = "" } = owner.metadata;
  const workload = { name: WEBHOOK, namespace, labels: { "kubevirt.io": WEBHOOK }, owner };
  const at = { namespace, name: WEBHOOK };
  await api.apply(pathOf("apps/v1", "deployments", at), deployment(workload));
  await api.apply(pathOf("v1", "services", at), service(workload));
  const configuration = kubeVirtConfiguration(owner);
  for (const kubevirt of (await api.list(pathOf(KUBEVIRT, "kubevirts"))).items) {
    const { name } = kubevirt.metadata;
    if (valueAt(asJson(kubevirt), ["metadata", "deletionTimestamp"]) !== undefined) continue;
    const path = pathOf(KUBEVIRT, "kubevirts", { namespace: kubevirt.metadata.namespace, name });
    await api.patch(path, { spec: { configuration } });
  }
}
