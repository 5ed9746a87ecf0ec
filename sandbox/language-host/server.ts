import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { LanguageRuntimeService, type ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { dependenciesOf, install } from "./dependencies";
import { type Outcome, Programs } from "./program";

/** Messages carry whole configurations and plans; this is the limit of Pulumi's own hosts. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** A call that is answered by the result of a function, or by its error. */
function answer<Request, Response>(
  respond: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(respond)
      .then(
        (response) => callback(null, response),
        (error: Error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
      );
  };
}

function runResponse(outcome: Outcome): messages.RunResponse {
  const response = new messages.RunResponse();
  response.setBail(outcome.ended === "bail");
  if (outcome.ended === "badly") response.setError(outcome.error);
  return response;
}

function about(version: string): messages.AboutResponse {
  const response = new messages.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.versions.node);
  response.getMetadataMap().set("host", `pulumi-ove ${version}`);
  return response;
}

function programDependencies(request: messages.GetProgramDependenciesRequest): messages.GetProgramDependenciesResponse {
  const response = new messages.GetProgramDependenciesResponse();
  for (const { name, version } of dependenciesOf(request.getInfo()?.getProgramDirectory() || request.getPwd())) {
    const dependency = new messages.DependencyInfo();
    dependency.setName(name);
    dependency.setVersion(version);
    response.addDependencies(dependency);
  }
  return response;
}

const installDependencies: grpc.handleServerStreamingCall<
  messages.InstallDependenciesRequest,
  messages.InstallDependenciesResponse
> = (call) => {
  const send = (text: Buffer) => {
    const response = new messages.InstallDependenciesResponse();
    response.setStdout(text);
    call.write(response);
  };
  const folder = call.request.getInfo()?.getProgramDirectory() || call.request.getDirectory();
  install(folder, send).then(
    () => call.end(),
    (error: Error) => call.destroy(error),
  );
};

/** The calls of the LanguageRuntime service that a sandbox needs; gRPC answers the others with UNIMPLEMENTED. */
function service(programs: Programs, version: string): Partial<ILanguageRuntimeServer> {
  return {
    handshake: answer(() => new messages.LanguageHandshakeResponse()),
    getPluginInfo: answer(() => {
      const info = new PluginInfo();
      info.setVersion(version);
      return info;
    }),
    // Nothing is to be installed: who starts this host has put the plugins where the engine finds them.
    getRequiredPackages: answer(() => new messages.GetRequiredPackagesResponse()),
    getRequiredPlugins: answer(() => new messages.GetRequiredPluginsResponse()),
    run: answer(async (request: messages.RunRequest) => runResponse(await programs.run(request))),
    installDependencies,
    about: answer(() => about(version)),
    getProgramDependencies: answer(programDependencies),
    runtimeOptionsPrompts: answer(() => new messages.RuntimeOptionsResponse()),
    cancel: answer(() => {
      programs.stop();
      return new Empty();
    }),
  };
}

/** A language host that listens on 127.0.0.1. */
export interface Serving {
  port: number;
  /** Stops listening and ends the programs that are running. */
  stop: () => void;
}

/** Starts a language host for the engine at an address. */
export function serve(engineAddress: string, version: string): Promise<Serving> {
  const programs = new Programs(engineAddress);
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  server.addService(LanguageRuntimeService, service(programs, version) as grpc.UntypedServiceImplementation);
  const stop = () => {
    programs.stop();
    server.forceShutdown();
  };
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve({ port, stop });
    });
  });
}
