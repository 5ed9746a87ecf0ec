/** What a scalar can be. */
export type Plain = string | number | boolean | null;

/**
 * Plain scalars as Kubernetes reads them. kubectl and Helm go through sigs.k8s.io/yaml, which is go-yaml v2: YAML 1.1's
 * booleans and octal numbers, underscores in numbers, but neither its sexagesimal numbers nor its dates.
 * Source: sigs.k8s.io/yaml v1.4.0 goyaml.v2/resolve.go.
 */
export function resolveScalar(source: string): Plain | typeof notFinite {
  const word = words.get(source);
  if (word !== undefined) return word;
  if (notFiniteForm.test(source)) return notFinite;
  const plain = /^[-+\d]/.test(source) ? source.replaceAll("_", "") : source;
  const integer = integerOf(plain);
  if (integer !== undefined) return integer;
  if (!floatForm.test(plain)) return source;
  const float = Number(plain);
  return Number.isFinite(float) ? float : source;
}

/** Infinity and not-a-number: YAML has them, JSON has not. */
export const notFinite = Symbol("not finite");

const spellings = (word: string): string[] => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()];

const words = new Map<string, Plain>([
  ...["true", "yes", "on", "y"].flatMap(spellings).map((text) => [text, true] as const),
  ...["false", "no", "off", "n"].flatMap(spellings).map((text) => [text, false] as const),
  ...["", "~", ...spellings("null")].map((text) => [text, null] as const),
]);

const notFiniteForm = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;
const floatForm = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

const bases: readonly [RegExp, number][] = [
  [/^([-+]?)0[xX]([0-9a-fA-F]+)$/, 16],
  [/^([-+]?)0[bB]([01]+)$/, 2],
  [/^([-+]?)0[oO]?([0-7]+)$/, 8],
  [/^([-+]?)(0|[1-9][0-9]*)$/, 10],
];

function integerOf(plain: string): number | undefined {
  for (const [form, base] of bases) {
    const [, sign, digits] = form.exec(plain) ?? [];
    if (digits !== undefined) return (sign === "-" ? -1 : 1) * Number.parseInt(digits, base) || 0;
  }
  return undefined;
}

/** Why a plain scalar is not what it looks like. */
export type Pitfall = "boolean" | "octal" | "underscores" | "sexagesimal";

/** What may surprise in how a plain scalar is read. */
export function pitfallOf(source: string): Pitfall | undefined {
  if (/^(y|yes|on|n|no|off)$/i.test(source) && typeof resolveScalar(source) === "boolean") return "boolean";
  if (/^[-+]?0[0-7]*[1-7][0-7]*$/.test(source) && Number(source) > 7) return "octal";
  if (source.includes("_") && typeof resolveScalar(source) === "number") return "underscores";
  return /^[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+$/.test(source) ? "sexagesimal" : undefined;
}
