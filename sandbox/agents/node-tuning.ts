import { condition, isObject, type JsonObject, type KubernetesObject, sameJson } from "../../model";
import { type Api, ApiError, pathOf } from "./api";
import type { AgentContext } from "./context";
import {
  bootArgumentsOf,
  bootConfig,
  nodesOfPool,
  poolOfProfile,
  profileOfNode,
  restOfProfile,
  TUNING_NAMESPACE,
  tunedOfProfile,
  type TuningObject,
} from "./node-tuning-objects";
import { objectsOf, textOf } from "./read";
import { delay, Worker } from "./store";

const PROFILES = "performance.openshift.io/v2";
const TUNED = "tuned.openshift.io/v1";
const MCO = "machineconfiguration.openshift.io/v1";

/** Milliseconds until the tuned pods of a pool have reported the kernel arguments of a new Tuned. */
const REPORT_MS = 1000;

/** What the operator does next with a profile, and what it says of it. */
export interface TuningPlan {
  objects: TuningObject[];
  conditions: JsonObject[];
}

const conditionsOf = (available: boolean, degraded: string): JsonObject[] => [
  { type: "Available", status: available ? "True" : "False" },
  { type: "Upgradeable", status: available ? "True" : "False" },
  { type: "Progressing", status: available || degraded ? "False" : "True" },
  {
    type: "Degraded",
    status: degraded ? "True" : "False",
    ...(degraded ? { reason: "ConfigError", message: degraded } : {}),
  },
];

/**
 * The operator's plan for a profile: first the Tuned alone; the rest only when every node of the pool has reported the
 * kernel arguments of it, which in a pool without nodes never happens. Source: cluster-node-tuning-operator
 * pkg/performanceprofile/controller/performanceprofile/components/handler/handler.go.
 */
export function tuningPlan(
  profile: KubernetesObject,
  pools: KubernetesObject[],
  nodes: KubernetesObject[],
  tuned: KubernetesObject | undefined,
): TuningPlan {
  const pool = poolOfProfile(profile, pools);
  if (!pool)
    return { objects: [], conditions: conditionsOf(false, "no MachineConfigPool matches the profile's node selector") };
  const first = tunedOfProfile(profile, pool.metadata.name);
  const reported = nodesOfPool(pool, nodes).length > 0 && sameJson(tuned?.spec, first.object.spec);
  if (!reported) return { objects: [first], conditions: conditionsOf(false, "") };
  const name = first.object.metadata.name;
  const boot = bootConfig(pool.metadata.name, bootArgumentsOf(name, [first.object]));
  return { objects: [first, boot, ...restOfProfile(profile, pool)], conditions: conditionsOf(true, "") };
}

/** The Profile of a node: what the operator wants, and what its tuned pod says of it. */
export function nodeProfile(profile: string, broken: boolean): { spec: JsonObject; status: JsonObject } {
  return {
    spec: { config: { tunedProfile: profile } },
    status: {
      tunedProfile: profile,
      conditions: [
        { type: "Applied", status: broken ? "False" : "True", reason: broken ? "Failed" : "AsExpected" },
        broken
          ? {
              type: "Degraded",
              status: "True",
              reason: "TunedError",
              message: "simulated failure: the profile has an error",
            }
          : { type: "Degraded", status: "False", reason: "AsExpected" },
      ],
    },
  };
}

/** Whether a fault strikes: not what the node runs already without an error. */
export function strikes(live: KubernetesObject | undefined, profile: string): boolean {
  const runs = textOf(live?.status?.tunedProfile) === profile;
  return !(runs && live && condition(live, "Degraded")?.status === "False");
}

/** The conditions with the time of their last change. */
function dated(conditions: JsonObject[], live: KubernetesObject | undefined): JsonObject[] {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  return conditions.map((each) => {
    const old = live && (condition(live, textOf(each.type)) as unknown as JsonObject | undefined);
    return { ...each, lastTransitionTime: old?.status === each.status ? (old?.lastTransitionTime ?? now) : now };
  });
}

/** Runs the simulated Node Tuning Operator and the tuned pods of all nodes. */
export function startNodeTuning(context: AgentContext): void {
  const { api } = context;
  const profiles = context.store(PROFILES, "performanceprofiles");
  const tuneds = context.store(TUNED, "tuneds", TUNING_NAMESPACE);
  const pools = context.store(MCO, "machineconfigpools");

  const apply = async ({ resource, object }: TuningObject): Promise<void> => {
    const { name, namespace } = object.metadata;
    await api.apply(pathOf(object.apiVersion, resource, { name, namespace }), object);
  };

  const operator = new Worker("node-tuning-operator", async (name) => {
    const path = pathOf(PROFILES, "performanceprofiles", { name });
    const live = await api.get(path);
    if (!live || live.metadata.deletionTimestamp) return;
    const tuned = tuneds.get(`${TUNING_NAMESPACE}/openshift-node-performance-${name}`);
    const plan = tuningPlan(live, pools.all(), context.nodes.all(), tuned);
    if (plan.objects.length > 1) await delay(REPORT_MS);
    for (const object of plan.objects) await apply(object);
    const conditions = dated(plan.conditions, live);
    if (sameJson(live.status?.conditions, conditions)) return;
    await api.patch(`${path}/status`, { status: { conditions } });
  });

  const pods = new Worker("tuned", async (name) => {
    const node = context.nodes.get(name);
    if (!node) return;
    const location = { namespace: TUNING_NAMESPACE, name };
    const path = pathOf(TUNED, "profiles", location);
    const live = await api.get(path);
    const profile = profileOfNode(node, tuneds.all(), pools.all());
    const wanted = nodeProfile(profile, context.fault("tuning-fails", name) && strikes(live, profile));
    const object = { apiVersion: TUNED, kind: "Profile", metadata: { ...location }, spec: wanted.spec };
    if (!sameJson(live?.spec, wanted.spec)) await api.apply(path, object);
    const conditions = dated(wanted.status.conditions as JsonObject[], live);
    const status = { ...wanted.status, conditions };
    if (!sameJson(live?.status, status)) await api.patch(`${path}/status`, { status });
  });

  // The Tuned of a deleted profile goes later than the profile.
  const janitor = new Worker("node-tuning-janitor", () => cleanUp(api, pools.all()));

  const wakeAll = (): void => {
    janitor.wake("");
    for (const profile of profiles.all()) operator.wake(profile.metadata.name);
    for (const node of context.nodes.all()) pods.wake(node.metadata.name);
  };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: TUNING_NAMESPACE } };
  const made = api.create(pathOf("v1", "namespaces"), namespace).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  });
  void made.then(() => {
    profiles.onChange((profile) => operator.wake(profile.metadata.name));
    tuneds.onChange(wakeAll);
    pools.onChange(wakeAll);
    context.nodes.onChange(wakeAll);
    context.onFaults(wakeAll);
  });
}

/** Removes a pool's kernel arguments once no Tuned asks for any. */
async function cleanUp(api: Api, pools: KubernetesObject[]): Promise<void> {
  const held = pools.filter((pool) => sourceNames(pool).includes(bootConfigName(pool.metadata.name)));
  if (held.length === 0) return;
  // Asked anew: a store that has not listed yet would look as if nobody asked for anything.
  const { items } = await api.list(pathOf(TUNED, "tuneds", { namespace: TUNING_NAMESPACE }));
  for (const pool of held) {
    const { name } = pool.metadata;
    const asks = items.some((tuned) =>
      JSON.stringify(tuned.spec ?? {}).includes(`"machineconfiguration.openshift.io/role":"${name}"`),
    );
    if (!asks) await api.remove(pathOf(MCO, "machineconfigs", { name: bootConfigName(name) }));
  }
}

const bootConfigName = (pool: string): string => `50-nto-${pool}`;

function sourceNames(pool: KubernetesObject): string[] {
  const configuration = pool.spec?.configuration;
  return isObject(configuration) ? objectsOf(configuration.source).map((each) => textOf(each.name)) : [];
}
