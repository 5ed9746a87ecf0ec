import type { JsonObject } from "../../model";
import type { Kind } from "../kind";
import { CONFIGURATION } from "../server/configuration";
import type { Shape } from "../shape";
import type { ComponentSchema } from "./json-schema";
import { shapeOfJsonSchema } from "./json-schema";
import { domainOf, kindName, typeTree } from "./type-tree";
import type { TypeTree } from "./type-tree";

/** What package.json says that the schema repeats. */
export interface PackageFacts {
  version: string;
  description: string;
  license: string;
  keywords: string[];
}

const text: Shape = { type: "string" };
const textMap: Shape = { type: "object", values: text };
const labels: Shape = { ...textMap, doc: "Labels." };
const annotations: Shape = { ...textMap, doc: "Annotations." };
const name: Shape = { ...text, doc: "Name of the object." };
const namespace: Shape = { ...text, doc: "Namespace of the object." };

const clusterMetadata: Shape = {
  type: "object",
  doc: "Metadata of an object without namespace.",
  required: ["name"],
  properties: { name, labels, annotations },
};
const namespacedMetadata: Shape = {
  type: "object",
  doc: "Metadata of an object in a namespace.",
  required: ["name", "namespace"],
  properties: { name, namespace, labels, annotations },
};
const objectMeta: Shape = {
  type: "object",
  doc: "Metadata of an object in the cluster.",
  required: ["name"],
  properties: { name, namespace, labels, annotations, uid: { ...text, doc: "Identity given by the cluster." } },
};
/** Types that all kinds share, by their shape. */
const shared = new Map(
  Object.entries({
    ClusterMetadata: clusterMetadata,
    NamespacedMetadata: namespacedMetadata,
    ObjectMeta: objectMeta,
  }).map(([type, shape]) => [JSON.stringify(shape), typeToken("index", type)]),
);

const status: Shape = { doc: "What the operator says of the object." };

/** What is said of a value: its own words, what is allowed, the bounds. */
function descriptionOf(shape: Shape): string {
  const parts = [shape.doc ?? ""];
  if (shape.enum) parts.push(`Allowed: ${shape.enum.map((value) => JSON.stringify(value)).join(", ")}.`);
  if (shape.minimum !== undefined && shape.minimum > -(2 ** 53)) parts.push(`Least: ${shape.minimum}.`);
  if (shape.maximum !== undefined && shape.maximum < 2 ** 53 - 1) parts.push(`Most: ${shape.maximum}.`);
  if (shape.default !== undefined) parts.push(`Default: ${JSON.stringify(shape.default)}.`);
  return parts.filter(Boolean).join(" ");
}

const anything: JsonObject = { $ref: "pulumi.json#/Any" };

/** Token of a type: types are told apart by their names, which begin with that of their kind. */
function typeToken(domain: string, type: string): string {
  return `ove:${domain}:${type}`;
}

/** Pulumi's type of a shape. */
function typeSpec(shape: Shape, domain: string, tree: TypeTree): JsonObject {
  if (shape.intOrString) return { oneOf: [{ type: "integer" }, { type: "string" }] };
  switch (shape.type) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return { type: shape.type };
    case "array":
      return { type: "array", items: shape.items ? typeSpec(shape.items, domain, tree) : anything };
    default: {
      const common = shared.get(JSON.stringify(shape));
      if (common) return { $ref: `#/types/${common}` };
      const named = tree.nameOf(shape);
      if (named) return { $ref: `#/types/${typeToken(domain, named)}` };
      if (!shape.values) return anything;
      return { type: "object", additionalProperties: typeSpec(shape.values, domain, tree) };
    }
  }
}

function propertySpecs(shape: Shape, domain: string, tree: TypeTree): JsonObject {
  const entries = Object.entries(shape.properties ?? {}).map(([key, inner]) => {
    const description = descriptionOf(inner);
    return [key, { ...typeSpec(inner, domain, tree), ...(description ? { description } : {}) }] as const;
  });
  return Object.fromEntries(entries);
}

const requiredOf = (shape: Shape): string[] => [...(shape.required ?? [])].sort();

/** Collects resources and types of the schema. */
class SchemaBuilder {
  readonly resources: JsonObject = {};
  readonly types: JsonObject = {};

  /** Adds the object types below a shape (the outermost is the resource itself) and gives the tree that names them. */
  private addTypes(domain: string, prefix: string, root: Shape): TypeTree {
    const tree = typeTree(prefix, root);
    for (const type of tree.types.slice(1)) {
      const token = shared.get(JSON.stringify(type.shape)) ?? typeToken(domain, type.name);
      this.types[token] = {
        type: "object",
        ...(type.shape.doc ? { description: type.shape.doc } : {}),
        properties: propertySpecs(type.shape, domain, tree),
        required: requiredOf(type.shape),
      };
    }
    return tree;
  }

  add(token: string, doc: string, inputs: Shape, outputs: Shape, further: JsonObject = {}): void {
    const domain = domainOf({ token });
    const prefix = kindName({ token });
    const inputTree = this.addTypes(domain, prefix, inputs);
    const outputTree = this.addTypes(domain, prefix, outputs);
    this.resources[token] = {
      description: doc,
      inputProperties: propertySpecs(inputs, domain, inputTree),
      requiredInputs: requiredOf(inputs),
      properties: propertySpecs(outputs, domain, outputTree),
      required: requiredOf(outputs),
      ...further,
    };
  }

  addKind(kind: Kind): void {
    if (kind.is === "action") {
      const inputs = kind.inputs();
      const outputs = kind.outputs();
      this.add(kind.token, kind.doc, inputs, {
        type: "object",
        properties: { ...inputs.properties, ...outputs.properties },
        required: [...(inputs.required ?? []), ...(outputs.required ?? [])],
      });
      return;
    }
    const content = kind.shape();
    const metadata = kind.scope === "Namespaced" ? namespacedMetadata : clusterMetadata;
    const required = ["metadata", ...(content.required ?? [])];
    const shape = (meta: Shape, more: Record<string, Shape>): Shape => ({
      type: "object",
      properties: { metadata: meta, ...content.properties, ...more },
      required,
    });
    this.add(kind.token, kind.doc, shape(metadata, {}), shape(objectMeta, { status }));
  }

  addComponent({ token, doc, inputs, outputs }: ComponentSchema): void {
    this.add(token, doc, shapeOfJsonSchema(inputs), shapeOfJsonSchema(outputs), { isComponent: true });
  }
}

function providerSpec(): JsonObject {
  const properties = { ...CONFIGURATION.properties };
  // Set by Pulumi, not by users.
  delete properties.version;
  const specs = propertySpecs({ type: "object", properties }, "index", typeTree("Provider", {}));
  const kubeconfig = { ...(specs.kubeconfig as JsonObject), secret: true };
  return { description: "A connection to one cluster.", inputProperties: { ...specs, kubeconfig } };
}

/** The Pulumi package schema of all kinds and components. */
export function packageSchema(
  facts: PackageFacts,
  kinds: readonly Kind[],
  components: readonly ComponentSchema[],
): JsonObject {
  const builder = new SchemaBuilder();
  kinds.forEach((kind) => builder.addKind(kind));
  components.forEach((component) => builder.addComponent(component));
  const provider = providerSpec();
  return {
    name: "ove",
    version: facts.version,
    description: facts.description,
    license: facts.license,
    keywords: facts.keywords,
    config: { variables: provider.inputProperties },
    provider,
    resources: builder.resources,
    types: builder.types,
    language: {
      nodejs: { packageName: "pulumi-ove", respectSchemaVersion: true },
      python: { packageName: "pulumi_ove", respectSchemaVersion: true, pyproject: { enabled: true } },
    },
  };
}
