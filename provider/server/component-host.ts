import { ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { MESSAGE_LIMIT } from "./limits";

/**
 * Builds components for programs in other languages. They run in a process of their own, under Pulumi's own provider
 * server, because the SDK keeps what it knows of a deployment in globals.
 */
export class ComponentHost {
  private client?: Promise<ResourceProviderClient>;
  private child?: ChildProcess;

  /** @param script file whose process serves Construct and prints its port */
  constructor(private readonly script: string) {}

  async construct(request: ConstructRequest, engineAddress: string): Promise<ConstructResponse> {
    this.client ??= this.start(engineAddress);
    const client = await this.client;
    return new Promise((resolve, reject) => {
      client.construct(request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  }

  private async start(engineAddress: string): Promise<ResourceProviderClient> {
    const child = spawn(process.execPath, [this.script, engineAddress], { stdio: ["ignore", "pipe", "inherit"] });
    this.child = child;
    process.on("exit", () => this.child?.kill());
    const port = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the component host ended with exit code ${code}`)));
    });
    return new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": MESSAGE_LIMIT,
      "grpc.max_send_message_length": MESSAGE_LIMIT,
    });
  }
}
