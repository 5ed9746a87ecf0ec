import { condition } from "../../model";
import type { DisruptionRow, KubernetesObject } from "../../model";
import { ciliumConfigRules } from "../../rules";
import type { Before, ObjectKind, Related, Verdict, Watch } from "../kind";
import { configMapAgrees } from "./cilium-config-map";
import { conditionIs, conditionText, daemonSetReady, failed, forAll, inOrder, ready, waiting } from "./verdict";
import { all, one, watch } from "./watches";

const minutes = 60;

/** CRDs that Cilium's operator registers when it starts; policies can be written only afterwards. */
const crdNames = ["ciliumclusterwidenetworkpolicies.cilium.io", "ciliumnetworkpolicies.cilium.io"];

const crdWatch = (name: string): Watch => ({
  id: name,
  apiVersion: "apiextensions.k8s.io/v1",
  plural: "customresourcedefinitions",
  name,
});

/** A failure of the release counts unless it is the one that was there before the change. */
function released(config: KubernetesObject, before: Before): Verdict {
  for (const type of ["ReleaseFailed", "Irreconcilable"]) {
    const found = condition(config, type);
    if (found?.status !== "True") continue;
    const text = `${type}: ${found.message || found.reason || "no reason given"}`;
    if (conditionText(config, type) !== conditionText(before.object, type)) return failed(text);
    return waiting("the release can be installed", text);
  }
  return conditionIs(config, "Deployed", "True");
}

function registered(related: Related): Verdict {
  return forAll(crdNames, (name) => {
    const crd = one(related, name);
    return crd ? conditionIs(crd, "Established", "True") : waiting(`CRD ${name} exists`, "not there");
  });
}

/** Agents on nodes that are gone do not count; every node of the cluster does. */
function agentOnEachNode(related: Related): Verdict {
  const known = new Set(all(related, "ciliumNodes").map((node) => node.metadata.name));
  const absent = all(related, "nodes").filter((node) => !known.has(node.metadata.name));
  if (absent.length === 0) return ready;
  return waiting("every node has a CiliumNode", `none for ${absent.map((node) => node.metadata.name).join(", ")}`);
}

/**
 * Gate of Cilium's configuration. The operator's condition `Deployed` knows no generation and stays True while a change
 * is carried out, so the agents' ConfigMap must agree with the values and all agents must run the present template.
 */
export function ciliumConfigReady(config: KubernetesObject, related: Related, before: Before): Verdict {
  return inOrder(
    () => released(config, before),
    () => configMapAgrees(config, one(related, "cilium-config")),
    () => daemonSetReady(one(related, "cilium"), "cilium"),
    () => registered(related),
    () => agentOnEachNode(related),
  );
}

function watches(config: KubernetesObject): Watch[] {
  const namespace = config.metadata.namespace ?? "cilium";
  return [
    { id: "cilium-config", apiVersion: "v1", plural: "configmaps", namespace, name: "cilium-config" },
    watch.daemonSet(namespace, "cilium"),
    ...crdNames.map(crdWatch),
    { id: "ciliumNodes", apiVersion: "cilium.io/v2", plural: "ciliumnodes" },
    watch.nodes(),
  ];
}

const ciliumConfigDisruptions: readonly DisruptionRow[] = [
  {
    on: ["create", "update"],
    paths: ["spec"],
    cost: "pod-restart",
    reach: "all-nodes",
    by: "cilium",
    why: "Agents restart node by node to read their configuration; traffic that is established goes on.",
    source: "cilium Documentation/operations/upgrade.rst",
  },
];

export const ciliumConfig: ObjectKind = {
  is: "object",
  token: "ove:cilium:CiliumConfig",
  doc: "Cilium's Helm values, carried out by its operator. Installed with the cluster, so it is taken over and never deleted.",
  waits:
    "The operator has carried the values out, the ConfigMap cilium-config agrees with them, all agents run the present template, the CRDs of policies are established and every node has a CiliumNode.",
  deletes: "Given back: the values that the stack declared are released, the network stays.",
  example: {
    metadata: { name: "ciliumconfig", namespace: "cilium" },
    spec: {
      kubeProxyReplacement: true,
      k8sServiceHost: "api-int.example.com",
      k8sServicePort: 6443,
      rollOutCiliumPods: true,
      ipam: { mode: "cluster-pool", operator: { clusterPoolIPv4PodCIDRList: ["10.128.0.0/14"] } },
      cni: { exclusive: false, binPath: "/var/lib/cni/bin", confPath: "/var/run/multus/cni/net.d" },
      tunnelPort: 4789,
      MTU: 1405,
      devices: ["ens3"],
      socketLB: { hostNamespaceOnly: true },
      labels: String.raw`!kubevirt\.io/created-by !kubevirt\.io/nodeName !kubevirt\.io/migrationJobUID !vmi\.kubevirt\.io/id`,
      encryption: { enabled: true, type: "wireguard", nodeEncryption: true },
      hubble: { tls: { auto: { method: "cronJob" } } },
    },
  },
  disruptions: ciliumConfigDisruptions,
  apiVersion: "cilium.io/v1alpha1",
  kind: "CiliumConfig",
  plural: "ciliumconfigs",
  scope: "Namespaced",
  shape: () => ({
    type: "object",
    properties: { spec: { type: "object", open: true, doc: "Helm values of Cilium's chart." } },
  }),
  listKeys: { "spec.hubble.metrics.enabled": "set" },
  immutable: [],
  serverWritten: [],
  adopt: () => true,
  rules: ciliumConfigRules,
  admission: "static",
  timeouts: { create: 60 * minutes, update: 60 * minutes, delete: 10 * minutes },
  ready: { watches, verdict: ciliumConfigReady },
};
