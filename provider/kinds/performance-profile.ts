import { condition, sameJson } from "../../model";
import type { KubernetesObject } from "../../model";
import { commonCpus, parseCpuSet } from "../../rules";
import { mapAt, numberAt, objectAt, objectsAt, textAt, textsAt } from "../../rules/read";
import type { Before, Related, Step, Verdict } from "../kind";
import { labelSelects } from "./labels";
import { renderedName, rendering, sources } from "./pools";
import { conditionIs, failed, inOrder, ready, waiting } from "./verdict";
import { all, watch } from "./watches";

/** The pool whose nodes a profile is for; a custom pool before the workers' own. */
export function poolOf(profile: KubernetesObject, pools: readonly KubernetesObject[]): KubernetesObject | undefined {
  const labels = mapAt(profile, "spec", "nodeSelector");
  return pools.find((pool) => labelSelects(objectAt(pool, "spec", "nodeSelector"), labels));
}

/** What a profile's condition says, without its times. */
function said(object: KubernetesObject | undefined, type: string): string {
  const found = object && condition(object, type);
  return `${found?.status ?? ""} ${found?.reason ?? ""} ${found?.message ?? ""}`;
}

function notDegraded(profile: KubernetesObject, before: KubernetesObject | undefined): Verdict {
  const degraded = condition(profile, "Degraded");
  if (degraded?.status !== "True") return ready;
  const text = degraded.message ?? degraded.reason ?? "Degraded is True";
  if (said(profile, "Degraded") === said(before, "Degraded")) return waiting("the profile is not degraded", text);
  return failed(`PerformanceProfile ${profile.metadata.name}: ${text}`);
}

function sameCpus(a: string | undefined, b: string | undefined): boolean {
  const [first, second] = [parseCpuSet(a ?? ""), parseCpuSet(b ?? "")];
  if (!first || !second) return a === b;
  return first.size === second.size && commonCpus(first, second).length === first.size;
}

/** Whether the operator must write something else for the new form: what it makes of these fields shows in it. */
function mustChange(before: KubernetesObject, now: KubernetesObject): boolean {
  const plain = ["additionalKernelArgs", "hugepages", "realTimeKernel"];
  if (plain.some((key) => !sameJson(before.spec?.[key], now.spec?.[key]))) return true;
  return ["isolated", "reserved", "offlined"].some(
    (key) => !sameCpus(textAt(before, "spec", "cpu", key), textAt(now, "spec", "cpu", key)),
  );
}

/**
 * Whether the operator has written other MachineConfigs since the change; there is no observed generation that says so.
 * The Tuned does not count: it is written first, and the rest waits for the nodes.
 */
function carriedOut(profile: KubernetesObject, pool: string, related: Related, before: Before): Verdict {
  if (!before.object || !mustChange(before.object, profile)) return ready;
  const written = [`50-performance-${profile.metadata.name}`, `50-nto-${pool}`];
  const versions = (where: Related): string[] =>
    written.map(
      (name) =>
        all(where, "machineConfigs").find((each) => each.metadata.name === name)?.metadata.resourceVersion ?? "",
    );
  if (!sameJson(versions(related), versions(before.related))) return ready;
  return waiting("the operator has carried out the change", "what it made is as before");
}

/** Whether the pool's rendered configuration has the kernel arguments that the profile's nodes agreed on. */
function argumentsRendered(pool: KubernetesObject, related: Related): Verdict {
  const named = (name: string): KubernetesObject | undefined =>
    all(related, "machineConfigs").find((each) => each.metadata.name === name);
  const rendered = named(renderedName(pool, "spec"));
  if (!rendered) return ready;
  const present = new Set(textsAt(rendered, "spec", "kernelArguments"));
  const behind = textsAt(named(`50-nto-${pool.metadata.name}`), "spec", "kernelArguments").find(
    (argument) => !present.has(argument),
  );
  return behind ? waiting(`${rendered.metadata.name} has the kernel argument ${behind}`, "not yet") : ready;
}

/** The MachineConfigs of a profile that the pool must be rendered with; the kubelet's has a name of its own. */
function expected(profile: KubernetesObject, pool: string, related: Related): string[] {
  const name = profile.metadata.name;
  const kubelet = all(related, "kubeletConfigs").find((each) => each.metadata.name === `performance-${name}`);
  const made = all(related, "machineConfigs").find((each) =>
    (each.metadata.ownerReferences ?? []).some((owner) => kubelet && owner.uid === kubelet.metadata.uid),
  );
  return [`50-performance-${name}`, `50-nto-${pool}`, made?.metadata.name ?? `99-${pool}-generated-kubelet`];
}

/**
 * The trap of the empty pool: without nodes that report, the operator withholds everything but the Tuned. Releases
 * that do not wait for the nodes make it all at once, so only what is missing is asked for.
 */
function allRendered(profile: KubernetesObject, pool: KubernetesObject, related: Related): Verdict {
  const name = pool.metadata.name;
  const present = new Set(sources(pool, "spec"));
  const absent = expected(profile, name, related).filter((each) => !present.has(each));
  if (absent.length === 0) return ready;
  const machines = numberAt(pool, "status", "machineCount") ?? 0;
  if (machines === 0) {
    return waiting(
      `pool ${name} has nodes, without which the operator makes nothing of the profile`,
      "it has none: label nodes first",
    );
  }
  return waiting(`pool ${name} has rendered ${absent.join(", ")}`, `${present.size} other configurations`);
}

/**
 * Gate of a PerformanceProfile: its operator has carried it out, and all of its three MachineConfigs are part of what
 * the pool's nodes are going to get. `Available` alone says that something was made, of whatever form.
 */
export function performanceProfileReady(profile: KubernetesObject, related: Related, before: Before): Verdict {
  const healthy = notDegraded(profile, before.object);
  if (healthy.state !== "ready") return healthy;
  const pool = poolOf(profile, all(related, "pools"));
  if (!pool) {
    const labels = Object.keys(mapAt(profile, "spec", "nodeSelector")).join(", ");
    return waiting(`a MachineConfigPool selects the nodes with ${labels}`, "none does");
  }
  return inOrder(
    () => rendering(pool, poolOf(profile, all(before.related, "pools"))),
    () => carriedOut(profile, pool.metadata.name, related, before),
    () => allRendered(profile, pool, related),
    () => argumentsRendered(pool, related),
    () => conditionIs(profile, "Available", "True"),
  );
}

/** Whether a Tuned other than the profile's own makes the operator write kernel arguments for the pool. */
function otherAsks(profile: KubernetesObject, pool: KubernetesObject, tuneds: readonly KubernetesObject[]): boolean {
  const own = `openshift-node-performance-${profile.metadata.name}`;
  const selector = objectAt(pool, "spec", "machineConfigSelector");
  return tuneds.some(
    (tuned) =>
      tuned.metadata.name !== own &&
      objectsAt(tuned, "spec", "recommend").some((entry) => {
        const labels = mapAt(entry, "machineConfigLabels");
        return Object.keys(labels).length > 0 && labelSelects(selector, labels);
      }),
  );
}

/** What a pool is still rendered with that the profile brought, or that is gone already. */
function leftOver(profile: KubernetesObject, pool: KubernetesObject, related: Related): string | undefined {
  const { name } = profile.metadata;
  const configs = all(related, "machineConfigs");
  const ofKubelet = (source: string): boolean =>
    (configs.find((each) => each.metadata.name === source)?.metadata.ownerReferences ?? []).some(
      (owner) => owner.kind === "KubeletConfig" && owner.name === `performance-${name}`,
    );
  const gone = (source: string): boolean => !configs.some((each) => each.metadata.name === source);
  const argumentsOf = (source: string): boolean =>
    source === `50-nto-${pool.metadata.name}` &&
    poolOf(profile, [pool]) !== undefined &&
    !otherAsks(profile, pool, all(related, "tuneds"));
  return sources(pool, "spec").find(
    (source) => source === `50-performance-${name}` || ofKubelet(source) || gone(source) || argumentsOf(source),
  );
}

/**
 * After a profile is gone: no pool is rendered with what was made of it. Its operator takes the kernel arguments back
 * after the Tuned, and later than the rest.
 */
export function withoutProfile(profile: KubernetesObject): Step[] {
  const verdict = (related: Related): Verdict => {
    for (const pool of all(related, "pools")) {
      const left = leftOver(profile, pool, related);
      if (left !== undefined) {
        return waiting(`pool ${pool.metadata.name} is rendered without ${left}`, "still part of it");
      }
    }
    return ready;
  };
  return [{ act: "wait", watches: [watch.pools, watch.machineConfigs, watch.tuneds], verdict }];
}
