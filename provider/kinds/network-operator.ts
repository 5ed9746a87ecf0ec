import { condition, isObject, sameJson } from "../../model";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { networkOperatorRules } from "../../rules";
import { objectsAt, objectAt, textAt } from "../../rules/read";
import type { Before, ObjectKind, Related, Verdict, Watch } from "../kind";
import { generatedShape } from "./shapes";
import { conditionIs, conditionText, daemonSetReady, failed, forAll, inOrder, ready, waiting } from "./verdict";
import { one, watch } from "./watches";

const minutes = 60;
const namespace = "openshift-multus";

const operator: Watch = {
  id: "operator",
  apiVersion: "config.openshift.io/v1",
  plural: "clusteroperators",
  name: "network",
};

function parsed(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** Type of the first IPAM of a raw configuration. Source: cluster-network-operator pkg/network/multus_ipam.go. */
function rawIpam(network: JsonObject): string | undefined {
  const config = { config: parsed(textAt(network, "rawCNIConfig")) ?? {} };
  const plugin = objectsAt(config, "config", "plugins").find((each) => isObject(each.ipam));
  return textAt(plugin ?? objectAt(config, "config"), "ipam", "type");
}

/** Type of IPAM of an additional network; macvlan without further words uses DHCP. */
function ipamOf(network: JsonObject): string | undefined {
  if (network.type === "Raw") return rawIpam(network);
  if (network.type !== "SimpleMacvlan") return undefined;
  const config = objectAt(network, "simpleMacvlanConfig");
  const dhcp = !isObject(config.ipamConfig) || textAt(config, "ipamConfig", "type") === "DHCP";
  return dhcp ? "dhcp" : "static";
}

/** DaemonSets that the operator runs for this configuration beside those that are always there. */
export function wantedDaemonSets(network: KubernetesObject): string[] {
  if (network.spec?.disableMultiNetwork === true) return [];
  const types = objectsAt(network, "spec", "additionalNetworks").map(ipamOf);
  return [
    ...(types.includes("dhcp") ? ["dhcp-daemon"] : []),
    ...(types.includes("whereabouts") ? ["whereabouts-reconciler"] : []),
    ...(network.spec?.useMultiNetworkPolicy === true ? ["multus-networkpolicy"] : []),
  ];
}

const attachmentId = (network: JsonObject): string => `attachment ${textAt(network, "name") ?? ""}`;
const namespaceOf = (network: JsonObject): string => textAt(network, "namespace") || "default";

function attachmentWatch(network: JsonObject): Watch {
  return {
    id: attachmentId(network),
    apiVersion: "k8s.cni.cncf.io/v1",
    plural: "network-attachment-definitions",
    namespace: namespaceOf(network),
    name: textAt(network, "name") ?? "",
  };
}

/** The operator has made the attachment of an additional network in its present form. */
function attached(network: JsonObject, related: Related): Verdict {
  const place = `${namespaceOf(network)}/${textAt(network, "name") ?? ""}`;
  const attachment = one(related, attachmentId(network));
  if (!attachment) return waiting(`NetworkAttachmentDefinition ${place} exists`, "not there");
  if (network.type !== "Raw") return ready;
  const live = textAt(attachment, "spec", "config");
  const same = sameJson(parsed(live), parsed(textAt(network, "rawCNIConfig")));
  return same
    ? ready
    : waiting(`NetworkAttachmentDefinition ${place} has its present form`, live ?? "no configuration");
}

function healthy(found: KubernetesObject, before: Related): Verdict {
  const degraded = condition(found, "Degraded");
  if (degraded?.status !== "True") return ready;
  const message = degraded.message || "ClusterOperator network is degraded";
  const old = conditionText(found, "Degraded") === conditionText(one(before, "operator"), "Degraded");
  return old ? waiting("ClusterOperator network is not degraded", message) : failed(message);
}

/**
 * Gate of the network operator: the daemons that the configuration asks for run, its attachments are made, and the
 * operator is at rest. That comes last: right after a change it still says that it does nothing.
 */
export function networkOperatorReady(network: KubernetesObject, related: Related, before: Before): Verdict {
  const found = one(related, "operator");
  if (!found) return waiting("ClusterOperator network exists", "not there");
  return inOrder(
    () => healthy(found, before.related),
    () => forAll(objectsAt(network, "spec", "additionalNetworks"), (each) => attached(each, related)),
    () => forAll(wantedDaemonSets(network), (name) => daemonSetReady(one(related, name), name)),
    () => conditionIs(found, "Progressing", "False"),
  );
}

export const networkOperator: ObjectKind = {
  is: "object",
  token: "ove:networks:NetworkOperator",
  doc: "OpenShift's network operator: additional networks, the daemons of their IPAM, and policies on them. There is one, called `cluster`.",
  waits:
    "The DHCP daemon, the whereabouts reconciler and the daemon of network policies run where they are wanted, its attachments are made, and ClusterOperator network is not progressing.",
  deletes: "Never deleted: the fields that the stack wrote are given back.",
  example: {
    metadata: { name: "cluster" },
    spec: {
      useMultiNetworkPolicy: true,
      additionalNetworks: [
        {
          name: "dhcp-shim",
          namespace: "default",
          type: "Raw",
          rawCNIConfig: JSON.stringify({
            cniVersion: "0.3.1",
            name: "dhcp-shim",
            type: "bridge",
            bridge: "br-shim",
            ipam: { type: "dhcp" },
          }),
        },
      ],
    },
  },
  disruptions: [],
  apiVersion: "operator.openshift.io/v1",
  kind: "Network",
  plural: "networks",
  scope: "Cluster",
  shape: generatedShape("NetworkOperator"),
  listKeys: { "spec.additionalNetworks": { by: ["name"] } },
  immutable: [],
  serverWritten: [],
  adopt: () => true,
  rules: networkOperatorRules,
  admission: "static",
  timeouts: { create: 20 * minutes, update: 20 * minutes, delete: 20 * minutes },
  ready: {
    watches: (network) => [
      operator,
      ...wantedDaemonSets(network).map((name) => watch.daemonSet(namespace, name)),
      ...objectsAt(network, "spec", "additionalNetworks").map(attachmentWatch),
    ],
    verdict: networkOperatorReady,
  },
};
