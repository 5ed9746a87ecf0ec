import { isObject } from "../../model";
import { isAddress } from "../../model/addresses";
import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { prefixProblem } from "./addresses";

const prefixes = (object: KubernetesObject, field: string): Violation[] =>
  listAt(object, "spec", field).flatMap((item, index) =>
    typeof item === "string" ? prefixProblem(["spec", field, index], item) : [],
  );

const emptyList = (value: JsonObject, field: string): boolean => {
  const list = value[field];
  return Array.isArray(list) && list.length === 0;
};

const cidrGroup: Rule<KubernetesObject> = {
  id: "policies/cidr-group",
  severity: "error",
  source: "Cilium CRD of CiliumCIDRGroup, format cidr",
  check: (object) => prefixes(object, "externalCIDRs"),
};

const emptyGroup: Rule<KubernetesObject> = {
  id: "policies/cidr-group-empty",
  severity: "warning",
  source: "Cilium documentation, network/kubernetes/ciliumcidrgroup",
  check: (object) =>
    emptyList(objectAt(object, "spec"), "externalCIDRs")
      ? [{ path: ["spec", "externalCIDRs"], message: "A group without blocks matches nothing." }]
      : [],
};

/** What is to know of a CiliumCIDRGroup. */
export const cidrGroupRules: readonly Rule<KubernetesObject>[] = [cidrGroup, emptyGroup];

const destinations: Rule<KubernetesObject> = {
  id: "policies/egress-destinations",
  severity: "error",
  source: "Cilium pkg/egressgateway ParseCEGP",
  check: (object) => [...prefixes(object, "destinationCIDRs"), ...prefixes(object, "excludedCIDRs")],
};

/** The gateways of an egress policy; those of the list win, then the single one is not looked at. */
function gateways(object: KubernetesObject): { path: PathStep[]; value: JsonObject }[] {
  const list = indexedAt(object, "spec", "egressGateways").map(([index, value]) => ({
    path: ["spec", "egressGateways", index],
    value,
  }));
  const one = object.spec?.egressGateway;
  return list.length > 0 || !isObject(one) ? list : [{ path: ["spec", "egressGateway"], value: one }];
}

const egressAddress: Rule<KubernetesObject> = {
  id: "policies/egress-address",
  severity: "error",
  source: "Cilium CRD (CEL) and pkg/egressgateway parseEgressGateway",
  check: (object) =>
    gateways(object).flatMap(({ path, value }): Violation[] => {
      const address = textAt(value, "egressIP") ?? "";
      if (address && textAt(value, "interface")) {
        const message = "egressIP and interface exclude each other; agents refuse the policy, in their log only.";
        return [{ path: [...path, "interface"], message, fix: "Leave one of both out." }];
      }
      if (address === "" || isAddress(address)) return [];
      return [{ path: [...path, "egressIP"], message: `"${address}" is not an address.` }];
    }),
};

const egressFamily: Rule<KubernetesObject> = {
  id: "policies/egress-family",
  severity: "warning",
  source: "Cilium pkg/egressgateway, gatewayConfig: each address family needs an address of its own",
  check: (object) => {
    const blocks = listAt(object, "spec", "destinationCIDRs");
    const texts = blocks.filter((block): block is string => typeof block === "string");
    return gateways(object).flatMap(({ path, value }): Violation[] => {
      const address = textAt(value, "egressIP") ?? "";
      if (!isAddress(address) || texts.length === 0 || texts.length < blocks.length) return [];
      if (texts.some((block) => block.includes(":") === address.includes(":"))) return [];
      const message = `No destination is of the family of ${address}; their traffic is dropped at the gateway.`;
      return [{ path: [...path, "egressIP"], message }];
    });
  },
};

const egressSelectors: Rule<KubernetesObject> = {
  id: "policies/egress-selectors",
  severity: "error",
  source: "Cilium pkg/egressgateway ParseCEGP",
  check: (object) =>
    indexedAt(object, "spec", "selectors")
      .filter(([, each]) => missing(each, "podSelector") && missing(each, "namespaceSelector"))
      .map(([index]) => ({
        path: ["spec", "selectors", index],
        message: "It needs podSelector or namespaceSelector; agents refuse the policy, in their log only.",
        fix: "Write podSelector: {} to select all pods.",
      })),
};

const egressNothing: Rule<KubernetesObject> = {
  id: "policies/egress-nothing",
  severity: "warning",
  source: "Cilium pkg/egressgateway ParseCEGP: an empty list selects nothing",
  check: (object) =>
    ["destinationCIDRs", "selectors"]
      .filter((field) => emptyList(objectAt(object, "spec"), field))
      .map((field) => ({ path: ["spec", field], message: "With an empty list the policy is for nothing." })),
};

const egressIgnored: Rule<KubernetesObject> = {
  id: "policies/egress-ignored",
  severity: "warning",
  source: "Cilium pkg/egressgateway ParseCEGP: egressGateways wins",
  check: (object) => {
    const one = objectAt(object, "spec", "egressGateway");
    if (listAt(object, "spec", "egressGateways").length === 0) return [];
    return ["egressIP", "interface"]
      .filter((field) => Boolean(one[field]))
      .map((field) => ({
        path: ["spec", "egressGateway", field],
        message: "It is not looked at beside egressGateways.",
        fix: "Leave it out; egressGateway only needs its nodeSelector.",
      }));
  },
};

/** What is to know of a CiliumEgressGatewayPolicy. */
export const egressGatewayPolicyRules: readonly Rule<KubernetesObject>[] = [
  destinations,
  egressAddress,
  egressFamily,
  egressSelectors,
  egressNothing,
  egressIgnored,
];
