import { isObject, sameJson } from "../../model";
import type { Condition, JsonObject, KubernetesObject } from "../../model";
import { mergeMachineConfigs, objectAt, objectsAt, textAt } from "../../rules";
import type { Before, Related, Step, Verdict } from "../kind";
import { labelSelects } from "./labels";
import { renderedName, rendering, sources } from "./pools";
import { failed, forAll, inOrder, ready, waiting } from "./verdict";
import { all, watch } from "./watches";

/** The pools whose labels a KubeletConfig or ContainerRuntimeConfig selects. */
export function selectedPools(config: KubernetesObject, pools: readonly KubernetesObject[]): KubernetesObject[] {
  const selector = objectAt(config, "spec", "machineConfigPoolSelector");
  return pools.filter((pool) => labelSelects(selector, pool.metadata.labels ?? {}));
}

/** The last condition: the controller appends, and keeps the three latest. */
function lastCondition(object: KubernetesObject | undefined): Condition | undefined {
  const conditions = object?.status?.conditions;
  return Array.isArray(conditions) ? (conditions.at(-1) as unknown as Condition | undefined) : undefined;
}

/**
 * Whether the controller has taken the present form. It says so by a condition of type Success or Failure; a failure
 * that was there before, for the same form, is what is being waited out.
 */
function accepted(config: KubernetesObject, before: KubernetesObject | undefined): Verdict {
  const kind = config.kind;
  if (config.status?.observedGeneration !== config.metadata.generation) {
    return waiting(`the controller has seen the ${kind} in its present form`, "not seen yet");
  }
  const last = lastCondition(config);
  if (!last) return waiting(`the controller has taken the ${kind}`, "no condition");
  if (last.type !== "Failure") return ready;
  const text = last.message || "no reason given";
  const same =
    before?.metadata.generation === config.metadata.generation &&
    sameJson(lastCondition(before)?.message, last.message);
  return same
    ? waiting(`the controller has taken the ${kind}`, text)
    : failed(`${kind} ${config.metadata.name}: ${text}`);
}

/** The MachineConfigs that the controller has made of an object. */
function madeOf(config: KubernetesObject, machineConfigs: readonly KubernetesObject[]): KubernetesObject[] {
  return machineConfigs.filter((each) =>
    (each.metadata.ownerReferences ?? []).some((owner) => owner.uid === config.metadata.uid),
  );
}

/** The sources of the files of an Ignition document, by path. */
function fileSources(config: JsonObject): Map<string, string | undefined> {
  return new Map(
    objectsAt(config, "storage", "files").map((file) => [
      textAt(file, "path") ?? "",
      textAt(file, "contents", "source"),
    ]),
  );
}

/** Whether the pool's rendered MachineConfig has what merging its sources gives for the files of `made`. */
function contentRendered(
  made: KubernetesObject,
  pool: KubernetesObject,
  configs: readonly KubernetesObject[],
): Verdict {
  const name = renderedName(pool, "spec");
  const rendered = configs.find((each) => each.metadata.name === name);
  if (!rendered) return ready;
  const names = new Set(sources(pool, "spec"));
  const merged = fileSources(mergeMachineConfigs(configs.filter((each) => names.has(each.metadata.name))).config);
  const config = rendered.spec?.config;
  const present = fileSources(isObject(config) ? config : {});
  const behind = [...fileSources(objectAt(made, "spec", "config")).keys()].find(
    (path) => present.get(path) !== merged.get(path),
  );
  return behind ? waiting(`${name} has the present ${behind}`, "the previous one") : ready;
}

function inPool(config: KubernetesObject, pool: KubernetesObject, related: Related, before: Before): Verdict {
  const configs = all(related, "machineConfigs");
  const role = "machineconfiguration.openshift.io/role";
  const made = madeOf(config, configs).find((each) => each.metadata.labels?.[role] === pool.metadata.name);
  const name = pool.metadata.name;
  if (!made) return waiting(`the controller has made a MachineConfig for pool ${name}`, "none yet");
  return inOrder(
    () =>
      rendering(
        pool,
        all(before.related, "pools").find((each) => each.metadata.name === name),
      ),
    () => {
      if (sources(pool, "spec").includes(made.metadata.name)) return ready;
      return waiting(`pool ${name} has rendered ${made.metadata.name}`, "not yet part of it");
    },
    () => contentRendered(made, pool, configs),
  );
}

/**
 * Gate of a KubeletConfig or ContainerRuntimeConfig: the controller has taken its present form, has made a
 * MachineConfig for each pool that it selects, and the pools are rendered with it. Success alone is not enough: of a
 * ContainerRuntimeConfig with an overlay size it is said before the MachineConfig is written.
 */
export function generatedConfigReady(config: KubernetesObject, related: Related, before: Before): Verdict {
  return inOrder(
    () => accepted(config, before.object),
    () => forAll(selectedPools(config, all(related, "pools")), (pool) => inPool(config, pool, related, before)),
  );
}

/** After it is gone: no pool is rendered with a MachineConfig that was made of it. Its finalizers name them. */
export function withoutGenerated(config: KubernetesObject): Step[] {
  const names = config.metadata.finalizers ?? [];
  const verdict = (related: Related, before: Related): Verdict =>
    forAll(all(related, "pools"), (pool) => {
      const left = names.find((name) => sources(pool, "spec").includes(name));
      if (!left) return ready;
      const failure = rendering(
        pool,
        all(before, "pools").find((each) => each.metadata.name === pool.metadata.name),
      );
      if (failure.state === "failed") return failure;
      return waiting(`pool ${pool.metadata.name} is rendered without ${left}`, "still part of it");
    });
  return names.length > 0 ? [{ act: "wait", watches: [watch.pools], verdict }] : [];
}
