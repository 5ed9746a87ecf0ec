import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot, packageRoot, readIfThere } from "../files";
import type { ToolPart } from "./parts";

/** What part.json in a finished cache folder says. Its presence means that the folder is whole. */
export interface Manifest {
  /** Hash of everything but the Go version. */
  inputs: string;
  go: string;
  programs: string[];
  /** Source folder of each module that was asked for. */
  modules: Record<string, string>;
}

/** A part that is ready to be used. */
export interface BuiltPart {
  part: string;
  dir: string;
  manifest: Manifest;
}

export const manifestFile = "part.json";

/** Per-user folder of built tools. */
export function toolchainRoot(): string {
  return join(cacheRoot(), "toolchain");
}

/** Folder of one of the toolchain's Go modules. */
export function moduleFolder(name: string): string {
  return join(packageRoot(), "sandbox", "toolchain", name);
}

/** Hash of what decides a part's content, the Go version aside: lock files, own sources, flags, platform. */
export function inputsHash(part: ToolPart): string {
  const hash = createHash("sha256");
  const { name, folders, programs, tags, modules, revision } = part;
  hash.update(
    JSON.stringify({
      name,
      folders,
      programs,
      tags,
      modules,
      revision,
      platform: process.platform,
      arch: process.arch,
    }),
  );
  for (const folder of folders) {
    for (const file of sources(moduleFolder(folder))) {
      hash.update(`\0${folder}/${file}\0`).update(readFileSync(join(moduleFolder(folder), file)));
    }
  }
  return hash.digest("hex");
}

function sources(dir: string): string[] {
  return (readdirSync(dir, { recursive: true }) as string[])
    .filter((file) => /(^|\/)go\.(mod|sum)$|\.go$/.test(file))
    .sort();
}

/** Name of the cache folder of a part, built from these inputs by that Go. */
export function folderName(part: string, inputs: string, go: string): string {
  const hash = createHash("sha256").update(`${inputs} ${go}`).digest("hex").slice(0, 16);
  return `${part}-${hash}`;
}

/** The part in that folder, if it is whole: the manifest is written last, and sources may have been cleaned away since. */
export function finishedPart(part: string, dir: string): BuiltPart | undefined {
  const text = readIfThere(join(dir, manifestFile));
  if (text === undefined) return undefined;
  const manifest = JSON.parse(text) as Manifest;
  const needed = [...manifest.programs.map((program) => join(dir, program)), ...Object.values(manifest.modules)];
  return needed.every((path) => existsSync(path)) ? { part, dir, manifest } : undefined;
}

/** A whole build of these inputs by any Go: what a machine without Go can use. */
export function anyFinishedPart(part: ToolPart): BuiltPart | undefined {
  const inputs = inputsHash(part);
  if (!existsSync(toolchainRoot())) return undefined;
  return readdirSync(toolchainRoot())
    .filter((entry) => entry.startsWith(`${part.name}-`))
    .map((entry) => finishedPart(part.name, join(toolchainRoot(), entry)))
    .find((built) => built?.manifest.inputs === inputs);
}
