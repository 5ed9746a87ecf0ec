import type { Plan } from "../../model";

/** The properties of each object by its id. */
export function properties(plan: Plan): Record<string, Record<string, unknown>> {
  return Object.fromEntries(plan.objects.map((object) => [object.id, object.properties]));
}

/** Edges as `from -> to`. */
export function arrows(plan: Plan): string[] {
  return plan.edges.map((edge) => `${edge.from} -> ${edge.to}`);
}

/** Ids of everything that an object waits for, directly or not. */
export function waitsFor(plan: Plan, id: string): Set<string> {
  const found = new Set<string>();
  const visit = (at: string): void => {
    for (const { from, to } of plan.edges) {
      if (from !== at || found.has(to)) continue;
      found.add(to);
      visit(to);
    }
  };
  visit(id);
  return found;
}
