import type { Json, JsonObject, Plan, PlannedComponent, PlannedObject } from "../model";
import { canonical, sortedBy } from "./canonical";
import { checkGraph, endsOf } from "./graph";
import { tokens } from "./tokens";

/** Collects the objects of one component and closes them with a gate. */
export class PlanBuilder {
  private readonly objects: PlannedObject[] = [];
  private readonly edges: Plan["edges"] = [];

  constructor(
    private readonly id: string,
    private readonly token: string,
  ) {}

  /** Adds an object under a name that is unique in the component; the answer is its id in the plan. */
  add(name: string, token: string, properties: JsonObject): string {
    const id = `${this.id}/${name}`;
    const plain = canonical(properties) as Record<string, Json>;
    this.objects.push({ id, token, component: this.id, properties: plain });
    return id;
  }

  /** `from` starts only when `to` is ready. */
  after(from: string, to: string, reason: string): void {
    this.edges.push({ from, to, reason });
  }

  /**
   * The component's plan. Unless a gate is named, it is the one object that nothing else in the component waits for;
   * where there are several, a Gate that waits for all of them.
   */
  build(gate = this.gate()): Plan {
    const component = { id: this.id, token: this.token, gate };
    return joinPlans([{ components: [component], objects: this.objects, edges: this.edges, findings: [] }]);
  }

  private gate(): string {
    const ends = endsOf(this.objects, this.edges);
    const [only] = ends;
    if (only && ends.length === 1) return only.id;
    const gate = this.add("ready", tokens.gate, { of: this.id });
    for (const end of ends) this.after(gate, end.id, "the component is ready when all of its parts are");
    return gate;
  }
}

function unique<T>(list: T[], key: (element: T) => string): T[] {
  return [...new Map(list.map((element) => [key(element), element])).values()];
}

/** One plan of several, with everything in the order of ids. Further edges may connect them. */
export function joinPlans(plans: readonly Plan[], edges: Plan["edges"] = []): Plan {
  const objects = sortedBy(
    plans.flatMap((plan) => plan.objects),
    (object) => object.id,
  );
  const components = sortedBy<PlannedComponent>(
    plans.flatMap((plan) => plan.components),
    (component) => component.id,
  );
  const edgeKey = (edge: Plan["edges"][number]) => `${edge.from}\0${edge.to}`;
  const all = unique(sortedBy([...plans.flatMap((plan) => plan.edges), ...edges], edgeKey), edgeKey);
  const findings = plans.flatMap((plan) => plan.findings);
  return {
    components,
    objects,
    edges: all,
    findings: unique([...findings, ...checkGraph(objects, all)], (finding) => JSON.stringify(finding)),
  };
}
