/**
 * An error whose message says all that a user needs: what is wrong, where, and what to do. Programs print the message
 * alone, without a stack trace, and end with exit code 1.
 */
export class PlainError extends Error {
  override name = "PlainError";
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
