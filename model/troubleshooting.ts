/** What can be looked into. */
export const troubleshootingKinds = ["machine", "tenant", "network"] as const;
export type TroubleshootingKind = (typeof troubleshootingKinds)[number];

/** One question on the way to a fault, and how it is answered. */
export interface TroubleshootingStep {
  /** What the step answers. */
  question: string;
  /** Lines for a POSIX shell, in their order. */
  commands: string[];
  /** What the output looks like when this is not the fault. */
  good: string;
  /** What another output means, and what to do then. */
  bad: string;
}

/** The way from a symptom to its cause, for one thing of an environment. */
export interface TroubleshootingGuide {
  environment: string;
  kind: TroubleshootingKind;
  /** With its namespace where it has one: `app-web-prod/web`. */
  name: string;
  steps: TroubleshootingStep[];
}
