import { existsSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { createRequire } from "node:module";
import type { KubeConfig } from "@kubernetes/client-node";
import { UserError, messageOf } from "./errors";

/** How to find the cluster: the provider's configuration. */
export interface ConnectionOptions {
  /** Path of a kubeconfig file, or its content. Default: the files of KUBECONFIG, then ~/.kube/config. */
  kubeconfig?: string;
  /** Name of the context; the kubeconfig's current one by default. */
  context?: string;
}

/** Credentials come from files and programs that renew them; they are read again this often. */
const CREDENTIALS_FOR_MS = 60_000;

/**
 * Reads a kubeconfig.
 * @throws UserError when the file is missing, is not a kubeconfig, or has no such context.
 */
export function loadKubeConfig(options: ConnectionOptions): KubeConfig {
  // Loaded here because it takes a second that GetSchema and offline checks need not pay.
  const client = createRequire(__filename)("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
  const config = new client.KubeConfig();
  const given = options.kubeconfig?.trim();
  try {
    if (!given) config.loadFromDefault();
    else if (/\n|^\{/.test(given)) config.loadFromString(given);
    else if (existsSync(given)) config.loadFromFile(given);
    else throw new UserError(`there is no file ${given}. Give the path of a kubeconfig, or its content.`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`this is not a kubeconfig: ${messageOf(error)}`);
  }
  if (options.context) {
    const names = config.getContexts().map((context) => context.name);
    if (!names.includes(options.context)) {
      throw new UserError(`the kubeconfig has no context "${options.context}"; it has: ${names.join(", ") || "none"}.`);
    }
    config.setCurrentContext(options.context);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) throw new UserError("the kubeconfig names no cluster: set its current-context, or `context`.");
  return config;
}

export interface HttpAnswer {
  code: number;
  body: string;
  /** Seconds after which the API server wants to be asked again. */
  retryAfter?: number;
}

/** HTTP to one API server, with connections kept open and credentials renewed. */
export class Connection {
  private prepared?: { until: number; options: Promise<https.RequestOptions> };
  readonly server: string;

  constructor(private readonly config: KubeConfig) {
    this.server = config.getCurrentCluster()?.server ?? "";
  }

  /** Sends a request and reads the whole answer. Rejects only when there is no answer. */
  async request(method: string, path: string, body?: { type: string; text: string }): Promise<HttpAnswer> {
    const response = await this.open(method, path, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const code = response.statusCode ?? 0;
    if (code === 401) this.prepared = undefined;
    const after = Number(response.headers["retry-after"]);
    const retryAfter = Number.isFinite(after) ? after : undefined;
    return { code, body: Buffer.concat(chunks).toString("utf8"), retryAfter };
  }

  /** Sends a request and hands out the answer as a stream. */
  async open(
    method: string,
    path: string,
    body?: { type: string; text: string },
    signal?: AbortSignal,
  ): Promise<http.IncomingMessage> {
    const base = await this.options();
    const url = new URL(path, this.server.endsWith("/") ? this.server : `${this.server}/`);
    const headers: http.OutgoingHttpHeaders = {
      ...(base.headers as http.OutgoingHttpHeaders),
      accept: "application/json",
    };
    if (body) {
      headers["content-type"] = body.type;
      headers["content-length"] = Buffer.byteLength(body.text);
    }
    const send = url.protocol === "http:" ? http.request : https.request;
    return new Promise((resolve, reject) => {
      const request = send(url, { ...base, method, headers, signal }, resolve);
      request.on("error", reject);
      request.end(body?.text);
    });
  }

  /** Closes the open connections. */
  close(): void {
    void this.prepared?.options.then((options) => (options.agent as https.Agent | undefined)?.destroy());
  }

  private options(): Promise<https.RequestOptions> {
    if (!this.prepared || this.prepared.until < Date.now()) {
      this.prepared = { until: Date.now() + CREDENTIALS_FOR_MS, options: this.prepare() };
    }
    return this.prepared.options;
  }

  private async prepare(): Promise<https.RequestOptions> {
    const options: https.RequestOptions = {};
    await this.config.applyToHTTPSOptions(options);
    const agent = options.agent as https.Agent | undefined;
    if (agent) {
      agent.options.keepAlive = true;
      (agent as unknown as { keepAlive: boolean }).keepAlive = true;
      agent.maxSockets = 64;
    }
    return options;
  }
}
