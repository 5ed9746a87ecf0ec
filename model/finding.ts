/** How bad a finding is: an error will not work, a warning works differently than one would think. */
export type Severity = "error" | "warning" | "info";

/** A rule's verdict on an object or a plan. */
export interface Finding {
  /** Stable id of the rule, `<domain>/<rule>`, for example `sriov/resource-name`. */
  rule: string;
  severity: Severity;
  /** Property path inside the object, as `formatPath` writes it; empty for the object as a whole. */
  path: string;
  /** What is wrong, in one plain sentence. */
  message: string;
  /** What to do about it. */
  fix?: string;
  /** Where upstream says or does so. */
  source?: string;
  /** Ids of the objects concerned, in a plan. */
  objects?: string[];
}

/** `path: message fix`, the form in which a finding is shown in one line. */
export function findingText(finding: Finding): string {
  const where = finding.path ? `${finding.path}: ` : "";
  return `${where}${finding.message}${finding.fix ? ` ${finding.fix}` : ""}`;
}
