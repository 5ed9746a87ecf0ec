import { isObject, sameJson } from "../../model";
import type { Json, JsonObject } from "../../model";
import { numberAt, objectAt, objectsAt, textAt, textsAt } from "../../rules/read";
import type { Shape } from "../shape";

/** A component as its planner describes it: token, one sentence, JSON Schemas of inputs and outputs. */
export interface ComponentSchema {
  token: string;
  doc: string;
  inputs: JsonObject;
  outputs: JsonObject;
}

function union(shapes: readonly Shape[]): Shape {
  const [first] = shapes;
  if (first && shapes.every((shape) => sameJson(shape as Json, first as Json))) return first;
  if (shapes.every((shape) => shape.type === "string" && shape.enum)) {
    return { type: "string", enum: [...new Set(shapes.flatMap((shape) => shape.enum ?? []))] };
  }
  const scalars = new Set(shapes.map((shape) => shape.type));
  if (scalars.size === 2 && scalars.has("string") && scalars.has("integer")) return { intOrString: true };
  if (!shapes.every((shape) => shape.type === "object" && shape.properties)) return {};
  const keys = new Set(shapes.flatMap((shape) => Object.keys(shape.properties ?? {})));
  const properties = [...keys].map((key) => {
    const inner = shapes.flatMap((shape) => shape.properties?.[key] ?? []);
    return [key, { ...union(inner), ...(inner[0]?.doc ? { doc: inner[0].doc } : {}) }] as const;
  });
  const required = [...keys].filter((key) => shapes.every((shape) => shape.required?.includes(key)));
  return { type: "object", properties: Object.fromEntries(properties), required };
}

/**
 * The shape of a JSON Schema, as far as shapes go: alternatives of objects become one object with all their fields,
 * other alternatives and references become any value.
 */
export function shapeOfJsonSchema(schema: JsonObject): Shape {
  const doc = textAt(schema, "description");
  const alternatives = [...objectsAt(schema, "oneOf"), ...objectsAt(schema, "anyOf")];
  if (alternatives.length > 0) return { ...union(alternatives.map(shapeOfJsonSchema)), ...(doc ? { doc } : {}) };
  const shape: Shape = doc ? { doc } : {};
  const type = textAt(schema, "type");
  if (type && type !== "null") shape.type = type as Shape["type"];
  if (schema.const !== undefined) Object.assign(shape, { type: "string", enum: [schema.const] });
  if (Array.isArray(schema.enum)) shape.enum = schema.enum;
  if (schema.default !== undefined) shape.default = schema.default;
  for (const key of ["minimum", "maximum"] as const) {
    const bound = numberAt(schema, key);
    if (bound !== undefined) shape[key] = bound;
  }
  if (isObject(schema.items)) shape.items = shapeOfJsonSchema(schema.items);
  if (isObject(schema.additionalProperties)) shape.values = shapeOfJsonSchema(schema.additionalProperties);
  const properties = Object.entries(objectAt(schema, "properties"));
  if (properties.length > 0) {
    const inner = properties.map(([key, value]) => [key, shapeOfJsonSchema(isObject(value) ? value : {})] as const);
    shape.properties = Object.fromEntries(inner);
    shape.required = textsAt(schema, "required");
  }
  return shape;
}
