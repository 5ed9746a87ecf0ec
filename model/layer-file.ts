import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { isObject, type Json } from "./json";
import { type Origin, type PlacedFinding, type Sourced, sourced, sourcedAt } from "./layers";

/** A file that was read: nothing where it cannot be. */
export interface Layer {
  value?: Sourced;
  findings: PlacedFinding[];
}

/** The name of an environment in a stack's configuration. */
const ENVIRONMENT = "ove:environment";

/** Plain numbers and dates that readers of YAML 1.1, Pulumi's among them, and of YAML 1.2 take for different values. */
const AMBIGUOUS = /^([-+]?0[0-9_]+|[-+]?0b[01_]+|[-+]?\d[\d_]*_[\d_.]*|\d{4}-\d\d?-\d\d?([Tt ].*)?)$/;

/** Reads a document of YAML into values that know where they are. */
class Reader {
  readonly findings: PlacedFinding[] = [];
  /** What is being read, from the outside in. */
  private readonly open = new Set<unknown>();

  constructor(
    private readonly file: string,
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
  ) {}

  at(offset: number): Origin {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  problem(message: string, origin: Origin, fix?: string): void {
    this.findings.push({ rule: "platform/yaml", severity: "error", path: "", message, origin, ...(fix && { fix }) });
  }

  read(node: unknown, origin: Origin): Sourced {
    if (isMap(node) || isSeq(node)) return { origin, content: this.collection(node, origin) };
    if (isAlias(node)) return this.read(node.resolve(this.document), origin);
    if (!isScalar(node)) return { origin, content: null };
    const text = node.type === "PLAIN" && !node.tag ? (node.source ?? "") : "";
    if (AMBIGUOUS.test(text)) {
      this.problem(
        `${text} is read differently by different programs.`,
        origin,
        `Put it in quotes, or write it plainly.`,
      );
    }
    const { value } = node;
    const isJson = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return { origin, content: isJson ? value : null };
  }

  private originOf(node: unknown, fallback: Origin): Origin {
    const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
    return range ? this.at(range[0] ?? 0) : fallback;
  }

  private collection(node: YAMLMap | YAMLSeq, origin: Origin): Sourced["content"] {
    if (this.open.has(node)) {
      this.problem("This value would contain itself.", origin);
      return null;
    }
    this.open.add(node);
    const content = isMap(node)
      ? this.mapping(node.items)
      : node.items.map((item) => this.read(item, this.originOf(item, origin)));
    this.open.delete(node);
    return content;
  }

  private mapping(pairs: Pair[]): Map<string, Sourced> {
    const entries = new Map<string, Sourced>();
    for (const { key, value } of pairs) {
      const origin = this.originOf(key, this.at(0));
      if (!isScalar(key)) this.problem("Keys must be plain words.", origin);
      else if (key.value === "<<") this.problem("Merge keys are not supported.", origin, "Write the values out.");
      else entries.set(String(key.source ?? key.value), this.read(value, origin));
    }
    return entries;
  }
}

/** Reads a file of YAML; `file` is what it is called in findings. Never throws. */
export function readLayer(text: string, file: string): Layer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: false, logLevel: "error" });
  const reader = new Reader(file, document, lines);
  for (const { message, pos } of document.errors) {
    const first = message.replace(/ at line \d+, column \d+:[\s\S]*$/, "").replace(/[.:]?$/, ".");
    reader.problem(`This is not valid YAML: ${first}`, reader.at(pos[0]));
  }
  if (reader.findings.length > 0) return { findings: reader.findings };
  try {
    // Refuses aliases that would multiply without end.
    document.toJS();
  } catch (error) {
    reader.problem(`This is not valid YAML: ${error instanceof Error ? error.message : ""}.`, reader.at(0));
    return { findings: reader.findings };
  }
  const value = reader.read(document.contents ?? null, reader.at(0));
  return reader.findings.length > 0 ? { findings: reader.findings } : { value, findings: [] };
}

/** What an environment cannot hold: values that Pulumi has encrypted. */
function encrypted(value: Sourced): Sourced[] {
  const { content } = value;
  if (Array.isArray(content)) return content.flatMap(encrypted);
  if (!(content instanceof Map)) return [];
  const entries = content as ReadonlyMap<string, Sourced>;
  if (entries.size === 1 && typeof entries.get("secure")?.content === "string") return [value];
  return [...entries.values()].flatMap(encrypted);
}

/** The text of a value that `pulumi config set` wrote as JSON, or the value as it is. */
function written(value: Sourced): Sourced {
  if (typeof value.content !== "string") return value;
  try {
    const parsed = JSON.parse(value.content) as Json;
    return isObject(parsed) ? sourced(parsed, value.origin) : value;
  } catch {
    return value;
  }
}

/** A stack's own part of its environment, from the text of its file `Pulumi.<stack>.yaml`. */
export function readStackLayer(text: string, file: string): Layer {
  const { value, findings } = readLayer(text, file);
  if (!value) return { findings };
  const found = sourcedAt(value, ["config", ENVIRONMENT]);
  const problem = (message: string, fix: string, origin?: Origin): PlacedFinding => ({
    ...{ rule: "platform/stack", severity: "error", path: "", message, fix },
    ...(origin && { origin }),
  });
  if (!found) {
    const message = `The stack has no environment: \`${ENVIRONMENT}\` under \`config\`.`;
    return { findings: [problem(message, "Add it, with a `name` at least.", value.origin)] };
  }
  const own = written(found);
  const secrets = encrypted(own).map(({ origin }) => {
    const message = "This value is encrypted, and environments are plain text.";
    return problem(message, "Let a property such as `userDataFrom` name the key of the secret.", origin);
  });
  return secrets.length > 0 ? { findings: secrets } : { value: own, findings: [] };
}
