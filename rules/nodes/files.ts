import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, missing, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const files: PathStep[] = ["spec", "config", "storage", "files"];

/** A rule that looks at one file at a time; paths are relative to the file. */
function fileRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (file: JsonObject) => Violation[],
): Rule<KubernetesObject> {
  return {
    id,
    severity,
    source,
    check: (object) =>
      indexedAt(object, ...files).flatMap(([index, file]) =>
        check(file).map((violation) => ({ ...violation, path: [...files, index, ...violation.path] })),
      ),
  };
}

/** The number that was meant when the digits of an octal mode were written as a decimal number. */
function meantMode(mode: number): number | undefined {
  return /^[0-7]{3}$/.test(String(mode)) ? Number.parseInt(String(mode), 8) : undefined;
}

const modeRange = fileRule(
  "nodes/file-mode",
  "error",
  "machine-config-operator pkg/controller/common/helpers.go validateIgn3FileModes; modes are decimal in JSON, 0644 is 420",
  (file) => {
    const mode = numberAt(file, "mode");
    if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
    const meant = meantMode(mode);
    const fix = meant ? `The mode is decimal: for 0${mode} write ${meant}.` : "The most is 511, which is 0777.";
    return [{ path: ["mode"], message: `The file mode ${mode} is 0${mode.toString(8)}, beyond 0777.`, fix }];
  },
);

/** Decimal numbers below 512 that look like octal modes and are unusual as what they are: 400 is 0620, 440 0670, 444 0674. */
const octalDigits = [400, 440, 444];

const modeDecimal = fileRule(
  "nodes/file-mode-decimal",
  "warning",
  "coreos/ignition docs/configuration: a number in JSON is decimal, whatever its digits look like",
  (file) => {
    const mode = numberAt(file, "mode");
    if (mode === undefined || !octalDigits.includes(mode)) return [];
    const message = `The file mode ${mode} is 0${mode.toString(8)}; it looks like 0${mode} written as a decimal number.`;
    return [{ path: ["mode"], message, fix: `For 0${mode} write ${meantMode(mode)}.` }];
  },
);

const token = "[!#$%&'*+.0-9A-Z^_`a-z{|}~-]";
const mediaType = `((text|image|audio|video|application|message|multipart)${token}*|[xX]-${token}*)/${token}*`;
const parameter = `;${token}+=(${token}+|"([^"\\\\]|\\\\.)*")`;
const dataUrlHead = new RegExp(`^data:(${mediaType})?(${parameter})*(;base64)?,`);

/** What makes a data URL unreadable for the daemon. Source: vincent-petithory/dataurl lex.go. */
function dataUrlProblem(url: string): string | undefined {
  if (!url.includes(",")) return "has no comma, so it has no content";
  const head = dataUrlHead.exec(url)?.[0];
  if (head === undefined) return "has no media type that can be read before its first comma";
  const body = url.slice(head.length);
  if (head.endsWith(";base64,")) {
    const valid = body.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(body);
    return valid ? undefined : "says base64, but its content is none";
  }
  const bad = /%(?![0-9A-Fa-f]{2})|[^!$-;=?-Z_a-z~]/.exec(body);
  return bad ? `has ${JSON.stringify(bad[0])} in its content, which has to be percent-encoded` : undefined;
}

const source = fileRule(
  "nodes/file-source",
  "error",
  "machine-config-operator docs/MachineConfiguration.md and DecodeIgnitionFileContents: files come with their content",
  (file) => {
    const path = ["contents", "source"];
    const url = textAt(file, ...path);
    if (url === undefined || url === "") return [];
    if (!url.startsWith("data:")) {
      const message = "The content of a file must be a data URL; the machine config daemon fetches nothing.";
      return [{ path, message, fix: "Write data:;base64, followed by the content in base64." }];
    }
    const problem = dataUrlProblem(url);
    return problem ? [{ path, message: `The data URL ${problem}.` }] : [];
  },
);

const content = fileRule(
  "nodes/file-content",
  "error",
  "coreos/ignition config/v3_4/types/file.go validateOverwrite",
  (file) => {
    const unknown = "contents" in file && file.contents === undefined;
    if (file.overwrite !== true || unknown || !missing(objectAt(file, "contents"), "source")) return [];
    const message =
      "A file that replaces another one needs a content; Ignition refuses overwrite without contents.source.";
    return [{ path: ["contents", "source"], message, fix: 'For an empty file write "data:,".' }];
  },
);

const append = fileRule(
  "nodes/file-append",
  "error",
  "machine-config-operator pkg/controller/common IsComponentConfigsReconcilable: append is refused",
  (file) => {
    const present = Array.isArray(file.append) ? file.append.length > 0 : !missing(file, "append");
    if (!present || file.append === undefined) return [];
    const message = "The machine config daemon cannot append to files; nodes become degraded.";
    return [{ path: ["append"], message, fix: "Give the whole content." }];
  },
);

const absolute = fileRule(
  "nodes/file-path",
  "error",
  "coreos/ignition config/v3_4/types/path.go validatePath",
  (file) => {
    const path = textAt(file, "path");
    if (path === undefined) return [];
    if (!path.startsWith("/")) return [{ path: ["path"], message: `"${path}" is not an absolute path.` }];
    if (path === "/" || /^(\/(?!\.{1,2}(\/|$))[^/]+)+$/.test(path)) return [];
    const message = `"${path}" is not in its shortest form, which Ignition refuses.`;
    return [{ path: ["path"], message, fix: 'Leave out double and last slashes, "." and "..".' }];
  },
);

const inFile: Rule<KubernetesObject> = {
  id: "nodes/file-in-file",
  severity: "error",
  source: "machine-config-operator pkg/daemon/file_writers.go: the folder of a file is made before it is written",
  check(object) {
    const paths = indexedAt(object, ...files).map(([index, file]) => ({ index, name: textAt(file, "path") ?? "" }));
    return paths.flatMap(({ index, name }) => {
      const folder = paths.find((other) => other.name !== "" && name.startsWith(`${other.name}/`));
      if (!folder) return [];
      const message = `"${name}" cannot be written: "${folder.name}" is a file of this configuration, not a folder.`;
      return [{ path: [...files, index, "path"], message }];
    });
  },
};

/** The file by which an administrator makes the daemon skip its checks. */
const forceFile = "/run/machine-config-daemon-force";

const forced = fileRule(
  "nodes/file-force",
  "error",
  "machine-config-operator pkg/controller/common isConfigReconcilable: this path is refused",
  (file) =>
    textAt(file, "path") === forceFile
      ? [{ path: ["path"], message: `${forceFile} cannot be written by a MachineConfig; nodes become degraded.` }]
      : [],
);

/** Rules on the files of a MachineConfig. */
export const fileRules: readonly Rule<KubernetesObject>[] = [
  modeRange,
  modeDecimal,
  source,
  content,
  append,
  absolute,
  forced,
  inFile,
];
