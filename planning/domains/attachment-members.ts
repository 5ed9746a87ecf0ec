import { type Attachment, attachmentNames, namespacedName } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import type { Report } from "./domain";

/** Namespaces whose attachments everybody may use. Source: cluster-network-operator bindata/network/multus/multus.yaml. */
const GLOBAL_NAMESPACES = ["default", "openshift-multus", "openshift-sriov-network-operator", "openshift-cnv"];

/** Why a network does not carry machines; undefined where it does. Sources: kubevirt#5483, kubevirt#7001. */
function unusable(attachment: Attachment): string | undefined {
  switch (attachment.type) {
    case "macvlan":
      // Passed through, the interface takes all frames, for one machine on each node.
      return attachment.mode === "passthru" ? undefined : "macvlan drops frames for the guest's own address";
    case "ipvlan":
      return "all interfaces of ipvlan share one address, so nothing reaches the guest";
    case "bond":
      return "a bond is made of a pod's interfaces, and each network of a machine has one of its own";
    default:
      return undefined;
  }
}

const CARRIES = 'Use a network of type "cnv-bridge"; for a bond, declare it in `hostNetwork` below the bridge.';

/** Reports machines on networks that do not carry them, or that OpenShift does not let them join. */
export function checkMembers({ networks, machines }: Environment, report: Report): void {
  const known = new Map(networks.flatMap((each) => attachmentNames(each).map((name) => [name, each] as const)));
  machines.forEach((machine, index) =>
    machine.nics.forEach((nic, position) => {
      if (nic.binding !== "bridge") return;
      const own = !nic.network.includes("/");
      const name = own ? namespacedName({ namespace: machine.namespace, name: nic.network }) : nic.network;
      const attachment = known.get(name);
      if (!attachment) return;
      const where = ["machines", index, "nics", position, "network"];
      const reason = unusable(attachment);
      if (reason !== undefined) {
        report(where, `"${name}" is of type ${attachment.type} and carries no machines: ${reason}.`, CARRIES);
      }
      const [namespace = ""] = name.split("/");
      if (namespace === machine.namespace || GLOBAL_NAMESPACES.includes(namespace)) return;
      const message = `OpenShift does not let "${machine.namespace}" join networks of "${namespace}".`;
      report(where, message, `Add "${machine.namespace}" to \`namespaces\` of the network, and name it alone here.`);
    }),
  );
}
