import { attachmentRules } from "../../rules";
import type { ObjectKind } from "../kind";
import { checkedBy } from "./checked-by";
import { generatedShape } from "./shapes";
import { ready } from "./verdict";

const minutes = 60;

export const networkAttachmentDefinition: ObjectKind = {
  is: "object",
  token: "ove:networks:NetworkAttachmentDefinition",
  doc: "A network beside the cluster's own that pods and machines of a namespace can join, as a CNI configuration.",
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  plural: "network-attachment-definitions",
  scope: "Namespaced",
  shape: generatedShape("NetworkAttachmentDefinition"),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  check: checkedBy(attachmentRules),
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  // Nothing acts on it until a pod joins: it works as soon as it exists.
  ready: { watches: () => [], verdict: () => ready },
};
