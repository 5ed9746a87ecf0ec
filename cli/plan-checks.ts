import {
  type Facts,
  type Finding,
  formatPath,
  isObject,
  type Json,
  type JsonObject,
  parsePath,
  type Plan,
} from "../model";
import type { KubernetesObject, PlannedObject } from "../model";
import { toObject } from "../provider/engine/objects";
import { kindOf } from "../provider/kinds";
import { checkManifest, subjectOf } from "../provider/manifests/check";
import { checkInputs } from "../provider/server/checks";
import { evaluate, setRules } from "../rules";
import { unanswered } from "../planning";

/** A planned object of one of Kubernetes' own kinds, undefined for what is none, such as Helm releases. */
function builtInObject({ token, properties }: PlannedObject): JsonObject | undefined {
  const [provider, apiVersion = "", kind] = token.split(":");
  if (provider !== "kubernetes" || apiVersion.startsWith("helm.sh/")) return undefined;
  const content = properties as JsonObject;
  return { apiVersion: apiVersion.replace(/^core\//, ""), kind, ...content };
}

function objectOf(planned: PlannedObject): KubernetesObject | undefined {
  const kind = kindOf(planned.token);
  if (!kind) {
    const object = builtInObject(planned);
    return object && subjectOf(object);
  }
  const inputs = planned.properties as JsonObject;
  return kind.is === "object" && isObject(inputs.metadata) ? toObject(kind, inputs) : undefined;
}

function ownFindings(planned: PlannedObject, facts: Facts): Finding[] {
  const kind = kindOf(planned.token);
  if (kind) return checkInputs(kind, planned.properties as JsonObject, facts);
  const object = builtInObject(planned);
  return object ? checkManifest(object, facts).findings : [];
}

/** Rules on all objects together; each finding with the object that it is about. */
function setFindings(planned: readonly PlannedObject[], facts: Facts): Finding[] {
  const objects = planned.flatMap((each) => {
    const object = objectOf(each);
    return object ? [{ id: each.id, object: JSON.parse(JSON.stringify(object)) as Json }] : [];
  });
  const subjects = objects.map(({ object }) => object as unknown as KubernetesObject);
  return evaluate(setRules, subjects, facts).map((finding) => {
    const [index, ...path] = parsePath(finding.path);
    const id = typeof index === "number" ? objects[index]?.id : undefined;
    return { ...finding, path: formatPath(path), objects: id === undefined ? [] : [id] };
  });
}

/**
 * What the provider's checks say of planned objects, each by itself and all together. Paths are those in the object, and
 * `objects` begins with its id. What the rest of the plan answers is left out.
 */
export function checkPlan(plan: Plan, facts: Facts): Finding[] {
  const { objects } = plan;
  const own = objects.flatMap((each) =>
    ownFindings(each, facts).map((finding) => ({ ...finding, objects: [each.id] })),
  );
  return unanswered(plan, [...own, ...setFindings(objects, facts)]);
}
