import { Document, isCollection, isScalar, Scalar, type ScalarTag, stringify } from "yaml";
import { formatPath, isObject, type Json, type PathStep } from "../model";
import { type Origin, type Sourced, sourcedAt } from "../model/layers";
import { masked } from "../model/secrets";

/** What is said of values that no file holds. */
const DEFAULT = "default";

/** Text that is never folded, and in which nothing refers to another place. */
const PLAIN = { lineWidth: 0, aliasDuplicateObjects: false } as const;

export type EnvironmentFormat = "yaml" | "json";

/** A value that holds no others, with where it comes from. */
interface Explained {
  path: string;
  value: Json;
  /** `file:line`, or `default`. */
  origin: string;
}

function originOf(origins: Sourced, path: readonly PathStep[]): string {
  const at = sourcedAt(origins, path);
  const origin: Origin | undefined = at?.origin;
  return origin ? `${origin.file}:${origin.line}` : DEFAULT;
}

/** The paths of a value that hold no others: scalars, and what is empty. */
function leaves(value: Json, path: readonly PathStep[] = []): { path: readonly PathStep[]; value: Json }[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((element, index) => leaves(element, [...path, index]));
  }
  if (!isObject(value) || Object.keys(value).length === 0) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : leaves(inner, [...path, key])));
}

/** An empty list or map that stands in one line with its comment, as scalars do. */
class Empty {
  constructor(readonly text: string) {}
}

const emptyTag: ScalarTag = {
  tag: "empty",
  default: true,
  identify: (value) => value instanceof Empty,
  stringify: ({ value }) => (value as Empty).text,
  resolve: (text) => text,
};

/** An environment with its defaults, secrets masked. */
export function environmentText(environment: Json, format: EnvironmentFormat): string {
  const shown = masked(environment);
  return format === "json" ? `${JSON.stringify(shown, null, 2)}\n` : stringify(shown, PLAIN);
}

/** The same with the origin of each value: in YAML as comments, so that it remains the environment; in JSON as a list. */
export function explainedText(environment: Json, origins: Sourced, format: EnvironmentFormat): string {
  const shown = masked(environment);
  const all = leaves(shown);
  if (format === "json") {
    const list = all.map(({ path, value }): Explained => {
      return { path: formatPath(path), value, origin: originOf(origins, path) };
    });
    return `${JSON.stringify(list, null, 2)}\n`;
  }
  const document = new Document(shown, { aliasDuplicateObjects: false, customTags: [emptyTag] });
  for (const { path } of all) {
    const found: unknown = document.getIn(path, true);
    const node = isCollection(found) ? new Scalar(new Empty(JSON.stringify(found))) : found;
    if (!isScalar(node)) continue;
    node.comment = ` ${originOf(origins, path)}`;
    if (node !== found) document.setIn(path, node);
  }
  return document.toString({ lineWidth: 0 });
}
