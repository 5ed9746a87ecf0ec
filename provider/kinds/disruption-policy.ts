import { sameJson } from "../../model";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { machineConfigurationRules } from "../../rules";
import { numberAt, objectAt, objectsAt, textAt } from "../../rules/read";
import type { ObjectKind, Verdict } from "../kind";
import { generatedShape } from "./shapes";
import { inOrder, ready, waiting } from "./verdict";

const minutes = 60;

/** The first declared entry that the policies in force do not have with the same actions. */
function notInForce(wanted: JsonObject, present: JsonObject): string | undefined {
  for (const [list, key] of [
    ["files", "path"],
    ["units", "name"],
  ] as const) {
    for (const entry of objectsAt(wanted, list)) {
      const found = objectsAt(present, list).find((each) => each[key] === entry[key]);
      if (!sameJson(found?.actions, entry.actions)) return textAt(entry, key) ?? list;
    }
  }
  const key = objectAt(wanted, "sshkey").actions as Json[] | undefined;
  return !key?.length || sameJson(objectAt(present, "sshkey").actions, key) ? undefined : "sshkey";
}

/** Gate of the node disruption policy: the operator shows it, merged with its own, as in force. */
export function disruptionPolicyReady(live: KubernetesObject): Verdict {
  const observed = numberAt(live, "status", "observedGeneration");
  return inOrder(
    () =>
      observed === undefined || observed === live.metadata.generation
        ? ready
        : waiting("the operator has seen the policy in its present form", `generation ${observed}`),
    () => {
      const policies = objectAt(live, "status", "nodeDisruptionPolicyStatus", "clusterPolicies");
      const behind = notInForce(objectAt(live, "spec", "nodeDisruptionPolicy"), policies);
      return behind ? waiting(`the policy for ${behind} is in force`, "the operator does not show it yet") : ready;
    },
  );
}

export const nodeDisruptionPolicy: ObjectKind = {
  is: "object",
  token: "ove:nodes:NodeDisruptionPolicy",
  doc: "What nodes do after a change of a file, a unit or the ssh keys, instead of a reboot: the MachineConfiguration `cluster`.",
  waits: "The operator shows the policy, merged with its own, as in force.",
  deletes: "Given back: what the program declared is taken out, and the operator's own policy holds again.",
  example: {
    metadata: { name: "cluster" },
    spec: {
      nodeDisruptionPolicy: {
        files: [
          { path: "/etc/chrony.conf", actions: [{ type: "Restart", restart: { serviceName: "chronyd.service" } }] },
        ],
      },
    },
  },
  apiVersion: "operator.openshift.io/v1",
  kind: "MachineConfiguration",
  plural: "machineconfigurations",
  scope: "Cluster",
  shape: generatedShape("MachineConfiguration"),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: ({ name }) => name === "cluster",
  rules: machineConfigurationRules,
  // It says what later changes cost; changing it costs nothing itself.
  disruptions: [],
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  ready: { watches: () => [], verdict: disruptionPolicyReady },
};
