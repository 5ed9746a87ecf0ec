import { isObject, type Json } from "../../model";
import { objectsOf, textOf } from "./read";

/** Whether a label selector fits labels. One that is absent or empty fits all, as Cilium reads it. */
export function labelsFit(selector: Json | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (!isObject(selector)) return true;
  const wanted = isObject(selector.matchLabels) ? Object.entries(selector.matchLabels) : [];
  if (!wanted.every(([key, value]) => labels[key] === value)) return false;
  return objectsOf(selector.matchExpressions).every((expression) => {
    const value = labels[textOf(expression.key)];
    const listed = Array.isArray(expression.values) && value !== undefined && expression.values.includes(value);
    switch (textOf(expression.operator)) {
      case "In":
        return listed;
      case "NotIn":
        return !listed;
      case "Exists":
        return value !== undefined;
      default:
        return value === undefined;
    }
  });
}
