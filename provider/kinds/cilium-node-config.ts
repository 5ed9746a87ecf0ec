import { ciliumNodeConfigRules } from "../../rules";
import type { ObjectKind } from "../kind";
import { policyShape } from "./policy-shapes";
import { ready } from "./verdict";

const minutes = 60;

export const ciliumNodeConfig: ObjectKind = {
  is: "object",
  token: "ove:cilium:CiliumNodeConfig",
  doc: "Keys of the agents' configuration that are different on some nodes.",
  waits: "Nothing: agents read it when they start, and it restarts none.",
  deletes: "Deleted; agents go back to the common configuration when they start again.",
  apiVersion: "cilium.io/v2",
  kind: "CiliumNodeConfig",
  plural: "ciliumnodeconfigs",
  scope: "Namespaced",
  shape: policyShape("CiliumNodeConfig"),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: ciliumNodeConfigRules,
  otherVersions: [
    {
      apiVersion: "cilium.io/v2alpha1",
      status: "deprecated",
      note: "cilium.io/v2 serves it in every supported Cilium.",
    },
  ],
  disruptions: [
    {
      on: ["create", "update", "delete"],
      cost: "none",
      reach: "selected-nodes",
      by: "cilium",
      why: "Agents read it only when they start; nothing restarts them for it.",
      source: "cilium Documentation/configuration/per-node-config.rst",
    },
  ],
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  ready: { watches: () => [], verdict: () => ready },
  example: {
    metadata: { name: "uplinks", namespace: "cilium" },
    spec: {
      nodeSelector: { matchLabels: { "node-role.kubernetes.io/worker": "" } },
      defaults: { "direct-routing-device": "ens3" },
    },
  },
};
