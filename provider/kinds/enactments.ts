import { condition } from "../../model";
import type { Condition, KubernetesObject } from "../../model";
import { mapAt, numberAt } from "../../rules/read";
import type { Related, Verdict, Watch } from "../kind";
import { failed, forAll, inOrder, ready, waiting } from "./verdict";
import { all, watch } from "./watches";

/** What tells whether a policy is carried out: its enactments, the nodes that it selects, where the handler runs. */
export function enactmentWatches(policy: KubernetesObject): Watch[] {
  return [
    {
      id: "enactments",
      apiVersion: "nmstate.io/v1beta1",
      plural: "nodenetworkconfigurationenactments",
      labelSelector: `nmstate.io/policy=${policy.metadata.name}`,
    },
    watch.nodes(mapAt(policy, "spec", "nodeSelector")),
    { id: "nmstates", apiVersion: "nmstate.io/v1", plural: "nmstates" },
  ];
}

/** The selected nodes that the handler runs on. Source: pkg/node/nodes.go NodesRunningNmstate, which counts its pods. */
function handledNodes(related: Related): KubernetesObject[] {
  const selectors = all(related, "nmstates").map((each) => mapAt(each, "spec", "nodeSelector"));
  return all(related, "nodes").filter(({ metadata }) => {
    const labels = metadata.labels ?? {};
    if ((labels["kubernetes.io/os"] ?? "linux") !== "linux") return false;
    return selectors.every((selector) => Object.entries(selector).every(([key, value]) => labels[key] === value));
  });
}

/** The node's enactment of the policy's present form. */
function enactmentOf(policy: KubernetesObject, node: KubernetesObject, related: Related): KubernetesObject | undefined {
  return all(related, "enactments").find(
    (each) =>
      (each.metadata.labels?.["nmstate.io/node"] === node.metadata.name ||
        each.metadata.name === `${node.metadata.name}.${policy.metadata.name}`) &&
      numberAt(each, "status", "policyGeneration") === policy.metadata.generation,
  );
}

const isTrue = (object: KubernetesObject, type: string): Condition | undefined => {
  const found = condition(object, type);
  return found?.status === "True" ? found : undefined;
};

/** While the handler still tries, it says Failing as well, for the reason Retrying. */
function failure(node: string, enactment: KubernetesObject, type: "Failing" | "Aborted"): Verdict {
  const found = isTrue(enactment, type);
  if (!found || found.reason === "Retrying") return ready;
  const what =
    type === "Failing" ? "failed and went back to its old network" : "was not begun because another one failed";
  return failed(`node ${node} ${what}: ${found.message || "no message given"}`);
}

function enacted(policy: KubernetesObject, node: KubernetesObject, related: Related): Verdict {
  const name = node.metadata.name;
  const enactment = enactmentOf(policy, node, related);
  if (!enactment) return waiting(`node ${name} has begun with the policy's present form`, "no enactment of it");
  if (isTrue(enactment, "Available")) return ready;
  const now = ["Failing", "Progressing", "Pending"].map((type) => isTrue(enactment, type)).find(Boolean);
  const seen = now ? `${now.type}${now.message ? `: ${now.message}` : ""}` : "nothing said yet";
  return waiting(`node ${name} has the policy's network`, seen);
}

/**
 * Whether every node that the policy selects has its present form. Enactments are told from older ones by the policy's
 * generation. Older releases raise it a moment before they take back what the enactment said of the previous form, so
 * the policy must say Available as well, which is taken back before.
 */
export function policyEnacted(policy: KubernetesObject, related: Related): Verdict {
  const nodes = handledNodes(related);
  if (nodes.length === 0) return noNode(policy);
  const of = (type: "Failing" | "Aborted"): Verdict =>
    forAll(nodes, (node) => {
      const enactment = enactmentOf(policy, node, related);
      return enactment ? failure(node.metadata.name, enactment, type) : ready;
    });
  return inOrder(
    () => of("Failing"),
    () => of("Aborted"),
    () => forAll(nodes, (node) => enacted(policy, node, related)),
    () => {
      const found = condition(policy, "Available");
      if (found?.status === "True" && found.reason === "SuccessfullyConfigured") return ready;
      return waiting("the policy is Available", found?.reason || "not said yet");
    },
  );
}

function noNode(policy: KubernetesObject): Verdict {
  const found = isTrue(policy, "Ignored");
  const text = "no node that the handler runs on has the labels of spec.nodeSelector";
  return found ? failed(`${found.reason ?? "NoMatchingNode"}: ${text}`) : waiting("a node matches the policy", text);
}

/** Whether the admission policy would let the policy's spec be changed now. */
export function changeable(policy: KubernetesObject): Verdict {
  const reason = condition(policy, "Available")?.reason ?? "";
  return reason !== "" && reason !== "ConfigurationProgressing"
    ? ready
    : waiting("the policy is not in progress", reason || "not begun");
}
