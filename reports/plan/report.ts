import { isObject, type JsonObject, objectName, type Plan, type PlannedObject } from "../../model";
import { masked, maskedSecret } from "../../model/secrets";

/** What is known of a kind beside its objects. */
export interface KindFacts {
  /** What a create or change of it waits for. */
  waits: string;
  /** Seconds that operations may take unless the program says otherwise. */
  timeouts?: { create: number; update: number; delete: number };
}

/** A planned object as it is shown. */
export interface ReportedObject {
  id: string;
  token: string;
  /** `namespace/name`; absent for what is no object of the cluster. */
  name?: string;
  /** The resource's inputs, secrets masked. */
  properties: JsonObject;
  /** What must be ready before it starts, and why. */
  after: { id: string; reason: string }[];
}

/** One component of a plan with its objects. */
export interface ReportedComponent {
  id: string;
  token: string;
  /** The object that is ready last: what dependents of the component wait for. */
  gate: string;
  objects: ReportedObject[];
}

/** A plan as it is shown: by component, with what its kinds wait for. */
export interface PlanReport {
  environment: string;
  components: ReportedComponent[];
  /** By token, those that occur. */
  kinds: Record<string, KindFacts>;
}

/** Pulumi's type of Secrets. */
const SECRET = "kubernetes:core/v1:Secret";

function nameOf({ metadata }: PlannedObject["properties"]): string | undefined {
  if (!isObject(metadata) || typeof metadata.name !== "string") return undefined;
  const { name, namespace } = metadata;
  return objectName({ name, namespace: typeof namespace === "string" ? namespace : undefined });
}

/** The last part of a type token: `MachineConfig` of `ove:nodes:MachineConfig`. */
export function kindOfToken(token: string): string {
  return token.split(":").pop() ?? token;
}

function reported(object: PlannedObject, after: ReportedObject["after"]): ReportedObject {
  const { id, token } = object;
  const properties = object.properties as JsonObject;
  const shown = token === SECRET ? maskedSecret(properties) : (masked(properties) as JsonObject);
  const name = nameOf(object.properties);
  return { id, token, ...(name !== undefined && { name }), properties: shown, after };
}

/** What is shown of an environment's plan, all in the plan's own order. */
export function planReport(environment: string, plan: Plan, factsOf: (token: string) => KindFacts): PlanReport {
  const after = new Map(plan.objects.map(({ id }) => [id, [] as ReportedObject["after"]]));
  for (const { from, to, reason } of plan.edges) after.get(from)?.push({ id: to, reason });
  const objects = new Map(plan.components.map(({ id }) => [id, [] as ReportedObject[]]));
  for (const object of plan.objects) objects.get(object.component)?.push(reported(object, after.get(object.id) ?? []));
  const tokens = [...new Set(plan.objects.map(({ token }) => token))].sort();
  return {
    environment,
    components: plan.components.map(({ id, token, gate }) => ({ id, token, gate, objects: objects.get(id) ?? [] })),
    kinds: Object.fromEntries(tokens.map((token) => [token, factsOf(token)])),
  };
}
