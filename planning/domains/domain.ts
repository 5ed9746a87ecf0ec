import {
  type Finding,
  formatPath,
  type PathStep,
  type Plan,
  type PlannedEdge,
  type PlannedObject,
  type Severity,
} from "../../model";
import type { Environment } from "../../model/environment";
import { tokens } from "../tokens";

/** Id of the platform's own component. */
export const PLATFORM = "platform";

/** Collects edges between components; an edge to what is not planned is none. */
export class CrossEdges {
  readonly edges: PlannedEdge[] = [];
  private readonly objects: ReadonlySet<string>;
  private readonly gates: ReadonlyMap<string, string>;
  private readonly namespaces: ReadonlyMap<string, string>;

  constructor(plan: Pick<Plan, "components" | "objects">) {
    this.objects = new Set(plan.objects.map((object) => object.id));
    this.gates = new Map(plan.components.map((component) => [component.id, component.gate]));
    const namespaces = plan.objects.filter((object) => object.token === tokens.namespace);
    this.namespaces = new Map(namespaces.map(({ id, properties }) => [nameOf(properties), id]));
  }

  /** `from` waits for a component as a whole: one edge, to its gate. */
  afterComponent(from: string, component: string, reason: string): void {
    const gate = this.gates.get(component);
    if (gate !== undefined) this.after(from, gate, reason);
  }

  afterNamespace(from: string, namespace: string): void {
    const to = this.namespaces.get(namespace);
    if (to !== undefined) this.after(from, to, "the namespace must exist");
  }

  /** `from` waits for one object of another component. */
  after(from: string, to: string, reason: string): void {
    if (this.objects.has(from) && this.objects.has(to)) this.edges.push({ from, to, reason });
  }
}

function nameOf({ metadata }: PlannedObject["properties"]): string {
  return (metadata as { name: string }).name;
}

/** Reports what an environment refers to and does not have. */
export type Report = (path: PathStep[], message: string, fix: string, severity?: Severity) => void;

/** Collects the findings of a report. */
export function collectReferences(check: (report: Report) => void): Finding[] {
  const findings: Finding[] = [];
  check((path, message, fix, severity = "error") =>
    findings.push({ rule: "platform/reference", severity, path: formatPath(path), message, fix }),
  );
  return findings;
}

/** What a domain adds to the plan of an environment. */
export interface Domain {
  /** The plans of its components. */
  plans(environment: Environment): Plan[];
  /**
   * What its objects wait for in other components. Everything goes through gates and namespaces, so that the number of
   * edges is linear in that of the objects.
   */
  edges?(environment: Environment, edges: CrossEdges): void;
  /** Reports what it refers to and the environment does not have. */
  references?(environment: Environment, report: Report): void;
}
