import { pattern } from "./path";
import type { PathStep } from "./path";
import type { KubernetesObject } from "./kubernetes";

/** What a change costs whom it concerns, from least to most. */
export const costs = ["pod-restart", "machine-migration", "machine-restart", "drain", "reboot"] as const;

export type Cost = (typeof costs)[number];

/** Whom a change concerns: the object's own pods or machine, the nodes it selects, the nodes of its pool, all nodes. */
export type Reach = "object" | "selected-nodes" | "pool" | "all-nodes";

export type Change = "create" | "update" | "delete";

/** One thing that is known of what changing a kind costs, as data. */
export interface DisruptionRow {
  on: readonly Change[];
  /** Path patterns (`spec.numVfs`) whose change this is about, with everything below them; any change when absent. */
  paths?: readonly string[];
  /** Whether the row fits these objects; `before` is absent on create, `after` on delete. It fits always when absent. */
  when?(objects: { before?: KubernetesObject; after?: KubernetesObject }): boolean;
  /** `none` where the change is known to cost nothing although a later row would fit. */
  cost: Cost | "none";
  reach: Reach;
  /** Who does it: the controller's name, for example `machine-config-operator`. */
  by: string;
  /** When and why, in one sentence. */
  why: string;
  /** Where upstream says or does so. */
  source: string;
}

/** A change of one object: which paths differ, and what it was before and after. */
export interface ObjectChange {
  change: Change;
  /** Paths that differ; looked at for updates only. */
  paths: readonly PathStep[][];
  before?: KubernetesObject;
  after?: KubernetesObject;
}

const covers = (row: DisruptionRow, path: readonly PathStep[]): boolean => {
  const text = pattern(path);
  return !row.paths || row.paths.some((each) => text === each || text.startsWith(`${each}.`));
};

/**
 * What a change costs by a kind's rows: for each changed path the first row that fits, each row once, in the order of
 * the rows. Rows of cost `none` are left out.
 */
export function disruptionsOf(rows: readonly DisruptionRow[], change: ObjectChange): DisruptionRow[] {
  const candidates = rows.filter(
    (row) => row.on.includes(change.change) && (row.when?.({ before: change.before, after: change.after }) ?? true),
  );
  const paths = change.change === "update" ? change.paths : [[]];
  const found = new Set(
    paths.flatMap((path) => {
      const fits = change.change === "update" ? (row: DisruptionRow) => covers(row, path) : () => true;
      return candidates.find(fits) ?? [];
    }),
  );
  return candidates.filter((row) => found.has(row) && row.cost !== "none");
}
