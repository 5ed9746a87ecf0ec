import type { JsonObject, KubernetesObject } from "../../model";
import { listAt, missing, objectsAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { policyParts } from "./entries";

const kinds = ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"];

const peers = ["toEndpoints", "toEntities", "toCIDR", "toCIDRSet", "toFQDNs", "toServices", "toNodes", "toGroups"];

/** Whether an entry names a port that DNS servers use: 53, 5353 in OpenShift, or a named one. */
function namesDnsPort(entry: JsonObject): boolean {
  return objectsAt(entry, "toPorts").some((ports) =>
    objectsAt(ports, "ports").some(
      ({ port }) => port === undefined || (typeof port === "string" && /^(0|53|5353|dns.*)$/.test(port)),
    ),
  );
}

/** Whether an entry without ports reaches a DNS server: everything, the cluster, or labels that speak of DNS. */
function reachesAll(entry: JsonObject): boolean {
  const given = peers.filter((field) => !missing(entry, field));
  if (given.length === 0) return Object.keys(entry).length > 0;
  if (given.some((field) => entry[field] === undefined)) return true;
  const entities = textsAt(entry, "toEntities").some((name) => ["all", "cluster"].includes(name));
  const selectors = JSON.stringify(listAt(entry, "toEndpoints"));
  return entities || /dns|kube-system|\{\}/.test(selectors);
}

function admitsDns(entry: JsonObject): boolean {
  const ports = !missing(entry, "toPorts") && (entry.toPorts === undefined || listAt(entry, "toPorts").length > 0);
  return ports ? entry.toPorts === undefined || namesDnsPort(entry) : reachesAll(entry);
}

/** The egress entries of a policy's parts that close egress otherwise. */
function restricting(object: KubernetesObject): { path: (string | number)[]; entries: JsonObject[] }[] {
  return policyParts(object).flatMap(({ path, value }) => {
    const entries = objectsAt(value, "egress").filter((entry) => Object.keys(entry).length > 0);
    if (missing(value, "endpointSelector") || entries.length === 0 || !missing(value, "enableDefaultDeny")) return [];
    return [{ path: [...path, "egress"], entries }];
  });
}

/** Rules on all Cilium policies together. */
export const policySetRules: readonly Rule<readonly KubernetesObject[]>[] = [
  {
    id: "policies/no-dns",
    severity: "warning",
    source: "Cilium documentation, security/policy/intro: one egress entry denies all other egress",
    check(objects) {
      const closed = objects.flatMap((object, index) =>
        kinds.includes(object.kind) ? restricting(object).map((part) => ({ ...part, object, index })) : [],
      );
      const shared = (a: KubernetesObject, b: KubernetesObject): boolean =>
        a.metadata.namespace === b.metadata.namespace || [a, b].some(({ kind }) => kind === kinds[1]);
      const admitting = closed.filter(({ entries }) => entries.some(admitsDns)).map(({ object }) => object);
      return closed
        .filter(({ object }) => !admitting.some((other) => shared(object, other)))
        .map(({ index, path }): Violation => ({
          path: [index, ...path],
          message: "The selected pods reach no DNS server: what is not in the list is denied.",
          fix: "Allow port 5353 of the pods in openshift-dns (port 53 elsewhere), here or in another policy.",
        }));
    },
  },
];
