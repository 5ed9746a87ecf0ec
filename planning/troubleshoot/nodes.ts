import type { TroubleshootingStep } from "../../model";
import { SRIOV_NAMESPACE } from "../sriov";
import { columns, conditions, oc, pathKey } from "./commands";

const MCO = "machineconfiguration.openshift.io";
const annotation = (key: string): string => `.metadata.annotations.${pathKey(key)}`;

/** The label of a pool's nodes, as an option's value. */
export function roleSelector(pool: string): string {
  return `node-role.kubernetes.io/${pool}=`;
}

/** Whether node pools have rolled out. */
export function poolStep(pools: readonly string[]): TroubleshootingStep[] {
  if (pools.length === 0) return [];
  const nodes = columns(
    ["NODE", ".metadata.name"],
    ["STATE", annotation(`${MCO}/state`)],
    ["WANTED", annotation(`${MCO}/desiredConfig`)],
    ["HAS", annotation(`${MCO}/currentConfig`)],
    ["REASON", annotation(`${MCO}/reason`)],
  );
  return [
    {
      question: "Have the nodes taken their configuration?",
      commands: [
        oc(
          "get",
          "machineconfigpools",
          ...pools,
          ...columns(
            ["POOL", ".metadata.name"],
            ["PAUSED", ".spec.paused"],
            ["SR-IOV", annotation("sriovnetwork.openshift.io/state")],
            ...conditions("Updated", "Updating", "Degraded", "RenderDegraded"),
          ),
        ),
        ...pools.map((pool) => oc("get", "nodes", "-l", roleSelector(pool), ...nodes)),
      ],
      good: "UPDATED is True, UPDATING and DEGRADED are False, nothing is paused; each node is Done and has what is wanted.",
      bad: "Updating: wait, the node reboots. Degraded: the node's REASON says why; a drain that does not end is mostly a machine that cannot migrate. Paused with `Paused` under SR-IOV: its operator drains a node and ends the pause itself.",
    },
  ];
}

/** Whether nodes offer a resource. */
export function resourceStep(pools: readonly string[], resource: string, fix: string): TroubleshootingStep {
  const shown = columns(
    ["NODE", ".metadata.name"],
    ["READY", '.status.conditions[?(@.type=="Ready")].status'],
    ["OFFERED", `.status.allocatable.${pathKey(resource)}`],
  );
  const targets = pools.length > 0 ? pools : ["worker"];
  return {
    question: `Do the nodes offer ${resource}?`,
    commands: targets.map((pool) => oc("get", "nodes", "-l", roleSelector(pool), ...shown)),
    good: "At least one node that is Ready offers more than what machines on it already use (`oc describe node`).",
    bad: `\`<none>\` or 0: ${fix}`,
  };
}

/** Whether the SR-IOV operator has set up its devices. */
export function nodeStateStep(policies: readonly string[]): TroubleshootingStep {
  return {
    question: "Are the virtual functions set up?",
    commands: [
      oc("get", "sriovnetworknodepolicies", "-n", SRIOV_NAMESPACE, ...policies),
      oc(
        "get",
        "sriovnetworknodestates",
        "-n",
        SRIOV_NAMESPACE,
        ...columns(
          ["NODE", ".metadata.name"],
          ["SYNC", ".status.syncStatus"],
          ["WANTED", annotation("sriovnetwork.openshift.io/desired-state")],
          ["HAS", annotation("sriovnetwork.openshift.io/current-state")],
          ["FUNCTIONS", ".status.interfaces[*].numVfs"],
          ["ERROR", ".status.lastSyncError"],
        ),
      ),
    ],
    good: "Each node Succeeded and is Idle, and the cards of the policy have the wanted number of functions.",
    bad: "Failed: ERROR says why. InProgress with Drain_Required: it waits for the node to drain, or for the pool's rollout to end. No functions: the policy selects no card of the node (`oc describe`).",
  };
}
