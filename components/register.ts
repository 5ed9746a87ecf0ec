import * as pulumi from "@pulumi/pulumi";
import { findingText, type Finding, type Plan } from "../model";
import { topologicalOrder } from "../planning";
import { releaseFindings } from "./release-checks";
import { createResource } from "./resource-classes";

/** A component of a plan that has no class instance of its own: the platform makes its components this way. */
class PlannedPart extends pulumi.ComponentResource {
  constructor(token: string, id: string, parent: pulumi.Resource) {
    super(token, id, {}, { parent });
  }

  finish(ready: pulumi.Output<boolean>): void {
    this.registerOutputs({ ready });
  }
}

/** One error with everything that is wrong, each with its property path. Warnings and hints do not stop anything. */
export function throwErrors(component: string, findings: readonly Finding[]): void {
  const errors = findings.filter((finding) => finding.severity === "error");
  if (errors.length === 0) return;
  const lines = errors.map((finding) => `  - ${findingText(finding)}`);
  throw new pulumi.InputPropertiesError({
    message: `${component} cannot be planned:\n${lines.join("\n")}`,
    errors: errors.map((finding) => ({
      propertyPath: finding.path,
      reason: `${finding.message}${finding.fix ? ` ${finding.fix}` : ""}`,
    })),
  });
}

/** True once the resource is there; unknown in a preview that would create it. */
function readyWith(gate: pulumi.CustomResource): pulumi.Output<boolean> {
  return gate.id.apply(() => true);
}

/** What became of a plan. */
export interface Registered {
  /** The resource to depend on, instead of the whole component: it is ready last. */
  gate: pulumi.CustomResource;
  /** True once the gate is ready. */
  ready: pulumi.Output<boolean>;
}

/** The components of the plan by id: the owner itself, and a part for each other one. */
function parts(plan: Plan, owner: pulumi.ComponentResource, ownerId: string): Map<string, pulumi.ComponentResource> {
  return new Map(
    plan.components.map(({ id, token }) => [id, id === ownerId ? owner : new PlannedPart(token, id, owner)]),
  );
}

/** What each object waits for, by ids. */
function requirements(plan: Plan): Map<string, string[]> {
  const required = new Map<string, string[]>(plan.objects.map((object) => [object.id, []]));
  for (const { from, to } of plan.edges) required.get(from)?.push(to);
  return required;
}

function mustGet<T>(map: ReadonlyMap<string, T>, id: string): T {
  const value = map.get(id);
  if (value === undefined) throw new Error(`${id} is not in the plan.`);
  return value;
}

/**
 * Registers the objects of a plan, each a child of its component and dependent on what it waits for.
 * `owner` stands for the component `ownerId` of the plan; the plan's other components become its children.
 * Objects depend on gates, never on components, so the number of dependencies is that of the plan's edges.
 */
export function registerPlan(plan: Plan, owner: pulumi.ComponentResource, ownerId: string): Registered {
  throwErrors(ownerId, [...plan.findings, ...releaseFindings(plan)]);
  const components = parts(plan, owner, ownerId);
  const objects = new Map(plan.objects.map((object) => [object.id, object]));
  const required = requirements(plan);
  const resources = new Map<string, pulumi.CustomResource>();
  for (const id of topologicalOrder(plan)) {
    const { token, component, properties } = mustGet(objects, id);
    const dependsOn = (required.get(id) ?? []).map((to) => mustGet(resources, to));
    const parent = mustGet(components, component);
    resources.set(id, createResource(token, id, properties, { parent, dependsOn }));
  }
  for (const { id, gate } of plan.components) {
    const part = components.get(id);
    if (part instanceof PlannedPart) part.finish(readyWith(mustGet(resources, gate)));
  }
  const own = plan.components.find((component) => component.id === ownerId);
  const gate = mustGet(resources, own?.gate ?? ownerId);
  return { gate, ready: readyWith(gate) };
}
