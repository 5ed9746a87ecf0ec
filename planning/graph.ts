import type { Finding, Plan, PlannedEdge, PlannedObject } from "../model";
import { compare } from "./canonical";

/** What each object waits for, by ids; edges whose ends are no objects are left out. */
function requirements(objects: readonly PlannedObject[], edges: readonly PlannedEdge[]): Map<string, Set<string>> {
  const required = new Map(objects.map((object) => [object.id, new Set<string>()]));
  for (const { from, to } of edges) if (required.has(to)) required.get(from)?.add(to);
  return required;
}

/** The objects that no other object waits for, in the order of the list. */
export function endsOf(objects: readonly PlannedObject[], edges: readonly PlannedEdge[]): PlannedObject[] {
  const waitedFor = new Set(edges.map((edge) => edge.to));
  return objects.filter((object) => !waitedFor.has(object.id));
}

interface Order {
  /** Ids, each after everything that it waits for; of several that could come next, the first by id. */
  ordered: string[];
  /** Ids that are in a cycle or wait for one. */
  stuck: Map<string, Set<string>>;
}

function order(objects: readonly PlannedObject[], edges: readonly PlannedEdge[]): Order {
  const stuck = requirements(objects, edges);
  const dependents = new Map<string, string[]>([...stuck.keys()].map((id) => [id, []]));
  for (const [from, tos] of stuck) for (const to of tos) dependents.get(to)?.push(from);
  const ordered: string[] = [];
  let ready = [...stuck.keys()].filter((id) => stuck.get(id)?.size === 0).sort(compare);
  while (ready.length > 0) {
    const next: string[] = [];
    for (const id of ready) {
      ordered.push(id);
      stuck.delete(id);
      for (const dependent of dependents.get(id) ?? []) {
        const rest = stuck.get(dependent);
        rest?.delete(id);
        if (rest?.size === 0) next.push(dependent);
      }
    }
    ready = next.sort(compare);
  }
  return { ordered, stuck };
}

/** Follows what stuck objects wait for until one comes up again. */
function cycleIn(stuck: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const path: string[] = [];
  let at = [...stuck.keys()].sort(compare)[0];
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = [...(stuck.get(at) ?? [])].filter((id) => stuck.has(id)).sort(compare)[0];
  }
  return at === undefined ? [] : path.slice(path.indexOf(at));
}

/** Ids of the plan's objects, each after everything that it waits for. Objects in a cycle are left out. */
export function topologicalOrder(plan: Plan): string[] {
  return order(plan.objects, plan.edges).ordered;
}

/** What is wrong with a graph: ids that occur twice, edges without ends, and cycles. */
export function checkGraph(objects: readonly PlannedObject[], edges: readonly PlannedEdge[]): Finding[] {
  const findings: Finding[] = [];
  const error = (rule: string, message: string, ids: string[]) =>
    findings.push({ rule, severity: "error", path: "", message, objects: ids });
  const known = new Set<string>();
  for (const { id } of objects) {
    if (known.has(id)) error("platform/duplicate", `${id} is planned twice.`, [id]);
    known.add(id);
  }
  for (const { from, to } of edges) {
    for (const id of [from, to]) {
      if (!known.has(id)) error("platform/edge", `${from} waits for ${to}, but ${id} is not planned.`, [from, to]);
    }
  }
  const cycle = cycleIn(order(objects, edges).stuck);
  if (cycle.length > 0) {
    error("platform/cycle", `Each of these waits for the next: ${[...cycle, cycle[0]].join(" -> ")}.`, cycle);
  }
  return findings;
}
