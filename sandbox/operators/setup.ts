import type { KubernetesObject } from "../../model";
import { type Api, ApiError, pathOf } from "../agents/api";
import { delay } from "../agents/store";

/** Creates the object unless it is there already; returns what the server has. */
export async function ensure(api: Api, resource: string, object: KubernetesObject): Promise<KubernetesObject> {
  const { name, namespace } = object.metadata;
  const existing = await api.get(pathOf(object.apiVersion, resource, { namespace, name }));
  if (existing) return existing;
  try {
    return await api.create(pathOf(object.apiVersion, resource, { namespace }), object);
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return object;
    throw error;
  }
}

/** Creates the namespace unless it is there already. */
export async function ensureNamespace(api: Api, name: string, labels: Record<string, string> = {}): Promise<void> {
  await ensure(api, "namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
}

/** Milliseconds between two looks at a condition. */
const POLL_MS = 250;

/**
 * Waits until `done` says nothing more is missing (undefined). `done` returns what is missing, in words; a failing
 * request counts as missing too. Rejects when the seconds are over.
 */
export async function until(what: string, seconds: number, done: () => Promise<string | undefined>): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const missing = await done().catch((error: Error) => error.message);
    if (missing === undefined) return;
    if (Date.now() > deadline) throw new Error(`${what} was not ready within ${seconds} s: ${missing}`);
    await delay(POLL_MS);
  }
}
