import { condition } from "../../model";
import type { KubernetesObject } from "../../model";
import type { Verdict } from "../kind";

export const ready: Verdict = { state: "ready" };

/** Not yet: `condition` is what is missing, `seen` what is there instead. */
export function waiting(condition: string, seen: string): Verdict {
  return { state: "waiting", condition, seen };
}

export function failed(reason: string): Verdict {
  return { state: "failed", reason };
}

/** Asks one after the other and gives the first answer that is not `ready`; later ones may rely on earlier ones. */
export function inOrder(...checks: (() => Verdict)[]): Verdict {
  for (const check of checks) {
    const verdict = check();
    if (verdict.state !== "ready") return verdict;
  }
  return ready;
}

/** The verdicts on several objects: a failure of any wins, else the first that waits. */
export function forAll<T>(items: readonly T[], check: (item: T) => Verdict): Verdict {
  const verdicts = items.map(check);
  return (
    verdicts.find((verdict) => verdict.state === "failed") ??
    verdicts.find((verdict) => verdict.state === "waiting") ??
    ready
  );
}

/** Ready when the condition has that status. */
export function conditionIs(object: KubernetesObject, type: string, status: "True" | "False"): Verdict {
  const found = condition(object, type);
  if (found?.status === status) return ready;
  const message = found?.message ? ` (${found.message})` : "";
  return waiting(`${type} is ${status}`, found ? `${type} is ${found.status}${message}` : `no condition ${type}`);
}

/** A condition as text that changes whenever the condition does. */
export function conditionText(object: KubernetesObject | undefined, type: string): string {
  return JSON.stringify((object && condition(object, type)) ?? null);
}

/** A DaemonSet whose pods all run its present template. Source: apps/v1, `kubectl rollout status`. */
export function daemonSetReady(daemonSet: KubernetesObject | undefined, name: string): Verdict {
  if (!daemonSet) return waiting(`DaemonSet ${name} exists`, "not there");
  const status = daemonSet.status ?? {};
  const desired = Number(status.desiredNumberScheduled ?? 0);
  const updated = Number(status.updatedNumberScheduled ?? 0);
  const available = Number(status.numberReady ?? 0);
  if (status.observedGeneration !== daemonSet.metadata.generation) {
    return waiting(`DaemonSet ${name} is seen in its present form`, "the controller has not seen it yet");
  }
  if (desired > 0 && updated === desired && available === desired) return ready;
  return waiting(`DaemonSet ${name} runs on all its nodes`, `${updated} updated and ${available} ready of ${desired}`);
}
