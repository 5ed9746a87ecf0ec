import { LocalWorkspace } from "@pulumi/pulumi/automation";
import Table from "cli-table3";
import pc from "picocolors";
import { packageRoot } from "../provider/package";
import { operatorParts } from "../sandbox/operators";
import { PlainError, up } from "../sandbox/sandbox";
import { RunRecord } from "./run-record";

/** The stack that `npm start` provisions. */
const STACK = "sandbox";

/** Brings the sandbox up, provisions the sandbox environment with the real engine and shows what came of it. */
async function start(signal: AbortSignal): Promise<void> {
  const began = Date.now();
  const say = (line: string): void => void process.stderr.write(`${pc.dim(elapsed(began))} ${line}\n`);
  const sandbox = await up({ parts: operatorParts, progress: say, signal });
  const environment = sandbox.env();
  // The automation API looks the program up on this process's own path.
  Object.assign(process.env, environment);
  say(`pulumi up --stack ${STACK} (state in ${environment.PULUMI_BACKEND_URL})`);
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: STACK, workDir: packageRoot },
    { envVars: environment },
  );
  const record = new RunRecord(say);
  const output: string[] = [];
  const heartbeat = setInterval(() => record.waiting(Date.now()).forEach(say), 15_000);
  try {
    await stack.up({
      onEvent: (event) => record.add(event, Date.now()),
      onOutput: (text) => output.push(text),
      color: "never",
      suppressProgress: true,
      signal,
    });
  } catch {
    // Pulumi's own output says what went wrong, resource by resource.
    throw new PlainError(`pulumi up did not succeed:\n${output.join("")}`);
  } finally {
    clearInterval(heartbeat);
  }
  process.stdout.write(`\n${table(record)}\n\n`);
  const verdict = record.isUnchanged ? "no changes: everything is as declared" : "the sandbox environment is up";
  process.stdout.write(`${pc.green("✔")} ${verdict} (${elapsed(began)})\n\n${NEXT}\n`);
}

const NEXT = `Next:
  eval "$(npx ove sandbox env)"      then plain pulumi works on the sandbox:
    pulumi preview --stack sandbox     what would change
    pulumi refresh --stack sandbox --preview-only     what has drifted, and who did it
    pulumi stack output --stack sandbox
    pulumi destroy --stack sandbox
  npx ove sandbox status             what runs
  npx ove sandbox down               ends it`;

function table(record: RunRecord): string {
  const rows = record.rows();
  const grid = new Table({ head: ["component", "objects", "state", "seconds"], style: { head: [], border: [] } });
  for (const row of rows) grid.push([row.component, wrap(row.objects), row.state, row.seconds.toFixed(1)]);
  return grid.toString();
}

function wrap(text: string): string {
  return text.replace(/(.{1,58})(?:, |$)/g, "$1\n").trimEnd();
}

function elapsed(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(0).padStart(4)} s`;
}

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => interrupt.abort(new PlainError("interrupted")));
start(interrupt.signal).catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
