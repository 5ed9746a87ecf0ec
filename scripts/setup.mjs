// Makes a fresh clone runnable: checks Node, installs packages, compiles. Prints what takes more than two seconds.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const WANTED = [20, 19];

/** Prints one plain message and ends with exit code 1. */
export function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}

/** Runs a command of the project; its output is shown only when it fails. */
export async function step(title, command, args, options = {}) {
  const start = Date.now();
  const elapsed = () => `${((Date.now() - start) / 1000).toFixed(0)} s`;
  const timer = setInterval(() => process.stderr.write(`${title}: ${elapsed()}\n`), 10_000);
  const first = setTimeout(() => process.stderr.write(`${title} …\n`), 2_000);
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
  const output = [];
  child.stdout?.on("data", (chunk) => output.push(chunk));
  child.stderr?.on("data", (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", resolve);
  });
  clearInterval(timer);
  clearTimeout(first);
  if (code !== 0) {
    process.stderr.write(Buffer.concat(output));
    fail(`${title} did not succeed (${command} ${args.join(" ")}).`);
  }
}

const SOURCES = ["cli", "components", "model", "planning", "provider", "rules", "sandbox", "scripts"];

/** True when nothing that is compiled is newer than the last compilation. */
function isCompiled() {
  const info = join(root, "dist", ".tsbuildinfo");
  if (!existsSync(info)) return false;
  const sources = SOURCES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const files = ["index.ts", "package-lock.json", "tsconfig.json", "tsconfig.build.json"].map((name) =>
    join(root, name),
  );
  const newest = Math.max(...[...sources, ...files].map((file) => statSync(file).mtimeMs));
  return newest < statSync(info).mtimeMs;
}

/** Packages and compiled code, as the sources and the lock file want them. */
export async function setup() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < WANTED[0] || (major === WANTED[0] && minor < WANTED[1])) {
    fail(
      `Node ${WANTED.join(".")} or newer is needed; this is ${process.versions.node}. Install it from https://nodejs.org.`,
    );
  }
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".pulumi-ove-lock");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
    await step("installing packages", "npm", ["ci", "--no-audit", "--no-fund"]);
    writeFileSync(stamp, lock);
  }
  if (isCompiled()) return;
  await step("compiling", process.execPath, [
    join("node_modules", "typescript", "bin", "tsc"),
    "-p",
    "tsconfig.build.json",
  ]);
  // A compilation that changes nothing leaves the file as it is.
  utimesSync(join(root, "dist", ".tsbuildinfo"), new Date(), new Date());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setup();
