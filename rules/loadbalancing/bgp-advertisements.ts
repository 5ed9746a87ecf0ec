import type { JsonObject, KubernetesObject } from "../../model";
import { indexedAt, listAt, missing, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { foreignKeyProblems, selectorProblems, selectorRule } from "./label-selectors";

const cel = "CiliumBGPAdvertisement CRD, CEL on advertisements";

type Check = (entry: JsonObject, type: string) => { key: string; message: string; fix?: string }[];

/** Looks at every advertisement whose type is known. */
function perEntry(check: Check): (object: KubernetesObject) => Violation[] {
  return (object) =>
    indexedAt(object, "spec", "advertisements").flatMap(([index, entry]) => {
      const type = textAt(entry, "advertisementType");
      if (type === undefined) return [];
      return check(entry, type).map(({ key, ...rest }) => ({ path: ["spec", "advertisements", index, key], ...rest }));
    });
}

const given = (entry: JsonObject, key: string): boolean => !missing(entry, key) && entry[key] !== undefined;

const needed: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-advertisement-options",
  severity: "error",
  source: cel,
  check: perEntry((entry, type) => {
    const own: Readonly<Record<string, string>> = { Service: "service", Interface: "interface" };
    const wanted = own[type];
    const absent =
      wanted && missing(entry, wanted) ? [{ key: wanted, message: `Type ${type} needs the field ${wanted}.` }] : [];
    const others = Object.entries(own)
      .filter(([of, key]) => of !== type && given(entry, key))
      .map(([of, key]) => ({
        key,
        message: `Only type ${of} has this field, not ${type}.`,
        fix: `Leave it out, or set advertisementType to ${of}.`,
      }));
    return [...absent, ...others];
  }),
};

const podCidr: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-advertisement-pod-cidr",
  severity: "error",
  source: cel,
  check: perEntry((entry, type) =>
    type === "PodCIDR" && given(entry, "selector")
      ? [{ key: "selector", message: "Type PodCIDR takes no selector: it advertises the node's own pod networks." }]
      : [],
  ),
};

const noSelector: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-advertisement-selector-missing",
  severity: "warning",
  source: "cilium pkg/bgp/manager/reconciler/service.go and pod_ip_pool.go: without a selector nothing is selected",
  check: perEntry((entry, type) => {
    if ((type !== "Service" && type !== "CiliumPodIPPool") || !missing(entry, "selector")) return [];
    const what = type === "Service" ? "Services" : "CiliumPodIPPools";
    const fix = `Write selector: {} for all ${what}, or select some by their labels.`;
    return [{ key: "selector", message: `Without a selector no ${what} are advertised.`, fix }];
  }),
};

const ignoredSelector: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-advertisement-selector-ignored",
  severity: "warning",
  source: "cilium pkg/bgp/manager/reconciler/interface.go does not look at the selector",
  check: perEntry((entry, type) =>
    type === "Interface" && given(entry, "selector")
      ? [{ key: "selector", message: "The agent ignores the selector of type Interface." }]
      : [],
  ),
};

const empty: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-advertisement-empty",
  severity: "warning",
  source: "cilium pkg/bgp/manager/reconciler/peer_advertisements.go: the entries are what is advertised",
  check: ({ spec }) => {
    if (!spec || (!missing(spec, "advertisements") && spec.advertisements === undefined)) return [];
    if (listAt(spec, "advertisements").length > 0) return [];
    return [{ path: ["spec", "advertisements"], message: "The object advertises nothing: its list is empty." }];
  },
};

const labels: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-advertisement-labels",
  severity: "info",
  source: "cilium pkg/bgp/manager/reconciler/peer_advertisements.go familySelectedAdvertisements selects by labels",
  check: ({ metadata }) => {
    const unknown = "labels" in metadata && metadata.labels === undefined;
    if (unknown || Object.keys(metadata.labels ?? {}).length > 0) return [];
    const message = "The object has no labels: only a CiliumBGPPeerConfig with an empty selector takes it.";
    return [{ path: ["metadata", "labels"], message, fix: "Give it a label that your peer configurations select." }];
  },
};

const selector = selectorRule(
  "loadbalancing/bgp-advertisement-selector",
  "cilium pkg/bgp/manager/reconciler/service.go: a selector that cannot be read stops the advertisement",
  (object) =>
    indexedAt(object, "spec", "advertisements").flatMap(([index]) =>
      selectorProblems(object, "spec", "advertisements", index, "selector"),
    ),
);

const selectorKeys: Rule<KubernetesObject> = {
  id: "loadbalancing/bgp-advertisement-selector-key",
  severity: "warning",
  source: "cilium pkg/bgp/manager/reconciler/service.go serviceLabelSet: the Service's own labels, name and namespace",
  check: (object) =>
    indexedAt(object, "spec", "advertisements").flatMap(([index, entry]) =>
      textAt(entry, "advertisementType") === "Service"
        ? foreignKeyProblems(object, "spec", "advertisements", index, "selector")
        : [],
    ),
};

/** What the API server refuses of an advertisement, and what has no effect. */
export const ciliumBGPAdvertisementRules: readonly Rule<KubernetesObject>[] = [
  needed,
  podCidr,
  noSelector,
  ignoredSelector,
  empty,
  labels,
  selector,
  selectorKeys,
];
