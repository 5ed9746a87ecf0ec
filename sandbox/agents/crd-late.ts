import type { KubernetesObject } from "../../model";
import { type Api, ApiError, pathOf } from "./api";
import type { AgentContext } from "./context";
import { textOf } from "./read";
import { Worker } from "./store";

const CRDS = "apiextensions.k8s.io/v1";
const RESOURCE = "customresourcedefinitions";
const VERSIONS = "operators.coreos.com/v1alpha1";

/** Seconds after the operator's installation unless the fault says otherwise. */
const LATE_S = 40;

/** Milliseconds by which each CRD is late, from the fault's targets: `name`, or `name=seconds`. */
export function latenesses(targets: readonly string[]): Map<string, number> {
  return new Map(
    targets.map((target) => {
      const [name = "", seconds] = target.split("=");
      return [name, (seconds === undefined ? LATE_S : Number(seconds)) * 1000];
    }),
  );
}

/** What the fault sees. */
export interface LateView {
  wanted: ReadonlyMap<string, number>;
  /** Names of CRDs that the API server has. */
  present: readonly string[];
  /** Names of CRDs that are held back. */
  held: readonly string[];
  /** Names of CRDs that have come late already, while the fault lasts. */
  done: ReadonlySet<string>;
  /** When an operator was installed since the fault began. */
  installedAt?: number;
  now: number;
}

/** Which CRDs to take away, which to give back, and in how many milliseconds to look again. */
export function lateSteps({ wanted, present, held, done, installedAt, now }: LateView): {
  take: string[];
  give: string[];
  again?: number;
} {
  const left = (name: string): number => {
    const late = wanted.get(name);
    if (late === undefined) return 0;
    return installedAt === undefined ? Infinity : installedAt + late - now;
  };
  const waits = held.map(left).filter((ms) => ms > 0 && ms !== Infinity);
  return {
    take: present.filter((name) => wanted.has(name) && !done.has(name) && !held.includes(name)),
    give: held.filter((name) => left(name) <= 0),
    ...(waits.length > 0 ? { again: Math.min(...waits) } : {}),
  };
}

/** The CRD as it can be created again. */
export function manifestOf({ apiVersion, kind, metadata, spec }: KubernetesObject): KubernetesObject {
  const { name, annotations = {}, labels = {} } = metadata;
  return { apiVersion, kind, metadata: { name, annotations, labels }, spec };
}

/**
 * Takes CRDs away, with all their objects, and brings them back some time after an operator was installed: as OLM and
 * operators that register their CRDs themselves do.
 */
export function startCrdLate(context: AgentContext): void {
  const { api } = context;
  const held = new Map<string, KubernetesObject>();
  const done = new Set<string>();
  let before: Set<string> | undefined;
  let installedAt: number | undefined;
  const versions = context.store(VERSIONS, "clusterserviceversions");
  const succeeded = (): string[] =>
    versions
      .all()
      .filter((version) => textOf(version.status?.phase) === "Succeeded")
      .map(({ metadata }) => metadata.uid ?? "");

  const worker = new Worker("crd-late", async () => {
    const wanted = latenesses(context.targets("crd-late"));
    if (wanted.size === 0) {
      before = undefined;
      installedAt = undefined;
      done.clear();
    } else {
      before ??= new Set(succeeded());
      const known = before;
      if (succeeded().some((uid) => !known.has(uid))) installedAt ??= Date.now();
    }
    const found = await Promise.all([...wanted.keys()].map((name) => api.get(pathOf(CRDS, RESOURCE, { name }))));
    const there = found.flatMap((crd) => (crd && !crd.metadata.deletionTimestamp ? [crd] : []));
    const present = there.map(({ metadata }) => metadata.name);
    const steps = lateSteps({ wanted, present, held: [...held.keys()], done, installedAt, now: Date.now() });
    for (const crd of there.filter(({ metadata }) => steps.take.includes(metadata.name))) {
      held.set(crd.metadata.name, manifestOf(crd));
      await api.remove(pathOf(CRDS, RESOURCE, { name: crd.metadata.name }));
    }
    for (const name of steps.give) {
      await create(api, held.get(name));
      held.delete(name);
      if (wanted.has(name)) done.add(name);
    }
    return steps.again;
  });
  versions.onChange(() => worker.wake("crds"));
  context.onFaults(() => worker.wake("crds"));
}

async function create(api: Api, crd: KubernetesObject | undefined): Promise<void> {
  try {
    if (crd) await api.create(pathOf(CRDS, RESOURCE), crd);
  } catch (error) {
    // The old one is still on its way out: a conflict, and asking again is right. One that is there is a success.
    const there = error instanceof ApiError && error.status === 409 && !/being deleted/.test(error.message);
    if (!there) throw error;
  }
}
