import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Messages from the provider to the user, by way of Pulumi's engine. */
export interface EngineLog {
  /** A message that stays with the resource. */
  warn(urn: string, text: string): void;
  /** A message for the status column, replaced by the next one. */
  progress(urn: string, text: string): void;
  /** Resolves when the engine has everything that was said: the plugin may be ended right after an answer. */
  flush(): Promise<void>;
}

/** A log that goes to the engine at that address; without one, nowhere. */
export function engineLog(address: string | undefined): EngineLog {
  const client = address ? new EngineClient(address, grpc.credentials.createInsecure()) : undefined;
  const pending = new Set<Promise<void>>();
  const send = (severity: LogRequest.AsObject["severity"], urn: string, text: string, ephemeral: boolean): void => {
    if (!client) return;
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setUrn(urn);
    request.setMessage(text);
    request.setEphemeral(ephemeral);
    // A message that cannot be delivered must not fail the operation that it speaks of.
    const sent = new Promise<void>((resolve) => client.log(request, () => resolve()));
    pending.add(sent);
    void sent.then(() => pending.delete(sent));
  };
  return {
    warn: (urn, text) => send(LogSeverity.WARNING, urn, text, false),
    progress: (urn, text) => send(LogSeverity.INFO, urn, text, true),
    flush: async () => {
      await Promise.all(pending);
    },
  };
}
