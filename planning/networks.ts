import type { JsonObject, Plan } from "../model";
import type { Attachment, AttachmentsArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { tokens } from "./tokens";

export { AttachmentsArgs } from "../model/arguments";

/** Every plugin in use takes this version, and the bridge plugin's check of later ones fails without IPAM. */
const CNI_VERSION = "0.3.1";

/** Name of an attachment's object in the component. */
export function attachmentObject({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

/** The plugin's configuration, whose keys are those of the arguments. */
function cniConfig({ name, type, ...plugin }: Attachment): JsonObject {
  return { cniVersion: CNI_VERSION, name, type, ...plugin, namespace: undefined };
}

/** The resource that nodes with the bridge offer: without it a missing bridge shows only as silence on the network. */
function annotations(attachment: Attachment): Record<string, string> | undefined {
  if (attachment.type !== "bridge" && attachment.type !== "cnv-bridge") return undefined;
  return { "k8s.v1.cni.cncf.io/resourceName": `bridge.network.kubevirt.io/${attachment.bridge}` };
}

/** Secondary networks as NetworkAttachmentDefinitions. */
export function planAttachments(args: AttachmentsArgs): Plan {
  const plan = new PlanBuilder("networks", tokens.attachments);
  for (const attachment of args.attachments) {
    const { name, namespace } = attachment;
    plan.add(attachmentObject(attachment), tokens.networkAttachmentDefinition, {
      metadata: { name, namespace, annotations: annotations(attachment) },
      spec: { config: JSON.stringify(cniConfig(attachment)) },
    });
  }
  return plan.build();
}
