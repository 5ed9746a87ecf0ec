import { isObject } from "../../model";
import type { DisruptionRow, KubernetesObject } from "../../model";
import { sriovNetworkPoolConfigRules } from "../../rules";
import { mapAt, objectsAt, textAt, textsAt } from "../../rules/read";
import type { Before, ObjectKind, Related, Step, Verdict, Watch } from "../kind";
import { operatorNamespace, synced } from "./node-states";
import { rendered, rendering, sources } from "./pools";
import { generatedShape } from "./shapes";
import { forAll, inOrder, ready, waiting } from "./verdict";
import { all, one, watch } from "./watches";

const apiVersion = "sriovnetwork.openshift.io/v1";
const minutes = 60;

const nodeStates: Watch = {
  id: "nodeStates",
  apiVersion,
  plural: "sriovnetworknodestates",
  namespace: operatorNamespace,
};

/** Pool of the machine config operator whose nodes get hardware offload. */
const offloaded = (config: KubernetesObject | undefined): string =>
  textAt(config ?? {}, "spec", "ovsHardwareOffloadConfig", "name") ?? "";

/** The MachineConfig that the operator makes. Source: controllers/sriovnetworkpoolconfig_controller.go. */
const offloadConfig = (pool: string): string => `00-${pool}-ovs-hw-offload`;

/** Whether the pool's label selector selects a node; without one it selects all. */
function selects(config: KubernetesObject, node: KubernetesObject): boolean {
  const labels = node.metadata.labels ?? {};
  const wanted = Object.entries(mapAt(config, "spec", "nodeSelector", "matchLabels"));
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    objectsAt(config, "spec", "nodeSelector", "matchExpressions").every((each) => {
      const value = labels[textAt(each, "key") ?? ""];
      const listed = value !== undefined && textsAt(each, "values").includes(value);
      switch (textAt(each, "operator")) {
        case "In":
          return listed;
        case "NotIn":
          return !listed;
        case "Exists":
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

/** The RDMA mode has come to one node: it was told, has rebooted where it must, and reports the mode. */
function rdmaOnNode(mode: string, state: KubernetesObject, before: KubernetesObject | undefined): Verdict {
  const { name } = state.metadata;
  const told = textAt(state, "spec", "system", "rdmaMode");
  if (told !== mode) return waiting(`node ${name} is told RDMA mode ${mode}`, told ?? "none");
  return inOrder(
    () => synced(state, before),
    () => {
      const has = textAt(state, "status", "system", "rdmaMode");
      return has === mode ? ready : waiting(`node ${name} has RDMA mode ${mode}`, has ?? "none reported");
    },
  );
}

function rdma(config: KubernetesObject, related: Related, before: Related): Verdict {
  const mode = textAt(config, "spec", "rdmaMode");
  if (!mode || offloaded(config)) return ready;
  const nodes = new Set(
    all(related, "nodes")
      .filter((node) => selects(config, node))
      .map((node) => node.metadata.name),
  );
  const states = all(related, "nodeStates").filter((state) => nodes.has(state.metadata.name));
  const named = (name: string): KubernetesObject | undefined =>
    all(before, "nodeStates").find((state) => state.metadata.name === name);
  return forAll(states, (state) => rdmaOnNode(mode, state, named(state.metadata.name)));
}

/**
 * Gate of a pool: the RDMA mode is on its nodes; the MachineConfig for hardware offload is part of its pool's
 * configuration, which nodes get later.
 */
export function sriovNetworkPoolConfigReady(config: KubernetesObject, related: Related, before: Before): Verdict {
  const name = offloaded(config);
  if (!name) return rdma(config, related, before.related);
  const pool = one(related, "pool");
  if (!pool) return waiting(`MachineConfigPool ${name} exists`, "not there");
  return inOrder(
    () => rendering(pool, one(before.related, "pool")),
    () => rendered(pool, [offloadConfig(name)]),
  );
}

function afterPool(config: KubernetesObject): Step[] {
  const name = offloaded(config);
  if (!name) return [];
  const verdict = (related: Related): Verdict => {
    const pool = one(related, "pool");
    if (!pool || !sources(pool, "spec").includes(offloadConfig(name))) return ready;
    return waiting(`pool ${name} is rendered without ${offloadConfig(name)}`, "still part of it");
  };
  return [{ act: "wait", watches: [watch.pool(name)], verdict }];
}

const disruptions: readonly DisruptionRow[] = [
  {
    on: ["create", "update", "delete"],
    paths: ["spec.ovsHardwareOffloadConfig"],
    when: ({ before, after }) => offloaded(before) !== "" || offloaded(after) !== "",
    cost: "reboot",
    reach: "pool",
    by: "machine-config-operator",
    why: "The operator makes a MachineConfig for hardware offload, or takes it away; every node of the pool is drained and rebooted.",
    source: "sriov-network-operator controllers/sriovnetworkpoolconfig_controller.go",
  },
  {
    on: ["create", "update", "delete"],
    paths: ["spec.rdmaMode"],
    when: ({ before, after }) => [before, after].some((each) => Boolean(textAt(each ?? {}, "spec", "rdmaMode"))),
    cost: "reboot",
    reach: "selected-nodes",
    by: "sriov-network-operator",
    why: "The RDMA mode is a kernel argument; nodes that have another one are drained and rebooted.",
    source: "sriov-network-operator pkg/plugins/generic configRdmaKernelArg",
  },
  {
    on: ["update"],
    paths: ["spec.nodeSelector"],
    when: ({ after }) => isObject(after?.spec) && Boolean(textAt(after, "spec", "rdmaMode")),
    cost: "reboot",
    reach: "selected-nodes",
    by: "sriov-network-operator",
    why: "Nodes that come to a pool with another RDMA mode, or leave it, reboot.",
    source: "sriov-network-operator pkg/plugins/generic configRdmaKernelArg",
  },
];

export const sriovNetworkPoolConfig: ObjectKind = {
  is: "object",
  token: "ove:sriov:SriovNetworkPoolConfig",
  doc: "How many nodes the SR-IOV operator drains at a time, and their RDMA mode or hardware offload.",
  waits:
    "The RDMA mode is on the selected nodes; the MachineConfig for hardware offload is part of its pool, whose nodes take it later.",
  deletes: "Deleted, then waited for until its pool is rendered without the MachineConfig for hardware offload.",
  example: {
    metadata: { name: "workers", namespace: "openshift-sriov-network-operator" },
    spec: { nodeSelector: { matchLabels: { "node-role.kubernetes.io/worker": "" } }, maxUnavailable: 1 },
  },
  disruptions,
  apiVersion,
  kind: "SriovNetworkPoolConfig",
  plural: "sriovnetworkpoolconfigs",
  scope: "Namespaced",
  shape: generatedShape("SriovNetworkPoolConfig"),
  listKeys: {
    "spec.nodeSelector.matchExpressions": { by: ["key", "operator"] },
    "spec.nodeSelector.matchExpressions.values": "set",
  },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: sriovNetworkPoolConfigRules,
  admission: "static",
  timeouts: { create: 240 * minutes, update: 240 * minutes, delete: 240 * minutes },
  ready: {
    watches: (config) => {
      const pool = offloaded(config);
      return pool ? [watch.pool(pool)] : [watch.nodes(), nodeStates];
    },
    verdict: sriovNetworkPoolConfigReady,
  },
  deletion: { after: afterPool },
};
