import type { JsonObject, KubernetesObject } from "../../model";
import { isObject } from "../../model";
import { type Api, ApiError, pathOf } from "./api";
import type { AgentContext } from "./context";
import { delay, Worker } from "./store";
import { daemonSet, deployment, service, type Workload } from "./workload";

const V1 = "nmstate.io/v1";
const ENACTMENTS = "nmstate.io/v1beta1";
const NAMESPACE = "openshift-nmstate";
const POLICIES = "nodenetworkconfigurationpolicies";

/** Milliseconds that the operator takes to deploy what it deploys. */
const DEPLOY_MS = 800;
/** Milliseconds that a node takes to apply a policy; until then its old enactment stays as it is. */
const APPLY_MS = 600;
/** Milliseconds between two looks at whether the handler runs. */
const LOOK_MS = 500;

/** The conditions of these types, one of them True; `reason` is the same for all, as the operator writes it. */
export function conditionsOf(
  types: readonly string[],
  isTrue: string | undefined,
  reason: string,
  message: string,
): JsonObject[] {
  return types.map((type) => {
    const on = type === isTrue;
    return { type, status: on ? "True" : "False", reason, ...(on && message ? { message } : {}) };
  });
}

const enactmentTypes = ["Available", "Failing", "Progressing", "Pending", "Aborted"];
const policyTypes = ["Available", "Degraded", "Progressing", "Ignored"];

/** What a node's enactment says once the policy was applied there. */
export function enactmentStatus(policy: KubernetesObject, node: string, fails: boolean): JsonObject {
  const reason = fails ? "FailedToConfigure" : "SuccessfullyConfigured";
  const message = fails
    ? `error reconciling NodeNetworkConfigurationPolicy on node ${node} at desired state apply: simulated failure, rolled back`
    : "successfully reconciled";
  return {
    policyGeneration: policy.metadata.generation ?? 0,
    desiredState: isObject(policy.spec?.desiredState) ? policy.spec.desiredState : {},
    conditions: conditionsOf(enactmentTypes, fails ? "Failing" : "Available", reason, message),
  };
}

/** What a node's enactment says when it was not begun because another node had failed. */
export function abortedStatus(policy: KubernetesObject, node: string): JsonObject {
  const message = `reconciliation of enactment "${node}.${policy.metadata.name}" has aborted`;
  return {
    policyGeneration: policy.metadata.generation ?? 0,
    conditions: conditionsOf(enactmentTypes, "Aborted", "ConfigurationAborted", message),
  };
}

/** What the policy says once all its nodes are done: `failed` of `nodes`. */
export function policyConditions(nodes: number, failed: number): JsonObject[] {
  if (nodes === 0) return conditionsOf(policyTypes, "Ignored", "NoMatchingNode", "Policy does not match any node");
  if (failed > 0) {
    return conditionsOf(policyTypes, "Degraded", "FailedToConfigure", `${failed}/${nodes} nodes failed to configure`);
  }
  return conditionsOf(
    policyTypes,
    "Available",
    "SuccessfullyConfigured",
    `${nodes}/${nodes} nodes successfully configured`,
  );
}

/** What the policy says while its nodes are at it: its Available is unknown. */
export function progressing(): JsonObject[] {
  const reason = "ConfigurationProgressing";
  return conditionsOf(policyTypes, "Progressing", reason, "Policy is progressing").map((each) =>
    each.type === "Available" || each.type === "Degraded" ? { ...each, status: "Unknown" } : each,
  );
}

/** The nodes that have all labels of the policy's selector. */
export function selectedNodes(policy: KubernetesObject, nodes: readonly KubernetesObject[]): string[] {
  const selector = (isObject(policy.spec?.nodeSelector) ? policy.spec.nodeSelector : {}) as Record<string, string>;
  return nodes
    .filter(({ metadata }) => Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value))
    .map(({ metadata }) => metadata.name)
    .sort();
}

/** True when the enactments already belong to the policy's present form and no node is missing or too many. */
export function isEnacted(
  policy: KubernetesObject,
  nodes: readonly string[],
  enactments: readonly KubernetesObject[],
): boolean {
  const present = enactments.filter((each) => each.status?.policyGeneration === policy.metadata.generation);
  const conditions = policy.status?.conditions;
  return (
    Array.isArray(conditions) &&
    conditions.length > 0 &&
    !conditions.some((each) => isObject(each) && each.type === "Progressing" && each.status === "True") &&
    present.length === nodes.length &&
    enactments.length === nodes.length
  );
}

/** Runs the simulated NMState operator and its handlers. */
export function startNmstate(context: AgentContext): void {
  const nmstates = context.store(V1, "nmstates");
  const operator = new Worker("nmstate-operator", (name) => deploy(context.api, name));
  nmstates.onChange((nmstate, gone) => gone || operator.wake(nmstate.metadata.name));

  const policies = context.store(V1, POLICIES);
  const handler = new Worker("nmstate-handler", async (name) => {
    if (nmstates.all().length > 0) await apply(context, name);
  });
  policies.onChange((policy) => handler.wake(policy.metadata.name));
  nmstates.onChange(() => policies.all().forEach((policy) => handler.wake(policy.metadata.name)));
}

async function deploy(api: Api, name: string): Promise<number | void> {
  const path = pathOf(V1, "nmstates", { name });
  const owner = await api.get(path);
  if (!owner || owner.metadata.deletionTimestamp) return;
  await delay(DEPLOY_MS);
  await ensure(api, pathOf("v1", "namespaces"), { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  const workload = (part: string): Workload => ({
    name: `nmstate-${part}`,
    namespace: NAMESPACE,
    labels: { app: "kubernetes-nmstate", component: `kubernetes-nmstate-${part}` },
    owner,
  });
  const selector = isObject(owner.spec?.nodeSelector) ? owner.spec.nodeSelector : {};
  const at = (apiVersion: string, resource: string, part: string): string =>
    pathOf(apiVersion, resource, { namespace: NAMESPACE, name: `nmstate-${part}` });
  const handler = at("apps/v1", "daemonsets", "handler");
  await api.apply(handler, daemonSet(workload("handler"), selector));
  await api.apply(at("apps/v1", "deployments", "webhook"), deployment(workload("webhook")));
  await api.apply(at("v1", "services", "webhook"), service(workload("webhook")));
  const status = (await api.get(handler))?.status ?? {};
  const runs = Number(status.desiredNumberScheduled) > 0 && status.numberReady === status.desiredNumberScheduled;
  const [condition, reason] = runs ? ["Available", "SuccessfullyDeployed"] : ["Progressing", "Deploying"];
  const conditions = conditionsOf(["Available", "Degraded", "Progressing"], condition, reason, reason);
  if (JSON.stringify(conditions) !== JSON.stringify(owner.status?.conditions)) {
    await api.patch(`${path}/status`, { status: { conditions } });
  }
  return runs ? undefined : LOOK_MS;
}

/** Applies a policy node after node; the first that fails aborts the rest. */
async function apply(context: AgentContext, name: string): Promise<void> {
  const { api } = context;
  const path = pathOf(V1, POLICIES, { name });
  const policy = await api.get(path);
  const label = `?labelSelector=${encodeURIComponent(`nmstate.io/policy=${name}`)}`;
  const { items } = await api.list(`${pathOf(ENACTMENTS, "nodenetworkconfigurationenactments")}${label}`);
  const nodes = policy ? selectedNodes(policy, context.nodes.all()) : [];
  for (const { metadata } of items) {
    const node = metadata.labels?.["nmstate.io/node"] ?? "";
    if (!nodes.includes(node))
      await api.remove(pathOf(ENACTMENTS, "nodenetworkconfigurationenactments", { name: metadata.name }));
  }
  if (!policy || isEnacted(policy, nodes, items)) return;
  await api.patch(`${path}/status`, { status: { conditions: progressing() } });
  let failed = 0;
  for (const node of nodes) {
    await delay(failed > 0 ? 0 : APPLY_MS);
    const fails = failed === 0 && context.fault("enactment-fails", node);
    const status = failed > 0 ? abortedStatus(policy, node) : enactmentStatus(policy, node, fails);
    if (fails) failed += 1;
    await writeEnactment(api, policy, node, status);
  }
  await api.patch(`${path}/status`, { status: { conditions: policyConditions(nodes.length, failed) } });
}

async function writeEnactment(api: Api, policy: KubernetesObject, node: string, status: JsonObject): Promise<void> {
  const name = `${node}.${policy.metadata.name}`;
  const labels = { "nmstate.io/policy": policy.metadata.name, "nmstate.io/node": node };
  const kind = "NodeNetworkConfigurationEnactment";
  const path = pathOf(ENACTMENTS, "nodenetworkconfigurationenactments");
  await ensure(api, path, { apiVersion: ENACTMENTS, kind, metadata: { name, labels } });
  await api.patch(`${path}/${name}/status`, { status });
}

/** Creates the object unless it is there. */
async function ensure(api: Api, path: string, object: KubernetesObject): Promise<void> {
  try {
    await api.create(path, object);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
}
