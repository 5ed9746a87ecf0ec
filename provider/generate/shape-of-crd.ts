import type { Json } from "../../model";
import type { Shape } from "../shape";

/** What is read of a CustomResourceDefinition. */
export interface Crd {
  spec: { versions: { name: string; storage: boolean; schema: { openAPIV3Schema: CrdSchema } }[] };
}

/** What is read of a structural schema. */
export interface CrdSchema {
  type?: Shape["type"];
  properties?: Record<string, CrdSchema>;
  required?: string[];
  additionalProperties?: CrdSchema | boolean;
  items?: CrdSchema;
  enum?: Json[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  format?: string;
  default?: Json;
  nullable?: boolean;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-list-type"?: Shape["listType"];
  "x-kubernetes-list-map-keys"?: string[];
}

/** Keywords that a shape takes over under the same name. */
const same = [
  "default",
  "enum",
  "format",
  "maxItems",
  "maxLength",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "nullable",
  "pattern",
  "required",
  "type",
] as const satisfies (keyof CrdSchema & keyof Shape)[];

/** The shape of one schema: names, types, limits, defaults and list keys; no descriptions and no expressions. */
export function shapeOfSchema(schema: CrdSchema): Shape {
  const shape: Shape = Object.fromEntries(
    same.filter((keyword) => schema[keyword] !== undefined).map((keyword) => [keyword, schema[keyword]]),
  );
  if (schema["x-kubernetes-int-or-string"]) shape.intOrString = true;
  if (schema["x-kubernetes-preserve-unknown-fields"] || schema.additionalProperties === true) shape.open = true;
  if (schema["x-kubernetes-list-type"]) shape.listType = schema["x-kubernetes-list-type"];
  if (schema["x-kubernetes-list-map-keys"]) shape.listKeys = schema["x-kubernetes-list-map-keys"];
  if (schema.items) shape.items = shapeOfSchema(schema.items);
  if (typeof schema.additionalProperties === "object") shape.values = shapeOfSchema(schema.additionalProperties);
  if (schema.properties) {
    const entries = Object.entries(schema.properties).map(([key, value]) => [key, shapeOfSchema(value)] as const);
    shape.properties = Object.fromEntries(entries);
  }
  return shape;
}

/** The shape of a kind: its content without what every object has and without `status`. */
export function shapeOfKind(schema: CrdSchema): Shape {
  const shape = shapeOfSchema(schema);
  for (const key of ["apiVersion", "kind", "metadata", "status"]) delete shape.properties?.[key];
  return shape;
}

/** JSON with sorted keys, two spaces and a line end: the same value always makes the same bytes. */
export function stableJson(value: unknown): string {
  const sorted = (_key: string, at: unknown): unknown =>
    typeof at === "object" && at !== null && !Array.isArray(at)
      ? Object.fromEntries(Object.entries(at).sort(([a], [b]) => (a < b ? -1 : 1)))
      : at;
  return `${JSON.stringify(value, sorted, 2)}\n`;
}
