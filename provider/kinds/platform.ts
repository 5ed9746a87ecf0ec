import { textAt } from "../../rules/read";
import type { ActionKind } from "../kind";

export const gate: ActionKind = {
  is: "action",
  token: "ove:platform:Gate",
  doc: "Does nothing: one point that others depend on instead of on every object of a component.",
  waits: "Nothing beside what it depends on.",
  deletes: "Nothing is deleted.",
  example: { of: "platform" },
  inputs: () => ({
    type: "object",
    required: ["of"],
    properties: { of: { type: "string", minLength: 1, doc: "What is ready when the gate is." } },
  }),
  outputs: () => ({ type: "object", properties: {} }),
  check: () => [],
  id: (inputs) => textAt(inputs, "of") ?? "",
  immutable: [],
  timeouts: { create: 60, update: 60, delete: 60 },
  create: () => [],
  update: () => [],
  delete: () => [],
  observe: () => [],
  observed: () => ({}),
};
