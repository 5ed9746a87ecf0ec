import { PlainError } from "../sandbox/plain-error";

/**
 * Runs work that Ctrl-C, SIGTERM or a closed terminal ends in an orderly way: the work's signal is aborted, it cleans
 * up and rejects. Further signals while it does so change nothing.
 */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const abort = (signal: NodeJS.Signals): void => {
    if (!interrupted.signal.aborted)
      interrupted.abort(new PlainError(`stopped by ${signal}; everything that was begun is cleaned up.`));
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, abort);
  try {
    return await work(interrupted.signal);
  } finally {
    for (const signal of signals) process.removeListener(signal, abort);
  }
}
