import type { Json } from "../model";

/**
 * The shape of a value: the part of a structural schema that names, types and bounds things.
 * Shapes of kinds that have a Go module are generated from its CRDs by `npm run generate`; the others are written by hand.
 */
export interface Shape {
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  /** Own words, for schema.json and the TypeScript types of hand-written shapes. */
  doc?: string;
  properties?: Record<string, Shape>;
  required?: string[];
  /** Shape of the values of a map with free keys. */
  values?: Shape;
  items?: Shape;
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
  /** A whole number or a string, as for `maxUnavailable` and quantities. */
  intOrString?: boolean;
  nullable?: boolean;
  /** Keys beyond `properties` are kept by the API server and not checked. */
  open?: boolean;
  /** How the API server merges a list; `atomic` when absent. */
  listType?: "atomic" | "set" | "map";
  listKeys?: string[];
}
