import { InvalidArgumentError, Option, type Command } from "commander";
import { defaultVersions, supportedVersions } from "../model";
import type { Facts, InventoryNode, Versions } from "../model";
import { Exit } from "./exit";
import { NoSuchPath, manifestFiles } from "./manifest-files";

/** Exit code when there are findings of severity error. */
const findingsCode = 5;

/** Exit code for a command line that cannot be understood. */
const usageCode = 2;

interface VerifyFlags {
  manifests: string[];
  format: "text" | "json";
  inventory?: string;
  versions?: Versions;
}

/** Adds `ove verify --manifests …`: the provider's checks over existing manifests. */
export function verifyCommand(program: Command): void {
  const command = program
    .command("verify")
    .description("check existing manifests as the provider checks resources")
    .requiredOption("--manifests <path...>", "files, folders, or - for standard input")
    .addOption(new Option("--format <format>", "form of the findings").choices(["text", "json"]).default("text"))
    .option(
      "--inventory <file>",
      "nodes and their network cards: an inventory, or dumped SriovNetworkNodeState objects",
    )
    .option("--versions <versions>", "products of the cluster, for example cilium=1.20,kubevirt=1.8", parseVersions)
    .addHelpText("after", "\nExit code: 0 without errors, 5 with errors in the manifests, 2 for a wrong command line.");
  command.action((flags: VerifyFlags) => verify(flags, command));
}

/** The versions of `product=minor,…`, the newest supported ones for what is not named. */
export function parseVersions(text: string): Versions {
  const versions: Versions = { ...defaultVersions };
  for (const part of text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean)) {
    const [product = "", version = "", ...rest] = part.split("=");
    const supported = Object.entries(supportedVersions).find(([name]) => name === product)?.[1];
    if (!supported) {
      const known = Object.keys(supportedVersions).join(", ");
      throw new InvalidArgumentError(`There is no product "${product}". Products: ${known}.`);
    }
    const minor = /^v?(\d+\.\d+)(\.\d+)?$/.exec(version)?.[1];
    if (!minor || rest.length > 0 || !supported.includes(minor)) {
      throw new InvalidArgumentError(`"${version}" is no supported version of ${product}: ${supported.join(", ")}.`);
    }
    versions[product as keyof Versions] = minor;
  }
  return versions;
}

async function verify(flags: VerifyFlags, command: Command): Promise<void> {
  const { verifyManifests } = await import("../provider/manifests/verify");
  const { verificationJson, verificationText } = await import("./verify-report");
  const nodes = await inventory(flags.inventory, command);
  const facts: Facts = { versions: flags.versions ?? defaultVersions, ...(nodes ? { nodes } : {}) };
  const verification = verifyManifests(files(flags.manifests, command), facts);
  const report = flags.format === "json" ? verificationJson(verification) : verificationText(verification);
  // Whoever reads may stop early, as `head` does.
  process.stdout.on("error", () => undefined);
  process.stdout.write(`${report}\n`);
  if (verification.findings.some(({ severity }) => severity === "error")) throw new Exit(findingsCode);
}

function files(paths: readonly string[], command: Command): ReturnType<typeof manifestFiles> {
  try {
    return manifestFiles(paths);
  } catch (error) {
    if (error instanceof NoSuchPath) command.error(`error: ${error.message}`, { exitCode: usageCode });
    throw error;
  }
}

async function inventory(file: string | undefined, command: Command): Promise<readonly InventoryNode[] | undefined> {
  if (file === undefined) return undefined;
  const { nodesFrom } = await import("./verify-inventory");
  return nodesFrom(file).catch((error: Error) => command.error(`error: ${error.message}`, { exitCode: usageCode }));
}
