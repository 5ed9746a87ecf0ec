/** One step of a property path: an object's key or a list's index. */
export type PathStep = string | number;

/**
 * Writes a property path as users read it and as Pulumi's engine parses it:
 * `spec.nicSelector.pfNames[0]`, `metadata.labels["app.kubernetes.io/name"]`.
 */
export function formatPath(path: readonly PathStep[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/**
 * The path without its list indices, dotted: what kinds use to name a place in every element of a list
 * (`spec.template.spec.networks.name`).
 */
export function pattern(path: readonly PathStep[]): string {
  return path.filter((step) => typeof step === "string").join(".");
}

/** The inverse of `formatPath`. */
export function parsePath(text: string): PathStep[] {
  const steps = text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([A-Za-z_$][\w$-]*)/g);
  return [...steps].map(([, index, quoted, name]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (name ?? "") : (JSON.parse(quoted) as string);
  });
}
