import { kindOfToken, type KindFacts, type PlanReport, type ReportedComponent } from "./report";

/** `1 h 30 min`, `10 min`, `45 s`. */
export function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [seconds % 60, "s"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return told.join(" ") || "0 s";
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** Rows in columns, two blanks apart; the last one is as wide as it is. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`.trimEnd());

function componentText({ id, token, gate, objects }: ReportedComponent): string {
  // The component's own id in front of each object's would only be in the way.
  const short = (object: string): string => (object.startsWith(`${id}/`) ? object.slice(id.length + 1) : object);
  const rows = objects.flatMap((object) => {
    const [first = "", ...others] = object.after.map(({ id: to, reason }) => `${short(to)}: ${reason}`);
    const kind = kindOfToken(object.token);
    return [[short(object.id), kind, object.name ?? "", first], ...others.map((other) => ["", "", "", other])];
  });
  const table = columns([["OBJECT", "KIND", "NAME", "STARTS AFTER"], ...rows]);
  return [`${id} (${kindOfToken(token)}), ready with ${short(gate)}`, ...indented(table)].join("\n");
}

function kindRow(token: string, { waits, timeouts }: KindFacts): string[] {
  const limits = timeouts ? [timeouts.create, timeouts.update, timeouts.delete].map(durationText) : ["", "", ""];
  return [kindOfToken(token), ...limits, waits];
}

/** The plan as text: a table for each component, and what each kind waits for. */
export function planTable({ environment, components, kinds }: PlanReport): string {
  const objects = components.flatMap((component) => component.objects);
  const edges = objects.reduce((sum, object) => sum + object.after.length, 0);
  const rows = Object.entries(kinds).map(([token, facts]) => kindRow(token, facts));
  const waits = columns([["KIND", "CREATE", "UPDATE", "DELETE", "IS READY WHEN"], ...rows]);
  const title = `Environment ${environment}: ${counted(components.length, "component")}, ${counted(objects.length, "object")}, ${counted(edges, "edge")}.`;
  return `${[
    title,
    ...components.map(componentText),
    ["What each kind waits for, and how long at most", ...indented(waits)].join("\n"),
  ].join("\n\n")}\n`;
}
