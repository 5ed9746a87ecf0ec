import type { JsonObject } from "../../model";
import { listAt, missing, numberAt, textAt } from "../read";
import { expressionProblem } from "../policies/expressions";

const target = /^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$/;
const needsTarget = ["replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal"];
const plain = ["lowercase", "uppercase", "keepequal", "dropequal"];

/** What is wrong with one field of a relabeling. */
export interface RelabelingProblem {
  key: string;
  message: string;
}

const changed = (step: JsonObject, key: string, usual: string): boolean => (textAt(step, key) ?? usual) !== usual;

function foreign(step: JsonObject, action: string): RelabelingProblem[] {
  const keys = {
    regex: changed(step, "regex", "(.*)") && textAt(step, "regex") !== "",
    modulus: (numberAt(step, "modulus") ?? 0) !== 0,
    separator: changed(step, "separator", ";"),
    replacement: changed(step, "replacement", "$1"),
    sourceLabels: listAt(step, "sourceLabels").length > 0,
    targetLabel: Boolean(textAt(step, "targetLabel")),
  };
  const refused: Readonly<Record<string, (keyof typeof keys)[]>> = {
    keepequal: ["regex", "modulus", "separator", "replacement"],
    dropequal: ["regex", "modulus", "separator", "replacement"],
    lowercase: ["replacement"],
    uppercase: ["replacement"],
    labeldrop: ["sourceLabels", "targetLabel", "modulus", "separator", "replacement"],
    labelkeep: ["sourceLabels", "targetLabel", "modulus", "separator", "replacement"],
  };
  return (refused[action] ?? [])
    .filter((key) => keys[key])
    .map((key) => ({ key, message: `Action ${action} takes no ${key}.` }));
}

/**
 * What makes the operator leave out an object that has this relabeling.
 * Source: prometheus-operator pkg/prometheus/resource_selector.go LabelConfigValidator.
 */
export function relabelingProblems(step: JsonObject): RelabelingProblem[] {
  if ("action" in step && step.action === undefined) return [];
  const action = (textAt(step, "action") || "replace").toLowerCase();
  const found = foreign(step, action);
  const label = textAt(step, "targetLabel");
  const expression = expressionProblem(textAt(step, "regex") ?? "");
  if (expression) found.push({ key: "regex", message: "It is no regular expression of Go." });
  if (needsTarget.includes(action) && (label === "" || missing(step, "targetLabel"))) {
    found.push({ key: "targetLabel", message: `Action ${action} needs a targetLabel.` });
  } else if (label && (action === "replace" || plain.includes(action)) && !target.test(label)) {
    found.push({ key: "targetLabel", message: `"${label}" cannot be a label's name.` });
  }
  if (action === "hashmod" && (missing(step, "modulus") || step.modulus === 0)) {
    found.push({ key: "modulus", message: "Action hashmod needs a modulus other than 0." });
  }
  const replacement = textAt(step, "replacement");
  if (action === "labelmap" && replacement !== undefined && !target.test(replacement)) {
    found.push({ key: "replacement", message: `"${replacement}" cannot be a label's name.` });
  }
  return found;
}
