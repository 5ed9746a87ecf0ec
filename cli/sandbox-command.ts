import Table from "cli-table3";
import { InvalidArgumentError, type Command } from "commander";
import { readFileSync } from "node:fs";
import type { Part } from "../sandbox/part";
import type { SandboxStatus } from "../sandbox/sandbox";
import { withInterrupt } from "./interrupt";

interface NameOption {
  name: string;
}

interface UpFlags extends NameOption {
  inventory?: string;
  withoutOperators?: boolean;
  port?: number;
}

/** Adds `ove sandbox …`: a whole cluster on this machine to develop and test against. */
export function sandboxCommand(program: Command): void {
  const sandbox = program.command("sandbox").description("a cluster with the real operators on this machine");
  const add = (name: string, description: string): Command =>
    sandbox.command(name).description(description).option("--name <name>", "which sandbox", "default");

  add("up", "start the sandbox, or use it again when it is up")
    .option(
      "--inventory <file>",
      "nodes and their hardware (YAML); by default one control-plane node and three workers",
    )
    .option("--port <port>", "port of the API server on 127.0.0.1; by default a free one", portNumber)
    .option("--without-operators", "control plane and nodes only")
    .action(up);
  add("down", "stop the sandbox and remove what it held").action(down);
  add("status", "what runs").action(status);
  add("reset", "an empty cluster again, with the same nodes").action(reset);
  add("kubeconfig", "print the path of its kubeconfig").option("--content", "print the content").action(kubeconfig);
  add("env", 'print shell commands: after eval "$(npx ove sandbox env)" plain `pulumi up` works').action(env);
  sandbox.command("doctor").description("what is there of the tools that the sandbox needs").action(doctor);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new InvalidArgumentError("It must be a number from 1 to 65535.");
}

/** Progress goes to standard error: standard output is for what other programs read. */
function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function up(flags: UpFlags): Promise<void> {
  const { up, readInventory } = await import("../sandbox/sandbox");
  const { name, port } = flags;
  const inventory = flags.inventory === undefined ? undefined : readInventory(flags.inventory);
  const parts = flags.withoutOperators ? [] : await operators();
  const sandbox = await withInterrupt((signal) => up({ name, inventory, port, parts, progress, signal }));
  const option = name === "default" ? "" : ` --name ${name}`;
  print(`API server ${sandbox.server}\nTo use it:  eval "$(npx ove sandbox env${option})"`);
}

async function operators(): Promise<readonly Part[]> {
  return (await import("../sandbox/operators")).operatorParts;
}

async function down({ name }: NameOption): Promise<void> {
  const { down } = await import("../sandbox/sandbox");
  print((await down(name)) ? `Sandbox "${name}" is down.` : `There was no sandbox "${name}".`);
}

async function status({ name }: NameOption): Promise<void> {
  const { status } = await import("../sandbox/sandbox");
  print(statusText(await status(name)));
}

/** What `status` shows. */
export function statusText(status: SandboxStatus): string {
  if (status.state === "down") return `Sandbox "${status.name}" is down.`;
  const table = new Table({ head: ["process", "pid", "restarts"], style: { head: [], border: [] } });
  for (const { name, pid, restarts } of status.processes) table.push([name, pid ?? "not running", restarts]);
  const headline =
    status.state === "up"
      ? `Sandbox "${status.name}" is up at ${status.server}.`
      : `Sandbox "${status.name}" is broken: ${status.problem}. \`ove sandbox up\` starts it anew.`;
  return [headline, `Logs: ${status.dir}/logs`, table.toString()].join("\n");
}

async function reset({ name }: NameOption): Promise<void> {
  const { reset, status } = await import("../sandbox/sandbox");
  const parts = (await status(name)).parts.length > 0 ? await operators() : [];
  await withInterrupt((signal) => reset({ name, parts, progress, signal }));
}

async function kubeconfig({ name, content }: NameOption & { content?: boolean }): Promise<void> {
  const { attach } = await import("../sandbox/sandbox");
  const file = attach(name).kubeconfigFile;
  print(content ? readFileSync(file, "utf8").trimEnd() : file);
}

async function env({ name }: NameOption): Promise<void> {
  const { attach } = await import("../sandbox/sandbox");
  print(exportLines(attach(name).env()));
}

/** `export` lines for a POSIX shell. */
export function exportLines(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
    .join("\n");
}

async function doctor(): Promise<void> {
  const { doctor, toolchainRoot } = await import("../sandbox/toolchain");
  const rows = await doctor();
  const table = new Table({ head: ["tool", "version", "from", "note"], style: { head: [], border: [] } });
  for (const { name, version, source, path, note } of rows) table.push([name, version, path || source, note]);
  print(`Built tools are kept in ${toolchainRoot()}.\n${table.toString()}`);
  const go = rows.find(({ name }) => name === "go");
  const missing = rows.filter(({ name, source }) => name !== "go" && source === "missing");
  if (go?.source !== "missing" || missing.length === 0) return;
  const { PlainError } = await import("../sandbox/plain-error");
  throw new PlainError(`Tools are missing and cannot be built: ${go.note}.`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
