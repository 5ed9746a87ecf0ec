import { CST, Composer, LineCounter, Parser } from "yaml";
import type { Document } from "yaml";
import type { Json } from "../../model";
import { JsonReader } from "./json-of";
import type { Surprise, YamlProblem } from "./json-of";
import { Places } from "./places";

/** One document of a file of YAML or JSON. */
export interface ManifestDocument {
  /** Position in the file, from 1. */
  document: number;
  /** Undefined when it cannot be read. */
  value: Json | undefined;
  problems: YamlProblem[];
  surprises: Surprise[];
  places: Places;
}

/** How deeply values may lie inside one another; no kind comes near it. */
const depthLimit = 200;

/**
 * The documents of a text. Never throws: what cannot be read is a problem of its document, and the others are read all
 * the same. Empty documents are there with the value null.
 */
export function readDocuments(text: string): ManifestDocument[] {
  const lines = new LineCounter();
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false, merge: false, logLevel: "silent" });
  const documents: ManifestDocument[] = [];
  const add = (document: Document.Parsed): void => {
    documents.push(read(document, documents.length + 1, lines));
  };
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    const deep = token.type === "document" ? tooDeep(token) : undefined;
    if (deep === undefined) for (const document of composer.next(token)) add(document);
    else documents.push(refused(documents.length + 1, lines, deep));
  }
  for (const document of composer.end(false, text.length)) add(document);
  return documents;
}

function read(document: Document.Parsed, number: number, lines: LineCounter): ManifestDocument {
  const [error] = document.errors;
  const reader = new JsonReader(lines);
  if (error) {
    const message = error.message.replace(/ at line \d+, column \d+:[\s\S]*$/, "").replace(/[.:]?$/, ".");
    const line = lines.linePos(error.pos[0]).line;
    const problems = [{ line: Math.max(line, 1), message: `This is not valid YAML: ${message}` }];
    return { document: number, value: undefined, problems, surprises: [], places: new Places(null, new Map(), lines) };
  }
  const value = reader.read(document.contents);
  const { problems, surprises, targets } = reader;
  return { document: number, value, problems, surprises, places: new Places(document.contents, targets, lines) };
}

function refused(document: number, lines: LineCounter, offset: number): ManifestDocument {
  const line = Math.max(lines.linePos(offset).line, 1);
  const problems = [{ line, message: `Values lie more than ${depthLimit} levels inside one another.` }];
  return { document, value: undefined, problems, surprises: [], places: new Places(null, new Map(), lines) };
}

/** Where a document is nested too deeply. It is looked for before the tree is made, which is done by recursion. */
function tooDeep(document: CST.Document): number | undefined {
  const queue: [CST.Token | null | undefined, number][] = [[document.value, 1]];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const [token, depth] = next;
    if (!token || !("items" in token)) continue;
    if (depth > depthLimit) return token.offset;
    for (const item of token.items) {
      if (item.key) queue.push([item.key, depth + 1]);
      if (item.value) queue.push([item.value, depth + 1]);
    }
  }
  return undefined;
}
