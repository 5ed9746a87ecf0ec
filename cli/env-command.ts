import { Option, type Command } from "commander";
import type { Json } from "../model";
import { placedText, type PlacedFinding } from "../model/layers";
import type { ReadEnvironment } from "../planning";
import type { EnvironmentFormat } from "../reports/environment";
import { Exit } from "./exit";

/** Exit code when there are findings of severity error. */
const findingsCode = 1;

/** Exit code for a command line that cannot be understood. */
const usageCode = 2;

/** The options of all commands on an environment. */
export interface StackFlags {
  stack: string;
  root: string;
}

interface EnvFlags extends StackFlags {
  explain?: boolean;
  format: EnvironmentFormat;
}

/** A command that works on the environment of a stack. */
export function stackCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .requiredOption("--stack <name>", "which environment: its file is stacks/Pulumi.<name>.yaml")
    .option("--root <folder>", "the folder that has stacks/", ".");
}

/** Adds `ove env --stack …`: what an environment is once its files are laid over one another. */
export function envCommand(program: Command): void {
  const command = stackCommand(program, "env", "print an environment, merged and with its defaults")
    .option("--explain", "say of each value which file and line it comes from")
    .addOption(new Option("--format <format>", "form of the output").choices(["yaml", "json"]).default("yaml"));
  command.action((flags: EnvFlags) => env(flags, command));
}

async function env(flags: EnvFlags, command: Command): Promise<void> {
  const { environmentText, explainedText } = await import("../reports/environment");
  const { environment, origins, findings } = await stackOf(flags, command);
  report(findings);
  if (!environment) throw new Exit(findingsCode);
  const value = environment as unknown as Json;
  output(flags.explain ? explainedText(value, origins, flags.format) : environmentText(value, flags.format));
}

/** The environment that the options name; a stack that there is none of is a mistake in the command line. */
export async function stackOf({ stack, root }: StackFlags, command: Command): Promise<ReadEnvironment> {
  const { loadEnvironment, NoSuchStack } = await import("./environment");
  try {
    return loadEnvironment(stack, root);
  } catch (error) {
    if (error instanceof NoSuchStack) command.error(`error: ${error.message}`, { exitCode: usageCode });
    throw error;
  }
}

/** Tells findings on standard error, one a line. */
export function report(findings: readonly PlacedFinding[]): void {
  for (const finding of findings) process.stderr.write(`${finding.severity}: ${placedText(finding)}\n`);
}

/** Writes to standard output; whoever reads may stop early, as `head` does. */
export function output(text: string): void {
  process.stdout.on("error", () => undefined);
  process.stdout.write(text);
}
