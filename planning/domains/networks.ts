import { attachmentObject, planAttachments } from "../networks";
import type { Domain } from "./domain";
import { checkNamespaces } from "./namespaces";

/** Secondary networks. */
export const networks: Domain = {
  plans: ({ networks: attachments }) => (attachments.length > 0 ? [planAttachments({ attachments })] : []),
  edges: ({ networks: attachments }, edges) => {
    for (const attachment of attachments) {
      const id = `networks/${attachmentObject(attachment)}`;
      edges.afterNamespace(id, attachment.namespace);
      edges.afterComponent(id, "cilium", "Cilium must leave Multus' configuration alone before networks are attached");
    }
  },
  references: (environment, report) => checkNamespaces(environment, ["networks"], environment.networks, report),
};
