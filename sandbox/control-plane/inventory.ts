import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { formatPath, type Inventory } from "../../model";
import { packageRoot } from "../files";
import { PlainError, messageOf } from "../plain-error";

const hex4 = z.string().regex(/^[0-9a-f]{4}$/, "must be four hexadecimal digits in lower case, in quotes");
const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "must be a DNS label: a-z, 0-9 and -, at most 63");
/** Longest interface name that Linux takes. */
const interfaceName = z.string().regex(/^[^\s/:]{1,15}$/, "must be an interface name of at most 15 characters");

const nic = z.strictObject({
  name: interfaceName,
  pciAddress: z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/, "must look like 0000:3b:00.0"),
  vendor: hex4,
  deviceID: hex4,
  driver: z.string().min(1),
  mac: z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, "must look like 04:3f:72:00:00:01, in lower case"),
  mtu: z.int().min(68).max(65535).optional(),
  totalVfs: z.int().min(0).max(256),
  linkType: z.enum(["ETH", "IB"]).optional(),
  linkSpeed: z.string().optional(),
});

const node = z.strictObject({
  name: dnsLabel,
  role: z.enum(["master", "worker"]),
  cpus: z.int().min(1),
  memory: z
    .string()
    .regex(/^[1-9]\d*(Ki|Mi|Gi|Ti)$/, "must be a whole number with Ki, Mi, Gi or Ti, for example 128Gi"),
  labels: z.record(z.string(), z.string()).optional(),
  nics: z.array(nic).superRefine((nics, context) => {
    for (const key of ["name", "pciAddress", "mac"] as const) unique(nics, key, context);
  }),
  bridges: z.array(interfaceName).optional(),
});

const inventory = z.strictObject({
  nodes: z
    .array(node)
    .min(1)
    .superRefine((nodes, context) => unique(nodes, "name", context)),
});

function unique<K extends string>(items: Record<K, string>[], key: K, context: z.RefinementCtx): void {
  items.forEach((item, index) => {
    const first = items.findIndex((other) => other[key] === item[key]);
    if (first < index) {
      context.addIssue({
        code: "custom",
        path: [index, key],
        message: `"${item[key]}" is already that of element ${first}`,
      });
    }
  });
}

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
  const result = inventory.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const where = formatPath(issue.path.map((step) => (typeof step === "number" ? step : String(step))));
    return `  ${where || "the file"}: ${issue.message}`;
  });
  throw new PlainError(`The inventory ${source} is not usable:\n${problems.join("\n")}`);
}
