import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Manifest {
  version?: string;
  dependencies?: Record<string, string>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** The nearest folder, upwards, that holds `name`. */
function upwards(folder: string, name: string): string | undefined {
  if (existsSync(join(folder, name))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : upwards(parent, name);
}

/** The direct dependencies of the program in a folder, with the installed version, or the wanted one if there is none. */
export function dependenciesOf(folder: string): { name: string; version: string }[] {
  const root = upwards(folder, "package.json");
  if (root === undefined) return [];
  return Object.entries(manifest(root).dependencies ?? {}).map(([name, wanted]) => {
    const installed = join("node_modules", name);
    const at = upwards(root, join(installed, "package.json"));
    return { name, version: (at && manifest(join(at, installed)).version) ?? wanted };
  });
}

/** Runs `npm install` in a folder; what it prints goes to `output` as it comes. */
export function install(folder: string, output: (text: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["install", "--no-audit", "--no-fund"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", output);
    child.stderr.on("data", output);
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`npm install ended with exit code ${code}.`)),
    );
  });
}
