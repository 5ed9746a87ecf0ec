import type { JsonObject } from "../../model";
import { mapAt, objectsAt, textAt, textsAt } from "../../rules/read";

function expressionHolds(expression: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[textAt(expression, "key") ?? ""];
  const values = textsAt(expression, "values");
  switch (textAt(expression, "operator")) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/**
 * Whether a label selector fits labels; one that says nothing fits none, as the machine config operator reads it.
 * Source: apimachinery LabelSelectorAsSelector.
 */
export function labelSelects(selector: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(mapAt(selector, "matchLabels"));
  const expressions = objectsAt(selector, "matchExpressions");
  if (wanted.length + expressions.length === 0) return false;
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    expressions.every((expression) => expressionHolds(expression, labels))
  );
}
