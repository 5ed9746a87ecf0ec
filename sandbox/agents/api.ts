import { request as httpsRequest, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../model";

/** Where objects of one resource live; `subresource` is for example `status`. */
export interface Location {
  namespace?: string;
  name?: string;
  subresource?: string;
}

/** The API path of a resource (plural, lower case) or of one object of it. */
export function pathOf(apiVersion: string, resource: string, location: Location = {}): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = location.namespace ? `/namespaces/${location.namespace}` : "";
  const name = location.name ? `/${location.name}` : "";
  const subresource = location.subresource ? `/${location.subresource}` : "";
  return `${group}${namespace}/${resource}${name}${subresource}`;
}

/** A refusal of the API server. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** How a patch body is read: JSON merge patch, Kubernetes' strategic merge (lists by key), or server-side apply. */
export type PatchType = "merge-patch+json" | "strategic-merge-patch+json" | "apply-patch+yaml";

/** The content of a list answer that callers need. */
export interface ObjectList {
  metadata: { resourceVersion: string };
  items: KubernetesObject[];
}

/**
 * The Kubernetes API by path. Simulators write status subresources and merge patches of many kinds, which the typed
 * clients spread over dozens of classes.
 */
export class Api {
  private constructor(
    private readonly server: URL,
    private readonly options: RequestOptions,
  ) {}

  /** Takes server and credentials from the current context of a kubeconfig. */
  static async connect(kubeconfig: KubeConfig): Promise<Api> {
    const cluster = kubeconfig.getCurrentCluster();
    if (!cluster) throw new Error("The kubeconfig has no current cluster.");
    const options: RequestOptions = {};
    await kubeconfig.applyToHTTPSOptions(options);
    // The server names field managers after it.
    return new Api(new URL(cluster.server), { ...options, headers: { "user-agent": "sandbox" } });
  }

  /** The same connection acting as another user. */
  as(user: string, groups: string[]): Api {
    const headers = { ...this.options.headers, "impersonate-user": user, "impersonate-group": groups };
    return new Api(this.server, { ...this.options, headers });
  }

  /** The object, or undefined when it (or its kind) does not exist. */
  async get(path: string): Promise<KubernetesObject | undefined> {
    try {
      return (await this.send("GET", path)) as KubernetesObject;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async list(path: string): Promise<ObjectList> {
    return (await this.send("GET", path)) as ObjectList;
  }

  async create(path: string, object: object): Promise<KubernetesObject> {
    return (await this.send("POST", path, object)) as KubernetesObject;
  }

  async replace(path: string, object: object): Promise<KubernetesObject> {
    return (await this.send("PUT", path, object)) as KubernetesObject;
  }

  async patch(path: string, body: object, type: PatchType = "merge-patch+json"): Promise<KubernetesObject> {
    return (await this.send("PATCH", path, body, `application/${type}`)) as KubernetesObject;
  }

  /** Server-side apply of a whole object; fields that another manager holds are taken over. */
  async apply(path: string, object: object): Promise<KubernetesObject> {
    return this.patch(`${path}?fieldManager=sandbox&force=true`, object, "apply-patch+yaml");
  }

  /** Deletes; an object that is not there counts as deleted. */
  async remove(path: string): Promise<void> {
    try {
      await this.send("DELETE", path);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  private send(method: string, path: string, body?: object, type = "application/json"): Promise<unknown> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = text === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(text) };
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        new URL(path, this.server),
        { ...this.options, method, headers: { ...this.options.headers, ...headers, accept: "application/json" } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const answer = Buffer.concat(chunks).toString("utf8");
            const status = response.statusCode ?? 0;
            if (status < 300) return resolve(JSON.parse(answer));
            reject(new ApiError(status, `${method} ${path}: ${messageOf(answer)}`));
          });
        },
      );
      request.on("error", reject);
      request.end(text);
    });
  }
}

function messageOf(answer: string): string {
  try {
    const status = JSON.parse(answer) as { message?: string };
    return status.message ?? answer;
  } catch {
    return answer;
  }
}
