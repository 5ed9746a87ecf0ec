import { distance } from "fastest-levenshtein";
import { UNKNOWN, formatPath, isObject, pattern } from "../../model";
import type { Finding, Json, PathStep } from "../../model";
import type { Shape } from "../shape";

/** Marks a value that is known only after something else is made; it fits every shape. */
export { UNKNOWN };

/** How far a name may be from a known one to be taken for a misspelling of it. */
const typoDistance = 3;

function finding(rule: string, path: readonly PathStep[], message: string, fix?: string): Finding {
  return { rule: `schema/${rule}`, severity: "error", path: formatPath(path), message, ...(fix ? { fix } : {}) };
}

/** What to say of names that are no fields (any more), by path pattern. */
export type FormerFields = Readonly<Record<string, string>>;

function unknownField(shape: Shape, key: string, path: readonly PathStep[], former: FormerFields): Finding {
  const told = former[pattern([...path, key])];
  if (told) return finding("former-field", [...path, key], `There is no field "${key}".`, told);
  const names = Object.keys(shape.properties ?? {});
  const nearest = names
    .map((name) => ({ name, off: distance(name.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.off - b.off)[0];
  const close = nearest && nearest.off <= Math.min(typoDistance, key.length - 1);
  const fix = close
    ? `Did you mean "${nearest.name}"?`
    : `Known fields here: ${names.slice(0, 12).join(", ") || "none"}.`;
  return finding("unknown-field", [...path, key], `There is no field "${key}".`, fix);
}

function absent(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

function checkObject(
  shape: Shape,
  value: Record<string, Json | undefined>,
  path: readonly PathStep[],
  former: FormerFields,
): Finding[] {
  const required = (shape.required ?? [])
    .filter((key) => absent(value[key]))
    .map((key) => finding("required", [...path, key], "This field is required."));
  const inner = Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined || item === null) return [];
    const known = shape.properties?.[key] ?? shape.values;
    if (known) return validateShape(known, item, [...path, key], former);
    return shape.open || (!shape.properties && shape.type !== "object") ? [] : [unknownField(shape, key, path, former)];
  });
  return [...required, ...inner];
}

function duplicateKeys(shape: Shape, value: readonly Json[], path: readonly PathStep[]): Finding[] {
  if (shape.listType !== "map" && shape.listType !== "set") return [];
  const seen = new Map<string, number>();
  return value.flatMap((item, index) => {
    const keys = isObject(item) && shape.listKeys ? shape.listKeys.map((key) => item[key] ?? null) : [item];
    if (keys.includes(UNKNOWN)) return [];
    const id = JSON.stringify(keys);
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    const same = `The element is the same as number ${(first ?? 0) + 1}; the API server takes each once.`;
    return first === undefined ? [] : [finding("duplicate", [...path, index], same)];
  });
}

function checkList(shape: Shape, value: readonly Json[], path: readonly PathStep[], former: FormerFields): Finding[] {
  const { items, minItems, maxItems } = shape;
  const found: Finding[] = duplicateKeys(shape, value, path);
  if (minItems !== undefined && value.length < minItems) {
    found.push(finding("length", path, `The list needs at least ${minItems} elements.`));
  }
  if (maxItems !== undefined && value.length > maxItems) {
    found.push(finding("length", path, `The list may have at most ${maxItems} elements, it has ${value.length}.`));
  }
  return items
    ? [...found, ...value.flatMap((item, index) => validateShape(items, item, [...path, index], former))]
    : found;
}

function checkText(shape: Shape, value: string, path: readonly PathStep[]): Finding[] {
  const found: Finding[] = [];
  const { minLength, maxLength, pattern } = shape;
  if (minLength !== undefined && value.length < minLength) {
    found.push(
      finding("length", path, minLength === 1 ? "The text is empty." : `The text needs ${minLength} characters.`),
    );
  }
  if (maxLength !== undefined && value.length > maxLength) {
    found.push(finding("length", path, `The text may have at most ${maxLength} characters, it has ${value.length}.`));
  }
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) {
    found.push(finding("pattern", path, `"${value}" does not have the required form.`, `It must match ${pattern}.`));
  }
  return found;
}

/** Bounds that a number format implies. */
const formats: Readonly<Record<string, [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
};

function checkNumber(shape: Shape, value: number, path: readonly PathStep[]): Finding[] {
  const [low, high] = formats[shape.format ?? ""] ?? [-Infinity, Infinity];
  const minimum = Math.max(shape.minimum ?? low, low);
  const maximum = Math.min(shape.maximum ?? high, high);
  if (value < minimum) return [finding("range", path, `${value} is too small.`, `The least is ${minimum}.`)];
  if (value > maximum) return [finding("range", path, `${value} is too large.`, `The most is ${maximum}.`)];
  return [];
}

function typeName(value: Json): string {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

const wantedNames: Readonly<Record<NonNullable<Shape["type"]>, string>> = {
  object: "an object",
  array: "a list",
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
};

function fits(type: NonNullable<Shape["type"]>, value: Json): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** Words that YAML 1.1 reads as true and as false. */
const yamlWords: Readonly<Record<string, readonly string[]>> = {
  true: ["true", "yes", "on", "y"],
  false: ["false", "no", "off", "n"],
};

/** How to write a text that YAML took for something else: of words, the one that the field allows. */
function quotes(shape: Shape, value: Json): string | undefined {
  if (typeof value === "number") return `Write "${value}" in quotes.`;
  if (typeof value !== "boolean") return undefined;
  const words = yamlWords[String(value)] ?? [];
  const allowed = (shape.enum ?? []).filter((each) => typeof each === "string" && words.includes(each.toLowerCase()));
  if (allowed.length > 0) return `Write ${allowed.map((each) => JSON.stringify(each)).join(" or ")} in quotes.`;
  if (shape.enum) return `Allowed: ${shape.enum.map((each) => JSON.stringify(each)).join(", ")}.`;
  return `Write the text in quotes: without them YAML reads ${words.join(", ")} as ${String(value)}.`;
}

function checkType(shape: Shape, value: Json, path: readonly PathStep[]): Finding[] {
  if (shape.intOrString) {
    const good = Number.isInteger(value) || typeof value === "string";
    return good ? [] : [finding("type", path, `This must be a whole number or a text, not ${typeName(value)}.`)];
  }
  if (!shape.type || fits(shape.type, value)) return [];
  const fix = shape.type === "string" ? quotes(shape, value) : undefined;
  return [finding("type", path, `This must be ${wantedNames[shape.type]}, not ${typeName(value)}.`, fix)];
}

/**
 * Everything in which a value does not have its shape, each with its property path: unknown fields with the nearest
 * known name or what is used now, missing ones, wrong types, values outside of what is allowed. Nulls count as absent.
 */
export function validateShape(
  shape: Shape,
  value: Json | undefined,
  path: readonly PathStep[],
  former: FormerFields = {},
): Finding[] {
  if (value === undefined || value === null || value === UNKNOWN) return [];
  const type = checkType(shape, value, path);
  if (type.length > 0) return type;
  if (shape.enum && !shape.enum.includes(value)) {
    const allowed = shape.enum.map((item) => JSON.stringify(item)).join(", ");
    return [finding("enum", path, `${JSON.stringify(value)} is not allowed.`, `Allowed: ${allowed}.`)];
  }
  if (Array.isArray(value)) return checkList(shape, value, path, former);
  if (isObject(value)) return checkObject(shape, value, path, former);
  if (typeof value === "string") return checkText(shape, value, path);
  return typeof value === "number" ? checkNumber(shape, value, path) : [];
}
