import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputPropertiesError, RunError } from "@pulumi/pulumi";
import { type Json, parsePath } from "../../model";
import { readLayer, readStackLayer } from "../../model/layer-file";
import { merge, originAt, originText, placedText, sourced, type Sourced, withOrigins } from "../../model/layers";

const STACKS = "stacks";

function text(root: string, name: string): string | undefined {
  const file = join(root, STACKS, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * The environment of a stack: `stacks/common.yaml` under what Pulumi's configuration says. Pulumi read that from the
 * stack's file as a rule, which then tells where each value was written.
 */
export function stackEnvironment(root: string, stack: string, own: Json): Sourced {
  const common = text(root, "common.yaml");
  const below = common === undefined ? undefined : readLayer(common, `${STACKS}/common.yaml`);
  if (below && below.findings.length > 0) throw new RunError(below.findings.map(placedText).join("\n"));
  const file = `Pulumi.${stack}.yaml`;
  const written = text(root, file);
  const known = written === undefined ? undefined : readStackLayer(written, `${STACKS}/${file}`).value;
  const base = below?.value && below.value.content !== null ? below.value : sourced({});
  return merge(base, withOrigins(own, known));
}

/**
 * Runs what plans the environment. What is wrong with an environment is not where in the program it was found: the error
 * says it all, each problem with its place in a file.
 */
export function withPlaces<T>(environment: Sourced, plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    if (!InputPropertiesError.isInstance(error) || !error.errors) throw error;
    const [title] = error.message.split("\n");
    const lines = error.errors.map(({ propertyPath, reason }) => {
      const origin = originAt(environment, parsePath(propertyPath));
      const where = [...(origin && propertyPath ? [originText(origin)] : []), ...(propertyPath ? [propertyPath] : [])];
      return `  - ${[...where, reason].join(": ")}`;
    });
    throw new RunError([title, ...lines].join("\n"));
  }
}
