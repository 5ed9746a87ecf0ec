import type { JsonObject } from "../../model";
import type { Cases } from "./support";

const blocks = (...list: string[]): JsonObject => ({ externalCIDRs: list });

export const cidrGroupCases: Record<string, Cases> = {
  "policies/cidr-group": {
    bad: [
      [blocks("10.0.0.0/8", "10.0.0.1"), "spec.externalCIDRs[1]"],
      [blocks("10.0.0.0/40"), "spec.externalCIDRs[0]"],
    ],
    good: [blocks("10.0.0.0/8", "2001:db8::/32")],
  },
  "policies/cidr-group-empty": { bad: [[blocks(), "spec.externalCIDRs"]], good: [blocks("10.0.0.0/8")] },
};

const gateway = (content: JsonObject): JsonObject => ({ egressGateway: { nodeSelector: {}, ...content } });

export const egressCases: Record<string, Cases> = {
  "policies/egress-destinations": {
    bad: [
      [{ destinationCIDRs: ["010.0.0.0/8"] }, "spec.destinationCIDRs[0]"],
      [{ excludedCIDRs: ["10.0.0.0"] }, "spec.excludedCIDRs[0]"],
    ],
    good: [{ destinationCIDRs: ["0.0.0.0/0"], excludedCIDRs: ["10.0.0.0/8"] }],
  },
  "policies/egress-address": {
    bad: [
      [gateway({ egressIP: "192.0.2.1", interface: "ens3" }), "spec.egressGateway.interface"],
      [gateway({ egressIP: "192.0.2.1/24" }), "spec.egressGateway.egressIP"],
      [{ egressGateways: [{ nodeSelector: {}, egressIP: "a" }] }, "spec.egressGateways[0].egressIP"],
    ],
    good: [gateway({ egressIP: "192.0.2.1" }), gateway({ egressIP: "", interface: "ens3" }), {}],
  },
  "policies/egress-family": {
    bad: [[gateway({ egressIP: "2001:db8::1" }), "spec.egressGateway.egressIP"]],
    good: [gateway({ egressIP: "2001:db8::1" }), {}].map((each, index) => ({
      ...each,
      destinationCIDRs: index === 0 ? ["10.0.0.0/8", "::/0"] : ["10.0.0.0/8"],
    })),
  },
  "policies/egress-selectors": {
    bad: [[{ selectors: [{ podSelector: {} }, { nodeSelector: {} }] }, "spec.selectors[1]"]],
    good: [{ selectors: [{ namespaceSelector: {} }, { podSelector: {} }] }],
  },
  "policies/egress-nothing": {
    bad: [
      [{ selectors: [] }, "spec.selectors"],
      [{ destinationCIDRs: [] }, "spec.destinationCIDRs"],
    ],
    good: [{}],
  },
  "policies/egress-ignored": {
    bad: [[{ egressGateways: [{ nodeSelector: {} }] }, "spec.egressGateway.egressIP"]],
    good: [{}, { egressGateways: [{ nodeSelector: {} }], egressGateway: { egressIP: "" } }],
  },
};

const port = (text: string, protocol = "TCP", name?: string): JsonObject => ({
  port: text,
  protocol,
  ...(name === undefined ? {} : { name }),
});
const front = (...toPorts: JsonObject[]): JsonObject => ({ redirectFrontend: { addressMatcher: { toPorts } } });
const back = (...toPorts: JsonObject[]): JsonObject => ({ redirectBackend: { toPorts } });
const service = (content: JsonObject): JsonObject => ({
  redirectFrontend: { addressMatcher: null, serviceMatcher: { serviceName: "a", namespace: "shop", ...content } },
});
const frontPorts = "spec.redirectFrontend.addressMatcher.toPorts";
const backPorts = "spec.redirectBackend.toPorts";

export const redirectCases: Record<string, Cases> = {
  "policies/redirect-matcher": {
    bad: [
      [{ redirectFrontend: { serviceMatcher: { serviceName: "a", namespace: "shop" } } }, "spec.redirectFrontend"],
      [{ redirectFrontend: { addressMatcher: null } }, "spec.redirectFrontend"],
    ],
    good: [{}, service({})],
  },
  "policies/redirect-address": {
    bad: [[{ redirectFrontend: { addressMatcher: { ip: " 10.0.0.1" } } }, "spec.redirectFrontend.addressMatcher.ip"]],
    good: [{}, service({})],
  },
  "policies/redirect-service": {
    bad: [
      [service({ namespace: "other" }), "spec.redirectFrontend.serviceMatcher.namespace"],
      [service({ serviceName: "" }), "spec.redirectFrontend.serviceMatcher.serviceName"],
    ],
    good: [service({})],
  },
  "policies/redirect-ports": {
    bad: [
      [front(), frontPorts],
      [back(), backPorts],
    ],
    good: [{}, service({ toPorts: [] })],
  },
  "policies/redirect-port": {
    bad: [
      [front(port("0")), `${frontPorts}[0].port`],
      [back(port("70000")), `${backPorts}[0].port`],
    ],
    good: [front(port("65535")), back(port("1"))],
  },
  "policies/redirect-port-name": {
    bad: [
      [front(port("1", "TCP", "a"), port("2")), `${frontPorts}[1].name`],
      [front(port("1", "TCP", "a"), port("2", "TCP", "b")), `${backPorts}[0].name`],
      [back(port("1", "TCP", "a"), port("2", "TCP", "b--c")), `${backPorts}[1].name`],
    ],
    good: [{}, back(port("1", "TCP", "a"), port("2", "TCP", "b"))],
  },
  "policies/redirect-protocol": {
    bad: [[front(port("1", "UDP")), `${frontPorts}[0].protocol`]],
    good: [{}, front(port("1", "UDP", "a"), port("2", "TCP", "b")), service({})],
  },
};

const listener = "type.googleapis.com/envoy.config.listener.v3.Listener";
const endpoints = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
const resources = (...list: JsonObject[]): JsonObject => ({ resources: list });

export const envoyCases: Record<string, Cases> = {
  "policies/envoy-type": {
    bad: [
      [resources({ "@type": "type.googleapis.com/envoy.config.listener.v2.Listener" }), 'spec.resources[0]["@type"]'],
      [resources({ name: "a" }), 'spec.resources[0]["@type"]'],
    ],
    good: [{}],
  },
  "policies/envoy-name": {
    bad: [
      [resources({ "@type": listener }), "spec.resources[0].name"],
      [resources({ "@type": listener, name: "a" }, { "@type": listener, name: "a" }), "spec.resources[1].name"],
      [resources({ "@type": endpoints, name: "a" }), "spec.resources[0].cluster_name"],
    ],
    good: [
      resources({ "@type": listener, name: "a" }, { "@type": endpoints, cluster_name: "a" }),
      resources({ "@type": endpoints, clusterName: "a" }),
    ],
  },
  "policies/envoy-listener": {
    bad: [
      [{ services: [{ name: "a", listener: "b" }] }, "spec.services[0].listener"],
      [{ services: [{ name: "a" }], resources: [] }, "spec.services[0].listener"],
    ],
    good: [{}, { services: [{ name: "a" }] }],
  },
  "policies/envoy-namespace": {
    bad: [[{ services: [{ name: "a", namespace: "other" }] }, "spec.services[0].namespace"]],
    good: [{ services: [{ name: "a", namespace: "shop" }] }],
  },
};
