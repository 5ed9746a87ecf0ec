import type { DisruptionRow } from "../../model";
import { nodeNetworkConfigurationPolicyRules } from "../../rules";
import type { ObjectKind } from "../kind";
import type { Shape } from "../shape";
import { takeBack } from "./absent-state";
import { enactmentWatches, policyEnacted } from "./enactments";
import { textMap } from "./placement";

const minutes = 60;

const disruptions: readonly DisruptionRow[] = [
  {
    on: ["create", "update", "delete"],
    paths: ["spec"],
    cost: "none",
    reach: "selected-nodes",
    by: "kubernetes-nmstate",
    why: "The network of the nodes changes without drain and reboot; a node that loses its gateway, the API or DNS goes back.",
    source: "nmstate/kubernetes-nmstate pkg/client/client.go ApplyDesiredState and pkg/probe",
  },
];

/** Source: nmstate/kubernetes-nmstate api/shared/nodenetworkconfigurationpolicy_types.go. */
const shape: Shape = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        nodeSelector: { ...textMap, doc: "Labels that a node must have, all of them; all nodes when absent." },
        desiredState: { type: "object", open: true, doc: "The network as nmstate describes it." },
        capture: { ...textMap, doc: "Expressions by name that desiredState may refer to; they cannot be changed." },
        maxUnavailable: {
          intOrString: true,
          doc: "How many nodes are changed at a time, or a percentage; 50% when absent.",
        },
      },
    },
  },
};

export const nodeNetworkConfigurationPolicy: ObjectKind = {
  is: "object",
  token: "ove:hostnetwork:NodeNetworkConfigurationPolicy",
  doc: "The network of the nodes that it selects: bonds, VLANs, bridges, addresses and routes.",
  waits:
    "Every node that it selects has its present form. A node that fails, or that is not begun because another one failed, is told at once.",
  deletes:
    "First its interfaces and routes are made absent and the ports of its bonds and bridges are brought up again, on every node; then it is deleted. Interfaces of hardware stay.",
  example: {
    metadata: { name: "tenant-bridge" },
    spec: {
      nodeSelector: { "node-role.kubernetes.io/worker": "" },
      desiredState: {
        interfaces: [
          {
            name: "br-tenant",
            type: "linux-bridge",
            state: "up",
            ipv4: { enabled: false },
            bridge: { options: { stp: { enabled: false } }, port: [{ name: "ens2f0" }] },
          },
        ],
      },
    },
  },
  disruptions,
  apiVersion: "nmstate.io/v1",
  kind: "NodeNetworkConfigurationPolicy",
  plural: "nodenetworkconfigurationpolicies",
  scope: "Cluster",
  shape: () => shape,
  listKeys: {
    "spec.desiredState.interfaces": { by: ["name", "type"] },
    "spec.desiredState.interfaces.bridge.port": { by: ["name"] },
    "spec.desiredState.interfaces.link-aggregation.port": "set",
  },
  immutable: ["spec.capture"],
  serverWritten: [],
  adopt: () => false,
  rules: nodeNetworkConfigurationPolicyRules,
  otherVersions: [
    {
      apiVersion: "nmstate.io/v1beta1",
      status: "deprecated",
      note: "The API server warns of it. Use nmstate.io/v1.",
    },
  ],
  // The admission policy refuses every change while the last one is in progress.
  busy: (message) => message.includes("is still in progress"),
  admission: "dynamic",
  timeouts: { create: 20 * minutes, update: 20 * minutes, delete: 20 * minutes },
  ready: {
    watches: enactmentWatches,
    verdict: (policy, related) => policyEnacted(policy, related),
  },
  deletion: { before: takeBack },
};
