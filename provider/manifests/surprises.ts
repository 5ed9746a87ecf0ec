import { formatPath } from "../../model";
import type { Finding, PathStep } from "../../model";
import type { Shape } from "../shape";
import type { Surprise } from "./json-of";

/** The shape of the value at a path; undefined where the shape says nothing. */
export function shapeAlong(shape: Shape, path: readonly PathStep[]): Shape | undefined {
  return path.reduce<Shape | undefined>(
    (at, step) => (typeof step === "number" ? at?.items : (at?.properties?.[step] ?? at?.values)),
    shape,
  );
}

const source = "sigs.k8s.io/yaml, by which kubectl and Helm read: go-yaml v2 resolve.go";

/** What to say of a plain scalar that Kubernetes reads otherwise than it looks, or than other programs do. */
export function surprising(
  { pitfall, source: written, value, key }: Surprise,
  path: readonly PathStep[],
  shape: Shape,
): Finding | undefined {
  const expected = shapeAlong(shape, path);
  const at = { rule: "manifest/yaml-1.1", path: formatPath(path), source };
  const what = key ? `The key ${written}` : written;
  switch (pitfall) {
    case "boolean": {
      if (!key && expected?.type === "boolean") return undefined;
      const fix =
        key || expected ? `Write "${written}" in quotes.` : `Write ${String(value)}, or "${written}" in quotes.`;
      return { ...at, severity: "warning", message: `${what} without quotes is read as ${String(value)}.`, fix };
    }
    case "octal": {
      const mode = /mode$/i.test(String(path.at(-1)));
      const message = `${what} is read as octal ${Number(value)} by kubectl, but as ${Number(written)} by programs that read YAML 1.2.`;
      return { ...at, severity: mode ? "info" : "warning", message, fix: `Write ${Number(value)}.` };
    }
    case "underscores":
      return {
        ...at,
        severity: "warning",
        message: `${what} is read as ${String(value)}.`,
        fix: `Write ${String(value)}.`,
      };
    case "sexagesimal": {
      const message = `${what} is a text for kubectl, but a number for programs that read YAML 1.1 to the letter.`;
      return { ...at, severity: "info", message, fix: `Write "${written}" in quotes.` };
    }
  }
}
