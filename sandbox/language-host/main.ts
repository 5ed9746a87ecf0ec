import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { serve } from "./server";

const ORPHAN_CHECK_MS = 5000;

/** The version in the nearest package.json: the sources and what is built of them lie in different folders. */
function packageVersion(folder: string): string {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return packageVersion(dirname(folder));
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** The host ends with the engine that started it, also if that is killed. */
function endWith(engine: number, stop: () => void): void {
  const end = () => {
    stop();
    process.exit(0);
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  setInterval(() => process.ppid !== engine && end(), ORPHAN_CHECK_MS).unref();
}

/** The plugin `pulumi-language-nodejs`: Pulumi's engine starts it, gives its own address last and reads the port. */
async function main(args: string[]): Promise<void> {
  const engineAddress = args.filter((argument) => !argument.startsWith("-")).at(-1);
  if (engineAddress === undefined) throw new Error("Pulumi's engine starts this program with its own address.");
  const engine = process.ppid;
  const { port, stop } = await serve(engineAddress, packageVersion(__dirname));
  endWith(engine, stop);
  process.stdout.write(`${port}\n`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
