import { z } from "zod";
import { isNetwork } from "../addresses";

/** A DNS label, the form of most Kubernetes names. */
export const DnsLabel = z
  .string()
  .max(63, "Must not have more than 63 characters.")
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "Must be lower case letters, digits and hyphens.");

/** Labels or annotations. */
export const StringMap = z.record(z.string(), z.string());

/** A network in CIDR notation without host bits. */
export const NetworkCidr = z
  .string()
  .refine(isNetwork, { error: (issue) => `${JSON.stringify(issue.input)} is not a network such as 10.128.0.0/14.` });

/** Name of a network interface in Linux, which allows 15 characters. */
export const InterfaceName = z
  .string()
  .regex(/^[^\s/:]{1,15}$/, "Must be the name of a network interface, at most 15 characters.");

/** Bytes. 68 is the least that IPv4 allows, 9978 the most that network cards in use take. */
export const Mtu = z.int().min(68).max(9978);

/** A Kubernetes quantity in whole bytes, such as `8Gi`. */
export const Quantity = z.string().regex(/^[1-9]\d*([KMGT]i?|k)?$/, "Must be a quantity such as 8Gi.");

/** A size of huge pages, written as in the resource names `hugepages-2Mi` and `hugepages-1Gi`. */
export const HugepageSize = z.enum(["2Mi", "1Gi"]);

/** A list of things that are told apart by a key, by their name unless given. */
export function distinct<T extends z.ZodType<{ name: string }>>(
  element: T,
  keyOf: (thing: z.output<T>) => string = (thing) => thing.name,
) {
  return z.array(element).superRefine((things, context) => {
    const keys = things.map(keyOf);
    keys.forEach((key, index) => {
      if (keys.indexOf(key) === index) return;
      context.addIssue({ code: "custom", path: [index, "name"], message: `${JSON.stringify(key)} occurs twice.` });
    });
  });
}

/** Key of things in namespaces. */
export function namespacedName({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}
