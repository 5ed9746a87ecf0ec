import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Tools } from "../part";
import { ensurePart, type BuildOptions } from "./build";
import type { BuiltPart } from "./cache";
import { crdsFile } from "./collect-crds";
import { installedPulumi } from "./installed-pulumi";
import { toolParts, type ToolPart } from "./parts";

export { ensurePart, type BuildOptions } from "./build";
export { toolchainRoot, type BuiltPart, type Manifest } from "./cache";
export { doctor, type DoctorRow } from "./doctor";
export { installedPulumi } from "./installed-pulumi";
export { toolParts, type ToolPart } from "./parts";

/** The toolchain once its parts are in the cache. */
export class CachedTools implements Tools {
  constructor(private readonly parts: BuiltPart[]) {}

  program(name: string): string {
    if (name === "pulumi") {
      const installed = installedPulumi();
      if (installed) return installed;
    }
    return join(this.withProgram(name).dir, name);
  }

  moduleDir(module: string): string {
    // crds pins the same modules for their CRDs only: programs read files of the version they were built from.
    const parts = this.parts.filter((built) => built.manifest.modules[module] !== undefined);
    const found = parts.find((built) => built.part !== "crds") ?? parts[0];
    const dir = found?.manifest.modules[module];
    if (dir === undefined) throw new Error(`No part of the toolchain has the sources of ${module}`);
    return dir;
  }

  /** The JSON file of all CRDs that come from modules. */
  crdsFile(): string {
    return join(this.withProgram(crdsFile).dir, crdsFile);
  }

  private withProgram(name: string): BuiltPart {
    const found = this.parts.find((built) => built.manifest.programs.includes(name));
    if (!found) throw new Error(`No part of the toolchain has the program ${name}`);
    return found;
  }
}

/** A toolchain whose parts are being made ready in the background, in the order of the list. */
export interface Toolchain {
  /** The tools of these parts, as soon as they are there. */
  ready(...names: string[]): Promise<CachedTools>;
  /** All parts that were asked for. */
  all(): Promise<CachedTools>;
}

/**
 * Two builds at a time: while one links (one core) or downloads, the other compiles. More only help where there are
 * more cores; each needs up to 3 GiB of memory.
 */
const buildsAtOnce = Math.max(2, Math.floor(availableParallelism() / 4));

/** Starts to make parts ready; a complete Pulumi installation on PATH spares that part. */
export function startToolchain(options: BuildOptions & { parts?: readonly ToolPart[] }): Toolchain {
  const wanted = (options.parts ?? toolParts).filter((part) => part.name !== "pulumi" || !installedPulumi());
  // One failure ends the other builds: nobody waits for half a toolchain.
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  const running = new Map<string, Promise<BuiltPart>>();
  const waiting = [...wanted];
  const settle = new Map<string, { resolve(built: BuiltPart): void; reject(error: unknown): void }>();
  for (const part of wanted) {
    const promise = new Promise<BuiltPart>((resolve, reject) => settle.set(part.name, { resolve, reject }));
    promise.catch(() => undefined); // reported to whoever asks for the part
    running.set(part.name, promise);
  }
  const worker = async (): Promise<void> => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const { name } = part;
      try {
        settle.get(name)?.resolve(await ensurePart(part, { ...options, signal }));
      } catch (error) {
        settle.get(name)?.reject(error);
        failure.abort(error);
      }
    }
  };
  for (let index = 0; index < buildsAtOnce; index++) void worker();
  const ready = async (...names: string[]): Promise<CachedTools> => {
    const builds = names.map((name) => running.get(name)).filter((build) => build !== undefined);
    return new CachedTools(await Promise.all(builds));
  };
  return { ready, all: () => ready(...running.keys()) };
}

/** Makes the whole toolchain ready, from the cache or by building what is missing. */
export async function ensureToolchain(options: BuildOptions): Promise<Tools> {
  return startToolchain(options).all();
}
