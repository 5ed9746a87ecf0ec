import type { Kind } from "../kind";
import type { Shape } from "../shape";

/** An object type with named fields, found in a kind's shape. */
export interface NamedType {
  name: string;
  shape: Shape;
}

/** The object types of a kind, outermost first. Types that are the same occur once, under the first name. */
export interface TypeTree {
  types: NamedType[];
  nameOf(shape: Shape): string | undefined;
}

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** `a-b` and `a.b` become `aB`: what a type may be called. */
const identifier = (word: string): string =>
  word.replace(/[^A-Za-z0-9]+(.)?/g, (_all, next: string | undefined) => (next ?? "").toUpperCase());

function hasFields(shape: Shape): boolean {
  return Object.keys(shape.properties ?? {}).length > 0;
}

/** Collects the object types below a shape, breadth first, so that short paths give the names. */
export function typeTree(prefix: string, root: Shape): TypeTree {
  const names = new Map<string, string>();
  const types: NamedType[] = [];
  const queue: [string, Shape][] = [[prefix, root]];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, shape] = next;
    if (hasFields(shape)) {
      const key = JSON.stringify(shape);
      if (names.has(key)) continue;
      names.set(key, name);
      types.push({ name, shape });
    }
    for (const [field, inner] of Object.entries(shape.properties ?? {})) {
      queue.push([name + capitalised(identifier(field)), inner]);
    }
    if (shape.items) queue.push([name, shape.items]);
    if (shape.values) queue.push([name, shape.values]);
  }
  return { types, nameOf: (shape) => names.get(JSON.stringify(shape)) };
}

/** `MachineConfig` of `ove:nodes:MachineConfig`. */
export function kindName(kind: Pick<Kind, "token">): string {
  return kind.token.split(":")[2] ?? kind.token;
}

/** `nodes` of `ove:nodes:MachineConfig`. */
export function domainOf(kind: Pick<Kind, "token">): string {
  return kind.token.split(":")[1] ?? "";
}
