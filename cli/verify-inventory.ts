import { readFileSync } from "node:fs";
import { isObject } from "../model";
import type { InventoryNode, Json, JsonObject } from "../model";
import { objectsOf } from "../provider/manifests/check";
import { readDocuments } from "../provider/manifests/documents";
import { inventoryNodes } from "../provider/manifests/node-states";
import { decode } from "./manifest-files";

/** The nodes of an inventory file, or of dumped SriovNetworkNodeState objects. Throws one plain message. */
export async function nodesFrom(file: string): Promise<readonly InventoryNode[]> {
  const text = readText(file);
  const documents = readDocuments(text);
  const problem = documents.flatMap((document) => document.problems)[0];
  if (problem) throw new Error(`The inventory ${file} cannot be read: line ${problem.line}: ${problem.message}`);
  const values = documents.flatMap(({ value }) => (value === undefined || value === null ? [] : [value]));
  const objects = values
    .flatMap((value: Json) => objectsOf(value))
    .flatMap(({ object }) => (isObject(object) ? [object] : []));
  if (objects.some((object: JsonObject) => object.kind !== undefined)) return dumped(file, objects);
  const { checkInventory } = await import("../sandbox/control-plane/inventory");
  return checkInventory(values[0] ?? null, file).nodes;
}

function dumped(file: string, objects: readonly JsonObject[]): InventoryNode[] {
  const nodes = inventoryNodes(objects);
  if (nodes.length === 0) throw new Error(`The inventory ${file} has neither nodes nor SriovNetworkNodeState objects.`);
  return nodes;
}

function readText(file: string): string {
  try {
    return decode(readFileSync(file));
  } catch (error) {
    throw new Error(`The inventory ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
