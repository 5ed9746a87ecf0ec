import { stringify } from "yaml";
import { planDot, planMermaid } from "./graphs";
import type { PlanReport } from "./report";
import { planTable } from "./table";

export { type KindFacts, planReport, type PlanReport } from "./report";

/** The forms in which a plan is shown. */
export const planFormats = ["table", "yaml", "json", "dot", "mermaid"] as const;
export type PlanFormat = (typeof planFormats)[number];

const renderers: Record<PlanFormat, (report: PlanReport) => string> = {
  table: planTable,
  yaml: (report) => stringify(report, { lineWidth: 0, aliasDuplicateObjects: false }),
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  dot: planDot,
  mermaid: planMermaid,
};

/** A plan in one of its forms. Equal plans make the same text. */
export function planText(report: PlanReport, format: PlanFormat): string {
  return renderers[format](report);
}
