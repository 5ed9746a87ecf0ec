import * as grpc from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { UNKNOWN, defaultFacts, findingText } from "../../model";
import type { Facts } from "../../model";
import type { Operation } from "../engine/operation";
import type { Kind } from "../kind";
import type { Shape } from "../shape";
import { checkInputs } from "./checks";
import { ClusterAccess, checkConfiguration, configurationOf, factsOf } from "./configuration";
import { differences, refuseFixed } from "./differences";
import { EngineLog, engineLog } from "./engine-log";
import { InitFailed, serviceError } from "./failures";
import { Result, create, erase, preview, read, update } from "./lifecycle";
import { checked, diffConfig, diffResponse } from "./responses";
import { Properties, decode, encode } from "./values";

/** Builds a component for Construct; see components/plugin.ts. */
export type Construct = (request: proto.ConstructRequest, engineAddress: string) => Promise<proto.ConstructResponse>;

export interface ServiceOptions {
  version: string;
  /** The package's schema as JSON text. */
  schema(): string;
  kindOf(token: string): Kind | undefined;
  construct?: Construct;
  /** The shape of the provider's configuration; that of the ove provider by default. */
  configuration?: Shape;
  /** A message for the user, once, when the provider is configured. */
  notice?: string;
}

type Call<Request> = { request: Request };
type Answer<Response> = grpc.sendUnaryData<Response>;
type Handler<Request, Response> = (call: Call<Request>, answer: Answer<Response>) => void;

/** The resource provider as Pulumi's engine speaks to it. */
export class Service {
  private engine: EngineLog = engineLog(undefined);
  private engineAddress = "";
  private access = new ClusterAccess(configurationOf({}));
  private manager = "pulumi-ove";
  private facts: Facts = defaultFacts;
  private readonly cancelled = new AbortController();

  constructor(private readonly options: ServiceOptions) {}

  /** Tells the service where the engine is; later than its start when the engine attaches to it. */
  attach(engineAddress: string): void {
    this.engineAddress = engineAddress;
    this.engine = engineLog(engineAddress);
  }

  /** The methods, ready to be added to a gRPC server. */
  methods(): IResourceProviderServer {
    const nothing = this.method<unknown, Empty>(() => new Empty());
    // Methods that are missing here are answered as unimplemented by the gRPC server.
    const implemented = {
      handshake: this.method((request: proto.ProviderHandshakeRequest) => this.handshake(request)),
      getPluginInfo: this.method(() => this.pluginInfo()),
      getSchema: this.method(() => this.schema()),
      checkConfig: this.method((request: proto.CheckRequest) => this.checkConfig(request)),
      diffConfig: this.method((request: proto.DiffRequest) => diffConfig(request)),
      configure: this.method((request: proto.ConfigureRequest) => this.configure(request)),
      check: this.method((request: proto.CheckRequest) => this.check(request), subjectOf),
      diff: this.method((request: proto.DiffRequest) => this.diff(request), subjectOf),
      create: this.method((request: proto.CreateRequest) => this.create(request), subjectOf),
      update: this.method((request: proto.UpdateRequest) => this.update(request), subjectOf),
      read: this.method((request: proto.ReadRequest) => this.read(request), subjectOf),
      delete: this.method((request: proto.DeleteRequest) => this.delete(request), subjectOf),
      construct: this.method((request: proto.ConstructRequest) => this.construct(request)),
      attach: this.method((request: { getAddress(): string }) => {
        this.attach(request.getAddress());
        return new Empty();
      }),
      cancel: this.method(() => {
        this.cancelled.abort();
        return new Empty();
      }),
      signalCancellation: nothing,
    };
    return implemented as unknown as IResourceProviderServer;
  }

  /** A gRPC method from a function that may throw; what it throws becomes one plain message. */
  private method<Request, Response>(
    work: (request: Request) => Promise<Response> | Response,
    subject: (request: Request) => string = () => "the ove provider",
  ): Handler<Request, Response> {
    return (call, answer) => {
      const done = Promise.resolve().then(() => work(call.request));
      const flushed = done.catch(() => undefined).then(() => this.engine.flush());
      void flushed
        .then(() => done)
        .then(
          (response) => answer(null, response),
          (error: unknown) => answer(serviceError(error, subject(call.request))),
        );
    };
  }

  private handshake(request: proto.ProviderHandshakeRequest): proto.ProviderHandshakeResponse {
    if (request.getEngineAddress()) this.attach(request.getEngineAddress());
    const response = new proto.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  }

  private pluginInfo(): PluginInfo {
    const info = new PluginInfo();
    info.setVersion(this.options.version);
    return info;
  }

  private schema(): proto.GetSchemaResponse {
    const response = new proto.GetSchemaResponse();
    response.setSchema(this.options.schema());
    return response;
  }

  private checkConfig(request: proto.CheckRequest): proto.CheckResponse {
    const { value, hasUnknown } = decode(request.getNews());
    return checked(request, checkConfiguration(value, hasUnknown, this.options.configuration));
  }

  private configure(request: proto.ConfigureRequest): proto.ConfigureResponse {
    const configuration = configurationOf(decode(request.getArgs()).value);
    this.manager = configuration.fieldManager;
    this.facts = factsOf(configuration);
    this.access = new ClusterAccess({
      ...configuration,
      kubeconfig: configuration.kubeconfig === UNKNOWN ? undefined : configuration.kubeconfig,
    });
    if (this.options.notice) this.engine.warn("", this.options.notice);
    const response = new proto.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }

  private check(request: proto.CheckRequest): proto.CheckResponse {
    const kind = this.kind(request.getUrn());
    const { value } = decode(request.getNews());
    const findings = checkInputs(kind, value, this.facts);
    for (const finding of findings) {
      if (finding.severity === "warning") this.engine.warn(request.getUrn(), findingText(finding));
    }
    return checked(request, findings);
  }

  private diff(request: proto.DiffRequest): proto.DiffResponse {
    const kind = this.kind(request.getUrn());
    return diffResponse(differences(kind, decode(request.getOldInputs()).value, decode(request.getNews()).value));
  }

  private async create(request: proto.CreateRequest): Promise<proto.CreateResponse> {
    const kind = this.kind(request.getUrn());
    const inputs = decode(request.getProperties());
    const result = request.getPreview()
      ? await preview(this.previewOperation(request.getUrn()), kind, inputs.value, inputs.hasUnknown)
      : await create(
          this.operation(request.getUrn(), request.getTimeout() || kind.timeouts.create),
          kind,
          inputs.value,
        );
    refuseUnready(result, inputs);
    const response = new proto.CreateResponse();
    response.setId(request.getPreview() ? "" : result.id);
    response.setProperties(encode(result.outputs, inputs.secrets));
    return response;
  }

  private async update(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
    const kind = this.kind(request.getUrn());
    const inputs = decode(request.getNews());
    const olds = { inputs: decode(request.getOldInputs()).value, outputs: decode(request.getOlds()).value };
    refuseFixed(kind, olds.inputs, inputs.value);
    const result = request.getPreview()
      ? await preview(this.previewOperation(request.getUrn()), kind, inputs.value, inputs.hasUnknown, olds)
      : await update(
          this.operation(request.getUrn(), request.getTimeout() || kind.timeouts.update),
          kind,
          inputs.value,
          olds,
        );
    refuseUnready(result, inputs);
    const response = new proto.UpdateResponse();
    response.setProperties(encode(result.outputs, inputs.secrets));
    return response;
  }

  private async read(request: proto.ReadRequest): Promise<proto.ReadResponse> {
    const kind = this.kind(request.getUrn());
    const inputs = decode(request.getInputs());
    const outputs = decode(request.getProperties());
    const secrets = new Set([...inputs.secrets, ...outputs.secrets]);
    const isRefresh = Object.keys(inputs.value).length > 0;
    const olds = isRefresh ? { inputs: inputs.value, outputs: outputs.value } : undefined;
    const operation = this.operation(request.getUrn(), kind.timeouts.update);
    const found = await read(operation, kind, request.getId(), olds, secrets);
    const response = new proto.ReadResponse();
    if (!found) return response;
    const isAsBefore = olds?.inputs === found.inputs;
    refuseUnready(found, isAsBefore ? inputs : { ...inputs, value: found.inputs });
    response.setId(found.id);
    response.setInputs(isAsBefore ? request.getInputs() : encode(found.inputs, secrets));
    response.setProperties(encode(found.outputs, secrets));
    return response;
  }

  private async delete(request: proto.DeleteRequest): Promise<Empty> {
    const kind = this.kind(request.getUrn());
    const olds = { inputs: decode(request.getOldInputs()).value, outputs: decode(request.getProperties()).value };
    await erase(
      this.operation(request.getUrn(), request.getTimeout() || kind.timeouts.delete),
      kind,
      request.getId(),
      olds,
    );
    return new Empty();
  }

  private construct(request: proto.ConstructRequest): Promise<proto.ConstructResponse> {
    if (!this.options.construct) throw new Error(`there is no component ${request.getType()}`);
    return this.options.construct(request, this.engineAddress);
  }

  private kind(urn: string): Kind {
    const token = tokenOf(urn);
    const kind = this.options.kindOf(token);
    if (!kind)
      throw new Error(`there is no resource type ${token} in version ${this.options.version} of this provider`);
    return kind;
  }

  private operation(urn: string, seconds: number): Operation {
    return this.operationOn(this.access.get(), urn, seconds);
  }

  private previewOperation(urn: string): Operation | undefined {
    const cluster = this.access.find();
    return cluster && this.operationOn(cluster, urn, 0);
  }

  private operationOn(cluster: Operation["cluster"], urn: string, seconds: number): Operation {
    return {
      cluster,
      manager: this.manager,
      urn,
      signal: this.cancelled.signal,
      deadline: Date.now() + seconds * 1000,
      warn: (text) => this.engine.warn(urn, text),
      progress: (text) => this.engine.progress(urn, text),
    };
  }
}

function tokenOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").pop() ?? "";
}

/** The resource as messages call it: its type and its logical name. */
function subjectOf(request: { getUrn(): string }): string {
  const urn = request.getUrn();
  return `${tokenOf(urn).split(":").pop()} "${urn.split("::").slice(3).join("::")}"`;
}

function refuseUnready(result: Result, inputs: Properties): void {
  if (result.notReady.length === 0) return;
  throw new InitFailed(
    result.id,
    encode(result.outputs, inputs.secrets),
    encode(inputs.value, inputs.secrets),
    result.notReady,
  );
}
