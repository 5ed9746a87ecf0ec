import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../files";
import { withLock } from "../lock";
import { startTime } from "../process-table";
import { timed, type Progress } from "../progress";
import {
  anyFinishedPart,
  finishedPart,
  folderName,
  inputsHash,
  manifestFile,
  toolchainRoot,
  type BuiltPart,
} from "./cache";
import { collectCrds } from "./collect-crds";
import { goProblem, goVersion, runGo } from "./go";
import type { ToolPart } from "./parts";

export interface BuildOptions {
  progress: Progress;
  /** Ends running builds; what is half done is thrown away, Go's own build cache keeps what it compiled. */
  signal?: AbortSignal;
}

/**
 * The part from the cache, built first if it is not there. Several processes may ask for the same part at once: one
 * builds, the others wait. A folder appears in the cache by one rename when it is whole.
 */
export async function ensurePart(part: ToolPart, options: BuildOptions): Promise<BuiltPart> {
  const go = await goVersion();
  if ("problem" in go) {
    const built = anyFinishedPart(part);
    if (!built) throw goProblem(part.name, go.problem);
    return built;
  }
  const inputs = inputsHash(part);
  const dir = join(toolchainRoot(), folderName(part.name, inputs, go.version));
  const there = finishedPart(part.name, dir);
  if (there) return there;
  const onWait = (pid: number): void =>
    options.progress(`${part.name}: waiting for process ${pid}, which is building it`);
  return withLock(
    `${dir}.lock`,
    async () => finishedPart(part.name, dir) ?? (await build(part, { dir, inputs, go: go.version }, options)),
    { onWait, signal: options.signal },
  );
}

interface Target {
  dir: string;
  inputs: string;
  go: string;
}

async function build(part: ToolPart, target: Target, options: BuildOptions): Promise<BuiltPart> {
  removeAbandoned();
  const draft = join(toolchainRoot(), `.building-${process.pid}-${startTime(process.pid)}-${part.name}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    return await timed(options.progress, `${part.name}: building`, part.minutes * 60, async () => {
      const modules = await moduleFolders(part, options.signal);
      for (const program of part.programs) {
        const flags = ["-trimpath", "-buildvcs=false", "-ldflags", ["-s -w", program.ldflags ?? ""].join(" ").trim()];
        if (part.tags) flags.push("-tags", part.tags);
        const output = join(draft, program.name);
        await runGo(part.folders[0] ?? part.name, ["build", ...flags, "-o", output, program.package], options.signal);
      }
      const files = part.programs.map((program) => program.name);
      if (part.name === "crds") files.push(await collectCrds(draft, modules));
      const manifest = { inputs: target.inputs, go: target.go, programs: files, modules };
      writeAtomically(join(draft, manifestFile), JSON.stringify(manifest, undefined, 2));
      rmSync(target.dir, { recursive: true, force: true }); // a build whose sources were cleaned away
      renameSync(draft, target.dir);
      return { part: part.name, dir: target.dir, manifest };
    });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Downloads the modules whose sources are needed at run time and says where they are. */
async function moduleFolders(part: ToolPart, signal?: AbortSignal): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [folder, modules] of Object.entries(part.modules ?? {})) {
    await runGo(folder, ["mod", "download", ...modules], signal);
    const listed = await runGo(folder, ["list", "-m", "-f", "{{.Path}}\t{{.Dir}}", ...modules], signal);
    for (const line of listed.trim().split("\n")) {
      const [module, dir] = line.split("\t");
      if (module && dir) found[module] = dir;
    }
  }
  return found;
}

/** Half-built folders of processes that were killed. */
function removeAbandoned(): void {
  if (!existsSync(toolchainRoot())) return;
  for (const entry of readdirSync(toolchainRoot())) {
    const match = /^\.building-(\d+)-(\d+)-/.exec(entry);
    if (match && startTime(Number(match[1])) !== match[2]) {
      rmSync(join(toolchainRoot(), entry), { recursive: true, force: true });
    }
  }
}
