import { z } from "zod";
import { hostAddressProblem, isAddress } from "../addresses";
import { distinct, DnsLabel, HugepageSize, NetworkCidr, Quantity, StringMap } from "./common";

const NicName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,15}$/, "Must be letters, digits, hyphens and underscores, at most 15.")
  .describe("Name of the interface, unique in the machine.");

const Mac = z
  .string()
  .regex(/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/, "Must be a unicast MAC in lower case with colons.")
  .refine((mac) => mac !== "02:00:00:00:00:00", { error: "Is reserved by KubeVirt for the pod network." })
  .optional()
  .describe("Hardware address; made from environment, machine and interface unless given, so it never changes.");

const NetworkName = z
  .string()
  .regex(/^([a-z0-9][-a-z0-9]*\/)?[a-z1-9][-a-z0-9]*$/, "Must be `name` or `namespace/name`.")
  .describe("Attachment or SR-IOV network, `name` in the machine's namespace or `namespace/name`.");

const HostAddress = z.string().superRefine((text, context) => {
  const problem = hostAddressProblem(text);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

const Address = z.string().refine(isAddress, { error: (issue) => `${JSON.stringify(issue.input)} is not an address.` });

const guestAddressing = {
  macAddress: Mac,
  addresses: z
    .array(HostAddress)
    .default([])
    .describe("Addresses in the guest with their prefix lengths; DHCP unless given."),
  dhcp4: z.boolean().optional().describe("Asks for an IPv4 address by DHCP; true unless there are addresses."),
  routes: z
    .array(
      z.strictObject({
        to: NetworkCidr.describe("Destination."),
        via: Address.describe("Next hop."),
      }),
    )
    .default([])
    .describe("Routes in the guest."),
  nameservers: z.array(Address).default([]).describe("Name servers in the guest."),
};

/** A network interface of a machine. */
export const Nic = z.discriminatedUnion("binding", [
  z.strictObject({
    name: NicName.default("default"),
    binding: z
      .literal("masquerade")
      .describe("The pod network, behind the pod's address: policed and encrypted by Cilium."),
    macAddress: Mac,
  }),
  z.strictObject({
    name: NicName,
    binding: z.literal("bridge").describe("An attachment on a bridge."),
    network: NetworkName,
    ...guestAddressing,
  }),
  z.strictObject({
    name: NicName,
    binding: z.literal("sriov").describe("A virtual function of its own, out of a vfio-pci pool."),
    network: NetworkName,
    ...guestAddressing,
  }),
]);
export type Nic = z.infer<typeof Nic>;

/** Virtual processors of a machine. */
export const MachineCpu = z.strictObject({
  cores: z.int().min(1).default(1).describe("Cores per socket; 1 unless given."),
  sockets: z.int().min(1).default(1).describe("Sockets; 1 unless given."),
  threads: z.int().min(1).max(2).default(1).describe("Threads per core, 1 or 2; 1 unless given."),
  dedicated: z
    .boolean()
    .default(false)
    .describe("Each gets a processor of its own. Needs the kubelet's static CPU manager."),
});

/** What a machine starts from. */
export const RootDisk = z.discriminatedUnion("source", [
  z.strictObject({
    source: z.literal("containerDisk").describe("An image that is read anew at each start; changes are lost."),
    image: z.string().min(1).describe("The image."),
  }),
  z.strictObject({
    source: z.literal("dataVolume").describe("A DataVolume in the machine's namespace."),
    name: DnsLabel.describe("Its name."),
  }),
  z.strictObject({
    source: z.literal("persistentVolumeClaim").describe("A PersistentVolumeClaim in the machine's namespace."),
    claimName: DnsLabel.describe("Its name."),
  }),
]);

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
  cpu: MachineCpu.prefault({}).describe("Virtual processors."),
  memory: Quantity.describe("Memory of the guest, for example `4Gi`."),
  hugepages: HugepageSize.optional().describe("Size of the huge pages that back the memory; none unless given."),
  rootDisk: RootDisk.describe("What the machine starts from."),
  nics: distinct(Nic).min(1).describe("Network interfaces, in the order in which the guest sees them."),
  nodeSelector: StringMap.default({}).describe("Labels of the nodes on which the machine may run."),
  cloudInit: CloudInit.prefault({}).describe("First configuration of the guest."),
});

/** Adds what holds between the fields of a machine. */
export function checkedMachine<T extends z.ZodType<{ nics: Nic[] }>>(fields: T): T {
  return fields.superRefine(({ nics }, context) => {
    if (nics.filter((nic) => nic.binding === "masquerade").length <= 1) return;
    const message = "Only one interface can be on the pod network.";
    context.addIssue({ code: "custom", path: ["nics"], message });
  });
}

/** A virtual machine. */
export const MachineArgs = checkedMachine(MachineFields);
export type MachineArgs = z.infer<typeof MachineArgs>;
