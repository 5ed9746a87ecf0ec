import { Facts, Finding, JsonObject } from "../../model";
import { toObject } from "../engine/objects";
import type { ActionKind, Kind, ObjectKind } from "../kind";
import { checkObject } from "../kinds/check-object";
import { validateShape } from "../kinds/validate";
import type { Shape } from "../shape";

const TEXT_MAP: Shape = { type: "object", values: { type: "string" } };

/** A DNS-1123 subdomain, as the API server wants names of most objects to be. */
const NAME: Shape = { type: "string", minLength: 1, maxLength: 253, pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" };

/** The shape of a resource's inputs. */
export function inputShape(kind: Kind): Shape {
  if (kind.is === "action") return kind.inputs();
  const content = kind.shape();
  const namespaced = kind.scope === "Namespaced";
  const metadata: Shape = {
    type: "object",
    properties: {
      name: NAME,
      ...(namespaced ? { namespace: NAME } : {}),
      labels: TEXT_MAP,
      annotations: TEXT_MAP,
    },
    required: namespaced ? ["name", "namespace"] : ["name"],
  };
  return {
    type: "object",
    properties: { metadata, ...content.properties },
    required: ["metadata", ...(content.required ?? [])],
  };
}

/** Everything that is wrong or doubtful with a resource's inputs. Rules are asked only of inputs that have the right shape. */
export function checkInputs(kind: Kind, inputs: JsonObject, facts: Facts): Finding[] {
  const former = kind.is === "object" ? kind.formerFields : undefined;
  const shape = validateShape(inputShape(kind), inputs, [], former);
  if (shape.some((finding) => finding.severity === "error")) return shape;
  return [...shape, ...rulesOf(kind, inputs, facts)];
}

function rulesOf(kind: ObjectKind | ActionKind, inputs: JsonObject, facts: Facts): Finding[] {
  return kind.is === "action" ? kind.check(inputs, facts) : checkObject(kind.rules, toObject(kind, inputs), facts);
}
