import { Command, CommanderError } from "commander";
import { dayOneCommand } from "./day1-command";
import { envCommand } from "./env-command";
import { Exit } from "./exit";
import { inventoryCommand } from "./inventory-command";
import { planCommand } from "./plan-command";
import { sandboxCommand } from "./sandbox-command";
import { troubleshootCommand } from "./troubleshoot-command";
import { verifyCommand } from "./verify-command";

/** Exit code for a command line that cannot be understood. */
const usageError = 2;

/**
 * Runs the command line and resolves to the exit code: 0, 1 for anything that went wrong (told in one message on
 * standard error), 2 for a wrong command line, 5 for manifests with errors.
 *
 * @param argv as in `process.argv`: node, script, arguments
 */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command("ove")
    .description("OpenShift virtualization environments as one Pulumi dependency graph")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  dayOneCommand(program);
  envCommand(program);
  planCommand(program);
  inventoryCommand(program);
  sandboxCommand(program);
  troubleshootCommand(program);
  verifyCommand(program);
  for (const command of everyCommand(program)) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
    return 0;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageError;
    process.stderr.write(`ove: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
