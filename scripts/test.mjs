// All tests, or those of the files given. The toolchain is made ready first, so that no test waits for a build.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { collectCoverage, coverageReport } from "./coverage.mjs";
import { fail, root, setup } from "./setup.mjs";

await setup();
const require = createRequire(import.meta.url);
const { ensureToolchain } = require("../dist/sandbox/toolchain/index.js");
await ensureToolchain({ progress: (line) => process.stderr.write(`${line}\n`) }).catch((error) => fail(error.message));

const given = process.argv.slice(2);
const args = ["--reporter", "scripts/reporter.cjs", ...(given.length > 0 ? given : ["tests/**/*.test.ts"])];
const coverage = given.length > 0 ? undefined : collectCoverage();
const closing = coverage && join(coverage.dir, "closing-line");
const mocha = spawn(process.execPath, [join("node_modules", "mocha", "bin", "mocha.js"), ...args], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, ...coverage?.env, ...(closing ? { OVE_TEST_CLOSING_LINE: closing } : {}) },
});
mocha.once("exit", (code) => {
  process.exitCode = code ?? 1;
  if (!coverage) return;
  const line = existsSync(closing) ? readFileSync(closing, "utf8") : "";
  process.stdout.write(`${coverageReport(coverage.dir)}\n\n${line}`);
});
