import type { FaultRow } from "./faults";
import type { KindRow } from "./row";

const nameOf = ({ token }: { token: string }): string => token.split(":").pop() ?? "";

/**
 * The rows of the kinds of these names, with those that they come after; all rows when no name is given.
 * @throws Error when there is no row of that name
 */
export function chosenRows(rows: readonly KindRow[], names: readonly string[]): readonly KindRow[] {
  if (names.length === 0) return rows;
  const unknown = names.filter((name) => !rows.some((row) => nameOf(row) === name));
  if (unknown.length > 0) throw new Error(`OVE_E2E_KINDS: no row of ${unknown.join(", ")}`);
  const chosen = new Set<KindRow>();
  const choose = (row: KindRow): void => {
    if (chosen.has(row)) return;
    chosen.add(row);
    rows.filter(({ token }) => row.after?.includes(token)).forEach(choose);
  };
  rows.filter((row) => names.includes(nameOf(row))).forEach(choose);
  return rows.filter((row) => chosen.has(row));
}

/** The faults of the kinds of these names; all when no name is given. */
export function chosenFaults(faults: readonly FaultRow[], names: readonly string[]): readonly FaultRow[] {
  return names.length === 0 ? faults : faults.filter((row) => names.includes(nameOf(row)));
}
