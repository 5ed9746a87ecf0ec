import { type Attachment, attachmentNames, type NodeGroup, partsOf } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { groupObject, HOST_NETWORK } from "../hostnetwork";
import { planAttachments } from "../networks";
import { interfaceOf } from "../uplinks";
import { VIRTUALIZATION } from "../virtualization";
import { checkAttachments } from "./attachment-checks";
import { checkMembers } from "./attachment-members";
import type { CrossEdges, Domain } from "./domain";
import { hostOf } from "./hostnetwork";
import { checkNamespaces } from "./namespaces";

/** Names of the groups that make an interface, by its name. */
function makers(groups: readonly NodeGroup[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const group of groups) {
    for (const { name } of partsOf(group)) found.set(name, [...(found.get(name) ?? []), group.name]);
  }
  return found;
}

/** One edge to the policy that makes the attachment's interface; to the gate of them all where there are several. */
function hostEdge(id: string, attachment: Attachment, made: ReadonlyMap<string, string[]>, edges: CrossEdges): void {
  const name = interfaceOf(attachment);
  const [first, ...others] = (name === undefined ? undefined : made.get(name)) ?? [];
  if (first === undefined) return;
  const reason = `the nodes must have ${name}, which the attachment is on`;
  if (others.length === 0) edges.after(id, groupObject(first), reason);
  else edges.afterComponent(id, HOST_NETWORK, reason);
}

/** MultiNetworkPolicy needs a daemon, which runs where there is one. */
function multiNetworkPolicy({ policies }: Environment): boolean {
  return policies.some((policy) => policy.attachment !== undefined);
}

/** Secondary networks. */
export const networks: Domain = {
  plans: (environment) => {
    const args = { attachments: environment.networks, multiNetworkPolicy: multiNetworkPolicy(environment) };
    return args.attachments.length > 0 || args.multiNetworkPolicy ? [planAttachments(args, { uplinks: false })] : [];
  },
  edges: (environment, edges) => {
    const made = makers(hostOf(environment).args?.groups ?? []);
    for (const attachment of environment.networks) {
      for (const name of attachmentNames(attachment)) {
        const id = `networks/${name}`;
        edges.afterNamespace(id, name.split("/")[0] ?? "");
        edges.afterComponent(
          id,
          "cilium",
          "Cilium must leave Multus' configuration alone before networks are attached",
        );
        hostEdge(id, attachment, made, edges);
        if (attachment.type !== "ovs" && attachment.type !== "cnv-bridge") continue;
        edges.afterComponent(id, VIRTUALIZATION, "OpenShift Virtualization brings the plugin to the nodes");
      }
    }
  },
  references: (environment, report) => {
    checkNamespaces(environment, ["networks"], environment.networks, report);
    checkAttachments(environment, report);
    checkMembers(environment, report);
  },
};
