import { z } from "zod";
import { hostAddressProblem, isAddress } from "../addresses";
import { Mtu, NetworkCidr } from "./common";

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

const BootOrder = z
  .int()
  .min(1)
  .optional()
  .describe("Place in the order in which the firmware tries disks and interfaces, from 1; not tried unless given.");

const common = {
  macAddress: Mac,
  bootOrder: BootOrder,
  mtu: Mtu.optional().describe("MTU in the guest; in an environment that of the network, unless given."),
};

const guestAddressing = {
  ...common,
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
  gateways: z
    .array(Address)
    .max(2)
    .default([])
    .describe("Next hops of the guest's default routes, at most one IPv4 and one IPv6; none unless given."),
  nameservers: z.array(Address).default([]).describe("Name servers in the guest."),
};

/** A network interface of a machine. */
export const Nic = z.discriminatedUnion("binding", [
  z.strictObject({
    name: NicName.default("default"),
    binding: z
      .literal("masquerade")
      .describe("The pod network, behind the pod's address: policed and encrypted by Cilium."),
    ...common,
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
