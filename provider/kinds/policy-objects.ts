import type { DisruptionRow } from "../../model";
import { cidrGroupRules, egressGatewayPolicyRules, envoyConfigRules, localRedirectPolicyRules } from "../../rules";
import type { ObjectKind } from "../kind";
import { policyShape } from "./policy-shapes";
import { ready } from "./verdict";

const minutes = 60;

function without(why: string, source: string): readonly DisruptionRow[] {
  return [{ on: ["create", "update", "delete"], cost: "none", reach: "object", by: "cilium", why, source }];
}

/** What Cilium's objects without a status have in common: agents say in their log only what they make of them. */
const silent = {
  is: "object",
  apiVersion: "cilium.io/v2",
  waits: "Nothing: agents follow it at once and report nothing, so what they would refuse is refused at preview.",
  deletes: "Deleted; agents take it back at once.",
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  ready: { watches: () => [], verdict: () => ready },
} satisfies Partial<ObjectKind>;

export const ciliumCIDRGroup: ObjectKind = {
  ...silent,
  token: "ove:policies:CiliumCIDRGroup",
  doc: "Blocks of addresses outside of the cluster, for policies to name as one.",
  kind: "CiliumCIDRGroup",
  plural: "ciliumcidrgroups",
  scope: "Cluster",
  shape: policyShape("CiliumCIDRGroup"),
  listKeys: { "spec.externalCIDRs": "set" },
  rules: cidrGroupRules,
  otherVersions: [
    {
      apiVersion: "cilium.io/v2alpha1",
      status: "deprecated",
      note: "cilium.io/v2 serves it in every supported Cilium.",
    },
  ],
  disruptions: without(
    "Policies that name the group follow it; connections that are not allowed any more are cut.",
    "cilium Documentation/network/kubernetes/ciliumcidrgroup.rst",
  ),
  example: {
    metadata: { name: "partners" },
    spec: { externalCIDRs: ["192.0.2.0/24", "198.51.100.7/32"] },
  },
};

export const ciliumEgressGatewayPolicy: ObjectKind = {
  ...silent,
  token: "ove:policies:CiliumEgressGatewayPolicy",
  doc: "Pods that leave the cluster through chosen nodes, with an address of these.",
  kind: "CiliumEgressGatewayPolicy",
  plural: "ciliumegressgatewaypolicies",
  scope: "Cluster",
  shape: policyShape("CiliumEgressGatewayPolicy"),
  listKeys: { "spec.destinationCIDRs": "set", "spec.excludedCIDRs": "set" },
  rules: egressGatewayPolicyRules,
  disruptions: without(
    "Connections of the selected pods that leave the cluster get another address and break.",
    "cilium Documentation/network/egress-gateway/egress-gateway.rst",
  ),
  example: {
    metadata: { name: "shop" },
    spec: {
      selectors: [{ podSelector: { matchLabels: { app: "web", "io.kubernetes.pod.namespace": "shop" } } }],
      destinationCIDRs: ["203.0.113.0/24"],
      egressGateway: { nodeSelector: { matchLabels: { "egress-node": "true" } }, egressIP: "192.0.2.10" },
    },
  },
};

export const ciliumLocalRedirectPolicy: ObjectKind = {
  ...silent,
  token: "ove:policies:CiliumLocalRedirectPolicy",
  doc: "Traffic for a service or an address that goes to a pod on the same node instead.",
  kind: "CiliumLocalRedirectPolicy",
  plural: "ciliumlocalredirectpolicies",
  scope: "Namespaced",
  shape: policyShape("CiliumLocalRedirectPolicy"),
  // The CRD's own rules refuse to change them.
  immutable: ["spec.redirectBackend", "spec.redirectFrontend", "spec.skipRedirectFromBackend"],
  rules: localRedirectPolicyRules,
  disruptions: without(
    "New connections go to the local pod, or to the service again; those that are established stay.",
    "cilium Documentation/network/kubernetes/local-redirect-policy.rst",
  ),
  example: {
    metadata: { name: "dns-cache", namespace: "shop" },
    spec: {
      redirectFrontend: {
        addressMatcher: { ip: "169.254.169.254", toPorts: [{ port: "8080", protocol: "TCP" }] },
      },
      redirectBackend: {
        localEndpointSelector: { matchLabels: { app: "proxy" } },
        toPorts: [{ port: "80", protocol: "TCP" }],
      },
    },
  },
};

export const ciliumEnvoyConfig: ObjectKind = {
  ...silent,
  token: "ove:policies:CiliumEnvoyConfig",
  doc: "Envoy resources that Cilium's proxy takes for services of a namespace.",
  kind: "CiliumEnvoyConfig",
  plural: "ciliumenvoyconfigs",
  scope: "Namespaced",
  shape: policyShape("CiliumEnvoyConfig"),
  listKeys: { "spec.services": { by: ["name"] }, "spec.backendServices": { by: ["name"] } },
  rules: envoyConfigRules,
  disruptions: without(
    "The proxies of all nodes take the new resources while they run.",
    "cilium Documentation/network/servicemesh/l7-traffic-management.rst",
  ),
  example: {
    metadata: { name: "web", namespace: "shop" },
    spec: {
      services: [{ name: "web", listener: "web" }],
      resources: [
        {
          "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
          name: "web",
          filter_chains: [
            {
              filters: [
                {
                  name: "envoy.filters.network.tcp_proxy",
                  typed_config: {
                    "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
                    stat_prefix: "web",
                    cluster: "shop/web",
                  },
                },
              ],
            },
          ],
        },
        {
          "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
          name: "shop/web",
          connect_timeout: "5s",
          type: "EDS",
        },
      ],
    },
  },
};
