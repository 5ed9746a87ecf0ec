import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject, KubernetesObject, ObjectMeta } from "../../model";
import type { Watch } from "../kind";
import { Connection, ConnectionOptions, HttpAnswer, loadKubeConfig } from "./connection";
import { ApiCause, ApiError, Unreachable, messageOf } from "./errors";

/** Names one object of one kind. */
export interface ObjectRef {
  apiVersion: string;
  plural: string;
  namespace?: string;
  name: string;
}

export interface ApplyOptions {
  manager: string;
  /** Take fields over from other managers. */
  force?: boolean;
  /** Ask for the result without storing it. */
  dryRun?: boolean;
}

export interface JsonPatchOperation {
  op: "test" | "remove";
  path: string;
  value?: unknown;
}

/** What the API server answers to a list. */
interface ObjectList {
  kind: string;
  metadata: { resourceVersion?: string };
  items?: KubernetesObject[];
}

/** How often a request is sent that the API server asks to send later. */
const MOST_TRIES = 10;

/** The operations on a cluster that the provider needs, in the API's own terms. */
export class Cluster {
  private readonly connection: Connection;

  constructor(options: ConnectionOptions) {
    this.connection = new Connection(loadKubeConfig(options));
  }

  get server(): string {
    return this.connection.server;
  }

  /** The object, or undefined when it does not exist. Throws ApiError `notServed` when its kind does not. */
  async get(ref: ObjectRef): Promise<KubernetesObject | undefined> {
    try {
      return (await this.call("GET", pathOf(ref, ref.name))) as unknown as KubernetesObject;
    } catch (error) {
      if (error instanceof ApiError && error.notFound) return undefined;
      throw error;
    }
  }

  /** Server-side apply, with unknown fields refused. */
  async apply(plural: string, object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject> {
    const { name, namespace } = object.metadata;
    const query = new URLSearchParams({ fieldManager: options.manager, fieldValidation: "Strict" });
    if (options.force) query.set("force", "true");
    if (options.dryRun) query.set("dryRun", "All");
    const path = `${pathOf({ apiVersion: object.apiVersion, plural, namespace }, name)}?${query.toString()}`;
    const body = { type: "application/apply-patch+yaml", text: JSON.stringify(object) };
    return (await this.call("PATCH", path, body)) as unknown as KubernetesObject;
  }

  /** JSON patch, to take out what other managers put in. */
  async patch(ref: ObjectRef, operations: JsonPatchOperation[], manager: string): Promise<KubernetesObject> {
    const path = `${pathOf(ref, ref.name)}?${new URLSearchParams({ fieldManager: manager }).toString()}`;
    const body = { type: "application/json-patch+json", text: JSON.stringify(operations) };
    return (await this.call("PATCH", path, body)) as unknown as KubernetesObject;
  }

  /** Asks for deletion of exactly that object; a missing one is fine. */
  async delete(ref: ObjectRef, uid: string | undefined): Promise<void> {
    const body = JSON.stringify({
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: "Background",
      ...(uid ? { preconditions: { uid } } : {}),
    });
    try {
      await this.call("DELETE", pathOf(ref, ref.name), { type: "application/json", text: body });
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    }
  }

  /** The objects of a watch now, and the version to watch from. */
  async list(watch: Watch): Promise<{ objects: KubernetesObject[]; version: string }> {
    const answer = (await this.call("GET", `${pathOf(watch)}?${selection(watch).toString()}`)) as unknown as ObjectList;
    const items = answer.items ?? [];
    const kind = answer.kind.replace(/List$/, "");
    // Items of a list do not repeat what the list says of them.
    for (const item of items) Object.assign(item, { apiVersion: watch.apiVersion, kind });
    return { objects: items, version: answer.metadata.resourceVersion ?? "" };
  }

  /**
   * Calls back for every change after `version` until the stream ends, which it does from time to time.
   * Resolves when it ends, rejects when it cannot start or the version is too old.
   */
  async follow(
    watch: Watch,
    version: string,
    onChange: (type: string, object: KubernetesObject) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const query = selection(watch);
    query.set("watch", "true");
    query.set("resourceVersion", version);
    const stream = await this.guard(() =>
      this.connection.open("GET", `${pathOf(watch)}?${query.toString()}`, undefined, signal),
    );
    if (stream.statusCode !== 200) {
      stream.resume();
      throw new ApiError(stream.statusCode ?? 0, "", `cannot watch ${watch.plural}`);
    }
    for await (const line of createInterface({ input: stream })) {
      const event = JSON.parse(line) as {
        type: string;
        object: KubernetesObject & { code?: number; message?: string };
      };
      if (event.type === "ERROR") throw new ApiError(event.object.code ?? 0, "Expired", event.object.message ?? "");
      onChange(event.type, event.object);
    }
  }

  close(): void {
    this.connection.close();
  }

  private async call(method: string, path: string, body?: { type: string; text: string }): Promise<JsonObject> {
    const send = (): Promise<HttpAnswer> => this.guard(() => this.connection.request(method, path, body));
    let answer = await send();
    // Overloaded, or the storage of a new CRD is not ready yet. Source: client-go rest/with_retry.go.
    for (let tries = 1; answer.code === 429 && answer.retryAfter !== undefined && tries < MOST_TRIES; tries += 1) {
      await sleep(answer.retryAfter * 1000);
      answer = await send();
    }
    if (answer.code >= 200 && answer.code < 300) return JSON.parse(answer.body) as JsonObject;
    throw apiError(answer);
  }

  private async guard<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if ((error as Error).name === "AbortError") throw error;
      throw new Unreachable(this.server, messageOf(error) || (error as NodeJS.ErrnoException).code || "no answer");
    }
  }
}

function selection(watch: Watch): URLSearchParams {
  const query = new URLSearchParams();
  if (watch.name) query.set("fieldSelector", `metadata.name=${watch.name}`);
  if (watch.labelSelector) query.set("labelSelector", watch.labelSelector);
  return query;
}

function pathOf(where: { apiVersion: string; plural: string; namespace?: string }, name?: string): string {
  const group = where.apiVersion.includes("/") ? `apis/${where.apiVersion}` : `api/${where.apiVersion}`;
  const namespace = where.namespace ? `/namespaces/${encodeURIComponent(where.namespace)}` : "";
  return `${group}${namespace}/${where.plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

function apiError(answer: HttpAnswer): ApiError {
  let status: { reason?: string; message?: string; details?: { causes?: ApiCause[] } } = {};
  try {
    status = JSON.parse(answer.body) as typeof status;
  } catch {
    // A path that no API serves is answered in plain text.
  }
  const message = status.message ?? answer.body.trim();
  return new ApiError(answer.code, status.reason ?? "", message, status.details?.causes ?? []);
}

/** The reference to an object of a kind. */
export function refOf(
  kind: { apiVersion: string; plural: string },
  metadata: Pick<ObjectMeta, "name" | "namespace">,
): ObjectRef {
  return { apiVersion: kind.apiVersion, plural: kind.plural, namespace: metadata.namespace, name: metadata.name };
}
