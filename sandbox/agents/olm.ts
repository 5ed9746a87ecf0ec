import type { JsonObject, KubernetesObject } from "../../model";
import { isObject } from "../../model";
import { type Api, ApiError, pathOf } from "./api";
import type { AgentContext } from "./context";
import { textOf } from "./read";
import { delay, Worker } from "./store";
import { ownerReference } from "./workload";

const V1 = "operators.coreos.com/v1";
const ALPHA = "operators.coreos.com/v1alpha1";

/** Milliseconds until a catalog's pod answers. */
const CONNECT_MS = 800;
/** Milliseconds that resolving a subscription takes. */
const RESOLVE_MS = 600;
/** Milliseconds that each phase of a version takes. */
const PHASE_MS = 400;

const phases = ["Pending", "InstallReady", "Installing", "Succeeded"] as const;

/** The version of another operator that the fault puts into a plan. */
export const FOREIGN_VERSION = "another-operator.v1.0.0";

/** The version that a subscription gets: what it starts with, or the first one of its channel. */
export function versionOf(subscription: KubernetesObject): string {
  const spec = subscription.spec ?? {};
  return textOf(spec.startingCSV) || `${textOf(spec.name)}.v1.0.0`;
}

/** The spec of the plan that installs a subscription's version. */
export function planSpec(subscription: KubernetesObject, withForeign: boolean): JsonObject {
  const manual = subscription.spec?.installPlanApproval === "Manual";
  return {
    approval: manual ? "Manual" : "Automatic",
    approved: !manual,
    clusterServiceVersionNames: [versionOf(subscription), ...(withForeign ? [FOREIGN_VERSION] : [])],
  };
}

/** The phase after that one, undefined after the last. */
export function nextPhase(phase: string): string | undefined {
  const at = phases.findIndex((each) => each === phase);
  return phases[at + 1];
}

/** The namespaces of an OperatorGroup as its status names them; all of them are an empty name. */
export function groupNamespaces(group: KubernetesObject): string[] {
  const targets = group.spec?.targetNamespaces;
  const names = Array.isArray(targets) ? targets.map(textOf) : [];
  return names.length > 0 ? names : [""];
}

/** What a subscription's status says before and after its plan was carried out. */
export function subscriptionStatus(version: string, plan: string, installed: boolean, now: string): JsonObject {
  return {
    currentCSV: version,
    ...(installed ? { installedCSV: version } : {}),
    installPlanRef: { apiVersion: ALPHA, kind: "InstallPlan", name: plan },
    lastUpdated: now,
    state: installed ? "AtLatestKnown" : "UpgradePending",
  };
}

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, "Z");
const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace ?? ""}/${metadata.name}`;

/** Runs the simulated Operator Lifecycle Manager. A version stays when its subscription is deleted. */
export function startOlm(context: AgentContext): void {
  const { api } = context;
  const work = (
    apiVersion: string,
    resource: string,
    act: (object: KubernetesObject, path: string) => Promise<void>,
  ) => {
    const store = context.store(apiVersion, resource);
    const worker = new Worker(`olm ${resource}`, async (key) => {
      const [namespace = "", name = ""] = key.split("/");
      const path = pathOf(apiVersion, resource, { namespace, name });
      const object = await api.get(path);
      if (object && !object.metadata.deletionTimestamp) await act(object, path);
    });
    store.onChange((object, gone) => gone || worker.wake(keyOf(object)));
    return { store, wake: (key: string) => worker.wake(key) };
  };
  work(V1, "operatorgroups", (group, path) => takeGroup(api, group, path));
  work(ALPHA, "catalogsources", (catalog, path) => connect(api, catalog, path));
  work(ALPHA, "clusterserviceversions", (version, path) => advance(api, version, path));
  const plans = context.store(ALPHA, "installplans");
  const groups = context.store(V1, "operatorgroups");
  const subscriptions = work(ALPHA, "subscriptions", async (subscription, path) => {
    const namespace = subscription.metadata.namespace ?? "";
    if (groups.all().filter((group) => group.metadata.namespace === namespace).length === 1) {
      await resolve(api, subscription, path, context.fault("foreign-csv", keyOf(subscription)));
    }
  });
  const again = (object: KubernetesObject): void =>
    subscriptions.store
      .all()
      .filter((each) => each.metadata.namespace === object.metadata.namespace)
      .forEach((each) => subscriptions.wake(keyOf(each)));
  plans.onChange(again);
  groups.onChange(again);
}

async function takeGroup(api: Api, group: KubernetesObject, path: string): Promise<void> {
  const namespaces = groupNamespaces(group);
  if (JSON.stringify(group.status?.namespaces) === JSON.stringify(namespaces)) return;
  await delay(PHASE_MS);
  await api.patch(`${path}/status`, { status: { namespaces, lastUpdated: now() } });
}

async function connect(api: Api, catalog: KubernetesObject, path: string): Promise<void> {
  const state = isObject(catalog.status?.connectionState)
    ? catalog.status.connectionState.lastObservedState
    : undefined;
  if (state === "READY") return;
  const connectionState = (lastObservedState: string): JsonObject => ({
    status: { connectionState: { lastObservedState } },
  });
  if (state === undefined) await api.patch(`${path}/status`, connectionState("CONNECTING"));
  await delay(CONNECT_MS);
  await api.patch(`${path}/status`, connectionState("READY"));
}

/** Brings a version to its next phase. */
async function advance(api: Api, version: KubernetesObject, path: string): Promise<void> {
  const phase = nextPhase(textOf(version.status?.phase));
  if (!phase) return;
  await delay(PHASE_MS);
  await api.patch(`${path}/status`, { status: { phase, lastTransitionTime: now(), lastUpdateTime: now() } });
}

async function resolve(api: Api, subscription: KubernetesObject, path: string, withForeign: boolean): Promise<void> {
  const { namespace = "", name } = subscription.metadata;
  const version = versionOf(subscription);
  const plan = `install-${name}`;
  const at = (resource: string, of: string): string => pathOf(ALPHA, resource, { namespace, name: of });
  const status = subscription.status ?? {};
  if (status.installedCSV === version) return;
  const found = await api.get(at("installplans", plan));
  if (!found) {
    await delay(RESOLVE_MS);
    await create(api, pathOf(ALPHA, "installplans", { namespace }), {
      apiVersion: ALPHA,
      kind: "InstallPlan",
      metadata: { name: plan, namespace, ownerReferences: [ownerReference(subscription)] },
      spec: planSpec(subscription, withForeign),
    });
    await setPlan(
      api,
      at("installplans", plan),
      planSpec(subscription, withForeign).approved ? "Installing" : "RequiresApproval",
    );
  }
  const approved = (found ?? { spec: planSpec(subscription, withForeign) }).spec?.approved === true;
  if (approved) {
    await delay(PHASE_MS);
    await create(api, pathOf(ALPHA, "clusterserviceversions", { namespace }), versionObject(version, namespace));
    await setPlan(api, at("installplans", plan), "Complete");
  }
  if (approved || status.currentCSV !== version) {
    await api.patch(`${path}/status`, { status: subscriptionStatus(version, plan, approved, now()) });
  }
}

async function setPlan(api: Api, path: string, phase: string): Promise<void> {
  await api.patch(`${path}/status`, { status: { phase, catalogSources: [] } });
}

function versionObject(name: string, namespace: string): KubernetesObject {
  return {
    apiVersion: ALPHA,
    kind: "ClusterServiceVersion",
    metadata: { name, namespace },
    spec: { displayName: name, install: { strategy: "deployment", spec: { deployments: [] } } },
  };
}

/** Creates the object unless it is there. */
async function create(api: Api, path: string, object: KubernetesObject): Promise<void> {
  try {
    await api.create(path, object);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
}
