import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ManifestFile } from "../provider/manifests/verify";

/** A path on the command line that leads to nothing. */
export class NoSuchPath extends Error {}

const manifestName = /\.(ya?ml|json)$/i;

/** Folders that hold no manifests. */
const skipped = (name: string): boolean => name.startsWith(".") || name === "node_modules";

/** The manifests of paths: files, folders with all below them, `-` for standard input; each file once. */
export function manifestFiles(paths: readonly string[]): ManifestFile[] {
  const files = new Map<string, ManifestFile>();
  const add = (file: string, named: boolean): void => {
    const id = file === "-" ? "-" : realpathSync(file);
    if (!files.has(id)) files.set(id, { file, text: decode(readFileSync(file === "-" ? 0 : file)), named });
  };
  for (const path of paths) {
    if (path === "-") add(path, true);
    else if (!existsSync(path)) throw new NoSuchPath(`There is no file or folder ${path}.`);
    else if (statSync(path).isDirectory()) for (const file of below(path)) add(file, false);
    else add(path, true);
  }
  return [...files.values()];
}

/** The manifests in a folder and all below it, in the order of their names; links to folders are not followed. */
function below(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped(entry.name) ? [] : below(path);
    if (!manifestName.test(entry.name)) return [];
    const link = entry.isSymbolicLink();
    return entry.isFile() || (link && existsSync(path) && statSync(path).isFile()) ? [path] : [];
  });
}

/** Text of bytes, which YAML allows to be UTF-16 when they begin with a byte order mark. */
export function decode(bytes: Uint8Array): string {
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "";
  return new TextDecoder(wide || "utf-8").decode(bytes);
}
