import type { JsonObject, KubernetesObject } from "../../model";
import { gatewayRules } from "../../rules";
import { merged, testFine, testRules } from "./support";

const build = (input: JsonObject): KubernetesObject =>
  merged(
    { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway", metadata: { name: "web", namespace: "shop" } },
    input,
  ) as unknown as KubernetesObject;

const spec = (content: JsonObject): JsonObject => ({ spec: content });
const listeners = (...list: JsonObject[]): JsonObject => spec({ listeners: list });
const http: JsonObject = { name: "http", protocol: "HTTP", port: 80 };
const https: JsonObject = { name: "https", protocol: "HTTPS", port: 443, tls: { certificateRefs: [{ name: "c" }] } };
const first = "spec.listeners[0]";
const routes = (content: JsonObject, of = http): JsonObject => listeners({ ...of, allowedRoutes: content });

testRules("rules of a Gateway", gatewayRules, build, {
  "gateway/class": {
    bad: [[spec({ gatewayClassName: "other" }), "spec.gatewayClassName"]],
    good: [spec({ gatewayClassName: "cilium" }), spec({})],
  },
  "gateway/protocol": {
    bad: [[listeners({ ...http, protocol: "example.com/x" }), `${first}.protocol`]],
    good: [listeners(http, https)],
  },
  "gateway/tls-forbidden": {
    bad: ["HTTP", "TCP", "UDP"].map((protocol): [JsonObject, string] => [
      listeners({ ...http, protocol, tls: {} }),
      `${first}.tls`,
    ]),
    good: [listeners(http, https)],
  },
  "gateway/tls-needed": {
    bad: [[listeners({ name: "t", protocol: "TLS", port: 443 }), `${first}.tls`]],
    good: [listeners({ name: "t", protocol: "TLS", port: 443, tls: { mode: "Passthrough" } }), listeners(http)],
  },
  "gateway/tls-mode": {
    bad: [
      [listeners({ ...https, tls: { mode: "Passthrough" } }), `${first}.tls.mode`],
      [listeners({ name: "t", protocol: "TLS", port: 443, tls: {} }), `${first}.tls.mode`],
    ],
    good: [
      listeners(https),
      listeners({ ...https, tls: { mode: undefined } }),
      listeners({ name: "t", protocol: "TLS", port: 443, tls: { mode: "Passthrough" } }),
      listeners({ name: "t", protocol: "TLS", port: 443, tls: undefined }),
    ],
  },
  "gateway/certificate": {
    bad: [
      [listeners({ ...https, tls: {} }), `${first}.tls.certificateRefs`],
      [listeners({ ...https, tls: { certificateRefs: [], options: {} } }), `${first}.tls.certificateRefs`],
      [
        listeners({ ...https, tls: { certificateRefs: [{ kind: "ConfigMap", name: "c" }] } }),
        `${first}.tls.certificateRefs[0]`,
      ],
      [
        listeners({ ...https, tls: { certificateRefs: [{ group: "x.io", name: "c" }] } }),
        `${first}.tls.certificateRefs[0]`,
      ],
    ],
    good: [
      listeners(https),
      listeners({ ...https, tls: { options: { a: "b" } } }),
      listeners({ ...https, tls: { certificateRefs: undefined } }),
    ],
  },
  "gateway/https-without-tls": {
    bad: [[listeners({ name: "s", protocol: "HTTPS", port: 443 }), `${first}.tls`]],
    good: [listeners(http, https)],
  },
  "gateway/hostname-forbidden": {
    bad: ["TCP", "UDP"].map((protocol): [JsonObject, string] => [
      listeners({ name: "a", protocol, port: 53, hostname: "a.example" }),
      `${first}.hostname`,
    ]),
    good: [listeners({ ...http, hostname: "a.example" }), listeners({ name: "a", protocol: "TCP", port: 53 })],
  },
  "gateway/listener-conflict": {
    bad: [
      [listeners(http, { ...http, name: "b" }), "spec.listeners[1]"],
      [listeners({ ...http, hostname: "a.b" }, https, { ...http, name: "b", hostname: "a.b" }), "spec.listeners[2]"],
      [
        listeners({ ...https, hostname: "a.b" }, { name: "t", protocol: "TLS", port: 443, hostname: "*.b", tls: {} }),
        "spec.listeners[1]",
      ],
      [listeners({ ...http, protocol: "TCP" }, { ...http, name: "b" }), "spec.listeners[1]"],
      [listeners({ ...http, hostname: "" }, { ...http, name: "b" }), "spec.listeners[1]"],
    ],
    good: [
      listeners(http, https),
      listeners(http, { ...http, name: "b", hostname: "a.b" }),
      listeners(http, { ...http, name: "b", hostname: undefined }),
      listeners({ ...http, protocol: undefined }, { ...http, name: "b" }),
      listeners({ name: "t", protocol: "TCP", port: 53 }, { name: "u", protocol: "UDP", port: 53 }),
      listeners(
        { ...https, hostname: "a.b" },
        { name: "t", protocol: "TLS", port: 443, hostname: "c.b", tls: { mode: "Passthrough" } },
      ),
    ],
  },
  "gateway/route-kinds": {
    bad: [[routes({ kinds: [{ kind: "TCPRoute" }] }), `${first}.allowedRoutes.kinds`]],
    good: [
      routes({ kinds: [{ kind: "HTTPRoute" }] }),
      routes({ kinds: [{ kind: "TCPRoute" }, { kind: "GRPCRoute" }] }),
    ],
  },
  "gateway/route-kind": {
    bad: [
      [routes({ kinds: [{ kind: "HTTPRoute" }, { kind: "TCPRoute" }] }), `${first}.allowedRoutes.kinds[1]`],
      [
        routes({ kinds: [{ kind: "HTTPRoute", group: "x.io" }, { kind: "HTTPRoute" }] }),
        `${first}.allowedRoutes.kinds[0]`,
      ],
    ],
    good: [routes({ kinds: [{ kind: "HTTPRoute" }, { kind: undefined }] }), routes({})],
  },
  "gateway/allowed-namespaces": {
    bad: [
      [routes({ namespaces: { from: "Selector" } }), `${first}.allowedRoutes.namespaces.selector`],
      [
        routes({ namespaces: { from: "Selector", selector: { matchLabels: { "a b": "" } } } }),
        `${first}.allowedRoutes.namespaces.selector.matchLabels["a b"]`,
      ],
    ],
    good: [
      routes({ namespaces: { from: "Selector", selector: { matchLabels: { team: "a" } } } }),
      routes({ namespaces: { from: "All" } }),
    ],
  },
  "gateway/allowed-selector-ignored": {
    bad: [
      [routes({ namespaces: { from: "All", selector: {} } }), `${first}.allowedRoutes.namespaces.selector`],
      [routes({ namespaces: { selector: {} } }), `${first}.allowedRoutes.namespaces.selector`],
    ],
    good: [routes({ namespaces: { from: "Selector", selector: {} } }), routes({ namespaces: { from: "Same" } })],
  },
  "gateway/address": {
    bad: [
      [spec({ addresses: [{ type: "Hostname", value: "a.b" }] }), "spec.addresses[0].type"],
      [spec({ addresses: [{ value: "192.0.2" }] }), "spec.addresses[0].value"],
      [spec({ addresses: [{ type: "IPAddress" }] }), "spec.addresses[0].value"],
    ],
    good: [spec({ addresses: [{ value: "192.0.2.1" }, { type: "IPAddress", value: "2001:db8::1" }] })],
  },
  "gateway/address-repeated": {
    bad: [
      [
        spec({ addresses: [{ value: "192.0.2.1" }, { type: "IPAddress", value: "192.0.2.1" }] }),
        "spec.addresses[1].value",
      ],
    ],
    good: [spec({ addresses: [{ value: "192.0.2.1" }, { value: "192.0.2.2" }, {}, {}] })],
  },
  "gateway/parameters": {
    bad: [[spec({ infrastructure: { parametersRef: { name: "a" } } }), "spec.infrastructure.parametersRef"]],
    good: [spec({ infrastructure: { labels: { a: "b" } } }), spec({})],
  },
  "gateway/infrastructure-key": {
    bad: [
      [spec({ infrastructure: { labels: { "a b": "" } } }), 'spec.infrastructure.labels["a b"]'],
      [spec({ infrastructure: { annotations: { "A_/b": "" } } }), 'spec.infrastructure.annotations["A_/b"]'],
    ],
    good: [spec({ infrastructure: { labels: { "example.com/a": "b" }, annotations: { a: "b" } } })],
  },
  "gateway/client-certificates": {
    bad: [
      [spec({ tls: { frontend: {} } }), "spec.tls.frontend"],
      [spec({ tls: { backend: {} } }), "spec.tls.backend"],
    ],
    good: [spec({}), spec({ tls: { frontend: undefined } })],
  },
});

testFine(
  "rules of a Gateway and a fine one",
  gatewayRules,
  build(
    spec({
      gatewayClassName: "cilium",
      addresses: [{ type: "IPAddress", value: "192.0.2.1" }],
      infrastructure: { labels: { a: "b" } },
      listeners: [
        { ...http, allowedRoutes: { kinds: [{ kind: "HTTPRoute" }], namespaces: { from: "Same" } } },
        {
          ...https,
          hostname: "*.shop.example",
          allowedRoutes: { namespaces: { from: "Selector", selector: { matchLabels: { team: "a" } } } },
        },
        { name: "tls", protocol: "TLS", port: 8443, hostname: "db.example", tls: { mode: "Passthrough" } },
      ],
    }),
  ),
);
