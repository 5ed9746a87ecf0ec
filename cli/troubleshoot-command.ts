import { Argument, Option, type Command } from "commander";
import { troubleshootingKinds, type TroubleshootingKind } from "../model";
import { troubleshootingFormats, type TroubleshootingFormat } from "../reports/troubleshoot";
import { output, report, stackCommand, stackOf, type StackFlags } from "./env-command";
import { Exit } from "./exit";

/** Exit code when the environment has errors or nothing of that name. */
const wrongCode = 1;

interface TroubleshootFlags extends StackFlags {
  format: TroubleshootingFormat;
}

/** Adds `ove troubleshoot <kind> <name> --stack …`: the commands by which a fault is found in this environment. */
export function troubleshootCommand(program: Command): void {
  const text = "print the commands that find out what is wrong with a machine, a tenant or a network";
  const command = stackCommand(program, "troubleshoot", text)
    .addArgument(new Argument("<kind>", "what to look into").choices(troubleshootingKinds))
    .argument("<name>", "its name, with the namespace where several have one: app-web-prod/web")
    .addOption(new Option("--format <format>", "form of the output").choices(troubleshootingFormats).default("text"))
    .addHelpText(
      "after",
      "\nNothing is asked of the cluster. Exit code: 0, 1 when the environment has errors or nothing of that name, " +
        "2 for a wrong command line.",
    );
  command.action((kind: TroubleshootingKind, name: string, flags: TroubleshootFlags) =>
    explain(kind, name, flags, command),
  );
}

async function explain(
  kind: TroubleshootingKind,
  name: string,
  flags: TroubleshootFlags,
  command: Command,
): Promise<void> {
  const { NoSuchTarget, planPlatform, troubleshoot } = await import("../planning");
  const { troubleshootingText } = await import("../reports/troubleshoot");
  const { environment, findings } = await stackOf(flags, command);
  report(findings);
  if (!environment) throw new Exit(wrongCode);
  try {
    output(troubleshootingText(troubleshoot(environment, planPlatform(environment), kind, name), flags.format));
  } catch (error) {
    if (!(error instanceof NoSuchTarget)) throw error;
    process.stderr.write(`ove: ${error.message}\n`);
    throw new Exit(wrongCode);
  }
}
