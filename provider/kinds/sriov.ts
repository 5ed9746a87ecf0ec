import type { DisruptionRow, KubernetesObject } from "../../model";
import { sriovNetworkNodePolicyRules, sriovOperatorConfigRules } from "../../rules";
import { mapAt, objectsAt, textAt, textsAt } from "../../rules/read";
import type { Before, ObjectKind, Related, Step, Verdict, Watch } from "../kind";
import { operatorNamespace, policyGone, policyOnNodes, synced } from "./node-states";
import { notDrainedBySriov, renderedName } from "./pools";
import { generatedShape } from "./shapes";
import { daemonSetReady, forAll, inOrder, ready, waiting } from "./verdict";
import { all, one, watch } from "./watches";

const apiVersion = "sriovnetwork.openshift.io/v1";
const minutes = 60;

const nodeStates: Watch = {
  id: "nodeStates",
  apiVersion,
  plural: "sriovnetworknodestates",
  namespace: operatorNamespace,
};

/** Nodes that the config daemon runs on. Source: GetDefaultNodeSelector in sriov-network-operator controllers/helper.go. */
function daemonNodes(config: KubernetesObject): Record<string, string> {
  const selector = mapAt(config, "spec", "configDaemonNodeSelector");
  if (Object.keys(selector).length > 0) return selector;
  return { "node-role.kubernetes.io/worker": "", "kubernetes.io/os": "linux" };
}

function nodeReported(node: KubernetesObject, related: Related, before: Related): Verdict {
  const named = (state: KubernetesObject): boolean => state.metadata.name === node.metadata.name;
  const state = all(related, "nodeStates").find(named);
  if (!state) return waiting(`SriovNetworkNodeState ${node.metadata.name} exists`, "not there");
  if (objectsAt(state, "status", "interfaces").length === 0) {
    return waiting(`node ${node.metadata.name} has reported its network cards`, "none reported");
  }
  return synced(state, all(before, "nodeStates").find(named));
}

/**
 * Gate of the operator's configuration: its daemon and the webhooks that are switched on run, and every selected node
 * has reported its network cards; until then the webhook refuses policies for lack of a card.
 */
export function sriovOperatorConfigReady(config: KubernetesObject, related: Related, before: Before): Verdict {
  return inOrder(
    () => daemonSetReady(one(related, "sriov-network-config-daemon"), "sriov-network-config-daemon"),
    () =>
      config.spec?.enableOperatorWebhook === true
        ? daemonSetReady(one(related, "operator-webhook"), "operator-webhook")
        : ready,
    () =>
      config.spec?.enableInjector === true
        ? daemonSetReady(one(related, "network-resources-injector"), "network-resources-injector")
        : ready,
    () => forAll(all(related, "nodes"), (node) => nodeReported(node, related, before.related)),
  );
}

const sriovOperatorConfigDisruptions: readonly DisruptionRow[] = [
  {
    on: ["create", "update"],
    paths: ["spec"],
    cost: "pod-restart",
    reach: "selected-nodes",
    by: "sriov-network-operator",
    why: "The operator's own daemons restart; pods keep their devices.",
    source: "sriov-network-operator controllers/sriovoperatorconfig_controller.go",
  },
];

export const sriovOperatorConfig: ObjectKind = {
  is: "object",
  token: "ove:sriov:SriovOperatorConfig",
  doc: "The SR-IOV operator's own configuration; there is one, called `default`.",
  waits:
    "The config daemon runs on its nodes, the webhook and the injector run where they are wanted, and every selected node has reported its network cards.",
  deletes: "Deleted when the stack made it, given back when it was there before.",
  example: {
    metadata: { name: "default", namespace: "openshift-sriov-network-operator" },
    spec: { enableInjector: true, enableOperatorWebhook: true, logLevel: 2 },
  },
  disruptions: sriovOperatorConfigDisruptions,
  apiVersion,
  kind: "SriovOperatorConfig",
  plural: "sriovoperatorconfigs",
  scope: "Namespaced",
  shape: generatedShape("SriovOperatorConfig"),
  listKeys: { "spec.disablePlugins": "set" },
  immutable: [],
  serverWritten: [],
  adopt: () => true,
  rules: sriovOperatorConfigRules,
  admission: "static",
  timeouts: { create: 20 * minutes, update: 20 * minutes, delete: 20 * minutes },
  ready: {
    watches: (config) => [
      watch.daemonSet(operatorNamespace, "sriov-network-config-daemon"),
      watch.daemonSet(operatorNamespace, "operator-webhook"),
      watch.daemonSet(operatorNamespace, "network-resources-injector"),
      watch.nodes(daemonNodes(config)),
      nodeStates,
    ],
    verdict: sriovOperatorConfigReady,
  },
};

/** The pools whose nodes the policy selects, found by the configuration that the nodes shall have. */
function poolsUndrained(related: Related): Verdict {
  const configs = new Set(
    all(related, "nodes").map((node) => node.metadata.annotations?.["machineconfiguration.openshift.io/desiredConfig"]),
  );
  const pools = all(related, "pools").filter((pool) => configs.has(renderedName(pool, "spec")));
  return forAll(pools, notDrainedBySriov);
}

/** Gate of a policy: see `policyOnNodes`; the pools of its nodes are given back by the operator as well. */
export function sriovNetworkNodePolicyReady(policy: KubernetesObject, related: Related, before: Before): Verdict {
  return inOrder(
    () => policyOnNodes(policy, related, before.related),
    () => poolsUndrained(related),
  );
}

function afterPolicy(policy: KubernetesObject): Step[] {
  return [{ act: "wait", watches: [nodeStates], verdict: (related) => policyGone(policy, related) }];
}

/** Whether a policy's cards may be Mellanox ones, whose firmware the operator changes. */
function maybeMellanox(policy: KubernetesObject | undefined): boolean {
  const vendor = textAt(policy ?? {}, "spec", "nicSelector", "vendor");
  return !vendor || vendor === "15b3";
}

/** Whether a policy takes a part of a card, so that others may have made virtual functions on it already. */
function takesPart(policy: KubernetesObject | undefined): boolean {
  return textsAt(policy ?? {}, "spec", "nicSelector", "pfNames").some((name) => name.includes("#"));
}

const isVfio = (policy: KubernetesObject | undefined): boolean => policy?.spec?.deviceType === "vfio-pci";

/** All of it is the operator's doing, on the nodes that the policy selects. */
const byOperator = { reach: "selected-nodes", by: "sriov-network-operator" } as const;

const sriovPolicyDisruptions: readonly DisruptionRow[] = [
  {
    ...byOperator,
    on: ["create", "update"],
    paths: ["spec.deviceType"],
    when: ({ before, after }) => isVfio(after) && !isVfio(before),
    cost: "reboot",
    why: "Nodes that were booted without the IOMMU's kernel arguments get them and reboot; others are drained only.",
    source: "sriov-network-operator pkg/plugins/generic addVfioDesiredKernelArg, needRebootNode",
  },
  {
    ...byOperator,
    on: ["update"],
    paths: ["spec.linkType"],
    when: ({ after }) => maybeMellanox(after),
    cost: "reboot",
    why: "The link type is a setting of a Mellanox card's firmware.",
    source: "sriov-network-operator pkg/plugins/mellanox",
  },
  {
    ...byOperator,
    on: ["update"],
    paths: ["spec.resourceName", "spec.excludeTopology", "spec.needVhostNet"],
    cost: "none",
    why: "The device plugin restarts; pods keep their devices.",
    source: "sriov-network-operator api/v1/helper.go NeedToUpdateSriov does not compare it",
  },
  {
    ...byOperator,
    on: ["create"],
    when: ({ after }) => !takesPart(after),
    cost: "none",
    why: "Cards without virtual functions get them without a drain.",
    source: "sriov-network-operator pkg/plugins/generic needToUpdateVFs",
  },
  {
    ...byOperator,
    on: ["create"],
    cost: "drain",
    why: "A card of which another policy has a part already gets all its virtual functions anew if their number grows.",
    source: "sriov-network-operator pkg/plugins/generic needToUpdateVFs",
  },
  {
    ...byOperator,
    on: ["update", "delete"],
    paths: ["spec"],
    cost: "drain",
    why: "Nodes whose cards have virtual functions are drained before these change; more than a Mellanox card's firmware has room for needs a reboot as well.",
    source: "sriov-network-operator api/v1/helper.go NeedToUpdateSriov, pkg/plugins/generic needDrainNode",
  },
];

export const sriovNetworkNodePolicy: ObjectKind = {
  is: "object",
  token: "ove:sriov:SriovNetworkNodePolicy",
  doc: "Virtual functions on the network cards of nodes, offered to pods as one resource.",
  waits:
    "On every selected node the operator has taken the policy over, the virtual functions are there and nothing is left to drain or reboot; its pools are not held any more.",
  deletes: "Deleted, then waited for until no node state has it and the virtual functions are gone.",
  example: {
    metadata: { name: "fast", namespace: "openshift-sriov-network-operator" },
    spec: {
      resourceName: "fast",
      nodeSelector: { "node-role.kubernetes.io/worker": "" },
      nicSelector: { vendor: "15b3", pfNames: ["ens1f0"] },
      numVfs: 8,
      deviceType: "netdevice",
    },
  },
  disruptions: sriovPolicyDisruptions,
  apiVersion,
  kind: "SriovNetworkNodePolicy",
  plural: "sriovnetworknodepolicies",
  scope: "Namespaced",
  shape: generatedShape("SriovNetworkNodePolicy"),
  listKeys: { "spec.nicSelector.pfNames": "set", "spec.nicSelector.rootDevices": "set" },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: sriovNetworkNodePolicyRules,
  admission: "dynamic",
  timeouts: { create: 240 * minutes, update: 240 * minutes, delete: 240 * minutes },
  ready: {
    watches: (policy) => [watch.nodes(mapAt(policy, "spec", "nodeSelector")), nodeStates, watch.pools],
    verdict: sriovNetworkNodePolicyReady,
  },
  deletion: { after: afterPolicy },
};
