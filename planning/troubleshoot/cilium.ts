import type { Plan, TroubleshootingStep } from "../../model";
import type { Environment } from "../../model/environment";
import { CILIUM_NAMESPACE } from "../cilium-values";
import { ciliumSettings } from "../cilium-settings";
import { ciliumArgs } from "../domains/cilium";
import { tokens } from "../tokens";
import { columns, conditions, forEach, keep, oc, variable, type Word } from "./commands";

const AGENTS = ["get", "pods", "-n", CILIUM_NAMESPACE, "-l", "k8s-app=cilium"] as const;

/** Keeps the pod of the node's agent in `AGENT`; `NODE` has the node's name. */
export function keepAgent(): string {
  return keep("AGENT", oc(...AGENTS, "--field-selector", { shell: '"spec.nodeName=$NODE"' }, "-o", "name"));
}

function inPod(pod: string, words: readonly Word[]): string {
  return oc("exec", "-n", CILIUM_NAMESPACE, variable(pod), "-c", "cilium-agent", "--", ...words);
}

/** A command in the agent whose pod is in `AGENT`. */
export function inAgent(...words: readonly Word[]): string {
  return inPod("AGENT", words);
}

/** A command in the agents of all nodes. */
export function inAgents(...words: readonly Word[]): string {
  return forEach("EACH", oc(...AGENTS, "-o", "name"), inPod("EACH", words));
}

/** Whether the agents run on all nodes and are well. */
export function agentStep(): TroubleshootingStep {
  return {
    question: "Does Cilium run on every node?",
    commands: [
      oc("rollout", "status", "daemonset/cilium", "-n", CILIUM_NAMESPACE, "--timeout=10s"),
      inAgents("cilium-dbg", "status", "--brief"),
    ],
    good: "The rollout is complete, and every agent says OK.",
    bad: "On a node without a healthy agent no pod gets a network. Read its log with `oc logs`; while a pool rolls out, agents restart one after the other.",
  };
}

const ENCRYPTION = {
  wireguard: {
    good: "Encryption is Wireguard on every node, and each counts the number of nodes less one as peers.",
    bad: "A missing peer gets no encrypted traffic, and none at all in strict mode: UDP port 51871 must be open between the nodes. `Disabled` means that the values of Cilium do not reach the agents.",
  },
  ipsec: {
    good: "Encryption is IPsec on every node, all nodes use the same key, and the error counters stay at 0.",
    bad: "Different keys are a rotation that has not ended or a Secret that agents have not read; growing XfrmInNoStates or XfrmInStateProtoError say the same. ESP (IP protocol 50) must be open between the nodes.",
  },
  none: {
    good: "Encryption is Disabled on every node, as this environment wants it.",
    bad: "A node that encrypts has other values than the rest, and does not talk to them: restart its agent.",
  },
} as const;

/** Whether nodes encrypt what they send one another, as the environment has it. */
export function encryptionStep(environment: Environment): TroubleshootingStep[] {
  const { cilium } = environment;
  if (cilium === undefined) return [];
  const { encryption } = ciliumSettings(ciliumArgs(environment, cilium));
  const commands = [inAgents("cilium-dbg", "encrypt", "status")];
  return [{ question: "Do the nodes encrypt alike?", commands, ...ENCRYPTION[encryption] }];
}

/** Whether the policies of a namespace hold; none where there are no policies. */
export function policyStep(namespace: string, names: readonly string[]): TroubleshootingStep[] {
  if (names.length === 0) return [];
  const wanted = columns(["NAME", ".metadata.name"], ...conditions("Valid"));
  return [
    {
      question: `Does Cilium take the policies in ${namespace}?`,
      commands: [
        oc("get", "ciliumnetworkpolicies", "-n", namespace, ...names, ...wanted),
        inAgents("cilium-dbg", "policy", "selectors"),
      ],
      good: "Each is Valid, and the agents list their selectors with the identities of the peers that they mean.",
      bad: "One that is not Valid is not enforced: its message says why (`oc describe`). A selector without identities matches nobody: compare it with the labels of the endpoints.",
    },
  ];
}

type Policy = { metadata: { name: string; namespace: string }; spec: { endpointSelector: Selector } };
interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: unknown[];
}

/** Names of the planned policies of a namespace; with labels, of those that are for pods that have them. */
export function policyNames({ objects }: Plan, namespace: string, labels?: Record<string, string>): string[] {
  return objects
    .filter(({ token }) => token === tokens.ciliumNetworkPolicy)
    .map(({ properties }) => properties as unknown as Policy)
    .filter(({ metadata, spec: { endpointSelector } }) => {
      const wanted = Object.entries(endpointSelector.matchLabels ?? {});
      return metadata.namespace === namespace && (!labels || wanted.every(([key, value]) => labels[key] === value));
    })
    .map(({ metadata }) => metadata.name);
}

const HTTP_BAD =
  "403 is the answer of Envoy to a request that no HTTP rule allows: paths and methods are matched as a whole. No flows at all: the traffic is not plain HTTP, or the policy's port is the Service's instead of the pod's.";

/** What Cilium lets through and what not, by Hubble. `where` says whose flows: options of `hubble observe`. */
export function flowSteps(environment: Environment, what: string, where: readonly Word[], all: boolean) {
  const run = all ? inAgents : inAgent;
  const observe = (...words: Word[]): string => run("hubble", "observe", ...where, ...words, "--last", "50");
  const steps: TroubleshootingStep[] = [
    {
      question: `What of ${what} is dropped, and why?`,
      commands: [observe("--verdict", "DROPPED"), observe("--verdict", "ERROR"), observe("--verdict", "AUDIT")],
      good: "Nothing is printed: nothing was dropped since the agents keep flows.",
      bad: "`Policy denied` comes with the identities of both sides: allow it, or correct the labels. `Unencrypted traffic` is strict mode's doing: see the step on encryption. `Stale or unroutable IP` passes when a machine has moved. AUDIT would be dropped if policies were enforced. There is no verdict DENIED.",
    },
    {
      question: `Which policy decides on ${what}?`,
      commands: [observe("--type", "policy-verdict")],
      good: "Wanted traffic is FORWARDED with `policy-verdict:L3-L4` or `L3-Only`, replies have no verdict of their own. REDIRECTED goes through Envoy or the DNS proxy.",
      bad: "`policy-verdict:none` with DROPPED means that no rule allows it: `INGRESS` asks for a rule at the receiver, `EGRESS` at the sender. Both sides need one. Ports are those of the pods, not of the Service.",
    },
    {
      question: `Are names looked up for ${what}?`,
      commands: [observe("--protocol", "dns")],
      good: "Queries to the pods of openshift-dns on port 5353, with answers.",
      bad: "Queries without answers: DNS is not allowed (port 5353, the pods' own) or openshift-dns is not well. No queries, though the guest asks: it asks another server, and rules for names cannot work.",
    },
    {
      question: `What does Envoy say of HTTP of ${what}?`,
      commands: [oc("get", "daemonset", "cilium-envoy", "-n", CILIUM_NAMESPACE), observe("--protocol", "http")],
      good: "Envoy is ready on all nodes. Requests show with their answers where an HTTP policy makes them visible.",
      bad: HTTP_BAD,
    },
  ];
  const http = environment.policies.some(({ ingress, egress }) =>
    [...ingress, ...egress].some((rule) => rule.http.length > 0),
  );
  return http ? steps : steps.slice(0, -1);
}
