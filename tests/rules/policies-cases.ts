import type { JsonObject } from "../../model";
import { dns, egress, http, icmp, ingress, node, ports, spec, tcp, udp } from "./policies-inputs";
import { fieldCases } from "./policies-field-cases";
import { lintCases } from "./policies-lint-cases";
import type { Cases } from "./support";

const path = (text: string): JsonObject => ingress(ports(tcp, { rules: { http: [{ path: text }] } }));
const host = (text: string): JsonObject => ingress(ports(tcp, { rules: { http: [{ host: text }] } }));
const label = (key: string): JsonObject => spec({ endpointSelector: { matchLabels: { [key]: "a" } } });
const expression = (content: JsonObject): JsonObject =>
  spec({ endpointSelector: { matchExpressions: [content] }, ingress: [{}] });
const openShiftDns = { toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "openshift-dns" } }] };
const listener = { listener: { name: "a", envoyConfig: { name: "b" } } };
const inPorts = (list: string): string => `spec.${list}[0].toPorts[0]`;

const selectorCases: Record<string, Cases> = {
  "policies/no-rules": {
    bad: [
      [spec({}), "spec"],
      [spec({ ingress: [], egressDeny: [] }), "spec"],
      [{}, "spec"],
      [{ specs: [{ endpointSelector: {}, ingress: [{}] }, { endpointSelector: {} }] }, "specs[1]"],
    ],
    good: [ingress({}), spec({ egressDeny: [{}] }), { specs: [{ endpointSelector: {}, egress: [{}] }] }, { specs: [] }],
  },
  "policies/selector": {
    bad: [
      [{ spec: { ingress: [{}] } }, "spec.endpointSelector"],
      [spec({ nodeSelector: {} }), "spec.nodeSelector"],
      [{ spec: { nodeSelector: {}, ingress: [{}] } }, "spec.nodeSelector"],
    ],
    good: [ingress({}), node("ingress", {})],
  },
  "policies/peers": {
    bad: [
      [ingress({ fromEntities: ["all"], fromCIDR: ["10.0.0.0/8"] }), "spec.ingress[0].fromEntities"],
      [egress({ toFQDNs: [{ matchName: "a.b" }], toCIDR: ["10.0.0.0/8"] }), "spec.egress[0].toFQDNs"],
      [spec({ egressDeny: [{ toServices: [{}], toEndpoints: [{}] }] }), "spec.egressDeny[0].toServices"],
    ],
    good: [
      ingress({ fromEntities: ["all"] }, { fromCIDR: ["10.0.0.0/8"] }),
      ingress({ fromEntities: ["all"], fromCIDR: [] }),
    ],
  },
  "policies/labels": {
    bad: [
      [label("a-b:c"), 'spec.endpointSelector.matchLabels["a-b:c"]'],
      [label(":a"), 'spec.endpointSelector.matchLabels[":a"]'],
      ...["a b", "-a", "a/b", "a".repeat(64)].map((value): [JsonObject, string] => [
        expression({ key: "a", operator: "In", values: ["", value] }),
        "spec.endpointSelector.matchExpressions[0].values[1]",
      ]),
      [label("a b"), 'spec.endpointSelector.matchLabels["a b"]'],
      [label("a/b/c"), 'spec.endpointSelector.matchLabels["a/b/c"]'],
      [label(`a${"b".repeat(63)}`), `spec.endpointSelector.matchLabels.a${"b".repeat(63)}`],
      [expression({ key: "-a", operator: "Exists" }), "spec.endpointSelector.matchExpressions[0].key"],
      [expression({ key: "a", operator: "In" }), "spec.endpointSelector.matchExpressions[0].values"],
      [
        expression({ key: "a", operator: "DoesNotExist", values: ["b"] }),
        "spec.endpointSelector.matchExpressions[0].values",
      ],
      [
        egress({ toCIDRSet: [{ cidrGroupSelector: { matchLabels: { "a b": "c" } } }] }),
        'spec.egress[0].toCIDRSet[0].cidrGroupSelector.matchLabels["a b"]',
      ],
    ],
    good: [
      label("k8s:io.kubernetes.pod.namespace"),
      label("app.kubernetes.io/name"),
      expression({ key: "a", operator: "NotIn", values: ["b"] }),
      expression({ key: "a", operator: "Exists" }),
    ],
  },
  "policies/passing-label": {
    bad: [
      [label("kubevirt.io/nodeName"), 'spec.endpointSelector.matchLabels["kubevirt.io/nodeName"]'],
      [
        ingress({ fromEndpoints: [{ matchExpressions: [{ key: "k8s:vmi.kubevirt.io/id", operator: "Exists" }] }] }),
        "spec.ingress[0].fromEndpoints[0].matchExpressions[0].key",
      ],
    ],
    good: [label("kubevirt.io/domain")],
  },
};

const addressCases: Record<string, Cases> = {
  "policies/cidr": {
    bad: [
      [egress({ toCIDR: ["10.0.0.1"] }), "spec.egress[0].toCIDR[0]"],
      [egress({ toCIDR: ["10.0.0.0/8", "010.0.0.0/8"] }), "spec.egress[0].toCIDR[1]"],
      [ingress({ fromCIDR: ["10.0.0.0/33"] }), "spec.ingress[0].fromCIDR[0]"],
      [ingress({ fromCIDRSet: [{ cidr: "a" }] }), "spec.ingress[0].fromCIDRSet[0].cidr"],
      [
        ingress({ fromCIDRSet: [{ cidr: "10.0.0.0/8", except: ["10.1.0.0"] }] }),
        "spec.ingress[0].fromCIDRSet[0].except[0]",
      ],
      [egress({ toCIDR: ["2001:db8::1"] }), "spec.egress[0].toCIDR[0]"],
    ],
    good: [
      egress({ toCIDR: ["10.0.0.1/8", "2001:db8::/32", "0.0.0.0/0"] }),
      egress({ toCIDR: [5], toCIDRSet: [{ cidr: undefined }] }),
    ],
  },
  "policies/cidr-set": {
    bad: [
      [egress({ toCIDRSet: [{}] }), "spec.egress[0].toCIDRSet[0]"],
      [egress({ toCIDRSet: [{ cidr: "10.0.0.0/8", cidrGroupRef: "a" }] }), "spec.egress[0].toCIDRSet[0]"],
      [
        egress({ toCIDRSet: [{ cidr: "10.0.0.0/8", except: ["10.1.0.0/16", "11.0.0.0/16"] }] }),
        "spec.egress[0].toCIDRSet[0].except[1]",
      ],
      [
        egress({ toCIDRSet: [{ cidr: "10.0.0.0/8", except: ["10.0.0.0/7"] }] }),
        "spec.egress[0].toCIDRSet[0].except[0]",
      ],
    ],
    good: [
      egress({ toCIDRSet: [{ cidr: "10.0.0.0/8", except: ["10.0.0.0/8"] }] }),
      egress({ toCIDRSet: [{ cidrGroupRef: "a", except: ["10.0.0.0/8"] }] }),
      egress({ toCIDRSet: [{ cidr: "a", except: ["10.0.0.0/8"] }] }),
    ],
  },
};

const port = (text: string, more: JsonObject = {}): JsonObject => ingress(ports({ port: text, ...more }));
const atPort = `${inPorts("ingress")}.ports[0].port`;

const portCases: Record<string, Cases> = {
  "policies/port": {
    bad: [
      ...["65536", "80-90", "http_alt", "080", "a--b", "-1", "1234567890123456a"].map((text): [JsonObject, string] => [
        port(text),
        atPort,
      ]),
      [ingress(ports({ protocol: "TCP" })), atPort],
      [ingress(ports({ protocol: "GRE" })), atPort],
      [port("1", { protocol: "ESP" }), atPort],
    ],
    good: [
      port("0443"),
      port("0", { protocol: "GRE" }),
      port("vrrp", { protocol: "VRRP" }),
      port("HTTP"),
      port("65535"),
    ],
  },
  "policies/port-count": {
    bad: [
      [spec({ ingressDeny: [{ toPorts: [{ ports: Array(41).fill(tcp) }] }] }), "spec.ingressDeny[0].toPorts[0].ports"],
    ],
    good: [spec({ ingressDeny: [{ toPorts: [{ ports: Array(40).fill(tcp) }] }] })],
  },
  "policies/port-octal": {
    bad: [
      [port("0443"), atPort],
      [port("0_1"), atPort],
      [port("1_000"), atPort],
      [port("0x1_0"), atPort],
    ],
    good: [port("443"), port("0"), port("00"), port("080"), port("0x50"), port("0b1")],
  },
  "policies/end-port": {
    bad: [
      [port("80", { endPort: 80 }), `${inPorts("ingress")}.ports[0].endPort`],
      [port("http", { endPort: 90 }), `${inPorts("ingress")}.ports[0].endPort`],
    ],
    good: [port("80", { endPort: 90 }), port("80"), port("x y", { endPort: 1 })],
  },
  "policies/icmp-and-ports": {
    bad: [[ingress({ icmps: [{ fields: [{ type: 8 }] }], ...ports(tcp) }), "spec.ingress[0].icmps"]],
    good: [ingress({ icmps: [{ fields: [{ type: 8 }] }] }, ports(tcp))],
  },
  "policies/icmp-name": {
    bad: [
      { type: "NeighborSolicitation" },
      { type: "Redirect", family: "IPv6" },
      { type: "ExtendedEchoReply" },
      { type: "ExtendedEcho Reply", family: "IPv6" },
      { type: "256" },
      { type: "08" },
    ].map((field): [JsonObject, string] => [icmp(field), "spec.ingress[0].icmps[0].fields[0].type"]),
    good: [icmp({ type: "EchoRequest" }), icmp({ type: "PacketTooBig", family: "IPv6" }), icmp({ type: "8" })],
  },
  "policies/icmp-number": {
    bad: [{ type: 256 }, { type: -1 }, { type: 0 }, { type: "0" }, { type: "EchoReply" }].map(
      (field): [JsonObject, string] => [icmp(field), "spec.ingress[0].icmps[0].fields[0].type"],
    ),
    good: [icmp({ type: 8 }), icmp({ type: "EchoReply", family: "IPv6" }), icmp({ type: 0, family: undefined })],
  },
  "policies/requires": {
    bad: [
      [ingress({ fromRequires: [{}] }), "spec.ingress[0].fromRequires"],
      [egress({ toRequires: [{}] }), "spec.egress[0].toRequires"],
    ],
    good: [ingress({ fromRequires: [] })],
  },
};

const proxyCases: Record<string, Cases> = {
  "policies/l7-on-host": {
    bad: [
      [node("ingress", ports(tcp, http)), `${inPorts("ingress")}.rules`],
      [node("egress", ports(tcp, http)), `${inPorts("egress")}.rules`],
      [node("ingress", ports(udp, dns)), `${inPorts("ingress")}.rules`],
    ],
    good: [node("egress", ports(udp, dns)), ingress(ports(tcp, http))],
  },
  "policies/l7-types": {
    bad: [
      [egress(ports(tcp, { rules: { ...http.rules, ...dns.rules } })), `${inPorts("egress")}.rules`],
      [egress(ports(tcp, { rules: {} })), `${inPorts("egress")}.rules`],
    ],
    good: [egress(ports(tcp, http)), egress(ports(tcp))],
  },
  "policies/http-protocol": {
    bad: [
      [ingress(ports({ port: "80" }, http)), `${inPorts("ingress")}.ports[0].protocol`],
      [ingress(ports({ port: "80", protocol: "ANY" }, http)), `${inPorts("ingress")}.ports[0].protocol`],
    ],
    good: [ingress(ports(tcp, http)), ingress(ports(udp, { rules: { http: [] } })), ingress({ toPorts: [http] })],
  },
  "policies/dns-rules": {
    bad: [
      [ingress(ports(udp, dns)), `${inPorts("ingress")}.rules.dns`],
      [egress({ toPorts: [dns] }), `${inPorts("egress")}.rules.dns`],
      [egress({ toPorts: [{ ports: [], ...dns }] }), `${inPorts("egress")}.rules.dns`],
      [egress(ports({ ...udp, endPort: 60 }, dns)), `${inPorts("egress")}.ports[0].endPort`],
    ],
    good: [egress(ports(udp, dns)), egress(ports({ ...udp, endPort: 53 }, dns)), egress(ports({ port: "dns" }, dns))],
  },
  "policies/l7-port": {
    bad: [[egress(ports({ port: "0", protocol: "TCP" }, http)), `${inPorts("egress")}.ports[0].port`]],
    good: [egress(ports({ port: "0", protocol: "TCP" })), egress(ports(tcp, http))],
  },
  "policies/server-names": {
    bad: [[egress(ports(tcp, { serverNames: ["a.b"], ...http })), `${inPorts("egress")}.serverNames`]],
    good: [
      egress(ports(tcp, { serverNames: ["a.b"] })),
      egress(ports(tcp, { serverNames: ["a.b"], terminatingTLS: { secret: { name: "a" } }, ...http })),
    ],
  },
  "policies/listener": {
    bad: [
      [ingress(ports(tcp, listener)), `${inPorts("ingress")}.listener`],
      [egress(ports(tcp, { ...listener, ...http })), `${inPorts("egress")}.listener`],
    ],
    good: [egress(ports(tcp, listener))],
  },
  "policies/expression": {
    bad: [
      ...["(", "a(?=b)", "\\1", "a{1001}", "\\y", "a**"],
      ...["\\C", "a\\E", "[]", "[^]", "\\x", "\\é", "\\8", "\\x{110000}", "[a-\\d]"],
    ].map((text): [JsonObject, string] => [path(text), `${inPorts("ingress")}.rules.http[0].path`]),
    good: [
      "/api/v1/.*",
      "(?i)/A",
      "(?P<x>a)",
      "[[:alpha:]]+",
      "\\Qa(\\E",
      "\\\\1",
      "a{2,1000}",
      "(?-i)a",
      "\\b+",
      "^?a",
      "\\Q\\1",
      "\\Q\\E",
      "\\10",
      "\\{1001}",
      "[]a]",
    ].map(path),
  },
  "policies/host-expression": {
    bad: [[host("("), `${inPorts("ingress")}.rules.http[0].host`]],
    good: [host("a\\.example\\.com")],
  },
  "policies/names": {
    bad: [
      [egress({ toFQDNs: [{}] }), "spec.egress[0].toFQDNs[0]"],
      [egress({ toFQDNs: [{ matchName: "a", matchPattern: "b" }] }), "spec.egress[0].toFQDNs[0]"],
      [egress(ports(udp, { rules: { dns: [{}] } })), `${inPorts("egress")}.rules.dns[0]`],
    ],
    good: [egress({ toFQDNs: [{ matchName: "a" }] }), egress(ports(udp, dns))],
  },
  "policies/names-need-dns": {
    bad: [[egress({ toFQDNs: [{ matchName: "a" }] }), "spec.egress[0].toFQDNs"]],
    good: [egress({ toFQDNs: [{ matchName: "a" }] }, ports(udp, dns))],
  },
  "policies/dns-port": {
    bad: [[egress({ ...openShiftDns, ...ports(udp, dns) }), `${inPorts("egress")}.ports[0].port`]],
    good: [egress({ ...openShiftDns, ...ports({ port: "5353" }, dns) }), egress(ports(udp, dns))],
  },
};

/** Cases of the rules of a policy. */
export const policyCases: Record<string, Cases> = {
  ...selectorCases,
  ...addressCases,
  ...portCases,
  ...proxyCases,
  ...fieldCases,
  ...lintCases,
};
