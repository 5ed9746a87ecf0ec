import type { Json, JsonObject, Plan } from "../model";
import { type NetworkPoliciesArgs, type NetworkPolicy, type Peer, peerForm, type PolicyPort } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { nonEmpty } from "./canonical";
import { tokens } from "./tokens";

export { NetworkPoliciesArgs } from "../model/arguments";

/** Cilium's label for the namespace of a pod. */
const NAMESPACE = "k8s:io.kubernetes.pod.namespace";

const SERVICE_ACCOUNT = "k8s:io.cilium.k8s.policy.serviceaccount";

/** Selects pods of namespaces by name; those of the policy's own namespace without names. */
export function endpoints(namespaces: readonly string[] = [], labels: Record<string, string> = {}): JsonObject {
  const [only, ...others] = [...namespaces].sort();
  if (only === undefined) return { matchLabels: nonEmpty(labels) };
  if (others.length === 0) return { matchLabels: { ...labels, [NAMESPACE]: only } };
  const matchExpressions = [{ key: NAMESPACE, operator: "In", values: [only, ...others] }];
  return { matchLabels: nonEmpty(labels), matchExpressions };
}

/** A policy's entry for the look-up of names: OpenShift's DNS pods listen on 5353, whatever their Service says. */
export function dnsEntry(): JsonObject {
  const ports = ["UDP", "TCP"].map((protocol) => ({ port: "5353", protocol }));
  return {
    toEndpoints: [endpoints(["openshift-dns"], { "dns.operator.openshift.io/daemonset-dns": "default" })],
    // Through Cilium's proxy, which learns from the answers what names in policies stand for.
    toPorts: [{ ports, rules: { dns: [{ matchPattern: "*" }] } }],
  };
}

/** Ports as a policy lists them; none are all. */
export function toPorts(ports: readonly PolicyPort[], http: readonly JsonObject[] = []): JsonObject[] | undefined {
  if (ports.length === 0) return undefined;
  const list = ports.map(({ port, endPort, protocol }) => ({ port: String(port), endPort, protocol }));
  return [{ ports: list, rules: http.length > 0 ? { http: [...http] } : undefined }];
}

function endpointsOf({ namespaces, labels, serviceAccount }: Peer): JsonObject {
  return endpoints(namespaces, { ...labels, ...(serviceAccount && { [SERVICE_ACCOUNT]: serviceAccount }) });
}

function nameOf({ fqdn = "" }: Peer): JsonObject {
  return fqdn.includes("*") ? { matchPattern: fqdn } : { matchName: fqdn };
}

/** How each form of a peer is written, and in which list of an entry. */
const FORMS: Record<NonNullable<ReturnType<typeof peerForm>>, { list: string; element: (peer: Peer) => Json }> = {
  endpoints: { list: "Endpoints", element: endpointsOf },
  cidr: {
    list: "CIDRSet",
    element: ({ cidr, except }) => ({ cidr, except: except.length > 0 ? except : undefined }),
  },
  entity: { list: "Entities", element: ({ entity = "" }) => entity },
  fqdn: { list: "FQDNs", element: nameOf },
  service: {
    list: "Services",
    element: ({ service, namespaces }) => ({ k8sService: { serviceName: service, namespace: namespaces?.[0] } }),
  },
};

/** The entries of a Cilium policy for peers: one per form, as Cilium combines no two in one entry. */
export function entriesFor(
  direction: "from" | "to",
  peers: readonly Peer[],
  ports: JsonObject[] | undefined,
  namespace: string,
): JsonObject[] {
  const groups = new Map<string, Json[]>();
  for (const peer of peers) {
    const form = peerForm(peer);
    if (form === undefined) continue;
    const list = `${direction}${FORMS[form].list}`;
    const named = form === "service" && peer.namespaces === undefined ? { ...peer, namespaces: [namespace] } : peer;
    groups.set(list, [...(groups.get(list) ?? []), FORMS[form].element(named)]);
  }
  return [...groups].map(([list, elements]) => ({ [list]: elements, toPorts: ports }));
}

/** A side of a policy; absent without rules, because an empty one would not mean "nothing". */
function side(rules: JsonObject[]): JsonObject[] | undefined {
  return rules.length > 0 ? rules : undefined;
}

function ciliumSpec({ namespace, subjects, ingress, egress }: NetworkPolicy): JsonObject {
  const allowed = egress.flatMap(({ to, ports, http }) => entriesFor("to", to, toPorts(ports, http), namespace));
  return {
    endpointSelector: { matchLabels: nonEmpty(subjects) },
    ingress: side(
      ingress.flatMap(({ from, ports, http }) => entriesFor("from", from, toPorts(ports, http), namespace)),
    ),
    egress: side(egress.length > 0 ? [...allowed, dnsEntry()] : []),
  };
}

/** Peers of a secondary network, as the rules of Kubernetes' NetworkPolicy write them. */
function multiPeer({ labels, namespaces, cidr, except }: Peer): JsonObject {
  if (cidr !== undefined) return { ipBlock: { cidr, except: except.length > 0 ? except : undefined } };
  const key = "kubernetes.io/metadata.name";
  return {
    podSelector: labels && { matchLabels: labels },
    namespaceSelector: namespaces && { matchExpressions: [{ key, operator: "In", values: [...namespaces].sort() }] },
  };
}

function multiPorts(ports: readonly PolicyPort[]): JsonObject[] | undefined {
  return side(ports.map(({ port, endPort, protocol }) => ({ port, endPort, protocol })));
}

function multiSpec({ subjects, ingress, egress }: NetworkPolicy): JsonObject {
  const policyTypes = [...(ingress.length > 0 ? ["Ingress"] : []), ...(egress.length > 0 ? ["Egress"] : [])];
  return {
    podSelector: { matchLabels: nonEmpty(subjects) },
    policyTypes,
    ingress: side(ingress.map(({ from, ports }) => ({ from: from.map(multiPeer), ports: multiPorts(ports) }))),
    egress: side(egress.map(({ to, ports }) => ({ to: to.map(multiPeer), ports: multiPorts(ports) }))),
  };
}

/** Id of a policy's object in the plan. */
export function policyObject({ namespace, name }: { namespace: string; name: string }): string {
  return `policies/${namespace}/${name}`;
}

function addPolicy(plan: PlanBuilder, policy: NetworkPolicy): void {
  const { namespace, name, attachment } = policy;
  const id = `${namespace}/${name}`;
  if (attachment === undefined) {
    plan.add(id, tokens.ciliumNetworkPolicy, { metadata: { name, namespace }, spec: ciliumSpec(policy) });
    return;
  }
  const annotations = { "k8s.v1.cni.cncf.io/policy-for": `${namespace}/${attachment}` };
  plan.add(id, tokens.multiNetworkPolicy, { metadata: { name, namespace, annotations }, spec: multiSpec(policy) });
}

/** What pods and machines may do on the network, policy by policy. */
export function planNetworkPolicies({ policies }: NetworkPoliciesArgs): Plan {
  const plan = new PlanBuilder("policies", tokens.networkPolicies);
  for (const policy of policies) addPolicy(plan, policy);
  return plan.build();
}
