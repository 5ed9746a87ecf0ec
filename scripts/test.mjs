// All tests, or those of the files given. The toolchain is made ready first, so that no test waits for a build.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fail, root, setup } from "./setup.mjs";

await setup();
const require = createRequire(import.meta.url);
const { ensureToolchain } = require("../dist/sandbox/toolchain/index.js");
await ensureToolchain({ progress: (line) => process.stderr.write(`${line}\n`) }).catch((error) => fail(error.message));

const given = process.argv.slice(2);
const args = ["--reporter", "scripts/reporter.cjs", ...(given.length > 0 ? given : ["tests/**/*.test.ts"])];
const mocha = spawn(process.execPath, [join("node_modules", "mocha", "bin", "mocha.js"), ...args], {
  cwd: root,
  stdio: "inherit",
});
mocha.once("exit", (code) => (process.exitCode = code ?? 1));
