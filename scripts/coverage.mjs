// Coverage of the tests in one process: collected by Node, mapped by c8, told as a short table.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { root } from "./setup.mjs";

/** Below this percentage of branches there is a warning. */
const WANTED = 95;

/** A folder for what Node writes, and the environment that makes it write. */
export function collectCoverage() {
  const dir = mkdtempSync(join(tmpdir(), "ove-coverage-"));
  return { dir, env: { NODE_V8_COVERAGE: join(dir, "raw") } };
}

/** The table of what was collected in the folder, which is removed. */
export function coverageReport(dir) {
  const c8 = join(root, "node_modules", "c8", "bin", "c8.js");
  const places = ["--temp-directory", join(dir, "raw"), "--reports-dir", join(dir, "report")];
  const { status, stderr } = spawnSync(process.execPath, [c8, "report", ...places, "--reporter", "json-summary"], {
    cwd: root,
    encoding: "utf8",
  });
  try {
    if (status !== 0) return `warning: coverage could not be computed: ${stderr.trim()}`;
    return coverageTable(JSON.parse(readFileSync(join(dir, "report", "coverage-summary.json"), "utf8")));
  } catch (error) {
    return `warning: coverage could not be computed: ${error.message}`;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** One line a folder and one for all, with a warning when too few branches were taken. */
export function coverageTable(summary) {
  const folders = new Map();
  for (const [file, counts] of Object.entries(summary)) {
    if (file === "total") continue;
    const folder = relative(root, file)
      .split(sep)
      .slice(0, 2)
      .filter((part) => !part.endsWith(".ts"))
      .join("/");
    const sum = folders.get(folder) ?? { lines: [0, 0], branches: [0, 0] };
    for (const key of ["lines", "branches"]) {
      sum[key][0] += counts[key].covered;
      sum[key][1] += counts[key].total;
    }
    folders.set(folder, sum);
  }
  const rows = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
  const all = rows.reduce(
    (sum, [, { lines, branches }]) => ({
      lines: [sum.lines[0] + lines[0], sum.lines[1] + lines[1]],
      branches: [sum.branches[0] + branches[0], sum.branches[1] + branches[1]],
    }),
    { lines: [0, 0], branches: [0, 0] },
  );
  const part = ([covered, total]) => (total === 0 ? 100 : (covered / total) * 100);
  const percent = (counts) => `${(Math.floor(part(counts) * 10) / 10).toFixed(1)} %`.padStart(9);
  const line = (name, { lines, branches }) => `  ${name.padEnd(26)}${percent(lines)}${percent(branches)}`;
  const table = [
    `  ${"coverage".padEnd(26)}${"lines".padStart(9)}${"branches".padStart(9)}`,
    ...rows.map(([name, sum]) => line(name, sum)),
    line("provider and rules", all),
  ];
  const low = part(all.branches) < WANTED;
  if (low) table.push(`warning: fewer than ${WANTED} % of the branches of provider/ and rules/ are tested.`);
  return table.join("\n");
}
