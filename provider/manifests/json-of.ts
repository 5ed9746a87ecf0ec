import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Alias, LineCounter, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { isObject } from "../../model";
import type { Json, JsonObject, PathStep } from "../../model";
import { isMerge, isPlain, keyText, scalarText } from "./places";
import type { Part } from "./places";
import { notFinite, pitfallOf, resolveScalar } from "./scalars";
import type { Pitfall } from "./scalars";

/** A place where a file says something else than it seems to. */
export interface Surprise {
  path: PathStep[];
  line: number;
  pitfall: Pitfall;
  source: string;
  value: string | number | boolean | null;
  /** Whether it is a key and not a value. */
  key: boolean;
}

/** Something wrong with a file as YAML. */
export interface YamlProblem {
  line: number;
  message: string;
  fix?: string;
}

/** How many values aliases may stand for in a document: more is no configuration but an attack. */
const aliasLimit = 100_000;

/** How many surprises are told of a document. */
const surpriseLimit = 1000;

/** Ends the reading of a document. */
class Unreadable extends Error {}

/** Reads the JSON value of a YAML tree as Kubernetes would, and notes what is wrong or surprising on the way. */
export class JsonReader {
  readonly targets = new Map<Alias, Node>();
  readonly surprises: Surprise[] = [];
  readonly problems: YamlProblem[] = [];
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();
  private readonly path: PathStep[] = [];
  private expanding = 0;
  private expanded = 0;

  constructor(private readonly lines: LineCounter) {}

  /** The value of a tree, undefined when there is none. */
  read(root: Part): Json | undefined {
    try {
      return this.value(root);
    } catch (error) {
      if (error instanceof Unreadable) return undefined;
      throw error;
    }
  }

  private value(part: Part): Json {
    if (!part) return null;
    if (this.expanding > 0 && ++this.expanded > aliasLimit) {
      this.unreadable(part, "Aliases stand for too much: the document would grow without bound.", "Write it out.");
    }
    if (isAlias(part)) return this.aliased(part);
    if ("anchor" in part && part.anchor && this.expanding === 0) this.anchors.set(part.anchor, part);
    if (isScalar(part)) return this.scalar(part);
    this.open.add(part);
    const value = isMap(part) ? this.mapping(part) : isSeq(part) ? this.list(part) : null;
    this.open.delete(part);
    return value;
  }

  private aliased(alias: Alias): Json {
    const target = this.targets.get(alias) ?? this.anchors.get(alias.source);
    if (!target) return this.unreadable(alias, `There is no anchor "${alias.source}" before this alias.`);
    if (this.open.has(target)) return this.unreadable(alias, `The anchor "${alias.source}" contains itself.`);
    this.targets.set(alias, target);
    this.expanding++;
    const value = this.value(target);
    this.expanding--;
    return value;
  }

  private scalar(part: Scalar): Json {
    const source = scalarText(part) ?? "";
    if (part.tag === "tag:yaml.org,2002:binary") return Buffer.from(source, "base64").toString("utf8");
    if (!isPlain(part)) return typeof part.value === "string" ? part.value : source;
    const value = resolveScalar(source);
    if (value === notFinite) return this.unreadable(part, `${source} is no number that JSON has.`);
    if (!part.tag) this.note(part, source, value, false);
    return value;
  }

  private note(part: Part, source: string, value: Surprise["value"], key: boolean): void {
    const pitfall = pitfallOf(source);
    if (!pitfall || this.surprises.length >= surpriseLimit) return;
    this.surprises.push({ path: [...this.path], line: this.line(part), pitfall, source, value, key });
  }

  private list(part: YAMLSeq): Json[] {
    return part.items.map((item, index) => this.at(index, item as Part));
  }

  private at(step: PathStep, part: Part): Json {
    this.path.push(step);
    const value = this.value(part);
    this.path.pop();
    return value;
  }

  private mapping(part: YAMLMap): JsonObject {
    const entries = new Map<string, Json>();
    const merged: JsonObject[] = [];
    for (const pair of part.items) {
      if (isMerge(pair)) merged.push(...this.mergedBy(pair));
      else this.pair(pair, entries);
    }
    for (const other of merged) {
      for (const [key, value] of Object.entries(other)) if (!entries.has(key)) entries.set(key, value ?? null);
    }
    return Object.fromEntries(entries);
  }

  private pair({ key, value }: Pair, entries: Map<string, Json>): void {
    const part = key as Part;
    const text = keyText(part);
    if (text === undefined) {
      this.problem(part ?? (value as Part), "A key must be a text.", "If this is a template, render it first.");
      return;
    }
    if (entries.has(text)) {
      this.problem(part, `The key "${text}" is there twice; only the last one counts.`, "Keep one of them.");
    }
    const source = isPlain(part) ? scalarText(part) : undefined;
    if (source !== undefined && source !== text) {
      this.path.push(text);
      this.note(part, source, text, true);
      this.path.pop();
    }
    entries.set(text, this.at(text, value as Part));
  }

  private mergedBy(pair: Pair): JsonObject[] {
    const value = this.value(pair.value as Part);
    const all = Array.isArray(value) ? value : [value];
    if (all.every(isObject)) return all;
    this.problem(pair.key as Part, "Only mappings can be merged by <<.");
    return [];
  }

  private line(part: Part): number {
    return this.lines.linePos(part?.range?.[0] ?? 0).line;
  }

  private problem(part: Part, message: string, fix?: string): void {
    this.problems.push({ line: this.line(part), message, ...(fix ? { fix } : {}) });
  }

  private unreadable(part: Part, message: string, fix?: string): never {
    this.problem(part, message, fix);
    throw new Unreadable(message);
  }
}
