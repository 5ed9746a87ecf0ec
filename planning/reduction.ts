import type { Plan, PlannedEdge } from "../model";
import { compare } from "./canonical";
import { topologicalOrder } from "./graph";

/** How many objects are followed: one bit each of a small integer, which keeps the work linear. */
const FOLLOWED = 31;

/** The objects for which most others wait, each with a bit of its own. */
function followed(edges: readonly PlannedEdge[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { to } of edges) counts.set(to, (counts.get(to) ?? 0) + 1);
  const most = [...counts].sort(([a, m], [b, n]) => n - m || compare(a, b)).slice(0, FOLLOWED);
  return new Map(most.map(([id], index) => [id, 1 << index]));
}

/**
 * A plan without edges that others imply: when an object waits for a second one that itself waits for a third, directly
 * or not, it need not wait for the third as well. Only the third objects for which most wait are followed. The order is
 * the same as before; what is in a cycle keeps its edges.
 */
export function withoutImplied(plan: Plan): Plan {
  const bits = followed(plan.edges);
  const targets = new Map<string, string[]>();
  for (const { from, to } of plan.edges) {
    const list = targets.get(from);
    if (list) list.push(to);
    else targets.set(from, [to]);
  }
  // What an object waits for by way of others, by its bits.
  const behind = new Map<string, number>();
  const whole = new Map<string, number>();
  for (const id of topologicalOrder(plan)) {
    let own = 0;
    let others = 0;
    for (const to of targets.get(id) ?? []) {
      own |= bits.get(to) ?? 0;
      others |= whole.get(to) ?? 0;
    }
    behind.set(id, others);
    whole.set(id, own | others);
  }
  const edges = plan.edges.filter(({ from, to }) => ((behind.get(from) ?? 0) & (bits.get(to) ?? 0)) === 0);
  return { ...plan, edges };
}
