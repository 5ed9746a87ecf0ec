import type { JsonObject, KubernetesObject } from "../../model";
import type { ObjectKind } from "../kind";
import { refOf } from "./cluster";
import { ApiError } from "./errors";
import { isAdopted, parseId } from "./objects";
import { Operation, run, waitIn } from "./operation";

/** Deletes the object by the kind's plan, or gives its fields back when it was adopted. */
export async function remove(operation: Operation, kind: ObjectKind, id: string, outputs: JsonObject): Promise<void> {
  const metadata = parseId(kind, id);
  const ref = refOf(kind, metadata);
  const live = await operation.cluster.get(ref).catch((error: unknown) => {
    // Without its kind the object is gone as well.
    if (error instanceof ApiError && error.notServed) return undefined;
    throw error;
  });
  if (!live) return;
  const adopted = isAdopted(kind, metadata, outputs);
  const uid = (outputs.metadata as JsonObject | undefined)?.uid;
  if (!adopted && typeof uid === "string" && uid !== live.metadata.uid) {
    operation.warn(`${kind.kind} "${id}" was deleted and made again by somebody else: it is left alone.`);
    return;
  }
  await run(operation, kind.deletion?.before?.(live) ?? []);
  if (adopted) {
    const empty = { apiVersion: kind.apiVersion, kind: kind.kind, metadata } as KubernetesObject;
    await operation.cluster.apply(kind.plural, empty, { manager: operation.manager });
    return;
  }
  await operation.cluster.delete(ref, live.metadata.uid);
  await waitIn(
    operation,
    [{ id: "self", apiVersion: kind.apiVersion, plural: kind.plural, ...metadata }],
    (related) => {
      const left = related.self?.[0];
      if (!left || left.metadata.uid !== live.metadata.uid) return { state: "ready" };
      const finalizers = left.metadata.finalizers ?? [];
      const seen = finalizers.length > 0 ? `finalizers ${finalizers.join(", ")}` : "still there";
      return { state: "waiting", condition: `${kind.kind} "${id}" is gone`, seen };
    },
  );
  await run(operation, kind.deletion?.after?.(live) ?? []);
}
