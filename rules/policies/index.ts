import { isObject } from "../../model";
import type { KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, missing, objectAt } from "../read";
import type { Rule, Violation } from "../rule";
import { addressRules } from "./addresses";
import { entries, policyParts } from "./entries";
import { proxyRules } from "./l7";
import { portRules } from "./ports";
import { selectorRules } from "./selectors";

const emptyEntry: Rule<KubernetesObject> = {
  id: "policies/empty-entry",
  severity: "warning",
  source: "Cilium documentation, security/policy; in a NetworkPolicy of Kubernetes {} allows everything",
  check: (object) =>
    entries(object)
      .filter(({ value, deny }) => !deny && Object.keys(value).length === 0)
      .filter(({ path, direction }) => !isClosedOnPurpose(object, path, direction))
      .map(({ path, direction }) => ({
        path,
        message: `An entry without anything allows nothing: all ${direction} is denied, unless other entries allow it.`,
        fix:
          `To allow everything write ${direction === "ingress" ? "fromEntities" : "toEntities"}: [all]; ` +
          `where all is to be denied, say enableDefaultDeny.${direction}: true.`,
      })),
};

/** Whether the rule that an entry is in says that the direction is closed, besides what entries open. */
function isClosedOnPurpose(object: KubernetesObject, path: readonly PathStep[], direction: string): boolean {
  const rule = policyParts(object).find((part) => part.path.every((step, index) => path[index] === step));
  return rule !== undefined && objectAt(rule.value, "enableDefaultDeny")[direction] === true;
}

const ownNamespace: Rule<KubernetesObject> = {
  id: "policies/own-namespace",
  severity: "info",
  source: "Cilium pkg/k8s/apis/cilium.io/utils, ParseToCiliumRule adds the policy's namespace",
  check: (object) =>
    object.kind !== "CiliumNetworkPolicy"
      ? []
      : entries(object).flatMap(({ path, value }) =>
          ["fromEndpoints", "toEndpoints"].flatMap((field) =>
            indexedAt(value, field)
              .filter(([, selector]) => Object.keys(selector).length === 0)
              .map(([index]) => ({
                path: [...path, field, index],
                message: "An empty selector means all pods of the policy's own namespace, not of the cluster.",
              })),
          ),
        ),
};

const authentication: Rule<KubernetesObject> = {
  id: "policies/authentication",
  severity: "warning",
  source: "Cilium operator/pkg/networkpolicy/validator.go, checkMutalAuthUsage",
  check: (object) =>
    entries(object)
      .filter(({ value, deny }) => !deny && !missing(value, "authentication") && isObject(value.authentication))
      .map(({ path }) => ({
        path: [...path, "authentication"],
        message:
          "Mutual authentication is off by default since Cilium 1.19; the operator then calls the policy invalid.",
        fix: "Set authentication.enabled in the CiliumConfig, or leave it out.",
      })),
};

const oneSided: Rule<KubernetesObject> = {
  id: "policies/one-sided",
  severity: "info",
  source: "Cilium documentation, security/policy/intro: a direction without entries is not restricted",
  check: (object) =>
    policyParts(object).flatMap(({ path, value }): Violation[] => {
      const given = (lists: string[]): boolean => lists.some((list) => listAt(value, list).length > 0);
      const open = (lists: string[]): boolean => lists.every((list) => missing(value, list) || isEmpty(value[list]));
      const ingress = ["ingress", "ingressDeny"];
      const egress = ["egress", "egressDeny"];
      const direction = given(ingress) && open(egress) ? "egress" : given(egress) && open(ingress) ? "ingress" : "";
      if (!direction || !missing(value, "enableDefaultDeny")) return [];
      return [{ path: [...path, direction], message: `The policy does not restrict ${direction}.` }];
    }),
};

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const nodePeers: Rule<KubernetesObject> = {
  id: "policies/node-peers",
  severity: "warning",
  source: "Cilium pkg/policy/api, ErrFromToNodesRequiresNodeSelectorOption",
  check: (object) =>
    entries(object).flatMap(({ path, value }) =>
      ["fromNodes", "toNodes"]
        .filter((field) => listAt(value, field).length > 0)
        .map((field) => ({
          path: [...path, field],
          message: "Agents refuse the policy unless nodeSelectorLabels is on, which it is not by default.",
          fix: "Set nodeSelectorLabels: true in the CiliumConfig.",
        })),
    ),
};

/** What the CRD and the agents refuse, and what works differently than one would think. */
export const ciliumPolicyRules: readonly Rule<KubernetesObject>[] = [
  ...selectorRules,
  ...addressRules,
  ...portRules,
  ...proxyRules,
  emptyEntry,
  ownNamespace,
  authentication,
  oneSided,
  nodePeers,
];

export { cidrGroupRules, egressGatewayPolicyRules } from "./objects";
export { envoyConfigRules } from "./envoy";
export { localRedirectPolicyRules } from "./redirect";
