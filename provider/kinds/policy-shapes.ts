import type { Shape } from "../shape";
import { generatedShape } from "./shapes";

/** `^([chars]+[.]?)+$`, which takes forever on long names that do not match. */
const dotted = /^\^\(\[(.+)\]\+\[\.\]\?\)\+\$$/;

/** A pattern of Go's engine as one of JavaScript's that means the same and is quick. */
function adapted(pattern: string): string {
  const [, characters] = dotted.exec(pattern) ?? [];
  if (characters !== undefined) return `^[${characters}]+([.][${characters}]+)*[.]?$`;
  return pattern.replace("\\PC", "\\P{C}");
}

function adaptAll(shape: Shape): Shape {
  const result: Shape = { ...shape };
  // Of a number or a text a rule of its own says more than a list of all names.
  if (result.intOrString) delete result.pattern;
  if (result.pattern !== undefined) result.pattern = adapted(result.pattern);
  if (shape.items) result.items = adaptAll(shape.items);
  if (shape.values) result.values = adaptAll(shape.values);
  if (shape.properties) {
    result.properties = Object.fromEntries(
      Object.entries(shape.properties).map(([key, each]) => [key, adaptAll(each)]),
    );
  }
  return result;
}

/** The shape of one of Cilium's policies, with patterns that JavaScript takes. */
export const policyShape = (kind: string): (() => Shape) => generatedShape(kind, adaptAll);
