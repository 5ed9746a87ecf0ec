import { Facts, Finding, JsonObject } from "../../model";
import { toObject } from "../engine/objects";
import type { ActionKind, Kind, ObjectKind } from "../kind";
import { checkObject } from "../kinds/check-object";
import { metadataShape } from "../kinds/metadata";
import { validateShape } from "../kinds/validate";
import type { Shape } from "../shape";

/** The shape of a resource's inputs. */
export function inputShape(kind: Kind): Shape {
  if (kind.is === "action") return kind.inputs();
  const content = kind.shape();
  return {
    type: "object",
    properties: { metadata: metadataShape(kind.scope), ...content.properties },
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
