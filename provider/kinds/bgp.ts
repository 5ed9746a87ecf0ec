import type { KubernetesObject } from "../../model";
import { ciliumBGPAdvertisementRules, ciliumBGPClusterConfigRules, ciliumBGPPeerConfigRules } from "../../rules";
import { objectsAt, textAt } from "../../rules/read";
import type { ObjectKind, OtherVersion, Related, Step, Verdict } from "../kind";
import type { Shape } from "../shape";
import { notSeen, presentCondition, saidBy } from "./conditions";
import { generatedShape } from "./shapes";
import { failed, inOrder, ready, waiting } from "./verdict";
import { all } from "./watches";

const minutes = 60;
const apiVersion = "cilium.io/v2";
const timeouts = { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes };

/** The shape with the one at a dotted path changed in place of the original; lists are looked into. */
function changedAt(shape: Shape, path: string, change: (inner: Shape) => Shape): Shape {
  if (path === "") return change(shape);
  if (shape.items) return { ...shape, items: changedAt(shape.items, path, change) };
  const [key = "", ...rest] = path.split(".");
  const properties = { ...shape.properties };
  properties[key] = changedAt(properties[key] ?? {}, rest.join("."), change);
  return { ...shape, properties };
}

function withFields(shape: Shape, added: Record<string, Shape>, removed: string): Shape {
  const properties = { ...(shape.items ?? shape).properties, ...added };
  delete properties[removed];
  return shape.items ? { ...shape, items: { ...shape.items, properties } } : { ...shape, properties };
}

function alpha(kind: string, adapt: (shape: Shape) => Shape): readonly OtherVersion[] {
  const note = "Deprecated since Cilium 1.18; use cilium.io/v2.";
  return [{ apiVersion: "cilium.io/v2alpha1", status: "deprecated", note, shape: generatedShape(kind, adapt) }];
}

/** Source: the two versions in cilium v1.20.2 ciliumbgpclusterconfigs.yaml. */
function alphaClusterConfig(shape: Shape): Shape {
  const peers = "spec.bgpInstances.peers";
  const named = { group: { type: "string" }, kind: { type: "string" } } as const;
  const without = changedAt(shape, peers, (list) => withFields(list, {}, "autoDiscovery"));
  return changedAt(without, `${peers}.peerConfigRef`, (ref) => withFields(ref, named, ""));
}

/** Source: the two versions in cilium v1.20.2 ciliumbgppeerconfigs.yaml. */
function alphaPeerConfig(shape: Shape): Shape {
  const localPort: Shape = { type: "integer", format: "int32", minimum: 1, maximum: 65535 };
  return changedAt(shape, "spec.transport", (inner) => withFields(inner, { localPort }, "sourceInterface"));
}

/** Source: the two versions in cilium v1.20.2 ciliumbgpadvertisements.yaml. */
function alphaAdvertisement(shape: Shape): Shape {
  const types = { type: "string", enum: ["PodCIDR", "CiliumPodIPPool", "Service"] } as const;
  const list = "spec.advertisements";
  const without = changedAt(shape, list, (inner) => withFields(inner, {}, "interface"));
  return changedAt(without, `${list}.advertisementType`, () => ({ ...types, enum: [...types.enum] }));
}

const conflicting = "cilium.io/ConflictingClusterConfig";

/**
 * Gate of a cluster's configuration: the operator has judged its present form, which no other configuration
 * contradicts, whose peer configurations are there and which some node is selected by.
 */
export function ciliumBGPClusterConfigReady(config: KubernetesObject): Verdict {
  const isFalse = (type: string): Verdict => {
    const found = presentCondition(config, type);
    if (!found) return notSeen("cilium-operator", type, objectsAt(config, "status", "conditions"));
    return found.status === "False" ? ready : waiting(`${type} is False`, saidBy(found));
  };
  const conflict = presentCondition(config, conflicting);
  if (conflict?.status === "True") return failed(saidBy(conflict));
  return inOrder(
    () => isFalse(conflicting),
    () => isFalse("cilium.io/MissingPeerConfigs"),
    () => isFalse("cilium.io/NoMatchingNode"),
  );
}

/** After its deletion: the configurations that the operator made of it for the nodes are gone, and sessions with them. */
function nodeConfigsGone(config: KubernetesObject): Step[] {
  const verdict = (related: Related): Verdict => {
    const left = all(related, "nodeConfigs").filter((each) =>
      objectsAt(each, "metadata", "ownerReferences").some((owner) => textAt(owner, "name") === config.metadata.name),
    );
    const names = left.map((each) => each.metadata.name).join(", ");
    return left.length > 0 ? waiting("its CiliumBGPNodeConfigs are gone", `left: ${names}`) : ready;
  };
  return [{ act: "wait", watches: [{ id: "nodeConfigs", apiVersion, plural: "ciliumbgpnodeconfigs" }], verdict }];
}

export const ciliumBGPClusterConfig: ObjectKind = {
  is: "object",
  token: "ove:loadbalancing:CiliumBGPClusterConfig",
  doc: "Virtual BGP routers on a group of nodes, and the peers that they speak to.",
  waits:
    "The operator has judged its present form: no other one selects the same nodes, its CiliumBGPPeerConfigs are there and some node is selected. Cilium's value bgpControlPlane.statusReport.enabled must be on.",
  deletes: "Deleted, then waited for until the nodes' CiliumBGPNodeConfigs of it are gone; their sessions close.",
  example: {
    metadata: { name: "edge" },
    spec: {
      nodeSelector: { matchLabels: { "node-role.kubernetes.io/worker": "" } },
      bgpInstances: [
        {
          name: "edge",
          localASN: 65001,
          peers: [{ name: "tor", peerASN: 65000, peerAddress: "192.0.2.1", peerConfigRef: { name: "tor" } }],
        },
      ],
    },
  },
  disruptions: [],
  apiVersion,
  kind: "CiliumBGPClusterConfig",
  plural: "ciliumbgpclusterconfigs",
  scope: "Cluster",
  shape: generatedShape("CiliumBGPClusterConfig"),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: ciliumBGPClusterConfigRules,
  otherVersions: alpha("CiliumBGPClusterConfig", alphaClusterConfig),
  admission: "static",
  timeouts,
  ready: { watches: () => [], verdict: (config) => ciliumBGPClusterConfigReady(config) },
  deletion: { after: nodeConfigsGone },
};

/** Gate of a peer's configuration: the secret that it names, if it does, is there. */
export function ciliumBGPPeerConfigReady(config: KubernetesObject): Verdict {
  if (!textAt(config, "spec", "authSecretRef")) return ready;
  const found = presentCondition(config, "cilium.io/MissingAuthSecret");
  if (!found)
    return notSeen("cilium-operator", "cilium.io/MissingAuthSecret", objectsAt(config, "status", "conditions"));
  return found.status === "True" ? waiting("its secret is there", saidBy(found)) : ready;
}

export const ciliumBGPPeerConfig: ObjectKind = {
  is: "object",
  token: "ove:loadbalancing:CiliumBGPPeerConfig",
  doc: "How to speak to BGP peers, and which advertisements they get.",
  waits: "The secret that it names, if it names one, is in the namespace of Cilium's BGP secrets.",
  deletes: "Deleted at once; sessions with the peers that refer to it close.",
  example: {
    metadata: { name: "tor" },
    spec: {
      timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 3 },
      gracefulRestart: { enabled: true, restartTimeSeconds: 120 },
      families: [{ afi: "ipv4", safi: "unicast", advertisements: { matchLabels: { advertise: "edge" } } }],
    },
  },
  disruptions: [],
  apiVersion,
  kind: "CiliumBGPPeerConfig",
  plural: "ciliumbgppeerconfigs",
  scope: "Cluster",
  shape: generatedShape("CiliumBGPPeerConfig"),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: ciliumBGPPeerConfigRules,
  otherVersions: alpha("CiliumBGPPeerConfig", alphaPeerConfig),
  admission: "static",
  timeouts,
  ready: { watches: () => [], verdict: (config) => ciliumBGPPeerConfigReady(config) },
};

export const ciliumBGPAdvertisement: ObjectKind = {
  is: "object",
  token: "ove:loadbalancing:CiliumBGPAdvertisement",
  doc: "Routes that are advertised to the BGP peers whose configuration selects it by its labels.",
  waits: "Nothing: agents read it when they next look, and report nothing.",
  deletes: "Deleted at once; its routes are withdrawn.",
  example: {
    metadata: { name: "edge", labels: { advertise: "edge" } },
    spec: {
      advertisements: [
        {
          advertisementType: "Service",
          service: { addresses: ["LoadBalancerIP"] },
          selector: { matchLabels: { pool: "edge" } },
        },
      ],
    },
  },
  disruptions: [],
  apiVersion,
  kind: "CiliumBGPAdvertisement",
  plural: "ciliumbgpadvertisements",
  scope: "Cluster",
  shape: generatedShape("CiliumBGPAdvertisement"),
  listKeys: { "spec.advertisements.service.addresses": "set" },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: ciliumBGPAdvertisementRules,
  otherVersions: alpha("CiliumBGPAdvertisement", alphaAdvertisement),
  admission: "static",
  timeouts,
  ready: { watches: () => [], verdict: () => ready },
};
