import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import type { Finding } from "../model";
import type { PlacedFinding } from "../model/layers";
import type { DayOne, DayOneFile } from "../planning";
import { output, report, stackCommand, type StackFlags, stackOf } from "./env-command";
import { Exit } from "./exit";

/** Exit code when something has to be corrected first. */
const wrongCode = 1;

interface DayOneFlags extends StackFlags {
  out?: string;
  force?: true;
}

/** Adds `ove day1 --stack …`: the files with which `openshift-install` makes a cluster on Cilium. */
export function dayOneCommand(program: Command): void {
  const text = "write the files with which openshift-install makes a cluster on Cilium";
  const command = stackCommand(program, "day1", text)
    .option("--out <folder>", "the installer's folder, day1-<stack> unless given")
    .option("--force", "replace files that are there with another content")
    .addHelpText(
      "after",
      "\nExit code: 0 when the files are as they should be, 1 when the environment has errors or a file is there with " +
        "another content, 2 for a wrong command line.",
    );
  command.action((flags: DayOneFlags) => dayOne(flags, command));
}

async function dayOne(flags: DayOneFlags, command: Command): Promise<void> {
  const { placed, planDayOne } = await import("../planning");
  const { ciliumValuesFindings } = await import("../components/release-checks");
  const { environment, origins, findings } = await stackOf(flags, command);
  stopAtErrors(findings);
  if (!environment) throw new Exit(wrongCode);
  const planned = planDayOne(environment);
  stopAtErrors(planned.findings.map((finding) => placed(finding, origins)));
  const told = new Set(planned.findings.map(({ message }) => message));
  const ofValues = ciliumValuesFindings(planned.values, environment.cluster.cilium);
  stopAtErrors(ofValues.filter(({ message }) => !told.has(message)).map(inFiles));
  writeFiles(planned, flags);
}

/** A finding on the values that are written, at their path in the files. */
function inFiles(finding: Finding): Finding {
  return { ...finding, path: `cilium.${finding.path}` };
}

/** Tells errors and warnings, and ends the program when there are errors. */
function stopAtErrors(findings: readonly PlacedFinding[]): void {
  report(findings.filter((finding) => finding.severity !== "info"));
  if (findings.some((finding) => finding.severity === "error")) throw new Exit(wrongCode);
}

/** Writes what is not there yet. A file with another content stops everything, unless it is to be replaced. */
function writeFiles({ files, steps }: DayOne, { stack, out = `day1-${stack}`, force }: DayOneFlags): void {
  const states = files.map((file) => ({ file, state: stateOf(join(out, file.path), file) }));
  const others = states.filter(({ state }) => state === "other").map(({ file }) => join(out, file.path));
  if (others.length > 0 && !force) {
    const list = others.map((path) => `  ${path}\n`).join("");
    process.stderr.write(`ove: Nothing is written, since these files have another content:\n${list}`);
    process.stderr.write("Replace them with --force.\n");
    throw new Exit(wrongCode);
  }
  for (const { file, state } of states) {
    const path = join(out, file.path);
    if (state === "same") continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.text);
  }
  const lines = states.map(
    ({ file, state }) => `${state === "same" ? "unchanged" : "written"} ${join(out, file.path)}`,
  );
  const numbered = steps.map((step, index) => `${index + 1}. ${step}`);
  output([...lines, "", "The whole installation:", ...numbered, ""].join("\n"));
}

function stateOf(path: string, { text }: DayOneFile): "absent" | "same" | "other" {
  if (!existsSync(path)) return "absent";
  return readFileSync(path, "utf8") === text ? "same" : "other";
}
