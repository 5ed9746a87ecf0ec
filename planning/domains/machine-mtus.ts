import { type Attachment, attachmentNames, mtuOf, namespacedName, partsOf } from "../../model/arguments";
import type { Environment, EnvironmentMachine } from "../../model/environment";
import { ciliumValues } from "../cilium-values";
import { interfaceOf } from "../uplinks";
import { ciliumArgs } from "./cilium";
import { hostOf } from "./hostnetwork";

/** `namespace/name` of what an interface of a machine joins. */
export function qualified(machine: { namespace: string }, network: string): string {
  return network.includes("/") ? network : namespacedName({ namespace: machine.namespace, name: network });
}

/** The MTU of an attachment: its own, or that of the nodes' interface as far as it is declared. */
function attachmentMtu(environment: Environment): (attachment: Attachment) => number | undefined {
  const groups = (hostOf(environment).args?.groups ?? []).map(partsOf);
  const known = new Map<string, number | undefined>();
  const hostMtu = (name: string): number | undefined => {
    if (!known.has(name)) {
      const mtus = groups.map((parts) => mtuOf(name, parts)).filter((mtu) => mtu !== undefined);
      known.set(name, mtus.length > 0 ? Math.min(...mtus) : undefined);
    }
    return known.get(name);
  };
  return (attachment) => {
    const own = "mtu" in attachment ? attachment.mtu : undefined;
    const name = interfaceOf(attachment);
    return own ?? (name === undefined ? undefined : hostMtu(name));
  };
}

/**
 * The MTU that each interface of a machine has in the guest, from the networks of the environment: a virtual function
 * tells the guest none, and other interfaces only those guests whose card is virtio. Undefined where nobody says it.
 */
export function guestMtus(
  environment: Environment,
): (machine: EnvironmentMachine, index: number) => number | undefined {
  const { cilium, fabric, networks } = environment;
  const pods = cilium ? ciliumValues(ciliumArgs(environment, cilium)).MTU : undefined;
  const ofAttachment = attachmentMtu(environment);
  const bridges = new Map(
    networks.flatMap((each) => attachmentNames(each).map((name) => [name, ofAttachment(each)] as const)),
  );
  const cards = new Map(fabric?.vfPools.map((pool) => [pool.resourceName, pool.mtu]));
  const functions = new Map(fabric?.networks.map((each) => [namespacedName(each), cards.get(each.resourceName)]));
  return (machine, index) => {
    const nic = machine.nics[index];
    if (!nic || nic.mtu !== undefined) return nic?.mtu;
    if (nic.binding === "masquerade") return typeof pods === "number" ? pods : undefined;
    return (nic.binding === "bridge" ? bridges : functions).get(qualified(machine, nic.network));
  };
}
