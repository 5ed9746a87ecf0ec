import { main } from "../../cli/main";

/** How a command line ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line in this process, and keeps what it writes. */
export async function run(...args: string[]): Promise<Ran> {
  const texts = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const writes = streams.map((name) => process[name].write.bind(process[name]));
  for (const name of streams) {
    process[name].write = (chunk: string | Uint8Array): boolean => {
      texts[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      return true;
    };
  }
  try {
    return { code: await main(["node", "ove", ...args]), ...texts };
  } finally {
    streams.forEach((name, index) => {
      const write = writes[index];
      if (write) process[name].write = write;
    });
  }
}
