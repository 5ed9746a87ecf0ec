import { createServer } from "node:net";
import { PlainError } from "../plain-error";

/**
 * Below the range from which Linux takes ports for outgoing connections (32768 and up): a port that the sandbox gives
 * up for a moment, while the API server is away, is not taken by somebody's client connection.
 */
const lowest = 20000;
const highest = 32000;

/** A TCP port on 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
  throw new PlainError(`No free TCP port was found on 127.0.0.1 between ${lowest} and ${highest}.`);
}

/** Throws a plain error when that port on 127.0.0.1 is taken. */
export async function requireFree(port: number): Promise<void> {
  if (await isFree(port)) return;
  throw new PlainError(
    `Port ${port} on 127.0.0.1 is taken by another program. \`ss -ltnp 'sport = :${port}'\` shows which; ` +
      `stop it, choose another port with --port, or leave --port out and the sandbox picks a free one.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
