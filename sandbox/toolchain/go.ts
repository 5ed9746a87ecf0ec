import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { PlainError } from "../plain-error";
import { signalProcess } from "../process-table";
import { moduleFolder, toolchainRoot } from "./cache";

/** Oldest Go release that builds every part. */
export const minimumGo = "1.26";

/** The user's own Go settings that would change what is built are set aside. */
function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off" };
}

/** What the machine's Go is: its version as `go env GOVERSION` says it, or why it cannot be used. */
export async function goVersion(): Promise<{ version: string } | { problem: string }> {
  try {
    // In a module folder, so that Go's own choice of a newer toolchain (GOTOOLCHAIN=auto) counts.
    const { stdout } = await promisify(execFile)("go", ["env", "GOVERSION"], {
      cwd: moduleFolder("certificates"),
      env: goEnvironment(),
    });
    return { version: stdout.trim() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { problem: "there is no `go` on PATH" };
    const stderr = (error as { stderr?: string }).stderr ?? "";
    return { problem: stderr.trim().replace(/^go: /, "") || String(error) };
  }
}

/** The error for a machine on which something must be built and Go cannot do it. */
export function goProblem(part: string, problem: string): PlainError {
  return new PlainError(
    `The sandbox's tool "${part}" has to be built, which needs Go ${minimumGo} or newer, but ${problem}. ` +
      `Install Go from https://go.dev/dl, put it on PATH and run this again. ` +
      `What is built stays in ${toolchainRoot()}; after that Go is not needed.`,
  );
}

/** Runs `go` in a module folder and resolves to what it printed. On abort, go and its compilers end with it. */
export async function runGo(folder: string, args: string[], signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  const child = spawn("go", args, { cwd: moduleFolder(folder), env: goEnvironment(), detached: true });
  const stop = (): void => {
    if (child.pid !== undefined) signalProcess(-child.pid, "SIGKILL");
  };
  signal?.addEventListener("abort", stop);
  // A hang-up of the whole program must not leave a compiler behind.
  process.once("exit", stop);
  try {
    return await finished(child, `go ${args[0]} in sandbox/toolchain/${folder}`);
  } finally {
    signal?.removeEventListener("abort", stop);
    process.removeListener("exit", stop);
    signal?.throwIfAborted();
  }
}

function finished(child: ReturnType<typeof spawn>, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new PlainError(`${what} failed. Go's own words, the last lines:\n${lastLines(stderr, 15)}`));
    });
  });
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
