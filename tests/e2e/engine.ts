import { ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { JsonObject } from "../../model";
import { mergeLayers } from "../../model/environment";
import { packageRoot } from "../../provider/package";
import type { Sandbox } from "../../sandbox/sandbox";

/** How a command of pulumi ended. */
export interface Ended {
  code: number | null;
  /** Standard output and standard error, as they came. */
  text: string;
}

/** The program and the stack that an engine works on. */
export interface Project {
  folder: string;
  stack: string;
}

const PLATFORM: Project = { folder: packageRoot, stack: "sandbox" };

/** The platform's program with the environment of one of the stacks in stacks/. */
export function platformProject(stack: string): Project {
  return { folder: packageRoot, stack };
}

/** The real Pulumi CLI on a program, the platform's by default, with a state of its own. */
export class Engine {
  readonly dir = mkdtempSync(join(tmpdir(), "pulumi-ove-e2e-"));
  private readonly configFile: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    sandbox: Sandbox,
    private readonly project: Project = PLATFORM,
  ) {
    // The stack file in stacks/ is encrypted under this passphrase.
    const own = { PULUMI_BACKEND_URL: `file://${this.dir}`, PULUMI_CONFIG_PASSPHRASE: "sandbox" };
    this.env = { ...process.env, ...sandbox.env(), ...own };
    this.configFile = join(this.dir, `Pulumi.${project.stack}.yaml`);
    if (!this.isPlatform) return;
    this.setEnvironment({});
    // The stack is made in a folder of the same project: Pulumi writes into the stack's file there, not into ours.
    writeFileSync(join(this.dir, "Pulumi.yaml"), stringify({ name: "pulumi-ove", runtime: "nodejs" }));
  }

  private get isPlatform(): boolean {
    return this.project.folder === packageRoot;
  }

  /** Sets an environment variable for the program. */
  setVariable(name: string, value: string): void {
    this.env[name] = value;
  }

  /** The stack's environment with another layer over it; before `stack init` when the stack's file has no salt. */
  setEnvironment(layer: JsonObject): void {
    const file = parse(readFileSync(join(packageRoot, "stacks", `Pulumi.${this.project.stack}.yaml`), "utf8")) as {
      config: JsonObject;
    };
    const environment = mergeLayers(file.config["ove:environment"] ?? {}, layer);
    writeFileSync(this.configFile, stringify({ ...file, config: { ...file.config, "ove:environment": environment } }));
  }

  /** Runs `pulumi <args>` to its end. */
  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  /** Runs `pulumi <args>` and fails with its output when it does. */
  async succeed(...args: string[]): Promise<string> {
    const { code, text } = await this.run(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with exit code ${code}:\n${text}`);
    return text;
  }

  /** Starts `pulumi <args>`. */
  start(...args: string[]): { process: ChildProcess; ended: Promise<Ended>; soFar(): string } {
    const isOperation = ["up", "preview", "refresh", "destroy"].includes(args[0] ?? "");
    const config = isOperation && this.isPlatform ? ["--config-file", this.configFile] : [];
    const isInit = args[1] === "init";
    const target = isInit ? [] : ["--stack", this.project.stack, ...config];
    const child = spawn("pulumi", [...args, ...target, "--non-interactive", "--color=never"], {
      cwd: isInit && this.isPlatform ? this.dir : this.project.folder,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, text }));
    });
    return { process: child, ended, soFar: () => text };
  }

  /** The resources in the state, by logical name. */
  async resources(): Promise<Map<string, JsonObject>> {
    const text = await this.succeed("stack", "export");
    const state = JSON.parse(text) as { deployment: { resources?: JsonObject[] } };
    return new Map(
      (state.deployment.resources ?? []).map((resource) => [
        (resource.urn as string).split("::").slice(3).join("::"),
        resource,
      ]),
    );
  }

  /** Forgets the state. */
  dispose(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
