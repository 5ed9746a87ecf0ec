import { JsonObject, KubernetesObject, UNKNOWN, formatPath, objectName, sameJson } from "../../model";
import { act, look } from "../engine/actions";
import { Applied, applyChange, applyNew, dryRun, refuseForeign, untilReady } from "../engine/apply";
import { refOf } from "../engine/cluster";
import { conflictError, conflictsOf, isRecordedDrift } from "../engine/conflicts";
import { ApiError, NotReady, Unreachable, UserError } from "../engine/errors";
import { driftOf, idOf, importedInputs, parseId, toOutputs } from "../engine/objects";
import { Operation, run } from "../engine/operation";
import { writerOf, writerText } from "../engine/ownership";
import { remove } from "../engine/remove";
import { snapshot } from "../engine/wait";
import type { ActionKind, Kind, ObjectKind } from "../kind";

/** A resource after an operation. */
export interface Result {
  id: string;
  outputs: JsonObject;
  /** Why it does not work yet; empty when it does. */
  notReady: string[];
}

/** A resource as it was found. */
export interface Found extends Result {
  inputs: JsonObject;
}

/** What the stack's state holds of a resource. */
export interface Olds {
  inputs: JsonObject;
  outputs: JsonObject;
}

/** Creates the resource and waits until it works. A wait that fails leaves the resource in place and says why. */
export async function create(operation: Operation, kind: Kind, inputs: JsonObject): Promise<Result> {
  if (kind.is === "action") return actAndTell(operation, kind, inputs);
  return finish(operation, kind, inputs, await applyNew(operation, kind, inputs));
}

/** Brings changed inputs to the cluster and waits until they work. */
export async function update(operation: Operation, kind: Kind, inputs: JsonObject, olds: Olds): Promise<Result> {
  if (kind.is === "action") return actAndTell(operation, kind, inputs, olds);
  return finish(operation, kind, inputs, await applyChange(operation, kind, inputs, olds));
}

/** What create or update would give, as far as the cluster (if there is one) can tell. */
export async function preview(
  operation: Operation | undefined,
  kind: Kind,
  inputs: JsonObject,
  hasUnknown: boolean,
  olds?: Olds,
): Promise<Result> {
  const id = kind.is === "action" ? kind.id(inputs) : idOf(inputs);
  const offline = { id, outputs: { ...inputs, ...(kind.is === "object" ? { status: UNKNOWN } : {}) }, notReady: [] };
  if (kind.is === "action" || !operation || hasUnknown) return offline;
  try {
    const live = await dryRunKnowingly(operation, kind, inputs, olds);
    return { ...offline, outputs: { ...toOutputs(kind, inputs, live, undefined), status: UNKNOWN } };
  } catch (error) {
    if (isInconclusive(error)) return offline;
    if (error instanceof ApiError && error.denied && kind.admission === "dynamic") {
      operation.warn(`would be refused as the cluster is now: ${error.message}`);
      return offline;
    }
    throw error;
  }
}

/** Looks at the resource; undefined when it is gone. Drift is reported with the field manager that made it. */
export async function read(
  operation: Operation,
  kind: Kind,
  id: string,
  olds: Olds | undefined,
  secrets: ReadonlySet<string>,
): Promise<Found | undefined> {
  if (kind.is === "action") {
    if (!olds) throw new UserError(`${kind.token} is not an object in the cluster and cannot be imported.`);
    return readAction(operation, kind, id, olds.inputs, secrets);
  }
  const live = await getServed(operation, kind, id);
  if (!live) return undefined;
  const notReady = await healthOf(operation, kind, live);
  if (!olds) {
    const inputs = importedInputs(kind, live);
    return { id, inputs, outputs: toOutputs(kind, inputs, live, true), notReady: [] };
  }
  const { value, drift } = driftOf(kind, olds.inputs, olds.outputs, live);
  for (const entry of drift) {
    const hidden = secrets.has(String(entry.path[0]));
    const what = hidden ? "" : valuesText(entry.declared, entry.live);
    const writer = writerText(writerOf(live, entry.path, operation.manager));
    operation.warn(`drift: ${formatPath(entry.path)} ${entry.kind}${what}, ${writer}`);
  }
  const inputs = drift.length > 0 ? value : olds.inputs;
  return { id, inputs, outputs: toOutputs(kind, inputs, live, olds.outputs.adopted !== false), notReady };
}

/** The inputs that the cluster has otherwise are taken into the state, so that the next update corrects them. */
async function readAction(
  operation: Operation,
  kind: ActionKind,
  id: string,
  olds: JsonObject,
  secrets: ReadonlySet<string>,
): Promise<Found | undefined> {
  const found = await look(operation, kind, olds);
  if (!found) return undefined;
  for (const { path, declared, live, object, at, manager } of found.drift) {
    const what = secrets.has(String(path[0])) ? "" : valuesText(declared, live);
    const where = `on ${object.kind} "${objectName(object.metadata)}"`;
    const writer = writerText(writerOf(object, at, manager));
    operation.warn(
      `drift: ${formatPath(path)} ${live === undefined ? "removed" : "changed"} ${where}${what}, ${writer}`,
    );
  }
  const inputs = Object.fromEntries(Object.entries(found.outputs).filter(([key]) => key in olds));
  return { id, inputs: sameJson(inputs, olds) ? olds : inputs, outputs: found.outputs, notReady: [] };
}

/** Deletes the resource by its kind's plan. */
export async function erase(operation: Operation, kind: Kind, id: string, olds: Olds): Promise<void> {
  if (kind.is === "action") await run(operation, kind.delete(olds.inputs));
  else await remove(operation, kind, id, olds.outputs);
}

async function actAndTell(operation: Operation, kind: ActionKind, inputs: JsonObject, olds?: Olds): Promise<Result> {
  const id = kind.id(inputs);
  try {
    return { id, outputs: await act(operation, kind, inputs, olds), notReady: [] };
  } catch (error) {
    if (error instanceof NotReady) return { id, outputs: inputs, notReady: [error.reason] };
    throw error;
  }
}

async function finish(operation: Operation, kind: ObjectKind, inputs: JsonObject, applied: Applied): Promise<Result> {
  const id = idOf(inputs);
  try {
    return {
      id,
      outputs: toOutputs(kind, inputs, await untilReady(operation, kind, applied), applied.adopted),
      notReady: [],
    };
  } catch (error) {
    // The object is there: whatever ends the wait, the state has to know it.
    const reason = error instanceof Error ? error.message : String(error);
    return { id, outputs: toOutputs(kind, inputs, applied.live, applied.adopted), notReady: [reason] };
  }
}

async function dryRunKnowingly(
  operation: Operation,
  kind: ObjectKind,
  inputs: JsonObject,
  olds: Olds | undefined,
): Promise<KubernetesObject> {
  const existing = await operation.cluster.get(refOf(kind, inputs.metadata as unknown as { name: string }));
  if (!olds && existing) refuseForeign(operation, kind, inputs, existing);
  try {
    return await dryRun(operation, kind, inputs);
  } catch (error) {
    const conflicts = error instanceof ApiError ? conflictsOf(error) : [];
    if (conflicts.length === 0) throw error;
    const drift = olds && existing ? driftOf(kind, olds.inputs, olds.outputs, existing).drift : [];
    if (olds && existing && isRecordedDrift(conflicts, olds.inputs, existing, drift, operation.manager))
      return existing;
    throw conflictError(`${kind.kind} "${idOf(inputs)}"`, conflicts);
  }
}

/** Reasons why a dry run says nothing of the later apply: no cluster, or what the object needs is not there yet. */
function isInconclusive(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (!(error instanceof ApiError)) return false;
  const forbidden = error.code === 403 && !error.denied;
  return forbidden || error.code === 401 || error.code === 404 || error.passing;
}

async function getServed(operation: Operation, kind: ObjectKind, id: string): Promise<KubernetesObject | undefined> {
  try {
    return await operation.cluster.get(refOf(kind, parseId(kind, id)));
  } catch (error) {
    if (!(error instanceof ApiError && error.notServed)) throw error;
    throw new UserError(
      `the cluster at ${operation.cluster.server} does not serve ${kind.apiVersion} ${kind.kind}, so whether "${id}" still ` +
        "exists cannot be told. The state keeps it. Is this the right cluster?",
    );
  }
}

async function healthOf(operation: Operation, kind: ObjectKind, live: KubernetesObject): Promise<string[]> {
  const related = await snapshot(operation.cluster, kind.ready.watches(live));
  const verdict = kind.ready.verdict(live, related, { object: live, related });
  if (verdict.state === "ready") return [];
  const reason = verdict.state === "failed" ? verdict.reason : `not yet: ${verdict.condition} (now: ${verdict.seen})`;
  return [`${kind.kind} "${objectName(live.metadata)}": ${reason}`];
}

function valuesText(declared: unknown, live: unknown): string {
  const text = (value: unknown): string => {
    const json = JSON.stringify(value);
    return json.length > 200 ? `${json.slice(0, 200)}…` : json;
  };
  const was = declared === undefined ? "" : ` declared ${text(declared)}`;
  const now = live === undefined ? "" : ` now ${text(live)}`;
  return `:${was}${was && now ? "," : ""}${now}`;
}
