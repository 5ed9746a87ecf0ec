import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { type Finding, formatPath, isObject, type Json, type PathStep } from "../model";

/** Arguments that fit their schema, with defaults filled in, or everything that is wrong with them. */
export type Validated<T> = { value: T; findings: [] } | { value?: undefined; findings: Finding[] };

type Issue = z.core.$ZodIssue;

/** How far a name may be from a known one to be taken for a misspelling of it. */
const TYPO_DISTANCE = 3;

function stepsOf(issue: Issue): PathStep[] {
  return issue.path.map((step) => (typeof step === "number" ? step : String(step)));
}

/** Where a value is missing, a message that says so; zod's own otherwise. */
function messageOf(issue: Issue): string {
  if (issue.code === "invalid_type" && issue.input === undefined) return `Is required: ${issue.expected}.`;
  return issue.message.endsWith(".") ? issue.message : `${issue.message}.`;
}

/** The alternatives of a JSON Schema; the schema itself where it has none. */
function alternatives(schema: Json | undefined): Json[] {
  if (!isObject(schema)) return [];
  const options = schema.oneOf ?? schema.anyOf;
  return Array.isArray(options) ? options.flatMap(alternatives) : [schema];
}

/** Names of the properties that a JSON Schema knows at a path, in all alternatives together. */
function knownNames(schema: Json, path: readonly PathStep[]): string[] {
  const step = (at: Json, key: PathStep): Json[] => {
    if (!isObject(at)) return [];
    if (typeof key === "number") return alternatives(at.items);
    return alternatives((isObject(at.properties) ? at.properties[key] : undefined) ?? at.additionalProperties);
  };
  const found = path.reduce((schemas, key) => schemas.flatMap((at) => step(at, key)), alternatives(schema));
  return found.flatMap((at) => (isObject(at) && isObject(at.properties) ? Object.keys(at.properties) : []));
}

function unknownKey(schema: z.ZodType, path: readonly PathStep[], key: string): Pick<Finding, "message" | "fix"> {
  const names = knownNames(z.toJSONSchema(schema, { io: "input" }) as Json, path);
  const near = names.length > 0 ? closest(key, names) : undefined;
  const fix = near !== undefined && distance(near, key) <= TYPO_DISTANCE ? `Did you mean "${near}"?` : undefined;
  return { message: "Is not a known property.", fix };
}

/** Checks arguments against their schema, all of them at once. `rule` is the id that findings get. */
export function validate<T extends z.ZodType>(schema: T, args: unknown, rule: string): Validated<z.output<T>> {
  const result = schema.safeParse(args, { reportInput: true });
  if (result.success) return { value: result.data, findings: [] };
  const at = (path: PathStep[], text: Pick<Finding, "message" | "fix">): Finding => ({
    rule,
    severity: "error",
    path: formatPath(path),
    ...text,
  });
  // One finding per unknown key, at the key itself; one per other issue.
  const findings = result.error.issues.flatMap((issue) => {
    const path = stepsOf(issue);
    if (issue.code !== "unrecognized_keys") return [at(path, { message: messageOf(issue) })];
    return issue.keys.map((key) => at([...path, key], unknownKey(schema, path, key)));
  });
  return { findings };
}
