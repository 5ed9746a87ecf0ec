import type { Apply, Related, Step, Verdict, Watch } from "../kind";
import { type Cluster, refOf } from "./cluster";
import { ApiError } from "./errors";
import { snapshot, waitFor } from "./wait";

/** Annotation that names the Pulumi resource that an object belongs to. */
export const OWNER_ANNOTATION = "pulumi-ove/urn";

/** Annotation of an object that was there before the stack took it over, and is given back instead of deleted. */
export const ADOPTED_ANNOTATION = "pulumi-ove/adopted";

/** Annotation by which a program asks to take fields over from other field managers. */
export const FORCE_ANNOTATION = "pulumi-ove/force-conflicts";

/** What one operation of the provider may use. */
export interface Operation {
  cluster: Cluster;
  /** Field manager of ordinary objects. */
  manager: string;
  urn: string;
  signal: AbortSignal;
  /** Milliseconds since 1970 at which waiting ends. */
  deadline: number;
  /** A message that stays with the resource. */
  warn: (text: string) => void;
  /** A message for the status column, replaced by the next. */
  progress: (text: string) => void;
}

/** Waits under the operation's deadline, telling its progress. */
export function waitIn(
  operation: Operation,
  watches: Watch[],
  verdict: (related: Related) => Verdict,
): Promise<Related> {
  const { deadline, signal, progress } = operation;
  const act = (step: Apply): Promise<void> =>
    applyStep(operation.cluster, step).catch((error: unknown) => {
      // It has changed since `from` looked at it, and is looked at anew: that conflict has no field managers as causes.
      if (!(step.from && error instanceof ApiError && error.code === 409 && error.causes.length === 0)) throw error;
    });
  return waitFor(operation.cluster, { watches, verdict, act, deadline, signal, progress });
}

/** Steps change what is there; server-side apply would make an object that has gone in the meantime. */
async function applyStep(cluster: Cluster, step: Apply): Promise<void> {
  const live = await cluster.get(refOf({ ...step.object, plural: step.plural }, step.object.metadata));
  if (!live) return;
  const object = step.from?.(live) ?? step.object;
  await cluster.apply(step.plural, object, { manager: step.manager, force: step.force });
}

/** Does a kind's steps in order. */
export async function run(operation: Operation, steps: readonly Step[]): Promise<void> {
  const watches = steps.flatMap((step) => (step.act === "wait" ? step.watches : []));
  const before = await snapshot(operation.cluster, watches);
  for (const step of steps) {
    if (step.act === "wait") {
      await waitIn(operation, step.watches, (related) => step.verdict(related, before));
    } else if (step.act === "delete") {
      await operation.cluster.delete(refOf({ ...step.object, plural: step.plural }, step.object.metadata), undefined);
    } else {
      await applyStep(operation.cluster, step);
    }
  }
}
