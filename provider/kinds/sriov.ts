import { sameJson } from "../../model";
import type { DisruptionRow, Json, JsonObject, KubernetesObject } from "../../model";
import { sriovNetworkNodePolicyRules, sriovNetworkRules, sriovOperatorConfigRules } from "../../rules";
import { mapAt, objectAt, objectsAt, textAt } from "../../rules/read";
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

const sriovPolicyDisruptions: readonly DisruptionRow[] = [
  {
    on: ["create", "update", "delete"],
    paths: ["spec"],
    cost: "drain",
    reach: "selected-nodes",
    by: "sriov-network-operator",
    why: "Nodes whose cards have virtual functions in use are drained before these are made anew.",
    source: "sriov-network-operator pkg/daemon, NeedToUpdateSriov",
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
      deviceType: "vfio-pci",
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

function targetNamespace(network: KubernetesObject): string {
  return textAt(network, "spec", "networkNamespace") || (network.metadata.namespace ?? "");
}

function attachmentWatch(network: KubernetesObject): Watch {
  return {
    id: "attachment",
    apiVersion: "k8s.cni.cncf.io/v1",
    plural: "network-attachment-definitions",
    namespace: targetNamespace(network),
    name: network.metadata.name,
  };
}

function parsed(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** The sriov plugin's part of a rendered attachment; with metaPlugins it is the first of a list. */
function sriovPlugin(attachment: KubernetesObject): JsonObject {
  const config = parsed(textAt(attachment, "spec", "config")) ?? {};
  return objectsAt(config, "plugins")[0] ?? objectAt({ config }, "config");
}

/** Keys of the plugin's configuration by the spec's. Source: sriov-network-operator bindata/manifests/cni-config. */
const pluginKeys: Readonly<Record<string, string>> = {
  linkState: "link_state",
  maxTxRate: "max_tx_rate",
  minTxRate: "min_tx_rate",
  spoofChk: "spoofchk",
  trust: "trust",
  vlan: "vlan",
  vlanProto: "vlanProto",
  vlanQoS: "vlanQoS",
};

/** The first key in which the rendered attachment is behind its network. */
function behind(network: KubernetesObject, attachment: KubernetesObject): string | undefined {
  const spec = network.spec ?? {};
  const plugin = sriovPlugin(attachment);
  const zero = new Set(["vlan", "vlanQoS"]);
  const key = Object.keys(pluginKeys).find(
    (each) => !sameJson(spec[each] ?? (zero.has(each) ? 0 : undefined), plugin[pluginKeys[each] ?? each]),
  );
  if (key) return key;
  const ipam = (textAt(spec, "ipam") ?? "").replace(/\s/g, "");
  if (!sameJson(parsed(ipam || "{}"), plugin.ipam ?? {})) return "ipam";
  const capabilities = textAt(spec, "capabilities");
  return sameJson(parsed(capabilities || "null") ?? undefined, plugin.capabilities) ? undefined : "capabilities";
}

/** Gate of a network: the operator has rendered its present form into a NetworkAttachmentDefinition. */
export function sriovNetworkReady(network: KubernetesObject, related: Related): Verdict {
  const namespace = targetNamespace(network);
  const attachment = one(related, "attachment");
  if (!attachment) {
    const seen = one(related, "namespace") ? "not there" : `Namespace ${namespace} is not there`;
    return waiting(`NetworkAttachmentDefinition ${namespace}/${network.metadata.name} exists`, seen);
  }
  const resource = attachment.metadata.annotations?.["k8s.v1.cni.cncf.io/resourceName"] ?? "none";
  const wanted = textAt(network, "spec", "resourceName") ?? "";
  if (resource.split("/").at(-1) !== wanted) return waiting(`its resourceName is ${wanted}`, resource);
  const key = behind(network, attachment);
  return key
    ? waiting(`its configuration has the present ${key}`, textAt(attachment, "spec", "config") ?? "none")
    : ready;
}

function afterNetwork(network: KubernetesObject): Step[] {
  const verdict = (related: Related): Verdict =>
    one(related, "attachment") ? waiting("the NetworkAttachmentDefinition is gone", "still there") : ready;
  return [{ act: "wait", watches: [attachmentWatch(network)], verdict }];
}

export const sriovNetwork: ObjectKind = {
  is: "object",
  token: "ove:sriov:SriovNetwork",
  doc: "A network on virtual functions; the operator renders it into a NetworkAttachmentDefinition of the same name.",
  waits: "The operator has rendered the NetworkAttachmentDefinition of its name, with the resource that it asks for.",
  deletes: "Deleted, then waited for until its NetworkAttachmentDefinition is gone.",
  example: {
    metadata: { name: "fast", namespace: "openshift-sriov-network-operator" },
    spec: { resourceName: "fast", networkNamespace: "shop", vlan: 100 },
  },
  disruptions: [],
  apiVersion,
  kind: "SriovNetwork",
  plural: "sriovnetworks",
  scope: "Namespaced",
  shape: generatedShape("SriovNetwork"),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: sriovNetworkRules,
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 10 * minutes },
  ready: {
    watches: (network) => [
      attachmentWatch(network),
      { id: "namespace", apiVersion: "v1", plural: "namespaces", name: targetNamespace(network) },
    ],
    verdict: (network, related) => sriovNetworkReady(network, related),
  },
  deletion: { after: afterNetwork },
};
