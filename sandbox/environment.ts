import { existsSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { packageRoot } from "./files";

/** Where a sandbox's kubeconfig and programs are. */
export interface EnvironmentSource {
  kubeconfigFile: string;
  programFolders: string[];
  /** Whether pulumi comes from the toolchain, without a language host and plugins of its own. */
  ownPulumi: boolean;
  /** Whether the stand-in for the official Kubernetes plugin is used. */
  standIn: boolean;
}

/**
 * The variables with which plain `pulumi up` works against the sandbox. What the user has set for the state backend
 * and the passphrase is kept.
 */
export function sandboxEnvironment(source: EnvironmentSource, cwd = process.cwd()): Record<string, string> {
  const set = process.env;
  const variables: Record<string, string> = {
    PATH: searchPath(source),
    KUBECONFIG: source.kubeconfigFile,
    PULUMI_BACKEND_URL: set.PULUMI_BACKEND_URL || stateBackend(cwd),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  // A state that holds nothing but the sandbox has no secret to protect.
  if (set.PULUMI_CONFIG_PASSPHRASE !== undefined) variables.PULUMI_CONFIG_PASSPHRASE = set.PULUMI_CONFIG_PASSPHRASE;
  else if (!set.PULUMI_CONFIG_PASSPHRASE_FILE) variables.PULUMI_CONFIG_PASSPHRASE = "sandbox";
  return variables;
}

/** Our language host and plugins come first for our own pulumi, and last beside an installed one, which has its own. */
function searchPath({ programFolders, ownPulumi, standIn }: EnvironmentSource): string {
  const own = join(packageRoot(), "sandbox", "bin");
  const plugins = join(packageRoot(), "sandbox", "plugins", "bin");
  const ours = [own, ...(standIn ? [plugins] : []), ...programFolders];
  const rest = (process.env.PATH ?? "").split(delimiter).filter((dir) => dir !== "" && !ours.includes(dir));
  return (
    ownPulumi
      ? [...ours, ...rest]
      : [...programFolders, ...rest, ...ours.filter((dir) => !programFolders.includes(dir))]
  ).join(delimiter);
}

function stateBackend(cwd: string): string {
  const dir = join(projectFolder(cwd), ".pulumi-state");
  mkdirSync(dir, { recursive: true });
  return `file://${dir}`;
}

/**
 * Where the state is kept: this package's folder inside its own tree, where programs share their state so that they can
 * refer to each other's stacks; elsewhere the nearest folder upwards that has a Pulumi.yaml.
 */
function projectFolder(cwd: string): string {
  const root = packageRoot();
  if (`${resolve(cwd)}/`.startsWith(`${root}/`)) return root;
  let dir = resolve(cwd);
  while (!existsSync(join(dir, "Pulumi.yaml"))) {
    if (dirname(dir) === dir) return resolve(cwd);
    dir = dirname(dir);
  }
  return dir;
}
