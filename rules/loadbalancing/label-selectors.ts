import type { KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, mapAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const part = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a text can be a label's key: a name of at most 63 characters, with or without a domain in front of it. */
function isKey(text: string): boolean {
  const [name = "", prefix, ...more] = text.split("/").reverse();
  if (more.length > 0 || name.length > 63 || !part.test(name)) return false;
  return prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix));
}

const isValue = (text: string): boolean => text === "" || (text.length <= 63 && part.test(text));

const keyMessage = (key: string): string => `"${key}" is no label key, so the selector as a whole is refused.`;
const valueMessage = (value: string): string => `"${value}" is no label value, so the selector as a whole is refused.`;

function labelProblems(object: KubernetesObject, path: readonly PathStep[]): Violation[] {
  return Object.entries(mapAt(object, ...path)).flatMap(([key, value]) => [
    ...(isKey(key) ? [] : [{ path: [...path, key], message: keyMessage(key) }]),
    ...(isValue(value) ? [] : [{ path: [...path, key], message: valueMessage(value) }]),
  ]);
}

function expressionProblems(object: KubernetesObject, path: readonly PathStep[]): Violation[] {
  return indexedAt(object, ...path).flatMap(([index, expression]) => {
    const at = [...path, index];
    const [key, operator] = [textAt(expression, "key"), textAt(expression, "operator")];
    const found: Violation[] = [];
    if (key !== undefined && !isKey(key)) found.push({ path: [...at, "key"], message: keyMessage(key) });
    const unknown = "values" in expression && expression.values === undefined;
    const values = listAt(expression, "values");
    if (operator === "In" || operator === "NotIn") {
      if (!unknown && values.length === 0) {
        found.push({ path: [...at, "values"], message: `${operator} needs at least one value.` });
      }
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0) found.push({ path: [...at, "values"], message: `${operator} takes no values.` });
    } else if (operator !== undefined) {
      const fix = "Use In, NotIn, Exists or DoesNotExist.";
      found.push({ path: [...at, "operator"], message: `"${operator}" is no operator of a selector.`, fix });
    }
    values.forEach((value, item) => {
      if (typeof value === "string" && !isValue(value)) {
        found.push({ path: [...at, "values", item], message: valueMessage(value) });
      }
    });
    return found;
  });
}

/** What apimachinery refuses of the label selector at a path. */
export function selectorProblems(object: KubernetesObject, ...path: PathStep[]): Violation[] {
  return [
    ...labelProblems(object, [...path, "matchLabels"]),
    ...expressionProblems(object, [...path, "matchExpressions"]),
  ];
}

/** Whether the selector is there for certain and selects everything. */
export function selectsAll(object: KubernetesObject, ...path: PathStep[]): boolean {
  const selector = objectAt(object, ...path);
  const empty = (key: string): boolean =>
    missing(selector, key) || (selector[key] !== undefined && Object.keys(objectAt(selector, key)).length === 0);
  const noExpressions =
    missing(selector, "matchExpressions") ||
    (selector.matchExpressions !== undefined && listAt(selector, "matchExpressions").length === 0);
  return empty("matchLabels") && noExpressions;
}

/** Keys that are labels of other things than Services, with the key that Cilium gives to every Service. */
const foreignKeys: Readonly<Record<string, string>> = {
  "io.kubernetes.pod.namespace": "io.kubernetes.service.namespace",
  "k8s:io.kubernetes.pod.namespace": "io.kubernetes.service.namespace",
  "kubernetes.io/metadata.name": "io.kubernetes.service.namespace",
};

/** Keys of a selector of Services that no Service has of itself. */
export function foreignKeyProblems(object: KubernetesObject, ...path: PathStep[]): Violation[] {
  const told = (key: string | undefined, at: PathStep[]): Violation[] => {
    const instead = foreignKeys[key ?? ""];
    if (!instead) return [];
    const message = `Services have no label "${key}" of themselves, so this selects none.`;
    return [{ path: at, message, fix: `Use ${instead}.` }];
  };
  const labels = Object.keys(mapAt(object, ...path, "matchLabels"));
  const expressions = indexedAt(object, ...path, "matchExpressions");
  return [
    ...labels.flatMap((key) => told(key, [...path, "matchLabels", key])),
    ...expressions.flatMap(([index, expression]) =>
      told(textAt(expression, "key"), [...path, "matchExpressions", index, "key"]),
    ),
  ];
}

/** A rule that refuses selectors which the controller cannot read. */
export function selectorRule(
  id: string,
  source: string,
  check: (object: KubernetesObject) => Violation[],
): Rule<KubernetesObject> {
  return { id, severity: "error", source, check };
}
