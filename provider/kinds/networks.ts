import { attachmentRules } from "../../rules";
import type { ObjectKind } from "../kind";
import { generatedShape } from "./shapes";
import { ready } from "./verdict";

const minutes = 60;

export const networkAttachmentDefinition: ObjectKind = {
  is: "object",
  token: "ove:networks:NetworkAttachmentDefinition",
  doc: "A network beside the cluster's own that pods and machines of a namespace can join, as a CNI configuration.",
  waits: "Nothing: it works as soon as it exists.",
  deletes: "Deleted at once; pods and machines that joined keep their interface until they restart.",
  example: {
    metadata: {
      name: "storage",
      namespace: "shop",
      annotations: { "k8s.v1.cni.cncf.io/resourceName": "bridge.network.kubevirt.io/br-storage" },
    },
    spec: {
      config: JSON.stringify({ cniVersion: "0.3.1", name: "storage", type: "cnv-bridge", bridge: "br-storage" }),
    },
  },
  disruptions: [],
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  plural: "network-attachment-definitions",
  scope: "Namespaced",
  shape: generatedShape("NetworkAttachmentDefinition"),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: attachmentRules,
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  // Nothing acts on it until a pod joins: it works as soon as it exists.
  ready: { watches: () => [], verdict: () => ready },
};
