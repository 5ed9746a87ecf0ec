import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Alias, LineCounter, Node, Pair } from "yaml";
import type { PathStep } from "../../model";
import { notFinite, resolveScalar } from "./scalars";

/** Part of a YAML tree: a node, or nothing where a value is left out. */
export type Part = Node | null | undefined;

/** What the aliases of a document stand for. */
export type Targets = ReadonlyMap<Alias, Node>;

/** The value of a scalar, undefined for what no JSON has. */
export function scalarText(part: Part): string | undefined {
  return isScalar(part) && typeof part.source === "string" ? part.source : undefined;
}

const resolvedTags = new Set(["bool", "int", "float", "null"].map((name) => `tag:yaml.org,2002:${name}`));

/** Whether a scalar's type follows from how it is written. */
export function isPlain(part: Part): boolean {
  if (!isScalar(part)) return false;
  return part.tag ? resolvedTags.has(part.tag) : part.type === "PLAIN" || part.type === undefined;
}

/** The key of a pair as JSON has it; undefined where it is no possible key. */
export function keyText(key: unknown): string | undefined {
  const part = key as Part;
  if (!isScalar(part)) return undefined;
  if (!isPlain(part)) return String(part.value);
  const value = resolveScalar(scalarText(part) ?? "");
  return value === null || value === notFinite ? undefined : String(value);
}

/** Whether a key asks for the content of other mappings. */
export function isMerge(pair: Pair): boolean {
  return isPlain(pair.key as Part) && scalarText(pair.key as Part) === "<<";
}

/** Where things are in a file. */
export class Places {
  constructor(
    private readonly root: Part,
    private readonly targets: Targets,
    private readonly lines: LineCounter,
  ) {}

  /** The line of a path: of the key, or where the path leads out of the document, of the last thing on the way. */
  line(path: readonly PathStep[]): number {
    return this.find(path).line;
  }

  /** How the scalar at a path is written, if it is a plain one. */
  plainText(path: readonly PathStep[]): string | undefined {
    const { part, left } = this.find(path);
    return left === 0 && isPlain(part) ? scalarText(part) : undefined;
  }

  private find(path: readonly PathStep[]): { part: Part; line: number; left: number } {
    let part: Part = this.root;
    let line = this.lineOf(part) ?? 1;
    for (const [index, step] of path.entries()) {
      const next = this.child(part, step);
      if (!next) return { part, line, left: path.length - index };
      part = this.target(next.part);
      line = this.lineOf(next.at) ?? line;
    }
    return { part, line, left: 0 };
  }

  private child(part: Part, step: PathStep): { part: Part; at: Part } | undefined {
    const parent = this.target(part);
    if (isSeq(parent)) {
      const item = parent.items[Number(step)] as Part;
      return item === undefined ? undefined : { part: item, at: item };
    }
    if (!isMap(parent)) return undefined;
    const own = parent.items.findLast((pair) => !isMerge(pair) && keyText(pair.key) === String(step));
    if (own) return { part: own.value as Part, at: own.key as Part };
    for (const pair of parent.items.filter(isMerge)) {
      const merged = this.target(pair.value as Part);
      const found = (isSeq(merged) ? merged.items : [merged]).map((each) => this.child(each as Part, step));
      const first = found.find((each) => each !== undefined);
      if (first) return first;
    }
    return undefined;
  }

  private target(part: Part): Part {
    return isAlias(part) ? this.targets.get(part) : part;
  }

  private lineOf(part: Part): number | undefined {
    const start = part?.range?.[0];
    return start === undefined ? undefined : Math.max(this.lines.linePos(start).line, 1);
  }
}
