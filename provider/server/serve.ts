import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { MESSAGE_LIMIT } from "./limits";
import { Service, ServiceOptions } from "./service";

/** A provider that listens on 127.0.0.1. */
export interface Serving {
  port: number;
  stop(): void;
}

/** Starts the provider on a free port. */
export function serve(options: ServiceOptions, engineAddress?: string): Promise<Serving> {
  const service = new Service(options);
  if (engineAddress) service.attach(engineAddress);
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  server.addService(ResourceProviderService, service.methods());
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve({ port, stop: () => server.forceShutdown() });
    });
  });
}
