import type { TroubleshootingGuide, TroubleshootingStep } from "../model";

/** The forms in which a guide is shown. */
export const troubleshootingFormats = ["text", "markdown", "json"] as const;
export type TroubleshootingFormat = (typeof troubleshootingFormats)[number];

function titleOf({ environment, kind, name }: TroubleshootingGuide): string {
  return `${kind} ${name} of ${environment}`;
}

function stepText({ question, commands, good, bad }: TroubleshootingStep, index: number): string {
  const lines = [
    `${index + 1}. ${question}`,
    ...commands.map((line) => `     ${line}`),
    `   good: ${good}`,
    `   else: ${bad}`,
  ];
  return lines.join("\n");
}

function guideText(guide: TroubleshootingGuide): string {
  return `${[titleOf(guide), ...guide.steps.map(stepText)].join("\n\n")}\n`;
}

function stepMarkdown({ question, commands, good, bad }: TroubleshootingStep, index: number): string {
  const block = ["```sh", ...commands, "```"].join("\n");
  return [`### ${index + 1}. ${question}`, block, `- Good: ${good}`, `- Otherwise: ${bad}`].join("\n\n");
}

function guideMarkdown(guide: TroubleshootingGuide): string {
  return `${[`## ${titleOf(guide)}`, ...guide.steps.map(stepMarkdown)].join("\n\n")}\n`;
}

const renderers: Record<TroubleshootingFormat, (guide: TroubleshootingGuide) => string> = {
  text: guideText,
  markdown: guideMarkdown,
  json: (guide) => `${JSON.stringify(guide, null, 2)}\n`,
};

/** A guide in one of its forms. */
export function troubleshootingText(guide: TroubleshootingGuide, format: TroubleshootingFormat): string {
  return renderers[format](guide);
}
