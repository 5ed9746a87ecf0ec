import { formatPath, isObject, parsePath, valueAt } from "../../model";
import type { Facts, Finding, Json, JsonObject, PathStep, Severity } from "../../model";
import { evaluate, setRules } from "../../rules";
import type { Shape } from "../shape";
import { checkManifest, manifestShape, objectsOf, subjectOf } from "./check";
import { readDocuments } from "./documents";
import type { ManifestDocument } from "./documents";
import type { Surprise } from "./json-of";
import { groupOf, knownKind } from "./known";
import { surprising } from "./surprises";
import { templateLine } from "./templates";

/** A file of manifests. */
export interface ManifestFile {
  /** As it is called in findings. */
  file: string;
  text: string;
  /** Whether the user named it, and not only a folder that it is in. */
  named: boolean;
}

/** A finding with its place in a file; null where something is unknown. */
export interface ManifestFinding {
  id: string;
  severity: Severity;
  file: string;
  line: number | null;
  /** Position of the YAML document in the file, from 1. */
  document: number | null;
  kind: string | null;
  namespace: string | null;
  name: string | null;
  /** Property path inside of the object. */
  path: string | null;
  message: string;
  fix: string | null;
  source: string | null;
}

/** What a run found, and of how much. */
export interface Verification {
  findings: ManifestFinding[];
  files: number;
  objects: number;
  /** How many of the objects are of kinds that the provider knows. */
  known: number;
}

/** An object with its place. */
interface Placed {
  file: string;
  document: ManifestDocument;
  /** Where the object is in its document. */
  base: PathStep[];
  object: JsonObject;
}

/** Texts longer than this are not read: no cluster takes an object of a hundredth of it. */
const sizeLimit = 32 * 1024 * 1024;

const text = (value: Json | undefined): string | null => (typeof value === "string" ? value : null);

function nowhere(file: string, line: number | null, id: string, message: string, fix?: string): ManifestFinding {
  const unknown = { document: null, kind: null, namespace: null, name: null, path: null, source: null };
  return { ...unknown, id, severity: "error", file, line, message, fix: fix ?? null };
}

/** A finding of a rule, put in its place. */
function placed({ file, document, base, object }: Placed, finding: Finding, path = finding.path): ManifestFinding {
  return {
    id: finding.rule,
    severity: finding.severity,
    file,
    line: document.places.line([...base, ...parsePath(path)]),
    document: document.document,
    kind: text(object.kind),
    namespace: text(valueAt(object, ["metadata", "namespace"])),
    name: text(valueAt(object, ["metadata", "name"])),
    path,
    message: finding.message,
    fix: finding.fix ?? null,
    source: finding.source ?? null,
  };
}

/** Checks all objects of all files, each by itself and all together. */
export function verifyManifests(files: readonly ManifestFile[], facts: Facts): Verification {
  const findings: ManifestFinding[] = [];
  const objects: Placed[] = [];
  for (const file of files) readFile(file, findings, objects);
  let known = 0;
  for (const each of objects) {
    const check = checkManifest(each.object, facts);
    if (check.known) known++;
    findings.push(...withSurprises(each, check.findings));
  }
  findings.push(...duplicates(objects), ...together(objects, facts));
  return { findings: inOrder(files, findings), files: files.length, objects: objects.length, known };
}

/** By file in the order given, then by line. */
function inOrder(files: readonly ManifestFile[], findings: ManifestFinding[]): ManifestFinding[] {
  const position = new Map(files.map(({ file }, index) => [file, index]));
  const rank = ({ file }: ManifestFinding): number => position.get(file) ?? files.length;
  return findings.sort((a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0));
}

function readFile({ file, text, named }: ManifestFile, findings: ManifestFinding[], objects: Placed[]): void {
  if (text.length > sizeLimit) {
    findings.push(nowhere(file, null, "manifest/size", "The file is too large to be read.", "Split it."));
    return;
  }
  const documents = text.includes("\0") ? [] : readDocuments(text);
  if (text.includes("\0")) findings.push(nowhere(file, null, "manifest/yaml", "This is no text.", "Leave it out."));
  const template = templateLine(
    text,
    documents.some((document) => document.problems.length > 0),
  );
  if (template !== undefined) {
    const message = "This is a template, not a manifest.";
    const fix = "Render it first, for example by `helm template`, and verify the result.";
    findings.push(nowhere(file, template, "manifest/template", message, fix));
    return;
  }
  for (const document of documents) {
    for (const { line, message, fix } of document.problems) {
      findings.push({ ...nowhere(file, line, "manifest/yaml", message, fix), document: document.document });
    }
    if (document.value !== undefined && document.value !== null) {
      readObjects(file, named, document, document.value, findings, objects);
    }
  }
}

function readObjects(
  file: string,
  named: boolean,
  document: ManifestDocument,
  value: Json,
  findings: ManifestFinding[],
  objects: Placed[],
): void {
  for (const { object, path } of objectsOf(value)) {
    if (isObject(object) && (object.apiVersion !== undefined || object.kind !== undefined)) {
      objects.push({ file, document, base: path, object });
      continue;
    }
    // Folders hold values files and the like; a file that was named is meant to be a manifest.
    const severity = isObject(object) && !named ? "info" : "error";
    const message = "This is no Kubernetes object: it has neither apiVersion nor kind.";
    const finding = nowhere(file, document.places.line(path), "manifest/object", message);
    findings.push({ ...finding, severity, document: document.document });
  }
}

function identity(object: JsonObject): string | undefined {
  const name = text(valueAt(object, ["metadata", "name"]));
  const [apiVersion, kind] = [text(object.apiVersion), text(object.kind)];
  if (!name || !apiVersion || !kind) return undefined;
  return JSON.stringify([groupOf(apiVersion), kind, valueAt(object, ["metadata", "namespace"]) ?? null, name]);
}

function duplicates(objects: readonly Placed[]): ManifestFinding[] {
  const seen = new Map<string, Placed>();
  return objects.flatMap((each) => {
    const id = identity(each.object);
    const first = id === undefined ? undefined : seen.get(id);
    if (id !== undefined && !first) seen.set(id, each);
    if (!first) return [];
    const where = `${first.file}:${first.document.places.line(first.base)}`;
    const message = `The same object is in ${where} already; one overwrites the other.`;
    const path = "metadata.name";
    return [placed(each, { rule: "manifest/duplicate", severity: "error", path, message, fix: "Keep one of them." })];
  });
}

/** What rules say of all objects together. */
function together(objects: readonly Placed[], facts: Facts): ManifestFinding[] {
  const whole = objects.filter(({ object }) => identity(object));
  const subjects = whole.map(({ object }) => subjectOf(object));
  return evaluate(setRules, subjects, facts).flatMap((finding) => {
    const [index, ...path] = parsePath(finding.path);
    const each = typeof index === "number" ? whole[index] : undefined;
    return each ? [placed(each, finding, formatPath(path))] : [];
  });
}

/** Findings of an object together with what YAML makes of its plain words and numbers. */
function withSurprises(each: Placed, findings: readonly Finding[]): ManifestFinding[] {
  const { document, base, object } = each;
  const told = findings.map((finding) => placed(each, quoted(finding, each)));
  const known = knownKind(text(object.apiVersion) ?? "", text(object.kind) ?? "");
  if (!known?.versionKnown) return told;
  const shape: Shape = manifestShape(known);
  const wrong = new Set(findings.filter(({ rule }) => rule === "schema/type").map(({ path }) => path));
  const own = document.surprises.flatMap((surprise: Surprise) => {
    const inside = base.every((step, index) => surprise.path[index] === step);
    const path = surprise.path.slice(base.length);
    const finding = inside && !wrong.has(formatPath(path)) ? surprising(surprise, path, shape) : undefined;
    return finding ? [{ ...placed(each, finding), line: surprise.line }] : [];
  });
  return [...told, ...own];
}

/** A finding on a value that YAML took for no text says how it was written. */
function quoted(finding: Finding, { document, base }: Placed): Finding {
  // A word that the field allows is told already; anything else is as it was written.
  if (finding.rule !== "schema/type" || !/^Write (the text|"[-+.\de]+") /.test(finding.fix ?? "")) return finding;
  const written = document.places.plainText([...base, ...parsePath(finding.path)]);
  return written ? { ...finding, fix: `Write "${written}" in quotes.` } : finding;
}
