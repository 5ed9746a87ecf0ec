import { createHash } from "node:crypto";
import { type Condition, type JsonObject, type KubernetesObject } from "../../model";
import { type Api, ApiError, pathOf } from "./api";
import { ciliumObjects, type ReleaseObject } from "./cilium-release";
import { renderFailure } from "./cilium-values";
import type { AgentContext } from "./context";
import { latenesses } from "./crd-late";
import { delay, Worker } from "./store";

const CONFIGS = "cilium.io/v1alpha1";
const CILIUM = "cilium.io/v2";
const CRDS = "apiextensions.k8s.io/v1";

/** Set by the helm-operator: the release has to be uninstalled before the object may go. */
const FINALIZER = "helm.sdk.operatorframework.io/uninstall-release";

/** Annotation: hash of the values that are deployed. */
const DEPLOYED = "sandbox.pulumi-ove/deployed-values";

/** Milliseconds that rendering and applying the chart takes: until then the old release still reads Deployed. */
const RELEASE_MS = 800;
/** Milliseconds until Cilium's operator has started and registers its CRDs. */
const REGISTER_MS = 1500;
/** Milliseconds between two looks at whether a new kind is served. */
const SERVED_MS = 200;

/** What the helm-operator does next with a CiliumConfig. */
export type ReleaseStep =
  | { kind: "finalizer" }
  | { kind: "deploy"; upgrade: boolean }
  | { kind: "fail"; message: string }
  | { kind: "uninstall" };

/** The next step for this CiliumConfig; undefined when its values are deployed (or have failed) already. */
export function nextReleaseStep(config: KubernetesObject, broken: boolean): ReleaseStep | undefined {
  const finalizers = config.metadata.finalizers ?? [];
  if (config.metadata.deletionTimestamp) return finalizers.includes(FINALIZER) ? { kind: "uninstall" } : undefined;
  if (!finalizers.includes(FINALIZER)) return { kind: "finalizer" };
  const failure = broken ? "simulated failure: the release cannot be applied" : renderFailure(config.spec ?? {});
  const deployed = config.metadata.annotations?.[DEPLOYED];
  if (failure)
    return conditionOf(config, "ReleaseFailed")?.message === failure ? undefined : { kind: "fail", message: failure };
  if (deployed === fingerprint(config) && !conditionOf(config, "ReleaseFailed")) return undefined;
  return { kind: "deploy", upgrade: deployed !== undefined };
}

/** The helm-operator's conditions after a step; those of earlier releases stay. They know no generation. */
export function conditionsAfter(config: KubernetesObject, step: ReleaseStep, now: string): JsonObject[] {
  const before = (config.status?.conditions ?? []) as JsonObject[];
  const old = (type: string): JsonObject[] => before.filter((entry) => entry.type === type);
  const initialized = old("Initialized").length
    ? old("Initialized")
    : [{ type: "Initialized", status: "True", lastTransitionTime: now }];
  if (step.kind === "fail") {
    const reason = old("Deployed").length ? "UpgradeError" : "InstallError";
    const failed = { type: "ReleaseFailed", status: "True", reason, message: step.message, lastTransitionTime: now };
    return [...initialized, ...old("Deployed"), failed];
  }
  if (step.kind !== "deploy") return before;
  const reason = step.upgrade ? "UpgradeSuccessful" : "InstallSuccessful";
  const lastTransitionTime = old("Deployed")[0]?.lastTransitionTime ?? now;
  const message = "Cilium is deployed.";
  return [...initialized, { type: "Deployed", status: "True", reason, message, lastTransitionTime }];
}

function conditionOf(config: KubernetesObject, type: string): Condition | undefined {
  const conditions = (config.status?.conditions ?? []) as unknown as Condition[];
  return conditions.find((entry) => entry.type === type && entry.status === "True");
}

function fingerprint(config: KubernetesObject): string {
  return createHash("sha256")
    .update(JSON.stringify(config.spec ?? {}))
    .digest("hex")
    .slice(0, 16);
}

/**
 * Runs the simulated operators of Cilium: the helm-operator that deploys a CiliumConfig, and cilium-operator, which
 * registers Cilium's CRDs after it has started (`crds`: what the control plane would have served from the beginning).
 */
export function startCiliumOperator(context: AgentContext, crds: KubernetesObject[]): void {
  const configs = context.store(CONFIGS, "ciliumconfigs");
  let registered = false;
  const work = async (key: string): Promise<number | void> => {
    const [namespace = "", name = ""] = key.split("/");
    const path = pathOf(CONFIGS, "ciliumconfigs", { namespace, name });
    const config = await context.api.get(path);
    const step = config && nextReleaseStep(config, context.fault("cilium-release-fails", key));
    if (!config) return;
    if (step) {
      await perform(context, config, path, step);
      return 0;
    }
    if (registered || !conditionOf(config, "Deployed")) return;
    await register(context, crds);
    registered = true;
  };
  const worker = new Worker("cilium-operator", work);
  const wake = (config: KubernetesObject): void => worker.wake(`${config.metadata.namespace}/${config.metadata.name}`);
  configs.onChange((config, gone) => gone || wake(config));
  context.onFaults(() => configs.all().forEach(wake));
}

async function perform(
  context: AgentContext,
  config: KubernetesObject,
  path: string,
  step: ReleaseStep,
): Promise<void> {
  const { api } = context;
  if (step.kind === "finalizer") {
    await api.patch(path, { metadata: { finalizers: [...(config.metadata.finalizers ?? []), FINALIZER] } });
    return;
  }
  await delay(RELEASE_MS);
  if (step.kind === "uninstall") {
    await removeOthers(api, config, []);
    const finalizers = (config.metadata.finalizers ?? []).filter((entry) => entry !== FINALIZER);
    await api.patch(path, { metadata: { finalizers } });
    return;
  }
  if (step.kind === "deploy") {
    const objects = ciliumObjects(config.metadata.namespace ?? "", config.spec ?? {});
    for (const { resource, object } of objects) await applyObject(api, resource, object);
    await removeOthers(api, config, objects);
  }
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  await api.patch(`${path}/status`, { status: { conditions: conditionsAfter(config, step, now) } });
  if (step.kind === "deploy") await api.patch(path, { metadata: { annotations: { [DEPLOYED]: fingerprint(config) } } });
}

async function applyObject(api: Api, resource: string, object: KubernetesObject): Promise<void> {
  const { namespace, name } = object.metadata;
  await api.apply(pathOf(object.apiVersion, resource, { namespace, name }), object);
}

/** Removes what earlier values of this release made and the present ones do not. */
async function removeOthers(api: Api, config: KubernetesObject, kept: ReleaseObject[]): Promise<void> {
  const namespace = config.metadata.namespace ?? "";
  for (const [apiVersion, resource] of [
    ["apps/v1", "daemonsets"],
    ["apps/v1", "deployments"],
    ["v1", "configmaps"],
  ] as const) {
    const list = await api.list(
      `${pathOf(apiVersion, resource, { namespace })}?labelSelector=app.kubernetes.io/part-of=cilium`,
    );
    for (const { metadata } of list.items) {
      const stays = kept.some((entry) => entry.resource === resource && entry.object.metadata.name === metadata.name);
      if (!stays) await api.remove(pathOf(apiVersion, resource, { namespace, name: metadata.name }));
    }
  }
}

/** cilium-operator's start: its CRDs, and a CiliumNode for every node. */
async function register(context: AgentContext, crds: KubernetesObject[]): Promise<void> {
  await delay(REGISTER_MS);
  const late = latenesses(context.targets("crd-late"));
  const add = (crd: KubernetesObject): Promise<void> =>
    createIfMissing(context.api, CRDS, "customresourcedefinitions", crd);
  const inTime = crds.filter((crd) => !late.has(crd.metadata.name));
  await Promise.all(inTime.map(add));
  const lateOnes = crds.filter((crd) => !inTime.includes(crd));
  for (const crd of lateOnes) {
    void delay(late.get(crd.metadata.name) ?? 0)
      .then(() => add(crd))
      .catch((error: Error) => console.error(`cilium-operator ${crd.metadata.name}: ${error.message}`));
  }
  // A new kind is served a moment after its CRD is there; until then asking for it fails in various ways.
  const served = (): Promise<boolean> => context.api.list(pathOf(CILIUM, "ciliumnodes")).then(Boolean, () => false);
  while (!(await served())) await delay(SERVED_MS);
  for (const { name } of context.inventory.nodes) {
    const node = { apiVersion: CILIUM, kind: "CiliumNode", metadata: { name }, spec: {} };
    await createIfMissing(context.api, CILIUM, "ciliumnodes", node);
  }
}

async function createIfMissing(
  api: Api,
  apiVersion: string,
  resource: string,
  object: KubernetesObject,
): Promise<void> {
  try {
    await api.create(pathOf(apiVersion, resource), object);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
}
