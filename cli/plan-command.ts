import { Option, type Command } from "commander";
import { defaultVersions, type Facts, type Finding, formatPath, type Plan } from "../model";
import type { Environment } from "../model/environment";
import type { PlacedFinding, Sourced } from "../model/layers";
import { planFormats, type KindFacts, type PlanFormat } from "../reports/plan";
import { output, report, stackCommand, stackOf, type StackFlags } from "./env-command";
import { Exit } from "./exit";

/** Exit code when there are findings of severity error. */
const findingsCode = 1;

interface PlanFlags extends StackFlags {
  format: PlanFormat;
}

/** Adds `ove plan --stack …`: what an environment would be made of, before anything is applied. */
export function planCommand(program: Command): void {
  const command = stackCommand(
    program,
    "plan",
    "print the objects of an environment, their order and what they wait for",
  )
    .addOption(new Option("--format <format>", "form of the output").choices(planFormats).default("table"))
    .addHelpText("after", "\nFindings are told on standard error. Exit code: 1 when there are errors among them.");
  command.action((flags: PlanFlags) => plan(flags, command));
}

async function plan(flags: PlanFlags, command: Command): Promise<void> {
  const { planPlatform } = await import("../planning");
  const { planReport, planText } = await import("../reports/plan");
  const { environment, origins, findings } = await stackOf(flags, command);
  report(findings);
  if (!environment) throw new Exit(findingsCode);
  const planned = planPlatform(environment);
  const found = await planFindings(planned, environment, origins);
  output(planText(planReport(environment.name, planned, await kindFacts()), flags.format));
  report(found);
  if (found.some(({ severity }) => severity === "error")) throw new Exit(findingsCode);
}

/** What rules may know of an environment. */
export function factsOf({ cluster, inventory }: Environment): Facts {
  const { openshift, cilium, kubevirt } = cluster;
  const versions = { ...defaultVersions, openshift, cilium, kubevirt };
  return inventory ? { versions, nodes: inventory.nodes } : { versions };
}

/** Everything that is to be said of a plan, each with the place in the environment's files where that is known. */
export async function planFindings(plan: Plan, environment: Environment, origins: Sourced): Promise<PlacedFinding[]> {
  const { placed, sourceOf } = await import("../planning");
  const { checkPlan } = await import("./plan-checks");
  const ofObjects = checkPlan(plan, factsOf(environment)).map((finding): Finding => {
    const [id = ""] = finding.objects ?? [];
    // The path is the environment's, which the user wrote; the object and the path in it are a part of the message.
    const where = [id, finding.path].filter(Boolean).join(" ");
    return { ...finding, path: formatPath(sourceOf(id, environment) ?? []), message: `${where}: ${finding.message}` };
  });
  return [...plan.findings, ...ofObjects].map((finding) => placed(finding, origins));
}

/** What is known of a kind, by its token. Kubernetes' own kinds are not ours to describe. */
async function kindFacts(): Promise<(token: string) => KindFacts> {
  const { kindOf } = await import("../provider/kinds");
  return (token) => {
    const kind = kindOf(token);
    return kind ? { waits: kind.waits, timeouts: kind.timeouts } : { waits: "As @pulumi/kubernetes has it." };
  };
}
