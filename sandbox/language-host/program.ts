import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";

/** Exit code by which a program says that it has already told the user what went wrong. */
const BAIL = 32;

/** How a program ended. */
export type Outcome = { ended: "well" } | { ended: "bail" } | { ended: "badly"; error: string };

/** The SDK's own entry point, as the program's folder resolves it. */
function entryOfSdk(folder: string): string {
  try {
    return createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new Error(`@pulumi/pulumi is not installed for the program in ${folder}. Run npm install there.`);
  }
}

/** The command line of the SDK's entry point for a run. */
export function programArguments(request: RunRequest, engineAddress: string): string[] {
  const options: [string, string][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engineAddress],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["stack", request.getStack()],
    ["root-directory", request.getInfo()?.getRootDirectory() ?? ""],
    ["pwd", request.getPwd()],
    ["parallel", String(request.getParallel())],
  ];
  const given = options.filter(([, value]) => value !== "").flatMap(([name, value]) => [`--${name}`, value]);
  const entry = request.getInfo()?.getEntryPoint() || request.getProgram();
  return [...given, ...(request.getDryrun() ? ["--dry-run"] : []), entry, ...request.getArgsList()];
}

/** The environment in which a program runs: configuration, and TypeScript without type checks, which tests have done. */
export function programEnvironment(request: RunRequest): NodeJS.ProcessEnv {
  const typescript = request.getInfo()?.getOptions()?.toJavaScript().typescript;
  const config = Object.fromEntries(request.getConfigMap().toArray());
  return {
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: typescript === false ? "false" : "true",
  };
}

/** The programs that are running; they end with the host. */
export class Programs {
  private readonly running = new Set<ChildProcess>();

  constructor(private readonly engineAddress: string) {}

  /** Runs a program to its end. What it prints goes where the host's own output goes: to the engine. */
  run(request: RunRequest): Promise<Outcome> {
    const args = [entryOfSdk(request.getPwd()), ...programArguments(request, this.engineAddress)];
    const child = spawn(process.execPath, args, {
      cwd: request.getPwd(),
      env: programEnvironment(request),
      stdio: ["ignore", "inherit", "inherit"],
    });
    this.running.add(child);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        this.running.delete(child);
        if (code === 0) resolve({ ended: "well" });
        else if (code === BAIL) resolve({ ended: "bail" });
        else resolve({ ended: "badly", error: `The program ended with ${signal ?? `exit code ${code}`}.` });
      });
    });
  }

  stop(): void {
    for (const child of this.running) child.kill("SIGTERM");
  }
}
