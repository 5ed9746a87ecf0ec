import type { JsonObject, Plan } from "../model";
import type { Attachment, AttachmentsArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { policySpec } from "./hostnetwork";
import { tokens } from "./tokens";
import { composeHost, interfaceOf } from "./uplinks";

export { AttachmentsArgs } from "../model/arguments";

/** Every plugin in use takes this version, and the bridge plugin's check of later ones fails without IPAM. */
const CNI_VERSION = "0.3.1";

/** Name of an attachment's object in the component. */
export function attachmentObject({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

/** The plugin's own keys. */
function pluginKeys(attachment: Attachment): JsonObject {
  const on = interfaceOf(attachment);
  switch (attachment.type) {
    case "bridge":
    case "cnv-bridge": {
      // The VLAN of an uplink is made below the bridge, whose frames have no tag any more.
      const vlan = attachment.uplink === undefined ? attachment.vlan : undefined;
      const { macspoofchk, portIsolation, mtu } = attachment;
      return { bridge: on, vlan, macspoofchk, portIsolation, mtu };
    }
    case "ovs":
      return { bridge: on, vlan: attachment.vlan, mtu: attachment.mtu, ipam: attachment.ipam };
    case "macvlan":
    case "ipvlan":
      return { master: on, mode: attachment.mode, mtu: attachment.mtu, ipam: attachment.ipam };
    case "vlan":
      return { master: on, vlanId: attachment.vlanId, mtu: attachment.mtu, ipam: attachment.ipam };
    case "bond": {
      const { mode, miimon, links, failOverMac, mtu, ipam } = attachment;
      // The plugin reads miimon as a text, and moves the node's own interfaces into the pod unless told otherwise.
      const fixed = { miimon: String(miimon), linksInContainer: true, links: links.map((name) => ({ name })) };
      return { mode, ...fixed, failOverMac, mtu, ipam };
    }
    case "host-device":
      return { device: on, ipam: attachment.ipam };
  }
}

function cniConfig(attachment: Attachment): string {
  const { name, type } = attachment;
  return JSON.stringify({ cniVersion: CNI_VERSION, name, type, ...pluginKeys(attachment) });
}

/** Resources that nodes with a bridge offer: without them a missing bridge shows only as silence on the network. */
const MARKERS: Partial<Record<Attachment["type"], string>> = {
  bridge: "bridge.network.kubevirt.io",
  "cnv-bridge": "bridge.network.kubevirt.io",
  ovs: "ovs-cni.network.kubevirt.io",
};

/** What an attachment's object says beside its configuration: the resource that its members take. */
export function annotations(attachment: Attachment): Record<string, string> | undefined {
  const marker = MARKERS[attachment.type];
  return marker === undefined
    ? undefined
    : { "k8s.v1.cni.cncf.io/resourceName": `${marker}/${interfaceOf(attachment)}` };
}

type Daemon = "dhcp" | "whereabouts";

/** What has to run on the nodes for an attachment's addresses. */
export function daemonOf(attachment: Attachment): Daemon | undefined {
  const type = "ipam" in attachment ? attachment.ipam?.type : undefined;
  return type === "dhcp" || type === "whereabouts" ? type : undefined;
}

/** The reasons for which attachments wait for the network operator. */
const DAEMONS: Record<Daemon, string> = {
  dhcp: "members ask the DHCP daemon, which the network operator runs only when told to",
  whereabouts: "the whereabouts reconciler frees addresses, and the network operator runs it only when told to",
};

/** A network that nobody joins: naming its kind of addresses is what makes the operator run the daemon. */
function shim(daemon: Daemon): JsonObject {
  const name = `${daemon}-shim`;
  // The range is set aside for documentation; the plugin does not load without one.
  const ipam = daemon === "dhcp" ? { type: daemon } : { type: daemon, range: "192.0.2.0/24" };
  const config = { cniVersion: CNI_VERSION, name, type: "bridge", bridge: "br-shim", ipam };
  return { name, namespace: "default", type: "Raw", rawCNIConfig: JSON.stringify(config) };
}

/** The network operator's part, where something is asked of it; the answer is its id. */
function planOperator(plan: PlanBuilder, { attachments, multiNetworkPolicy }: AttachmentsArgs): string | undefined {
  const daemons = [...new Set(attachments.map(daemonOf))].filter((daemon) => daemon !== undefined).sort();
  if (daemons.length === 0 && !multiNetworkPolicy) return undefined;
  return plan.add("operator", tokens.networkOperator, {
    metadata: { name: "cluster" },
    spec: {
      additionalNetworks: daemons.length > 0 ? daemons.map(shim) : undefined,
      useMultiNetworkPolicy: multiNetworkPolicy || undefined,
    },
  });
}

/** Policies for what attachments need on their uplinks, by group, for a component that is used alone. */
function planUplinks(plan: PlanBuilder, attachments: readonly Attachment[]): Map<string, string> {
  const groups = composeHost(undefined, attachments).args?.groups ?? [];
  const made = new Map<string, string>();
  for (const group of groups) {
    const id = plan.add(`uplinks-${group.name}`, tokens.nodeNetworkConfigurationPolicy, {
      metadata: { name: `${group.name}-uplinks` },
      spec: policySpec(group),
    });
    for (const { name } of [...group.vlans, ...group.bridges, ...group.ovsBridges]) made.set(name, id);
  }
  return made;
}

/**
 * Secondary networks as NetworkAttachmentDefinitions, with the daemons that their addresses need. In an environment the
 * host network makes what is needed on uplinks (`uplinks: false`), so that there is one policy for each group of nodes.
 */
export function planAttachments(args: AttachmentsArgs, { uplinks = true } = {}): Plan {
  const plan = new PlanBuilder("networks", tokens.attachments);
  const operator = planOperator(plan, args);
  const policies = uplinks ? planUplinks(plan, args.attachments) : new Map<string, string>();
  for (const attachment of args.attachments) {
    const { name } = attachment;
    const daemon = daemonOf(attachment);
    const policy = policies.get(interfaceOf(attachment) ?? "");
    for (const namespace of [attachment.namespace, ...attachment.namespaces]) {
      const id = plan.add(attachmentObject({ name, namespace }), tokens.networkAttachmentDefinition, {
        metadata: { name, namespace, annotations: annotations(attachment) },
        spec: { config: cniConfig(attachment) },
      });
      if (operator && daemon) plan.after(id, operator, DAEMONS[daemon]);
      if (policy) plan.after(id, policy, "the nodes must have the interface that the attachment names");
    }
  }
  return plan.build();
}
