import { readFileSync } from "node:fs";
import { Agent, request, type RequestOptions } from "node:https";
import { join } from "node:path";
import { PlainError } from "../plain-error";

/** The API server refused a request. */
export class ApiError extends PlainError {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** One API group in the aggregated discovery document. */
export interface DiscoveredGroup {
  metadata: { name?: string };
  versions: { version: string; resources?: { resource: string }[] }[];
}

/** The few raw requests that bringing up a cluster needs: objects go through as they are, unknown fields included. */
export class ApiClient {
  private readonly options: RequestOptions;

  /** A client with the administrator's certificate from that folder. */
  constructor(port: number, certificates: string) {
    const file = (name: string): Buffer => readFileSync(join(certificates, name));
    const agent = new Agent({ keepAlive: true, ca: file("ca.crt"), cert: file("admin.crt"), key: file("admin.key") });
    this.options = { host: "127.0.0.1", port, agent, timeout: 30000 };
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.send("GET", path)) as T;
  }

  /** All API groups with their resources, in one document. */
  async discovery(): Promise<{ items: DiscoveredGroup[] }> {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    return JSON.parse(await this.send("GET", "/apis", undefined, { accept })) as { items: DiscoveredGroup[] };
  }

  async create<T>(path: string, object: unknown): Promise<T> {
    return JSON.parse(await this.send("POST", path, object)) as T;
  }

  /** Whether the API server and all that it consists of are ready. */
  async ready(): Promise<boolean> {
    return this.send("GET", "/readyz").then(
      () => true,
      () => false,
    );
  }

  close(): void {
    (this.options.agent as Agent).destroy();
  }

  private send(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? more : { ...more, "content-type": "application/json" };
      const call = request({ ...this.options, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const status = response.statusCode ?? 0;
          if (status < 300) resolve(text);
          else reject(new ApiError(status, `${method} ${path}: ${reason(text)}`));
        });
      });
      call.once("error", reject);
      call.once("timeout", () => call.destroy(new Error(`${method} ${path}: no answer in 30 seconds`)));
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** The message of a Status object, or the text itself. */
function reason(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
