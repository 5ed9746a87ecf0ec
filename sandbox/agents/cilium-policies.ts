import { isObject } from "../../model";
import type { Finding, JsonObject, KubernetesObject } from "../../model";
import { ciliumPolicyRules, evaluate } from "../../rules";
import { objectAt, objectsAt } from "../../rules/read";
import { pathOf } from "./api";
import type { AgentContext } from "./context";
import { Lateness, Worker } from "./store";

const CILIUM = "cilium.io/v2";
const kinds = {
  ciliumnetworkpolicies: "CiliumNetworkPolicy",
  ciliumclusterwidenetworkpolicies: "CiliumClusterwideNetworkPolicy",
};

/** Milliseconds until the operator has looked at a policy: until then an old condition stays. */
const LOOK_MS = 600;

/** Refused by the agents only: the operator's check does not ask for them. */
const unasked = new Set(["policies/version", "policies/requires"]);

const authenticates = (policy: KubernetesObject): boolean =>
  [objectAt(policy, "spec"), ...objectsAt(policy, "specs")].some((rule) =>
    ["ingress", "egress"].some((list) => objectsAt(rule, list).some((entry) => isObject(entry.authentication))),
  );

/** Whether the refusal is of a selector of nodes in a namespaced policy, which the operator lets pass. */
const ofNodes = (policy: KubernetesObject, found: Finding): boolean =>
  policy.kind === "CiliumNetworkPolicy" && found.rule === "policies/selector" && found.path.endsWith(".nodeSelector");

/** Whether the operator could not even read the policy: then it gets no condition at all. */
const undecodable = (found: readonly Finding[]): boolean =>
  found.some((each) => ["policies/icmp-name", "policies/own-labels"].includes(each.rule));

/**
 * What the operator says of a policy: its message when it refuses it, an empty one when it does not, undefined when it
 * cannot read it. It asks what the agents ask, but for a few things.
 */
export function operatorRefusal(policy: KubernetesObject): string | undefined {
  const errors = evaluate(ciliumPolicyRules, policy).filter((each) => each.severity === "error");
  if (undecodable(errors)) return undefined;
  const asked = errors.filter((each) => !unasked.has(each.rule) && !ofNodes(policy, each));
  if (asked.length > 0) return asked.map((each) => `${each.path}: ${each.message}`).join("\n");
  return authenticates(policy) ? "mutual auth feature is disabled but an auth rule is defined in policy" : "";
}

/** The policy's conditions after the operator has looked; undefined when nothing is to be written. */
export function conditionsOf(policy: KubernetesObject, now: string): JsonObject[] | undefined {
  const refusal = operatorRefusal(policy);
  if (refusal === undefined) return undefined;
  const conditions = (policy.status?.conditions ?? []) as JsonObject[];
  const status = refusal ? "False" : "True";
  const message = refusal || "Policy validation succeeded";
  const old = conditions.find((each) => each.type === "Valid");
  if (old?.status === status && old.message === message) return undefined;
  const lastTransitionTime = (old?.status === status && old.lastTransitionTime) || now;
  return [
    ...conditions.filter((each) => each.type !== "Valid"),
    { type: "Valid", status, message, lastTransitionTime },
  ];
}

/** Runs the part of cilium-operator that checks policies and writes the condition Valid, a moment late. */
export function startCiliumPolicies(context: AgentContext): void {
  for (const [plural, kind] of Object.entries(kinds)) {
    const policies = context.store(CILIUM, plural);
    const late = new Lateness();
    const worker = new Worker(`cilium-operator ${plural}`, async (key) => {
      const policy = policies.get(key);
      if (!policy || context.fault("cilium-policy-not-checked", key)) return undefined;
      const left = late.left(key, JSON.stringify([policy.spec, policy.specs]), LOOK_MS);
      if (left > 0) return left;
      const conditions = conditionsOf({ ...policy, kind }, new Date().toISOString().replace(/\.\d+Z$/, "Z"));
      if (!conditions) return undefined;
      const { namespace, name } = policy.metadata;
      const path = pathOf(CILIUM, plural, { namespace, name, subresource: "status" });
      await context.api.patch(path, { status: { conditions } });
      return undefined;
    });
    const wake = ({ metadata: { namespace, name } }: KubernetesObject): void =>
      worker.wake(namespace ? `${namespace}/${name}` : name);
    policies.onChange((policy, gone) => gone || wake(policy));
    context.onFaults(() => policies.all().forEach(wake));
  }
}
