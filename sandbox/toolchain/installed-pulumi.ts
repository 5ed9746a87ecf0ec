import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { cacheRoot, packageRoot } from "../files";

/** First program of that name on PATH, this package's own folders aside. */
export function onPath(name: string): string | undefined {
  const own = [join(packageRoot(), "sandbox", "bin"), cacheRoot()];
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((dir) => dir !== "" && !own.some((folder) => `${resolve(dir)}/`.startsWith(`${folder}/`)))
    .map((dir) => join(dir, name))
    .find(executable);
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * A complete Pulumi on this machine: the CLI and its Node.js language host, beside it or on PATH.
 * A CLI without the language host cannot run our programs and is not used.
 */
export function installedPulumi(): string | undefined {
  const pulumi = onPath("pulumi");
  if (pulumi === undefined) return undefined;
  const host = "pulumi-language-nodejs";
  return executable(join(dirname(pulumi), host)) || onPath(host) !== undefined ? pulumi : undefined;
}
