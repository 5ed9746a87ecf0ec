import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JsonObject } from "../../model";
import { kindOf } from "../../provider/kinds";
import { Serving, serve } from "../../provider/server/serve";

/** A refusal by the provider, with the init-failed detail when there is one. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly partial?: { id: string; outputs: JsonObject; inputs: JsonObject; reasons: string[] },
  ) {
    super(message);
  }
}

/** What the provider tells the engine of a resource. */
export interface Message {
  urn: string;
  text: string;
  /** For the status column only. */
  ephemeral: boolean;
}

/** The real provider over real gRPC, with a stand-in for the engine that only keeps its messages. */
export class ProviderUnderTest {
  private stopped = false;

  private constructor(
    /** What the provider told the engine. */
    readonly messages: Message[],
    private readonly serving: Serving,
    private readonly engine: grpc.Server,
    private readonly client: ResourceProviderClient,
  ) {}

  static async start(
    config: JsonObject,
    options: { kinds?: typeof kindOf; schema?: string } = {},
  ): Promise<ProviderUnderTest> {
    const engine = new grpc.Server();
    const messages: Message[] = [];
    engine.addService(EngineService, {
      log: (call: { request: LogRequest }, answer: (error: null, value: Empty) => void) => {
        messages.push({
          urn: call.request.getUrn(),
          text: call.request.getMessage(),
          ephemeral: call.request.getEphemeral(),
        });
        answer(null, new Empty());
      },
    });
    const enginePort = await new Promise<number>((resolve, reject) =>
      engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
    const serving = await serve(
      { version: "0.0.0", schema: () => options.schema ?? "{}", kindOf: options.kinds ?? kindOf },
      `127.0.0.1:${enginePort}`,
    );
    const client = new ResourceProviderClient(`127.0.0.1:${serving.port}`, grpc.credentials.createInsecure());
    const provider = new ProviderUnderTest(messages, serving, engine, client);
    const request = new proto.ConfigureRequest();
    request.setArgs(toStruct(config));
    await provider.ask<proto.ConfigureResponse>((done) => client.configure(request, done));
    return provider;
  }

  stop(): void {
    this.stopped = true;
    this.client.close();
    this.serving.stop();
    this.engine.forceShutdown();
  }

  /** Check: the failures, which begin with their property paths. */
  async check(urn: string, news: JsonObject): Promise<string[]> {
    const request = new proto.CheckRequest();
    request.setUrn(urn);
    request.setNews(toStruct(news));
    const response = await this.ask<proto.CheckResponse>((done) => this.client.check(request, done));
    return response.getFailuresList().map((failure) => failure.getReason());
  }

  /** CheckConfig: the failures, which begin with their property paths. */
  async checkConfig(news: JsonObject): Promise<string[]> {
    const request = new proto.CheckRequest();
    request.setNews(toStruct(news));
    const response = await this.ask<proto.CheckResponse>((done) => this.client.checkConfig(request, done));
    return response.getFailuresList().map((failure) => failure.getReason());
  }

  async diff(
    urn: string,
    oldInputs: JsonObject,
    news: JsonObject,
  ): Promise<{ changes: string[]; replaces: string[]; deleteFirst: boolean }> {
    const request = new proto.DiffRequest();
    request.setUrn(urn);
    request.setOldInputs(toStruct(oldInputs));
    request.setOlds(toStruct(oldInputs));
    request.setNews(toStruct(news));
    const response = await this.ask<proto.DiffResponse>((done) => this.client.diff(request, done));
    const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];
    const changes = [...response.getDetaileddiffMap().entries()].map(
      ([path, diff]) => `${kinds[diff.getKind()]} ${path}`,
    );
    return { changes, replaces: response.getReplacesList(), deleteFirst: response.getDeletebeforereplace() };
  }

  async create(
    urn: string,
    inputs: JsonObject,
    options: { preview?: boolean; timeout?: number } = {},
  ): Promise<{ id: string; outputs: JsonObject }> {
    const request = new proto.CreateRequest();
    request.setUrn(urn);
    request.setProperties(toStruct(inputs));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeout ?? 60);
    const response = await this.ask<proto.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
  }

  async update(
    urn: string,
    id: string,
    olds: { inputs: JsonObject; outputs: JsonObject },
    news: JsonObject,
    options: { preview?: boolean; timeout?: number } = {},
  ): Promise<JsonObject> {
    const request = new proto.UpdateRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOldInputs(toStruct(olds.inputs));
    request.setOlds(toStruct(olds.outputs));
    request.setNews(toStruct(news));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeout ?? 60);
    const response = await this.ask<proto.UpdateResponse>((done) => this.client.update(request, done));
    return fromStruct(response.getProperties());
  }

  async read(
    urn: string,
    id: string,
    olds?: { inputs: JsonObject; outputs: JsonObject },
  ): Promise<{ id: string; inputs: JsonObject; outputs: JsonObject }> {
    const request = new proto.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setInputs(toStruct(olds?.inputs ?? {}));
    request.setProperties(toStruct(olds?.outputs ?? {}));
    const response = await this.ask<proto.ReadResponse>((done) => this.client.read(request, done));
    return {
      id: response.getId(),
      inputs: fromStruct(response.getInputs()),
      outputs: fromStruct(response.getProperties()),
    };
  }

  async delete(
    urn: string,
    id: string,
    olds: { inputs: JsonObject; outputs: JsonObject },
    timeout = 60,
  ): Promise<void> {
    const request = new proto.DeleteRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOldInputs(toStruct(olds.inputs));
    request.setProperties(toStruct(olds.outputs));
    request.setTimeout(timeout);
    await this.ask<Empty>((done) => this.client.delete(request, done));
  }

  async schema(): Promise<string> {
    const response = await this.ask<proto.GetSchemaResponse>((done) =>
      this.client.getSchema(new proto.GetSchemaRequest(), done),
    );
    return response.getSchema();
  }

  /** Resolves once the provider has told the engine such a message. */
  async told(wanted: (message: Message) => boolean): Promise<void> {
    while (!this.messages.some(wanted)) {
      if (this.stopped) throw new Error("the provider was stopped before it told of that");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async cancel(): Promise<void> {
    await this.ask<Empty>((done) => this.client.cancel(new Empty(), done));
  }

  private ask<Response>(
    call: (done: (error: grpc.ServiceError | null, response: Response) => void) => void,
  ): Promise<Response> {
    return new Promise((resolve, reject) =>
      call((error, response) => (error ? reject(refused(error)) : resolve(response))),
    );
  }
}

/** The refusal that some work must end in. */
export async function refusal(work: Promise<unknown>): Promise<Refused> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

/** A URN of the stack `test`. */
export function urnOf(token: string, name: string): string {
  return `urn:pulumi:test::tests::${token}::${name}`;
}

function refused(error: grpc.ServiceError): Refused {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (!packed) return new Refused(error.details);
  const [any] = Status.deserializeBinary(packed as Buffer).getDetailsList();
  const detail = proto.ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() ?? new Uint8Array());
  return new Refused(error.details, {
    id: detail.getId(),
    outputs: fromStruct(detail.getProperties()),
    inputs: fromStruct(detail.getInputs()),
    reasons: detail.getReasonsList(),
  });
}

function toStruct(value: JsonObject): Struct {
  return Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
}

function fromStruct(struct: Struct | undefined): JsonObject {
  return struct?.toJavaScript() ?? {};
}
