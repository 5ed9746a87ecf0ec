import type { JsonObject, KubernetesObject } from "../../model";
import { pathOf } from "./api";
import { conditionsWith, sameConditions, type Said } from "./cilium-conditions";
import type { AgentContext } from "./context";
import { objectsOf, textOf } from "./read";
import { labelsFit } from "./selectors";
import { delay, Worker } from "./store";

const CILIUM = "cilium.io/v2";
const CLUSTERS = "ciliumbgpclusterconfigs";
const PEERS = "ciliumbgppeerconfigs";
const NODES = "ciliumbgpnodeconfigs";

/** Milliseconds until the operator notices a change. */
const NOTICE_MS = 700;
/** Namespace of passwords unless Cilium's values name another one. */
const SECRETS = "kube-system";

const yes = (type: string, reason: string, message: string): Said => ({ type, status: "True", reason, message });
const no = (type: string, reason: string, message = ""): Said => ({ type, status: "False", reason, message });
const names = (list: readonly string[]): string => `[${[...new Set(list)].sort().join(" ")}]`;

/** The nodes that a cluster configuration selects, by name. */
export function selectedNodes(config: KubernetesObject, nodes: readonly KubernetesObject[]): string[] {
  const fitting = nodes.filter((node) => labelsFit(config.spec?.nodeSelector, node.metadata.labels ?? {}));
  return fitting.map((node) => node.metadata.name);
}

/** The cluster configuration that a node configuration was made of. */
export function ownerOf(nodeConfig: KubernetesObject): string {
  return textOf(nodeConfig.metadata.ownerReferences?.[0]?.name);
}

/** What the operator says of a cluster configuration. Source: cilium operator/pkg/bgp/cluster.go. */
export function clusterSaid(
  config: KubernetesObject,
  nodes: readonly KubernetesObject[],
  nodeConfigs: readonly KubernetesObject[],
  peerConfigs: readonly KubernetesObject[],
): Said[] {
  const selected = selectedNodes(config, nodes);
  const owners = nodeConfigs
    .filter((each) => selected.includes(each.metadata.name))
    .map(ownerOf)
    .filter((owner) => owner !== config.metadata.name);
  const known = new Set(peerConfigs.map((each) => each.metadata.name));
  const missing = objectsOf(config.spec?.bgpInstances)
    .flatMap((instance) => objectsOf(instance.peers))
    .flatMap((peer) => objectsOf([peer.peerConfigRef ?? null]).map((ref) => textOf(ref.name)))
    .filter((name) => !known.has(name));
  const [none, absent, conflict] = [
    "cilium.io/NoMatchingNode",
    "cilium.io/MissingPeerConfigs",
    "cilium.io/ConflictingClusterConfig",
  ] as const;
  return [
    selected.length === 0
      ? yes(none, "MatchingNodeUnavailable", "No node matches spec.nodeSelector")
      : no(none, "MatchingNodeSelected"),
    missing.length > 0
      ? yes(absent, "PeerConfigsMissing", `Referenced CiliumBGPPeerConfig(s) are missing: ${names(missing)}`)
      : no(absent, "PeerConfigsResolved"),
    owners.length > 0
      ? yes(conflict, "ClusterConfigConflict", `Selecting the same node(s) with ClusterConfig(s): ${names(owners)}`)
      : no(conflict, "ClusterConfigValidated"),
  ];
}

/** What the operator says of a peer configuration. Source: cilium operator/pkg/bgp/peer.go. */
export function peerSaid(config: KubernetesObject, secrets: readonly string[]): Said {
  const [type, name] = ["cilium.io/MissingAuthSecret", textOf(config.spec?.authSecretRef)];
  if (name === "") return no(type, "AuthSecretNotConfigured", "Auth Secret is not configured");
  if (secrets.includes(name)) return no(type, "AuthSecretValidated");
  return yes(type, "AuthSecretMissing", `Referenced Auth Secret "${name}" is missing`);
}

function nodeConfig(config: KubernetesObject, name: string): KubernetesObject {
  const { name: owner, uid = "" } = config.metadata;
  const ownerReferences = [{ apiVersion: CILIUM, kind: "CiliumBGPClusterConfig", name: owner, uid, controller: true }];
  const spec: JsonObject = { bgpInstances: config.spec?.bgpInstances ?? [] };
  return { apiVersion: CILIUM, kind: "CiliumBGPNodeConfig", metadata: { name, ownerReferences }, spec };
}

/** Runs the part of Cilium's operator that gives BGP configurations to nodes. */
export function startCiliumBgp(context: AgentContext): void {
  const { api } = context;
  const stores = [CLUSTERS, PEERS, NODES].map((plural) => context.store(CILIUM, plural));
  const list = async (plural: string): Promise<KubernetesObject[]> => (await api.list(pathOf(CILIUM, plural))).items;

  const say = async (plural: string, object: KubernetesObject, said: readonly Said[]): Promise<void> => {
    const before = objectsOf(object.status?.conditions);
    const conditions = conditionsWith(object, said, before);
    if (sameConditions(before, conditions)) return;
    const path = pathOf(CILIUM, plural, { name: object.metadata.name, subresource: "status" });
    await api.patch(path, { status: { conditions } });
  };

  const give = async (config: KubernetesObject, taken: readonly KubernetesObject[]): Promise<void> => {
    const selected = selectedNodes(config, context.nodes.all());
    for (const name of selected) {
      const owner = taken.find((each) => each.metadata.name === name);
      if (owner && ownerOf(owner) !== config.metadata.name) continue;
      await api.apply(pathOf(CILIUM, NODES, { name }), nodeConfig(config, name));
    }
    const stale = taken.filter(
      (each) => ownerOf(each) === config.metadata.name && !selected.includes(each.metadata.name),
    );
    for (const { metadata } of stale) await api.remove(pathOf(CILIUM, NODES, { name: metadata.name }));
  };

  const work = async (): Promise<void> => {
    await delay(NOTICE_MS);
    const secrets = (await api.list(pathOf("v1", "secrets", { namespace: SECRETS }))).items;
    const peers = await list(PEERS);
    for (const peer of peers)
      await say(PEERS, peer, [
        peerSaid(
          peer,
          secrets.map((each) => each.metadata.name),
        ),
      ]);
    for (const config of (await list(CLUSTERS)).filter((each) => !each.metadata.deletionTimestamp)) {
      const taken = await list(NODES);
      await give(config, taken);
      await say(CLUSTERS, config, clusterSaid(config, context.nodes.all(), taken, peers));
    }
  };
  const worker = new Worker("cilium-bgp", work);
  const wake = (): void => worker.wake("configs");
  for (const store of stores) store.onChange(wake);
  context.store("v1", "secrets", SECRETS).onChange(() => stores[1] && stores[1].all().length > 0 && wake());
}
