import { z } from "zod";
import { distinct, DnsLabel, HugepageSize, Quantity, StringMap } from "./common";
import { DiskList, RootDisk } from "./machine-disks";
import { Nic } from "./machine-nics";

export * from "./machine-disks";
export * from "./machine-nics";

/** Virtual processors of a machine. */
export const MachineCpu = z.strictObject({
  cores: z.int().min(1).optional().describe("Cores per socket; 1 unless given."),
  sockets: z.int().min(1).optional().describe("Sockets; 1 unless given."),
  threads: z.int().min(1).max(2).optional().describe("Threads per core, 1 or 2; 1 unless given."),
  dedicated: z
    .boolean()
    .default(false)
    .describe("Each gets a processor of its own. Needs the kubelet's static CPU manager."),
  isolateEmulatorThread: z
    .boolean()
    .default(false)
    .describe("One more processor for the emulator's own work; needs `dedicated`."),
  numa: z
    .boolean()
    .default(false)
    .describe("The guest sees the NUMA nodes that its processors and memory are on; needs `dedicated`, huge pages."),
  model: z
    .string()
    .min(1)
    .optional()
    .describe("Model that the guest sees, such as `Cascadelake-Server`; that of the node unless given."),
});

/** An instance type or a preference. */
const Template = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, "Must be a name such as u1.medium.")
    .describe("Its name, such as `u1.medium`."),
  scope: z
    .enum(["cluster", "namespace"])
    .default("cluster")
    .describe("Whether it is the cluster's or in the machine's namespace; the cluster's unless given."),
});

/** Public SSH keys that are kept in a Secret. */
export const MachineSshKeys = z.strictObject({
  secret: DnsLabel.describe("Secret in the machine's namespace, each value of which is a public key."),
  users: z
    .array(z.string().min(1))
    .default([])
    .describe("Users whose keys the guest agent keeps up to date; without users cloud-init's own gets them, once."),
});

/** First configuration of the guest. cloud-init runs once: later changes are not seen. */
export const CloudInit = z.strictObject({
  userData: z.string().min(1).default("#cloud-config\n").describe("User data. Give secrets in it as a Pulumi secret."),
});

/** The fields of a machine, without what holds between them. */
export const MachineFields = z.strictObject({
  environment: DnsLabel.describe("Name of the environment: a part of generated hardware addresses."),
  name: DnsLabel.describe("Name of the machine."),
  namespace: DnsLabel.describe("Namespace of the machine."),
  labels: StringMap.default({}).describe("Labels of the machine and its pod: what Services and policies select."),
  runStrategy: z
    .enum(["Always", "Halted", "Manual", "RerunOnFailure", "Once"])
    .default("Always")
    .describe("When the machine runs; Always unless given."),
  evictionStrategy: z
    .enum(["None", "LiveMigrate", "LiveMigrateIfPossible", "External"])
    .optional()
    .describe("What a drain does; the cluster's default unless given. LiveMigrate blocks it if the machine cannot."),
  instanceType: Template.optional().describe("Size of the machine, instead of numbers of processors and `memory`."),
  preference: Template.optional().describe("What suits the guest where nothing is said, such as its bus."),
  cpu: MachineCpu.prefault({}).describe("Virtual processors; one unless given."),
  memory: Quantity.optional().describe("Memory of the guest, for example `4Gi`; needed without `instanceType`."),
  hugepages: HugepageSize.optional().describe("Size of the huge pages that back the memory; none unless given."),
  rootDisk: RootDisk.describe("What the machine starts from."),
  disks: DiskList.default([]).describe("Further disks, in the order in which the guest sees them."),
  nics: distinct(Nic).min(1).describe("Network interfaces, in the order in which the guest sees them."),
  nodeSelector: StringMap.default({}).describe("Labels of the nodes on which the machine may run."),
  cloudInit: CloudInit.prefault({}).describe("First configuration of the guest."),
  sshKeys: z.array(MachineSshKeys).default([]).describe("Secrets with public SSH keys for the guest."),
});

type Checked = Pick<
  z.infer<typeof MachineFields>,
  "nics" | "cpu" | "memory" | "hugepages" | "instanceType" | "rootDisk" | "disks"
>;

interface Problem {
  path: (string | number)[];
  message: string;
}

function sizeProblems({ cpu, memory, hugepages, instanceType }: Checked): Problem[] {
  const found: Problem[] = [];
  if (instanceType) {
    const message = "The instance type decides this; leave out one of them.";
    for (const key of ["cores", "sockets", "threads"] as const) {
      if (cpu[key] !== undefined) found.push({ path: ["cpu", key], message });
    }
    if (memory !== undefined) found.push({ path: ["memory"], message });
  } else if (memory === undefined) {
    found.push({ path: ["memory"], message: "Is required unless there is an instance type." });
  }
  // With an instance type these may be its own.
  if (instanceType) return found;
  if (cpu.isolateEmulatorThread && !cpu.dedicated) {
    found.push({ path: ["cpu", "isolateEmulatorThread"], message: "Needs `dedicated`." });
  }
  if (cpu.numa && !(cpu.dedicated && hugepages)) {
    found.push({ path: ["cpu", "numa"], message: "Needs `dedicated` and `hugepages`." });
  }
  return found;
}

/** Places in the order of booting that are given twice. */
function bootProblems({ rootDisk, disks, nics }: Checked): Problem[] {
  const all = [
    { path: ["rootDisk", "bootOrder"], order: rootDisk.bootOrder },
    ...disks.map(({ bootOrder }, index) => ({ path: ["disks", index, "bootOrder"], order: bootOrder })),
    ...nics.map(({ bootOrder }, index) => ({ path: ["nics", index, "bootOrder"], order: bootOrder })),
  ].filter(({ order }) => order !== undefined);
  const orders = all.map(({ order }) => order);
  return all
    .filter(({ order }, index) => orders.indexOf(order) !== index)
    .map(({ path, order }) => ({ path, message: `${order} occurs twice.` }));
}

function gatewayProblems({ nics }: Checked): Problem[] {
  return nics.flatMap((nic, index) => {
    const [first, second] = "gateways" in nic ? nic.gateways : [];
    if (first === undefined || second === undefined || first.includes(":") !== second.includes(":")) return [];
    return [{ path: ["nics", index, "gateways", 1], message: "There is one default route for each family." }];
  });
}

/** Adds what holds between the fields of a machine. */
export function checkedMachine<T extends z.ZodType<Checked>>(fields: T): T {
  return fields.superRefine((machine, context) => {
    const problems = [...sizeProblems(machine), ...bootProblems(machine), ...gatewayProblems(machine)];
    if (machine.nics.filter((nic) => nic.binding === "masquerade").length > 1) {
      problems.push({ path: ["nics"], message: "Only one interface can be on the pod network." });
    }
    for (const problem of problems) context.addIssue({ code: "custom", ...problem });
  });
}

/** A virtual machine. */
export const MachineArgs = checkedMachine(MachineFields);
export type MachineArgs = z.infer<typeof MachineArgs>;
