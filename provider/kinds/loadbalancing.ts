import type { KubernetesObject } from "../../model";
import { ciliumL2AnnouncementPolicyRules, ciliumLoadBalancerIPPoolRules } from "../../rules";
import { objectsAt } from "../../rules/read";
import type { ObjectKind, Verdict } from "../kind";
import { notSeen, presentCondition, saidBy } from "./conditions";
import { generatedShape } from "./shapes";
import { failed, forAll, inOrder, ready, waiting } from "./verdict";

const minutes = 60;

/**
 * Gate of a pool: the operator has counted the addresses of its present form, which it does after it has looked for
 * conflicts, and there is none. The conflict's own condition keeps an old generation while it stays False.
 */
export function ciliumLoadBalancerIPPoolReady(pool: KubernetesObject): Verdict {
  const conditions = objectsAt(pool, "status", "conditions");
  const conflict = conditions.find((each) => each.type === "cilium.io/PoolConflict");
  return inOrder(
    () =>
      presentCondition(pool, "cilium.io/IPsTotal")
        ? ready
        : notSeen("cilium-operator", "cilium.io/IPsTotal", conditions),
    () => {
      if (conflict?.status === "True") return failed(saidBy(conflict));
      return conflict ? ready : waiting("cilium.io/PoolConflict is False", "no condition cilium.io/PoolConflict");
    },
  );
}

export const ciliumLoadBalancerIPPool: ObjectKind = {
  is: "object",
  token: "ove:loadbalancing:CiliumLoadBalancerIPPool",
  doc: "Addresses that Cilium gives to Services of type LoadBalancer; something else has to announce them.",
  waits: "The operator has counted the addresses of its present form and found no conflict with another pool.",
  deletes: "Deleted at once; Services lose the addresses that they have of it.",
  example: {
    metadata: { name: "edge" },
    spec: { blocks: [{ cidr: "192.0.2.0/27" }], serviceSelector: { matchLabels: { pool: "edge" } } },
  },
  disruptions: [],
  apiVersion: "cilium.io/v2",
  kind: "CiliumLoadBalancerIPPool",
  plural: "ciliumloadbalancerippools",
  scope: "Cluster",
  shape: generatedShape("CiliumLoadBalancerIPPool"),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: ciliumLoadBalancerIPPoolRules,
  formerFields: {
    "spec.cidrs": "Use blocks, a list of objects with a cidr each; cidrs was removed in Cilium 1.16.",
  },
  otherVersions: [
    {
      apiVersion: "cilium.io/v2alpha1",
      status: "deprecated",
      note: "Deprecated since Cilium 1.18; use cilium.io/v2.",
    },
  ],
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  ready: { watches: () => [], verdict: (pool) => ciliumLoadBalancerIPPoolReady(pool) },
};

const refusals = ["io.cilium/bad-interface-regex", "io.cilium/bad-node-selector", "io.cilium/bad-service-selector"];

/** Gate of a policy: agents report mistakes only, so it works unless one of them has reported one of its present form. */
export function ciliumL2AnnouncementPolicyReady(policy: KubernetesObject): Verdict {
  return forAll(refusals, (type) => {
    const found = presentCondition(policy, type);
    return found?.status === "True" ? failed(saidBy(found)) : ready;
  });
}

export const ciliumL2AnnouncementPolicy: ObjectKind = {
  is: "object",
  token: "ove:loadbalancing:CiliumL2AnnouncementPolicy",
  doc: "Which nodes answer for the addresses of which Services in the local network.",
  waits: "Nothing: agents report mistakes only, and one that is reported already is an error.",
  deletes: "Deleted at once; the nodes stop to answer for the addresses.",
  example: {
    metadata: { name: "edge" },
    spec: {
      loadBalancerIPs: true,
      interfaces: ["^ens1f0$"],
      nodeSelector: { matchLabels: { "node-role.kubernetes.io/worker": "" } },
      serviceSelector: { matchLabels: { pool: "edge" } },
    },
  },
  disruptions: [],
  apiVersion: "cilium.io/v2alpha1",
  kind: "CiliumL2AnnouncementPolicy",
  plural: "ciliuml2announcementpolicies",
  scope: "Cluster",
  shape: generatedShape("CiliumL2AnnouncementPolicy"),
  listKeys: { "spec.interfaces": "set" },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: ciliumL2AnnouncementPolicyRules,
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  ready: { watches: () => [], verdict: (policy) => ciliumL2AnnouncementPolicyReady(policy) },
};
