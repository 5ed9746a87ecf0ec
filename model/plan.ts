import type { Finding } from "./finding";

/**
 * An object that will exist (or a wait that will be done) when the plan is applied.
 * `properties` are the resource's inputs: `metadata` and `spec` for Kubernetes objects.
 */
export interface PlannedObject {
  /** Unique in the plan and stable over time; it is the resource's logical name in Pulumi's state. */
  id: string;
  /** Pulumi type token, `ove:nodes:MachineConfig` or `kubernetes:core/v1:Namespace`. */
  token: string;
  /** Id of the component that owns it. */
  component: string;
  properties: Record<string, unknown>;
}

/** `from` may start only when `to` is ready. */
export interface PlannedEdge {
  from: string;
  to: string;
  /** Why, in words a user can check: the gate that `to` passes. */
  reason: string;
}

/** One part of a plan that is registered as one Pulumi component. */
export interface PlannedComponent {
  /** Unique in the plan, for example `nodes/worker`; it is the component's logical name. */
  id: string;
  /** Pulumi type token, for example `ove:nodes:NodePool`. */
  token: string;
  /** Id of the object that is ready last: what dependents of the whole component wait for. */
  gate: string;
}

/** A typed graph, before anything is applied. Same input, byte-identical plan. */
export interface Plan {
  components: PlannedComponent[];
  objects: PlannedObject[];
  edges: PlannedEdge[];
  findings: Finding[];
}
