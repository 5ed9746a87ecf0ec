import type { Shape } from "../shape";

const textMap: Shape = { type: "object", values: { type: "string" } };

/** A DNS-1123 subdomain, as the API server wants names of most objects to be. */
const name: Shape = { type: "string", minLength: 1, maxLength: 253, pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$" };

/** The metadata that programs give to an object. */
export function metadataShape(scope: "Cluster" | "Namespaced"): Shape {
  const namespaced = scope === "Namespaced";
  return {
    type: "object",
    properties: { name, ...(namespaced ? { namespace: name } : {}), labels: textMap, annotations: textMap },
    required: namespaced ? ["name", "namespace"] : ["name"],
  };
}

/** The metadata of a manifest, which may be a dump of a live object: with all that servers write there. */
export const manifestMetadataShape: Shape = {
  type: "object",
  properties: {
    name,
    generateName: { type: "string" },
    namespace: name,
    labels: textMap,
    annotations: textMap,
    finalizers: { type: "array", items: { type: "string" } },
    ownerReferences: { type: "array", items: { type: "object", open: true } },
    managedFields: { type: "array", items: { type: "object", open: true } },
    uid: { type: "string" },
    resourceVersion: { type: "string" },
    generation: { type: "integer" },
    creationTimestamp: { type: "string" },
    deletionTimestamp: { type: "string" },
    deletionGracePeriodSeconds: { type: "integer" },
    selfLink: { type: "string" },
  },
};
