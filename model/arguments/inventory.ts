import { z } from "zod";
import { HugepageSize, InterfaceName, Quantity, StringMap } from "./common";

const Hex4 = z.string().regex(/^[0-9a-f]{4}$/, "Must be four hexadecimal digits in lower case, in quotes");

/** The form of a node's name: DNS labels with dots between them. */
const NodeName = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/,
    "Must be DNS labels: a-z, 0-9 and -, at most 63 each, with dots between them",
  );

const Memory = z
  .string()
  .regex(/^[1-9]\d*(Ki|Mi|Gi|Ti)$/, "Must be a whole number with Ki, Mi, Gi or Ti, for example 128Gi");

/** A physical function of a network card. */
const InventoryNic = z
  .strictObject({
    name: InterfaceName.describe("Name in Linux, for example `ens1f0`."),
    pciAddress: z
      .string()
      .regex(/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/, "Must look like 0000:3b:00.0")
      .describe("PCI address."),
    vendor: Hex4.describe("PCI id of the vendor, in quotes: `15b3` is NVIDIA, `8086` Intel."),
    deviceID: Hex4.describe("PCI id of the physical function, in quotes: `1017` is ConnectX-5."),
    driver: z.string().min(1).describe("Driver of the physical function."),
    mac: z
      .string()
      .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, "Must look like 04:3f:72:00:00:01, in lower case")
      .describe("Hardware address."),
    mtu: z.int().min(68).max(65535).optional().describe("Bytes; 1500 unless given."),
    totalVfs: z.int().min(0).max(256).describe("How many virtual functions the card can make; 0 without SR-IOV."),
    numVfs: z.int().min(0).max(256).optional().describe("How many virtual functions the host has made by itself."),
    linkType: z.enum(["ETH", "IB"]).optional().describe("Ethernet or InfiniBand; ETH unless given."),
    linkSpeed: z.string().optional().describe("For example `100000 Mb/s`."),
  })
  .refine((card) => (card.numVfs ?? 0) <= card.totalVfs, { path: ["numVfs"], error: "Must not be above totalVfs" });

function unique<K extends string>(items: Record<K, string>[], key: K, context: z.RefinementCtx): void {
  items.forEach((item, index) => {
    const first = items.findIndex((other) => other[key] === item[key]);
    if (first === index) return;
    const message = `"${item[key]}" is already that of element ${first}`;
    context.addIssue({ code: "custom", path: [index, key], message });
  });
}

/** A node of the cluster and its hardware. */
const InventoryNode = z.strictObject({
  name: NodeName.describe("Name of the node."),
  role: z.enum(["master", "worker"]).describe("Machine config pool that the node begins in."),
  cpus: z.int().min(1).describe("Logical processors."),
  memory: Memory.describe("Memory, for example `128Gi`."),
  hugepages: z
    .partialRecord(HugepageSize, Quantity)
    .optional()
    .describe("Memory that the node offers as huge pages, by their size: `1Gi: 8Gi`."),
  labels: StringMap.optional().describe("Labels of the node."),
  nics: z
    .array(InventoryNic)
    .superRefine((nics, context) => {
      for (const key of ["name", "pciAddress", "mac"] as const) unique(nics, key, context);
    })
    .describe("Its network cards."),
  bridges: z.array(InterfaceName).optional().describe("Linux bridges that the host has."),
});

/** What a cluster is made of, as `ove inventory` prints it. */
export const InventoryArgs = z.strictObject({
  nodes: z
    .array(InventoryNode)
    .min(1)
    .superRefine((nodes, context) => unique(nodes, "name", context))
    .describe("The nodes, all of them: rules count on it."),
});
