import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type LayerText, readEnvironment, type ReadEnvironment } from "../planning";

/** A stack that there is none of. */
export class NoSuchStack extends Error {}

/** The folder of environments, from the project's root. */
const STACKS = "stacks";

const stackFile = /^Pulumi\.(.+)\.yaml$/;

/** The stacks that a project has files of, by name. */
export function stackNames(root: string): string[] {
  const folder = join(root, STACKS);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.flatMap((file) => stackFile.exec(file)?.[1] ?? []).sort();
}

function layerText(root: string, name: string): LayerText {
  return { file: `${STACKS}/${name}`, text: readFileSync(join(root, STACKS, name), "utf8") };
}

/**
 * The environment of a stack: `stacks/common.yaml` with the stack's own over it. `root` is the folder that has `stacks`.
 * @throws NoSuchStack when the stack has no file
 */
export function loadEnvironment(stack: string, root: string): ReadEnvironment {
  const names = stackNames(root);
  if (!names.includes(stack)) {
    const known = names.length > 0 ? `There are: ${names.join(", ")}.` : `Its file would be Pulumi.${stack}.yaml.`;
    throw new NoSuchStack(`There is no stack "${stack}" in ${join(root, STACKS)}. ${known}`);
  }
  const common = existsSync(join(root, STACKS, "common.yaml")) ? layerText(root, "common.yaml") : undefined;
  return readEnvironment(common, layerText(root, `Pulumi.${stack}.yaml`));
}
