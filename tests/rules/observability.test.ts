import type { JsonObject, KubernetesObject } from "../../model";
import { prometheusRuleRules, serviceMonitorRules } from "../../rules";
import { merged, testFine, testRules } from "./support";

const build =
  (kind: string) =>
  (input: JsonObject): KubernetesObject =>
    merged(
      { apiVersion: "monitoring.coreos.com/v1", kind, metadata: { name: "shop", namespace: "shop" } },
      input,
    ) as unknown as KubernetesObject;

const groups = (...list: JsonObject[]): JsonObject => ({ spec: { groups: list } });
const rules = (...list: JsonObject[]): JsonObject => groups({ name: "g", rules: list });
const alert = (content: JsonObject): JsonObject => rules({ alert: "A", expr: "up == 0", ...content });
const record = (content: JsonObject): JsonObject => rules({ record: "a:b", expr: "sum(up)", ...content });
const at = "spec.groups[0].rules[0]";

testRules("rules of a PrometheusRule", prometheusRuleRules, build("PrometheusRule"), {
  "observability/rule-group-name": {
    bad: [[groups({ name: "a" }, { name: "b" }, { name: "a" }), "spec.groups[2].name"]],
    good: [groups({ name: "a" }, { name: "b" }), groups({ name: undefined }, { name: undefined })],
  },
  "observability/rule-kind": {
    bad: [
      [rules({ alert: "A", record: "b", expr: "up" }), at],
      [rules({ expr: "up" }), at],
      [rules({ alert: "", record: "", expr: "up" }), at],
    ],
    good: [alert({}), record({}), record({ alert: "" }), rules({ alert: undefined, expr: "up" })],
  },
  "observability/rule-expression": {
    bad: ["", " \n", "# only a comment", "sum(up", "up)", 'up{job="a}', "up[5m", "sum(up]"].map(
      (expr): [JsonObject, string] => [alert({ expr }), `${at}.expr`],
    ),
    good: ['up{job="a)"} == 0', "sum by (a) (rate(up[5m])) # )", "1", "up{a='\\'('}", "up{a=`(`}"].map((expr) =>
      alert({ expr }),
    ),
  },
  "observability/rule-duration": {
    bad: [
      [alert({ for: "1m1h" }), `${at}.for`],
      [alert({ keep_firing_for: "1.5h" }), `${at}.keep_firing_for`],
      [groups({ name: "g", interval: "30" }), "spec.groups[0].interval"],
      [groups({ name: "g", query_offset: "1m1m" }), "spec.groups[0].query_offset"],
    ],
    good: [alert({ for: "1h30m", keep_firing_for: "0" }), groups({ name: "g", interval: "" })],
  },
  "observability/record-fields": {
    bad: [
      [record({ for: "5m" }), `${at}.for`],
      [record({ keep_firing_for: "5m" }), `${at}.keep_firing_for`],
      [record({ annotations: { a: "b" } }), `${at}.annotations`],
    ],
    good: [record({ for: "0s", annotations: {} }), alert({ for: "5m", annotations: { a: "b" } })],
  },
  "observability/record-name": {
    bad: [[record({ record: 'up{job="a"}' }), `${at}.record`]],
    good: [record({ record: "job:up:sum" })],
  },
  "observability/rule-labels": {
    bad: [
      [alert({ labels: { __name__: "x" } }), `${at}.labels.__name__`],
      [alert({ annotations: { "": "x" } }), `${at}.annotations[""]`],
      [groups({ name: "g", labels: { __name__: "x" } }), "spec.groups[0].labels.__name__"],
    ],
    good: [alert({ labels: { severity: "x" }, annotations: { __name__: "x" } })],
  },
  "observability/alert-template": {
    bad: [
      [alert({ annotations: { summary: "{{ $labels.job " } }), `${at}.annotations.summary`],
      [alert({ labels: { a: "{{ }}" } }), `${at}.labels.a`],
    ],
    good: [
      alert({ annotations: { summary: "{{ $labels.job }} and {{- $value -}}" } }),
      record({ labels: { a: "{{ x" } }),
    ],
  },
  "observability/partial-response": {
    bad: [[groups({ name: "g", partial_response_strategy: "ignore" }), "spec.groups[0].partial_response_strategy"]],
    good: [groups({ name: "g", partial_response_strategy: "Warn" }), groups({ name: "g" })],
  },
  "observability/empty-offset": {
    bad: [[groups({ name: "g", query_offset: "" }), "spec.groups[0].query_offset"]],
    good: [groups({ name: "g", query_offset: "1m" })],
  },
  "observability/group-empty": {
    bad: [
      [groups({ name: "g" }), "spec.groups[0].rules"],
      [groups({ name: "g", rules: [] }), "spec.groups[0].rules"],
    ],
    good: [alert({}), groups({ name: "g", rules: undefined })],
  },
  "observability/ruler-ignores": {
    bad: [
      [groups({ name: "g", labels: { a: "b" } }), "spec.groups[0].labels"],
      [groups({ name: "g", query_offset: "1m" }), "spec.groups[0].query_offset"],
    ],
    good: [
      merged(groups({ name: "g", query_offset: "1m" }), { metadata: { namespace: "openshift-a" } }) as JsonObject,
      merged(groups({ name: "g", query_offset: "1m" }), {
        metadata: { labels: { "openshift.io/prometheus-rule-evaluation-scope": "leaf-prometheus" } },
      }) as JsonObject,
      merged(groups({ name: "g", query_offset: "1m" }), { metadata: { labels: undefined } }) as JsonObject,
    ],
  },
  "observability/no-rules": {
    bad: [
      [{ spec: {} }, "spec.groups"],
      [groups(), "spec.groups"],
    ],
    good: [alert({}), { spec: { groups: undefined } }, {}],
  },
});

testFine(
  "rules of a PrometheusRule and a fine one",
  prometheusRuleRules,
  build("PrometheusRule")(
    groups({
      name: "g",
      interval: "30s",
      rules: [
        {
          alert: "A",
          expr: "up == 0",
          for: "5m",
          labels: { severity: "critical" },
          annotations: { s: "{{ $value }}" },
        },
        { record: "job:up:sum", expr: "sum(up)" },
      ],
    }),
  ),
);

const endpoint = (content: JsonObject): JsonObject => ({ spec: { endpoints: [content] } });
const relabel = (content: JsonObject): JsonObject => endpoint({ port: "m", relabelings: [content] });
const ep = "spec.endpoints[0]";
const tls = (content: JsonObject): JsonObject => endpoint({ port: "m", tlsConfig: content });
const platform = (input: JsonObject): JsonObject =>
  merged(input, { metadata: { namespace: "openshift-a" } }) as JsonObject;
const step = `${ep}.relabelings[0]`;

testRules("rules of a ServiceMonitor", serviceMonitorRules, build("ServiceMonitor"), {
  "observability/endpoint-ports": {
    bad: [[endpoint({ port: "m", targetPort: 8080 }), `${ep}.targetPort`]],
    good: [endpoint({ port: "m" }), endpoint({ targetPort: 8080 }), endpoint({ port: "", targetPort: 8080 })],
  },
  "observability/endpoint-without-port": {
    bad: [
      [endpoint({ path: "/m" }), ep],
      [endpoint({ port: "", targetPort: 0 }), ep],
    ],
    good: [endpoint({ port: "m" }), endpoint({ targetPort: "m" }), endpoint({ port: undefined })],
  },
  "observability/endpoint-port-name": {
    bad: [[endpoint({ port: "8080" }), `${ep}.port`]],
    good: [endpoint({ port: "http-8080" }), endpoint({ targetPort: 8080 })],
  },
  "observability/endpoint-duration": {
    bad: [
      [endpoint({ interval: "30" }), `${ep}.interval`],
      [endpoint({ scrapeTimeout: "1s1m" }), `${ep}.scrapeTimeout`],
    ],
    good: [endpoint({ interval: "1m30s", scrapeTimeout: "" })],
  },
  "observability/scrape-timeout": {
    bad: [[endpoint({ interval: "30s", scrapeTimeout: "1m" }), `${ep}.scrapeTimeout`]],
    good: [endpoint({ interval: "1m", scrapeTimeout: "60s" }), endpoint({ scrapeTimeout: "1m" })],
  },
  "observability/relabeling": {
    bad: [
      [relabel({}), `${step}.targetLabel`],
      [relabel({ action: "Lowercase", targetLabel: "" }), `${step}.targetLabel`],
      [relabel({ targetLabel: "a-b" }), `${step}.targetLabel`],
      [relabel({ action: "drop", regex: "(" }), `${step}.regex`],
      [relabel({ action: "hashmod", targetLabel: "a" }), `${step}.modulus`],
      [relabel({ action: "labelmap", replacement: "a-b" }), `${step}.replacement`],
      [relabel({ action: "keepequal", targetLabel: "a", regex: "x" }), `${step}.regex`],
      [relabel({ action: "uppercase", targetLabel: "a", replacement: "x" }), `${step}.replacement`],
      [relabel({ action: "labeldrop", regex: "x", sourceLabels: ["a"] }), `${step}.sourceLabels`],
      [endpoint({ port: "m", metricRelabelings: [{ action: "replace" }] }), `${ep}.metricRelabelings[0].targetLabel`],
    ],
    good: [
      relabel({ targetLabel: "a", replacement: "x" }),
      relabel({ action: "Keep", sourceLabels: ["a"], regex: "x|y" }),
      relabel({ action: "hashmod", targetLabel: "a", modulus: 4 }),
      relabel({ action: "labelmap", regex: "a_(.+)", replacement: "${1}_b" }),
      relabel({ action: undefined, targetLabel: undefined }),
    ],
  },
  "observability/tls": {
    bad: [
      [tls({ ca: { secret: {} }, caFile: "/a" }), `${ep}.tlsConfig.caFile`],
      [tls({ ca: { secret: {}, configMap: {} } }), `${ep}.tlsConfig.ca`],
      [tls({ keyFile: "/a", keySecret: { key: "k" } }), `${ep}.tlsConfig.keyFile`],
      [tls({ certFile: "/a" }), `${ep}.tlsConfig.keySecret`],
      [tls({ keyFile: "/a" }), `${ep}.tlsConfig.cert`],
      [tls({ minVersion: "TLS13", maxVersion: "TLS12" }), `${ep}.tlsConfig.maxVersion`],
    ],
    good: [
      tls({ ca: { configMap: { name: "ca", key: "x" } } }),
      tls({ cert: { secret: { key: "c" } }, keySecret: { key: "k" }, minVersion: "TLS12", maxVersion: "TLS13" }),
      tls({ certFile: "/a", keySecret: undefined }),
      tls({ keyFile: "/a", cert: undefined }),
    ],
  },
  "observability/authentication": {
    bad: [
      [endpoint({ port: "m", basicAuth: {}, authorization: {} }), `${ep}.authorization`],
      [endpoint({ port: "m", oauth2: {}, bearerTokenSecret: { name: "a" } }), `${ep}.bearerTokenSecret`],
    ],
    good: [endpoint({ port: "m", basicAuth: {}, bearerTokenSecret: { name: "" } }), endpoint({ port: "m" })],
  },
  "observability/file-access": {
    bad: [
      [endpoint({ port: "m", bearerTokenFile: "/var/run/token" }), `${ep}.bearerTokenFile`],
      [tls({ caFile: "/etc/ca" }), `${ep}.tlsConfig.caFile`],
    ],
    good: [tls({ ca: { configMap: {} } }), platform(tls({ caFile: "/etc/ca" }))],
  },
  "observability/honor-labels": {
    bad: [[endpoint({ port: "m", honorLabels: true }), `${ep}.honorLabels`]],
    good: [endpoint({ port: "m", honorLabels: false }), platform(endpoint({ port: "m", honorLabels: true }))],
  },
  "observability/other-namespaces": {
    bad: [
      [{ spec: { namespaceSelector: { any: true } } }, "spec.namespaceSelector"],
      [{ spec: { namespaceSelector: { matchNames: ["shop", "other"] } } }, "spec.namespaceSelector"],
    ],
    good: [
      { spec: { namespaceSelector: { matchNames: ["shop"] } } },
      platform({ spec: { namespaceSelector: { any: true } } }),
    ],
  },
  "observability/scrape-timeout-default": {
    bad: [[endpoint({ port: "m", scrapeTimeout: "31s" }), `${ep}.scrapeTimeout`]],
    good: [
      endpoint({ port: "m", scrapeTimeout: "30s" }),
      endpoint({ port: "m", scrapeTimeout: "no duration" }),
      endpoint({ port: "m", interval: "1m", scrapeTimeout: "40s" }),
      endpoint({ port: "m", interval: undefined, scrapeTimeout: "40s" }),
    ],
  },
  "observability/monitor-selector": {
    bad: [
      [{ spec: { selector: { matchLabels: { "a b": "c" } } } }, 'spec.selector.matchLabels["a b"]'],
      [
        { spec: { selector: { matchExpressions: [{ key: "a", operator: "Is" }] } } },
        "spec.selector.matchExpressions[0].operator",
      ],
    ],
    good: [{ spec: { selector: {} } }, { spec: { selector: { matchLabels: { app: "shop" } } } }],
  },
  "observability/monitor-namespaces": {
    bad: [[{ spec: { namespaceSelector: { any: true, matchNames: ["a"] } } }, "spec.namespaceSelector.matchNames"]],
    good: [{ spec: { namespaceSelector: { any: false, matchNames: ["a"] } } }, {}],
  },
  "observability/no-endpoints": {
    bad: [[{ spec: { endpoints: [] } }, "spec.endpoints"]],
    good: [endpoint({ port: "m" }), { spec: { endpoints: undefined } }, {}],
  },
});

testFine(
  "rules of a ServiceMonitor and a fine one",
  serviceMonitorRules,
  build("ServiceMonitor")({
    spec: {
      selector: { matchLabels: { app: "shop" } },
      namespaceSelector: { matchNames: ["shop"] },
      endpoints: [
        { port: "m", interval: "30s", scrapeTimeout: "10s", relabelings: [{ targetLabel: "a", replacement: "b" }] },
      ],
    },
  }),
);
