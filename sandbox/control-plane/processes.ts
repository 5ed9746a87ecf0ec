import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessSpec } from "../part";
import { PlainError } from "../plain-error";
import { processesWith, signalProcess, startTime, until } from "../process-table";

/**
 * Every process of a sandbox is started with this variable: `<folder of the sandbox>#<name of the process>`. It is how
 * they are found again. Unlike a pid file it cannot point at a stranger that got the same number, and it also finds
 * the children of a process that was killed.
 */
const marker = "PULUMI_OVE_SANDBOX_PROCESS";

/** Starts the program again when it ends, as a cluster would; each end is noted in the file named by $0. */
const supervisor = 'note="$0"; while :; do "$@"; echo "exit status $?" >>"$note"; sleep 1; done';

/** A process of a sandbox as it is now. */
export interface ProcessState {
  name: string;
  /** Number of the oldest process of that name; undefined when it is not running. */
  pid?: number;
  /** How often the program ended and was started again. */
  restarts: number;
}

/** Starts a program in the background, beyond the life of this one. Its output goes to logs/<name>.log. */
export function startProcess(dir: string, spec: ProcessSpec): void {
  if (!existsSync(spec.program)) throw new PlainError(`The program of ${spec.name} is not there: ${spec.program}`);
  mkdirSync(join(dir, "logs"), { recursive: true });
  const log = openSync(logFile(dir, spec.name), "a");
  try {
    const child = spawn("/bin/sh", ["-c", supervisor, exitsFile(dir, spec.name), spec.program, ...spec.args], {
      detached: true,
      stdio: ["ignore", log, log],
      cwd: spec.cwd ?? dir,
      env: { ...inherited(), ...spec.env, [marker]: `${dir}#${spec.name}` },
    });
    child.once("error", () => undefined); // seen as a process that is not running
    child.unref();
  } finally {
    closeSync(log);
  }
}

/** Only what programs need to run at all: a KUBECONFIG or a proxy of the user is not the sandbox's. */
function inherited(): NodeJS.ProcessEnv {
  const names = ["PATH", "HOME", "USER", "LANG", "TMPDIR", "XDG_CACHE_HOME"];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** What runs of the sandbox in that folder, by the names under which it was started. */
export function processStates(dir: string, names: readonly string[]): ProcessState[] {
  const running = processesOf(dir);
  return names.map((name) => ({
    name,
    pid: running.find((found) => found.name === name)?.pid,
    restarts: exits(dir, name),
  }));
}

function processesOf(dir: string): { name: string; pid: number }[] {
  const prefix = `${dir}#`;
  return processesWith(marker)
    .filter(({ value }) => value.startsWith(prefix))
    .map(({ pid, value }) => ({ pid, name: value.slice(prefix.length) }))
    .sort((a, b) => a.pid - b.pid);
}

/**
 * Ends processes of the sandbox in that folder, all of them or one by name, and waits until they are gone. They are
 * killed outright: what they would save is thrown away, and only the API server would take its time.
 */
export async function stopProcesses(dir: string, name?: string): Promise<void> {
  const killed = new Map<number, string | undefined>();
  const gone = await until(() => {
    const found = processesOf(dir).filter((entry) => name === undefined || entry.name === name);
    for (const { pid } of found) {
      killed.set(pid, startTime(pid));
      signalProcess(pid, "SIGKILL");
    }
    // A process that is ending shows its environment no more, but may still hold its ports.
    const ending = [...killed].some(([pid, started]) => started !== undefined && startTime(pid) === started);
    return found.length === 0 && !ending;
  }, 30);
  if (!gone) throw new PlainError(`Processes of the sandbox in ${dir} do not end, although they were killed.`);
}

/** Throws when that program has ended by itself since the sandbox started: it will not come up. */
export function requireNoExit(dir: string, name: string): void {
  if (exits(dir, name) === 0) return;
  throw new PlainError(
    `${name} ended while the sandbox started. The end of ${logFile(dir, name)}:\n${logTail(dir, name)}`,
  );
}

/** The last lines that a process wrote. */
export function logTail(dir: string, name: string, lines = 12): string {
  const file = logFile(dir, name);
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n") : "";
}

function logFile(dir: string, name: string): string {
  return join(dir, "logs", `${name}.log`);
}

function exitsFile(dir: string, name: string): string {
  return join(dir, "logs", `${name}.exits`);
}

function exits(dir: string, name: string): number {
  const file = exitsFile(dir, name);
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").length : 0;
}
