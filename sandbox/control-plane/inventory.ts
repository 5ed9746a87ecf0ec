import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { formatPath, type Inventory } from "../../model";
import { InventoryArgs } from "../../model/arguments";
import { packageRoot } from "../files";
import { PlainError, messageOf } from "../plain-error";

/** The inventory that comes with the sandbox: one control-plane node and three workers. */
export function defaultInventoryFile(): string {
  return join(packageRoot(), "sandbox", "inventory.yaml");
}

/** Reads and checks an inventory file. One error names everything that is wrong, with property paths. */
export function readInventory(file: string): Inventory {
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new PlainError(`The inventory ${file} cannot be read: ${messageOf(error)}`);
  }
  return checkInventory(content, file);
}

/** Checks that a value is an inventory; `source` says in the error where it came from. */
export function checkInventory(value: unknown, source: string): Inventory {
  const result = InventoryArgs.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const where = formatPath(issue.path.map((step) => (typeof step === "number" ? step : String(step))));
    return `  ${where || "the file"}: ${issue.message}`;
  });
  throw new PlainError(`The inventory ${source} is not usable:\n${problems.join("\n")}`);
}
