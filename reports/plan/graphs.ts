import { kindOfToken, type PlanReport, type ReportedObject } from "./report";

/** A text in quotes as Graphviz reads it: within them, only quotes, backslashes and line ends mean something. */
function dotText(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replace(/\r?\n|\r/g, "\\n")}"`;
}

/** The kind, and the name where there is one. */
function labelOf({ token, name }: ReportedObject): string {
  return name === undefined ? kindOfToken(token) : `${kindOfToken(token)} ${name}`;
}

/** The plan in Graphviz' language. Arrows go from what comes first to what waits for it. */
export function planDot({ environment, components }: PlanReport): string {
  const lines = [`digraph ${dotText(environment)} {`, "  rankdir=LR;", "  node [shape=box];"];
  for (const component of components) {
    lines.push(`  subgraph ${dotText(`cluster_${component.id}`)} {`, `    label=${dotText(component.id)};`);
    for (const object of component.objects) {
      lines.push(`    ${dotText(object.id)} [label=${dotText(labelOf(object))}];`);
    }
    lines.push("  }");
  }
  for (const { id, after } of components.flatMap(({ objects }) => objects)) {
    for (const edge of after) lines.push(`  ${dotText(edge.id)} -> ${dotText(id)} [label=${dotText(edge.reason)}];`);
  }
  return `${[...lines, "}"].join("\n")}\n`;
}

/** A text in quotes as Mermaid reads it: whatever could mean something is written by its number. */
function mermaidText(text: string): string {
  const safe = text.replace(/\s+/g, " ").replace(/[^\p{L}\p{N} _.,:/()='-]/gu, (sign) => `#${sign.codePointAt(0)};`);
  return `"${safe}"`;
}

/** The plan as a flow chart of Mermaid. Arrows go from what comes first to what waits for it. */
export function planMermaid({ components }: PlanReport): string {
  const objects = components.flatMap((component) => component.objects);
  // Ids of Mermaid's own, since some words are reserved and few signs are allowed.
  const ids = new Map(objects.map(({ id }, index) => [id, `n${index}`]));
  const lines = ["flowchart LR"];
  components.forEach((component, index) => {
    lines.push(`  subgraph c${index}[${mermaidText(component.id)}]`);
    for (const object of component.objects) lines.push(`    ${ids.get(object.id)}[${mermaidText(labelOf(object))}]`);
    lines.push("  end");
  });
  for (const { id, after } of objects) {
    for (const edge of after) lines.push(`  ${ids.get(edge.id)} -->|${mermaidText(edge.reason)}| ${ids.get(id)}`);
  }
  return `${lines.join("\n")}\n`;
}
