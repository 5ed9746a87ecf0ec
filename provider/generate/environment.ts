import { z } from "zod";
import { isObject, type Json, type JsonObject } from "../../model";
import { Environment } from "../../model/environment";

/** The schema of a layer, beside those of stacks in the same folder. */
const LAYER = "environment.schema.json";

/**
 * The schema of one layer out of that of the whole: what is required may be in another layer, and of alternatives whose
 * telling property is in another one, several may fit.
 */
function layerOf(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(layerOf);
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).flatMap(([key, value]): [string, Json][] => {
    if (value === undefined || (key === "required" && Array.isArray(value))) return [];
    // Names of properties and values of defaults are no keywords.
    if (key === "properties" && isObject(value)) {
      const inner = Object.entries(value).map(([name, property]) => [name, layerOf(property ?? null)] as const);
      return [[key, Object.fromEntries(inner)]];
    }
    if (key === "default" || key === "const" || key === "enum") return [[key, value]];
    return [[key === "oneOf" ? "anyOf" : key, layerOf(value)]];
  });
  return Object.fromEntries(entries);
}

/** JSON Schema of `stacks/common.yaml`, and of what a stack lays over it. */
export function layerSchema(): JsonObject {
  const whole = JSON.parse(JSON.stringify(z.toJSONSchema(Environment, { io: "input", target: "draft-7" }))) as Json;
  return {
    ...(layerOf(whole) as JsonObject),
    title: "A layer of an environment",
    description: "What all environments share, or what one of them lays over that.",
  };
}

/** JSON Schema of `stacks/Pulumi.<stack>.yaml`, as far as it is an environment's. */
export function stackSchema(): JsonObject {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A stack with its environment",
    type: "object",
    properties: {
      config: {
        type: "object",
        description: "The stack's configuration.",
        properties: { "ove:environment": { $ref: LAYER } },
        required: ["ove:environment"],
      },
    },
    required: ["config"],
  };
}

/** The schemas by the path of their file from the package root. */
export const environmentSchemas: Readonly<Record<string, () => JsonObject>> = {
  [`stacks/${LAYER}`]: layerSchema,
  "stacks/stack.schema.json": stackSchema,
};
