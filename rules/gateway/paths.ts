import type { JsonObject } from "../../model";
import { missing, textAt } from "../read";

/** Source: the rules on spec.rules[].matches[].path in the CRD HTTPRoute of gateway-api v1.6.1. */
const refused: readonly [RegExp, string][] = [
  [/^(?!\/)/, "must begin with /"],
  [/\/\//, "must not contain //"],
  [/\/\.\//, "must not contain /./"],
  [/\/\.\.\//, "must not contain /../"],
  [/%2f/i, "must not contain %2f"],
  [/#/, "must not contain #"],
  [/\/\.\.$/, "must not end with /.."],
  [/\/\.$/, "must not end with /."],
];
const characters = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$/;

/** How a match compares the path: the API server fills in what is missing. */
export function pathType(path: JsonObject): string | undefined {
  return missing(path, "type") ? "PathPrefix" : textAt(path, "type");
}

/** What is wrong with the value of a path that is compared as it is. */
export function pathProblem(value: string): string | undefined {
  const found = refused.find(([sign]) => sign.test(value));
  if (found) return `The path "${value}" ${found[1]}.`;
  return characters.test(value) ? undefined : `The path "${value}" has characters that no URL has.`;
}

const modifiers: Readonly<Record<string, string>> = {
  ReplaceFullPath: "replaceFullPath",
  ReplacePrefixMatch: "replacePrefixMatch",
};

/** What is wrong with the replacement of a path: its type and its one field must fit. */
export function modifierProblem(modifier: JsonObject): { key: string; message: string } | undefined {
  const type = textAt(modifier, "type");
  const wanted = modifiers[type ?? ""];
  if (type === undefined || !wanted) return undefined;
  if (missing(modifier, wanted)) return { key: wanted, message: `The type ${type} needs ${wanted}.` };
  const other = Object.values(modifiers).find((each) => each !== wanted && !missing(modifier, each));
  return other ? { key: other, message: `${other} does not go with the type ${type}.` } : undefined;
}
