import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readIfThere } from "./files";

/**
 * Tells a process apart from a later one with the same number: the time at which it started, in clock ticks since
 * boot. Undefined when the process is gone or only waits to be reaped.
 */
export function startTime(pid: number): string | undefined {
  let stat: string | undefined;
  try {
    stat = readIfThere(`/proc/${pid}/stat`);
  } catch {
    return undefined; // ESRCH: it ended between open and read
  }
  if (stat === undefined) return undefined;
  // See proc(5). The command name, in parentheses, may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, threads, started] = [fields[0], fields[17], fields[19]];
  // While other threads of a killed process are still ending, its files and ports are not given back yet.
  const over = state === "X" || (state === "Z" && Number(threads) <= 1);
  return over ? undefined : started;
}

/** A live process and one variable of the environment it was started with. */
export interface MarkedProcess {
  pid: number;
  value: string;
}

/** All live processes of this user that were started with that environment variable. */
export function processesWith(variable: string): MarkedProcess[] {
  const prefix = `${variable}=`;
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const pid = Number(entry);
      const found = environment(pid).find((line) => line.startsWith(prefix));
      return found !== undefined && startTime(pid) !== undefined ? [{ pid, value: found.slice(prefix.length) }] : [];
    });
}

function environment(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // another user's process, or it is gone
  }
}

/** Sends a signal; a process that is gone is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Resolves as soon as the condition holds, true, or after the deadline, false. */
export async function until(condition: () => boolean | Promise<boolean>, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await delay(50);
  }
  return true;
}
