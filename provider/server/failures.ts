import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ApiError, NotReady, Unreachable, UserError } from "../engine/errors";

/** The object exists but does not work yet: the engine keeps it in state together with the reasons. */
export class InitFailed extends Error {
  constructor(
    readonly id: string,
    readonly properties: Struct,
    readonly inputs: Struct,
    readonly reasons: string[],
  ) {
    super(reasons.join("; "));
  }
}

/** The gRPC error for anything thrown, in plain words and without a stack trace. `subject` names the object. */
export function serviceError(error: unknown, subject: string): grpc.ServiceError {
  if (error instanceof InitFailed) return initFailed(error);
  if (isServiceError(error)) return error;
  const text = textOf(error, subject);
  return Object.assign(new Error(text), { code: grpc.status.UNKNOWN, details: text, metadata: new grpc.Metadata() });
}

function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && "metadata" in error && error.metadata instanceof grpc.Metadata;
}

/** What the user reads. */
export function textOf(error: unknown, subject: string): string {
  if (error instanceof ApiError) return `${subject} was refused by the API server: ${apiText(error)}`;
  if (error instanceof Unreachable || error instanceof NotReady) return `${subject}: ${error.message}`;
  if (error instanceof UserError) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  return `${subject}: internal error in the ove provider: ${text}`;
}

function apiText(error: ApiError): string {
  const causes = error.causes.filter((cause) => cause.field && !error.message.includes(cause.message ?? ""));
  if (causes.length === 0) return error.message || `HTTP ${error.code}`;
  return `${error.message}\n${causes.map((cause) => `  ${cause.field}: ${cause.message}`).join("\n")}`;
}

function initFailed(error: InitFailed): grpc.ServiceError {
  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(error.properties);
  detail.setInputs(error.inputs);
  detail.setReasonsList(error.reasons);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(error.message);
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  // The Go side of gRPC reads structured details from this header.
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return Object.assign(new Error(error.message), { code: grpc.status.UNKNOWN, details: error.message, metadata });
}
