import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { duration } from "../progress";
import { anyFinishedPart, finishedPart, folderName, inputsHash, toolchainRoot } from "./cache";
import { goVersion, minimumGo } from "./go";
import { installedPulumi, onPath } from "./installed-pulumi";
import { toolParts, type ToolPart } from "./parts";

/** What the sandbox would use for one tool. */
export interface DoctorRow {
  name: string;
  version: string;
  path: string;
  source: "PATH" | "cache" | "missing";
  /** What to know or do about it; empty when all is well. */
  note: string;
}

/** Looks at every tool without building or starting anything. */
export async function doctor(): Promise<DoctorRow[]> {
  const go = await goVersion();
  const goRow: DoctorRow =
    "version" in go
      ? { name: "go", version: go.version.replace(/^go/, ""), path: onPath("go") ?? "", source: "PATH", note: "" }
      : {
          name: "go",
          version: "",
          path: onPath("go") ?? "",
          source: "missing",
          note: `${go.problem}; Go ${minimumGo} or newer builds the tools`,
        };
  const node: DoctorRow = {
    name: "node",
    version: process.versions.node,
    path: process.execPath,
    source: "PATH",
    note: "",
  };
  const parts = await Promise.all(toolParts.map((part) => partRows(part, "version" in go ? go.version : undefined)));
  return [node, goRow, ...parts.flat()];
}

async function partRows(part: ToolPart, go: string | undefined): Promise<DoctorRow[]> {
  const installed = part.name === "pulumi" ? installedPulumi() : undefined;
  if (installed !== undefined) {
    const { stdout } = await promisify(execFile)(installed, ["version"]);
    return [{ name: "pulumi", version: stdout.trim().replace(/^v/, ""), path: installed, source: "PATH", note: "" }];
  }
  const built =
    go === undefined
      ? anyFinishedPart(part)
      : finishedPart(part.name, join(toolchainRoot(), folderName(part.name, inputsHash(part), go)));
  const lonely = part.name === "pulumi" && onPath("pulumi") !== undefined;
  const unused = lonely ? "the `pulumi` on PATH is not used: it has no pulumi-language-nodejs" : "";
  const missing = `built by \`ove sandbox up\`, about ${duration(part.minutes * 60)}`;
  return part.programs.map((program) =>
    built
      ? {
          name: program.name,
          version: program.version,
          path: join(built.dir, program.name),
          source: "cache",
          note: unused,
        }
      : {
          name: program.name,
          version: program.version,
          path: "",
          source: "missing",
          note: [missing, unused].filter(Boolean).join("; "),
        },
  );
}
