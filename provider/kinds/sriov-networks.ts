import { sameJson } from "../../model";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { ovsNetworkRules, sriovIBNetworkRules, sriovNetworkRules } from "../../rules";
import { objectAt, objectsAt, textAt } from "../../rules/read";
import type { ObjectKind, Related, Step, Verdict, Watch } from "../kind";
import { generatedShape } from "./shapes";
import { ready, waiting } from "./verdict";
import { one } from "./watches";

const minutes = 60;

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

/** The network's own plugin in a rendered attachment; with metaPlugins it is the first of a list. */
function ownPlugin(attachment: KubernetesObject): JsonObject {
  const config = parsed(textAt(attachment, "spec", "config")) ?? {};
  return objectsAt(config, "plugins")[0] ?? objectAt({ config }, "config");
}

/** How the operator renders a kind of network. Source: sriov-network-operator bindata/manifests/cni-config. */
interface Rendering {
  /** Keys of the plugin's configuration by the spec's. */
  keys: Readonly<Record<string, string>>;
  /** Keys that are written with 0 when absent. */
  always?: readonly string[];
  /** Whether 0 and empty lists are left out. */
  skipsZero?: boolean;
}

/** What the operator writes for a value of the spec. */
function written(value: Json | undefined, key: string, rendering: Rendering): Json | undefined {
  if (value === undefined || value === null || value === "") return rendering.always?.includes(key) ? 0 : undefined;
  const zero = value === 0 || (Array.isArray(value) && value.length === 0);
  return zero && rendering.skipsZero ? undefined : value;
}

/** The first key in which the rendered attachment is behind its network. */
function behind(network: KubernetesObject, attachment: KubernetesObject, rendering: Rendering): string | undefined {
  const spec = network.spec ?? {};
  const plugin = ownPlugin(attachment);
  const key = Object.entries(rendering.keys).find(
    ([each, name]) => !sameJson(written(spec[each], each, rendering), plugin[name]),
  )?.[0];
  if (key) return key;
  const ipam = (textAt(spec, "ipam") ?? "").replace(/\s/g, "");
  if (!sameJson(parsed(ipam || "{}"), plugin.ipam ?? {})) return "ipam";
  const capabilities = textAt(spec, "capabilities");
  return sameJson(parsed(capabilities || "null") ?? undefined, plugin.capabilities) ? undefined : "capabilities";
}

/** Gate of a network: the operator has rendered its present form into a NetworkAttachmentDefinition. */
function rendered(network: KubernetesObject, related: Related, rendering: Rendering): Verdict {
  const namespace = targetNamespace(network);
  const attachment = one(related, "attachment");
  if (!attachment) {
    const seen = one(related, "namespace") ? "not there" : `Namespace ${namespace} is not there`;
    return waiting(`NetworkAttachmentDefinition ${namespace}/${network.metadata.name} exists`, seen);
  }
  const resource = attachment.metadata.annotations?.["k8s.v1.cni.cncf.io/resourceName"] ?? "none";
  const wanted = textAt(network, "spec", "resourceName") ?? "";
  if (resource.split("/").at(-1) !== wanted) return waiting(`its resourceName is ${wanted}`, resource);
  const key = behind(network, attachment, rendering);
  return key
    ? waiting(`its configuration has the present ${key}`, textAt(attachment, "spec", "config") ?? "none")
    : ready;
}

function afterNetwork(network: KubernetesObject): Step[] {
  const verdict = (related: Related): Verdict =>
    one(related, "attachment") ? waiting("the NetworkAttachmentDefinition is gone", "still there") : ready;
  return [{ act: "wait", watches: [attachmentWatch(network)], verdict }];
}

/** What all kinds of networks that the operator renders have in common. */
const common = {
  is: "object",
  waits: "The operator has rendered the NetworkAttachmentDefinition of its name, with the resource that it asks for.",
  deletes: "Deleted, then waited for until its NetworkAttachmentDefinition is gone.",
  disruptions: [],
  apiVersion: "sriovnetwork.openshift.io/v1",
  scope: "Namespaced",
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 10 * minutes },
  deletion: { after: afterNetwork },
} as const satisfies Partial<ObjectKind>;

const readiness = (rendering: Rendering): ObjectKind["ready"] => ({
  watches: (network) => [
    attachmentWatch(network),
    { id: "namespace", apiVersion: "v1", plural: "namespaces", name: targetNamespace(network) },
  ],
  verdict: (network, related) => rendered(network, related, rendering),
});

export const sriovNetwork: ObjectKind = {
  ...common,
  token: "ove:sriov:SriovNetwork",
  doc: "A network on virtual functions; the operator renders it into a NetworkAttachmentDefinition of the same name.",
  example: {
    metadata: { name: "fast", namespace: "openshift-sriov-network-operator" },
    spec: { resourceName: "fast", networkNamespace: "shop", vlan: 100 },
  },
  kind: "SriovNetwork",
  plural: "sriovnetworks",
  shape: generatedShape("SriovNetwork"),
  listKeys: {},
  rules: sriovNetworkRules,
  ready: readiness({
    keys: {
      linkState: "link_state",
      maxTxRate: "max_tx_rate",
      minTxRate: "min_tx_rate",
      spoofChk: "spoofchk",
      trust: "trust",
      vlan: "vlan",
      vlanProto: "vlanProto",
      vlanQoS: "vlanQoS",
    },
    always: ["vlan", "vlanQoS"],
  }),
};

export const sriovIBNetwork: ObjectKind = {
  ...common,
  token: "ove:sriov:SriovIBNetwork",
  doc: "A network on virtual functions of InfiniBand cards, rendered into a NetworkAttachmentDefinition of the same name.",
  example: {
    metadata: { name: "fabric", namespace: "openshift-sriov-network-operator" },
    spec: { resourceName: "fabric", networkNamespace: "shop", linkState: "auto" },
  },
  kind: "SriovIBNetwork",
  plural: "sriovibnetworks",
  shape: generatedShape("SriovIBNetwork"),
  listKeys: {},
  rules: sriovIBNetworkRules,
  ready: readiness({ keys: { linkState: "link_state" } }),
};

export const ovsNetwork: ObjectKind = {
  ...common,
  token: "ove:sriov:OVSNetwork",
  doc: "A network on virtual functions whose switch is Open vSwitch, rendered into a NetworkAttachmentDefinition of the same name.",
  example: {
    metadata: { name: "offloaded", namespace: "openshift-sriov-network-operator" },
    spec: { resourceName: "offloaded", networkNamespace: "shop", vlan: 100 },
  },
  kind: "OVSNetwork",
  plural: "ovsnetworks",
  shape: generatedShape("OVSNetwork"),
  listKeys: { "spec.trunk": "ordered" },
  rules: ovsNetworkRules,
  ready: readiness({
    keys: { bridge: "bridge", interfaceType: "interface_type", mtu: "mtu", trunk: "trunk", vlan: "vlan" },
    skipsZero: true,
  }),
};
