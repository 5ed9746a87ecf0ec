/** An answer of the API server that says no. */
export class ApiError extends Error {
  constructor(
    /** HTTP status code. */
    readonly code: number,
    /** The API's machine-readable reason, for example `Invalid` or `Forbidden`; empty when there is none. */
    readonly reason: string,
    message: string,
    readonly causes: readonly ApiCause[] = [],
  ) {
    super(message);
  }

  /** The object (not its kind) does not exist. */
  get notFound(): boolean {
    return this.code === 404 && this.reason === "NotFound";
  }

  /** The API server does not know the kind: its CRD is not there, or not yet. */
  get notServed(): boolean {
    return this.code === 404 && this.reason !== "NotFound";
  }

  /** An admission webhook or policy refused the object. */
  get denied(): boolean {
    return /admission webhook "[^"]+" denied|ValidatingAdmissionPolicy/.test(this.message);
  }

  /** The API server could not reach a webhook, or is overloaded: the same request may pass later. */
  get passing(): boolean {
    return this.code === 429 || this.code === 503 || (this.code === 500 && /failed calling webhook/.test(this.message));
  }
}

/** One detail of a refusal: for conflicts the manager and the field, for invalid objects the field and what is wrong. */
export interface ApiCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** The API server could not be asked at all. */
export class Unreachable extends Error {
  constructor(server: string, cause: string) {
    super(`the cluster at ${server} does not answer: ${cause}`);
  }
}

/** A message meant for the user as it stands: no stack trace belongs to it. */
export class UserError extends Error {}

/** The object is there, but did not become ready: it stays in state as initialisation-failed. */
export class NotReady extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
