import { condition } from "../../model";
import type { DisruptionRow, JsonObject, KubernetesObject } from "../../model";
import { ciliumPolicyRules } from "../../rules";
import type { Before, ObjectKind, Related, Verdict } from "../kind";
import { policyShape } from "./policy-shapes";
import { conditionText, failed, ready, waiting } from "./verdict";

const minutes = 60;

/**
 * Gate of a policy: Cilium's operator has checked it. The condition knows no generation and is written only when it
 * changes, so a refusal counts unless it is the one from before the change; that a policy has stayed valid cannot be
 * told from not yet having been looked at, which is why the rules ask all that the operator does.
 */
export function policyReady(policy: KubernetesObject, _related: Related, before: Before): Verdict {
  const found = condition(policy, "Valid");
  const wanted = "Cilium's operator calls it Valid";
  if (!found) return waiting(wanted, "not looked at yet");
  if (found.status === "True") return ready;
  const reason = found.message ?? found.reason ?? "no reason given";
  if (conditionText(policy, "Valid") === conditionText(before.object, "Valid")) return waiting(wanted, reason);
  return failed(`Cilium refuses the policy: ${reason}`);
}

const policyDisruptions: readonly DisruptionRow[] = [
  {
    on: ["create", "update", "delete"],
    cost: "none",
    reach: "object",
    by: "cilium",
    why: "Agents change their maps while pods run; connections that are not allowed any more are cut.",
    source: "cilium Documentation/security/policy/intro.rst",
  },
];

const proxies = "Allow the port without rules, or use an Envoy listener.";

/** Fields of rules that are gone, and fields that only one kind of entry has. */
function formerFieldsIn(rule: string): Record<string, string> {
  const former: Record<string, string> = {};
  for (const list of ["ingress", "egress"]) {
    former[`${rule}.${list}.toPorts.rules.kafka`] = `Rules for Kafka were removed in Cilium 1.20. ${proxies}`;
    former[`${rule}.${list}.toPorts.rules.l7proto`] = `Parsers in Envoy were removed in Cilium 1.20. ${proxies}`;
    former[`${rule}.${list}.toPorts.rules.l7`] = `Parsers in Envoy were removed in Cilium 1.20. ${proxies}`;
    former[`${rule}.${list}Deny.toPorts.rules`] = "A deny entry has no rules: it denies whole ports.";
    former[`${rule}.${list}Deny.authentication`] = "Authentication is for entries that allow.";
  }
  former[`${rule}.egressDeny.toFQDNs`] = "A deny entry cannot name hosts; use toCIDR or toCIDRSet.";
  former[`${rule}.ingress.toFQDNs`] = "Names are for egress only.";
  return former;
}

/** What both kinds of policies have in common. */
const policy = {
  is: "object",
  apiVersion: "cilium.io/v2",
  waits: "Cilium's operator has checked the policy and written the condition Valid.",
  deletes: "Deleted; agents take it out of their maps at once.",
  disruptions: policyDisruptions,
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: ciliumPolicyRules,
  formerFields: { ...formerFieldsIn("spec"), ...formerFieldsIn("specs") },
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 5 * minutes },
  ready: { watches: () => [], verdict: policyReady },
} satisfies Partial<ObjectKind>;

const dns: JsonObject = {
  toEndpoints: [
    {
      matchLabels: {
        "k8s:io.kubernetes.pod.namespace": "openshift-dns",
        "dns.operator.openshift.io/daemonset-dns": "default",
      },
    },
  ],
  toPorts: [{ ports: [{ port: "5353", protocol: "UDP" }], rules: { dns: [{ matchPattern: "*" }] } }],
};

export const ciliumNetworkPolicy: ObjectKind = {
  ...policy,
  token: "ove:policies:CiliumNetworkPolicy",
  doc: "What pods of a namespace, virtual machines among them, may send and receive.",
  kind: "CiliumNetworkPolicy",
  plural: "ciliumnetworkpolicies",
  scope: "Namespaced",
  shape: policyShape("CiliumNetworkPolicy"),
  example: {
    metadata: { name: "web", namespace: "shop" },
    spec: {
      endpointSelector: { matchLabels: { app: "web" } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: "front" } }],
          toPorts: [
            {
              ports: [{ port: "8080", protocol: "TCP" }],
              rules: { http: [{ method: "GET", path: "/api/v1/.*" }] },
            },
          ],
        },
      ],
      egress: [
        dns,
        {
          toFQDNs: [{ matchName: "mirror.example.com" }],
          toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
        },
      ],
    },
  },
};

export const ciliumClusterwideNetworkPolicy: ObjectKind = {
  ...policy,
  token: "ove:policies:CiliumClusterwideNetworkPolicy",
  doc: "What pods of all namespaces, or nodes, may send and receive.",
  kind: "CiliumClusterwideNetworkPolicy",
  plural: "ciliumclusterwidenetworkpolicies",
  scope: "Cluster",
  shape: policyShape("CiliumClusterwideNetworkPolicy"),
  example: {
    metadata: { name: "tenants" },
    spec: {
      endpointSelector: { matchLabels: { "k8s:io.cilium.k8s.namespace.labels.tenant": "shop" } },
      ingress: [{ fromEntities: ["cluster"] }],
      egress: [dns, { toEntities: ["kube-apiserver"], toPorts: [{ ports: [{ port: "6443", protocol: "TCP" }] }] }],
    },
  },
};
