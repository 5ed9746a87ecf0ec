import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Shape } from "../shape";

/**
 * Folder of the generated shapes. They are data, not code, so they are read from the package root and not from beside
 * the compiled file.
 */
export function shapesFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return join(folder, "provider", "shapes");
}

/** A function that reads a generated shape when it is first asked for and keeps it: the provider starts without them. */
export function generatedShape(kind: string, adapt: (shape: Shape) => Shape = (shape) => shape): () => Shape {
  let shape: Shape | undefined;
  return () => {
    shape ??= adapt(JSON.parse(readFileSync(join(shapesFolder(), `${kind}.json`), "utf8")) as Shape);
    return shape;
  };
}
