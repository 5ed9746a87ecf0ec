import { JsonObject, KubernetesObject, isObject, objectName } from "../../model";
import type { Before, ObjectKind, Related, Verdict, Watch } from "../kind";
import { refOf } from "./cluster";
import { Conflict, conflictError, conflictsOf, isRecordedDrift } from "./conflicts";
import { ApiError, UserError, messageOf } from "./errors";
import { leftoverPatch } from "./leftovers";
import { driftOf, idOf, isAdopted, toObject } from "./objects";
import { ADOPTED_ANNOTATION, FORCE_ANNOTATION, OWNER_ANNOTATION, Operation, waitIn } from "./operation";
import { appliedBy } from "./ownership";
import { pause, snapshot } from "./wait";

/** How long an apply is tried again when the API server cannot reach a webhook or does not serve the kind yet. */
const PASSING_TROUBLE_MS = 90_000;

/** The watch under which the applied object itself appears. */
const SELF = "self";

/** Creates the object, or takes over what is there where the kind says so. Returns it as applied, not yet waited for. */
export async function applyNew(operation: Operation, kind: ObjectKind, inputs: JsonObject): Promise<Applied> {
  const ref = refOf(kind, inputs.metadata as unknown as { name: string });
  const existing = await untilServed(operation, kind, () => operation.cluster.get(ref));
  if (existing) refuseForeign(operation, kind, inputs, existing);
  const before = await stateBefore(operation, kind, inputs, existing);
  const adopted = existing ? wasAdopted(operation, existing) : false;
  const live = await apply(operation, kind, inputs, adopted, (conflicts) => {
    throw conflictError(`${kind.kind} "${idOf(inputs)}"`, conflicts);
  });
  return { live, before, adopted };
}

/** An applied object and what its gate compares with. */
export interface Applied {
  live: KubernetesObject;
  before: Before;
  /** Whether it was there before the stack took it over. */
  adopted: boolean;
}

/** Applies changed inputs to an object that the stack has. */
export async function applyChange(
  operation: Operation,
  kind: ObjectKind,
  inputs: JsonObject,
  olds: { inputs: JsonObject; outputs: JsonObject },
): Promise<Applied> {
  const ref = refOf(kind, inputs.metadata as unknown as { name: string });
  const existing = await operation.cluster.get(ref);
  const before = await stateBefore(operation, kind, inputs, existing);
  const adopted = isAdopted(kind, ref, olds.outputs);
  let live = await apply(operation, kind, inputs, adopted, (conflicts) => {
    const drift = existing ? driftOf(kind, olds.inputs, olds.outputs, existing).drift : [];
    if (existing && isRecordedDrift(conflicts, olds.inputs, existing, drift, operation.manager)) return "force";
    throw conflictError(`${kind.kind} "${idOf(inputs)}"`, conflicts);
  });
  const leftovers = leftoverPatch(kind, olds.inputs, inputs, live);
  if (leftovers.length > 0) live = await operation.cluster.patch(ref, leftovers, operation.manager);
  return { live, before, adopted };
}

/** Waits until the object really works. Returns it as last seen. */
export async function untilReady(operation: Operation, kind: ObjectKind, applied: Applied): Promise<KubernetesObject> {
  const { live, before } = applied;
  const watches = kind.ready.watches(live);
  if (watches.length === 0 && kind.ready.verdict(live, {}, before).state === "ready") {
    tellNotes(operation, kind, live);
    return live;
  }
  const self: Watch = { id: SELF, apiVersion: kind.apiVersion, plural: kind.plural, ...pick(live) };
  let last = live;
  const verdict = (related: Related): Verdict => {
    const seen = related[SELF]?.[0];
    if (!seen)
      return {
        state: "failed",
        reason: `${kind.kind} "${objectName(live.metadata)}" was deleted while waiting for it`,
      };
    last = seen;
    return kind.ready.verdict(seen, related, before);
  };
  await waitIn(operation, [self, ...watches], verdict);
  tellNotes(operation, kind, last);
  return last;
}

function tellNotes(operation: Operation, kind: ObjectKind, live: KubernetesObject): void {
  for (const note of kind.notes?.(live) ?? []) operation.warn(note);
}

/** What would be stored, from the API server's dry run. */
export function dryRun(operation: Operation, kind: ObjectKind, inputs: JsonObject): Promise<KubernetesObject> {
  const force = wantsForce(inputs);
  return operation.cluster.apply(kind.plural, toObject(kind, inputs, { urn: operation.urn, adopted: false }), {
    manager: operation.manager,
    dryRun: true,
    force,
  });
}

/** An interrupted run leaves an object that the state does not have; it carries this resource's name. */
function isOwn(operation: Pick<Operation, "manager" | "urn">, existing: KubernetesObject): boolean {
  const owner = existing.metadata.annotations?.[OWNER_ANNOTATION];
  return owner === operation.urn && appliedBy(existing, operation.manager);
}

/** Whether the object was there before the stack: one of an interrupted run says so itself. */
function wasAdopted(operation: Operation, existing: KubernetesObject): boolean {
  return !isOwn(operation, existing) || existing.metadata.annotations?.[ADOPTED_ANNOTATION] === "true";
}

/** Refuses to take over an object that is there and is neither ours nor one that the kind adopts. */
export function refuseForeign(
  operation: Pick<Operation, "manager" | "urn">,
  kind: ObjectKind,
  inputs: JsonObject,
  existing: KubernetesObject,
): void {
  const metadata = inputs.metadata as unknown as { name: string; namespace?: string };
  const owner = existing.metadata.annotations?.[OWNER_ANNOTATION];
  if (kind.adopt(metadata) || isOwn(operation, existing)) return;
  const whose = owner ? `it belongs to ${owner}` : "this stack did not make it";
  throw new UserError(
    `${kind.kind} "${objectName(metadata)}" exists already and ${whose}. ` +
      `To manage it here, run: pulumi import ${kind.token} <resource name> ${objectName(metadata)}`,
  );
}

type OnConflict = (conflicts: Conflict[]) => "force";

async function apply(
  operation: Operation,
  kind: ObjectKind,
  inputs: JsonObject,
  adopted: boolean,
  onConflict: OnConflict,
): Promise<KubernetesObject> {
  const object = toObject(kind, inputs, { urn: operation.urn, adopted });
  const send = (force: boolean): Promise<KubernetesObject> =>
    untilFree(operation, kind, () =>
      untilServed(operation, kind, () =>
        operation.cluster.apply(kind.plural, object, { manager: operation.manager, force }),
      ),
    );
  try {
    return await send(wantsForce(inputs));
  } catch (error) {
    const conflicts = error instanceof ApiError ? conflictsOf(error) : [];
    if (conflicts.length === 0) throw error;
    onConflict(conflicts);
    return send(true);
  }
}

/** Tries again while the kind says that the refusal passes by itself. */
async function untilFree<T>(operation: Operation, kind: ObjectKind, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const busy = error instanceof ApiError && kind.busy?.(error.message);
      if (!busy || Date.now() >= operation.deadline || operation.signal.aborted) throw error;
      operation.progress(`waiting: ${error.message}`);
      await pause(2_000, operation.signal);
    }
  }
}

/** Tries again while the API server cannot reach a webhook, or does not serve the kind yet. */
async function untilServed<T>(operation: Operation, kind: ObjectKind, ask: () => Promise<T>): Promise<T> {
  const until = Math.min(operation.deadline, Date.now() + PASSING_TROUBLE_MS);
  let told = "";
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const mayPass = error instanceof ApiError && (error.passing || error.notServed);
      if (!mayPass || Date.now() >= until || operation.signal.aborted) throw explain(kind, error);
      const why = error.notServed ? `the cluster does not serve ${kind.apiVersion} ${kind.kind} yet` : messageOf(error);
      if (why !== told) operation.progress(`waiting: ${why}`);
      told = why;
      await pause(500, operation.signal);
    }
  }
}

function explain(kind: ObjectKind, error: unknown): unknown {
  if (error instanceof ApiError && error.notServed) {
    return new UserError(
      `the cluster does not serve ${kind.apiVersion} ${kind.kind}: its operator is not installed, or installs another version.`,
    );
  }
  return error;
}

async function stateBefore(
  operation: Operation,
  kind: ObjectKind,
  inputs: JsonObject,
  object: KubernetesObject | undefined,
): Promise<Before> {
  const watches = kind.ready.watches(object ?? toObject(kind, inputs));
  return { object, related: await snapshot(operation.cluster, watches) };
}

function wantsForce(inputs: JsonObject): boolean {
  const annotations = (inputs.metadata as JsonObject).annotations;
  return isObject(annotations) && annotations[FORCE_ANNOTATION] === "true";
}

function pick(object: KubernetesObject): { name: string; namespace?: string } {
  return { name: object.metadata.name, namespace: object.metadata.namespace };
}
