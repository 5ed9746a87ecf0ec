import type { Shape } from "../shape";

const text: Shape = { type: "string" };

/** A map of texts, such as labels. */
export const textMap: Shape = { type: "object", values: text };

/** Tolerations of a pod. Source: core/v1 Toleration. */
export const tolerations: Shape = {
  type: "array",
  items: {
    type: "object",
    properties: {
      key: text,
      operator: text,
      value: text,
      effect: text,
      tolerationSeconds: { type: "integer", format: "int64" },
    },
  },
};

/** A pod's affinity; its parts are the API server's own business. */
export const affinity: Shape = { type: "object", open: true };
