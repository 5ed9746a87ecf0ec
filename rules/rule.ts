import { defaultFacts, formatPath } from "../model";
import type { Facts, Finding, PathStep, Severity } from "../model";

/** One place where a rule does not hold. */
export interface Violation {
  path: PathStep[];
  /** What is wrong, in one plain sentence. */
  message: string;
  /** What to do about it. */
  fix?: string;
  /** Names of the objects concerned, where a rule compares several. */
  objects?: string[];
}

/** One thing to know of a subject, as data: who is told what, how bad it is, and when. */
export interface Rule<Subject> {
  /** `<domain>/<rule>`; stable, because users filter by it. */
  id: string;
  severity: Severity;
  /** Where upstream says or does so: a file and function, a document, an issue. */
  source?: string;
  /** The places where the rule does not hold. Values that are not known yet are `undefined` and never violate it. */
  check(subject: Subject, facts: Facts): Violation[];
}

/** The findings of all rules on a subject, in the order of the rules. */
export function evaluate<Subject>(
  rules: readonly Rule<Subject>[],
  subject: Subject,
  facts: Facts = defaultFacts,
): Finding[] {
  return rules.flatMap((rule) =>
    rule.check(subject, facts).map(({ path, message, fix, objects }) => ({
      rule: rule.id,
      severity: rule.severity,
      path: formatPath(path),
      message,
      ...(fix ? { fix } : {}),
      ...(rule.source ? { source: rule.source } : {}),
      ...(objects ? { objects } : {}),
    })),
  );
}
