import type { Severity } from "../model";
import type { ManifestFinding, Verification } from "../provider/manifests/verify";

const line = ({ file, line, severity, id, path, message, fix }: ManifestFinding): string => {
  const where = line === null ? `${file}:` : `${file}:${line}:`;
  return [where, severity, id, path, message, fix].filter((part) => part !== null && part !== "").join(" ");
};

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** The findings by file, one a line, and a closing line that counts. */
export function verificationText({ findings, files, objects, known }: Verification): string {
  const groups = [...new Set(findings.map(({ file }) => file))].map((file) =>
    findings.filter((finding) => finding.file === file).map(line),
  );
  const of = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const others = objects - known;
  const unknown = others > 0 ? `, ${others} of kinds that ove does not know` : "";
  const found = `${counted(of("error"), "error")}, ${counted(of("warning"), "warning")}, ${counted(of("info"), "info")}`;
  const summary = `${found} in ${counted(files, "file")} (${counted(objects, "object")}${unknown}).`;
  return [...groups.map((group) => group.join("\n")), summary].join("\n\n");
}

/** The findings as one JSON array. */
export function verificationJson({ findings }: Verification): string {
  return JSON.stringify(findings, null, 2);
}
