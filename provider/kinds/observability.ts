import { prometheusRuleRules, serviceMonitorRules } from "../../rules";
import type { ObjectKind } from "../kind";
import type { Shape } from "../shape";
import { generatedShape } from "./shapes";
import { ready } from "./verdict";

const minutes = 60;
const apiVersion = "monitoring.coreos.com/v1";
const timeouts = { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes };

/**
 * The shape without the patterns that only Go's engine reads, such as `(?i)`. There is one, of
 * `partial_response_strategy`, and a rule takes its place.
 */
function withoutGoPatterns(shape: Shape): Shape {
  const made = { ...shape };
  if (made.pattern?.includes("(?i)")) delete made.pattern;
  if (made.items) made.items = withoutGoPatterns(made.items);
  if (made.properties) {
    const entries = Object.entries(made.properties).map(([key, inner]) => [key, withoutGoPatterns(inner)] as const);
    made.properties = Object.fromEntries(entries);
  }
  return made;
}

export const serviceMonitor: ObjectKind = {
  is: "object",
  token: "ove:observability:ServiceMonitor",
  doc: "Which Services Prometheus scrapes, on which ports and how often.",
  waits: "Nothing: the operator reports nothing on it.",
  deletes: "Deleted at once; scraping stops.",
  example: {
    metadata: { name: "shop", namespace: "shop" },
    spec: {
      selector: { matchLabels: { app: "shop" } },
      endpoints: [{ port: "metrics", interval: "30s", scrapeTimeout: "10s" }],
    },
  },
  disruptions: [],
  apiVersion,
  kind: "ServiceMonitor",
  plural: "servicemonitors",
  scope: "Namespaced",
  shape: generatedShape("ServiceMonitor", withoutGoPatterns),
  listKeys: { "spec.namespaceSelector.matchNames": "set" },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: serviceMonitorRules,
  admission: "static",
  timeouts,
  ready: { watches: () => [], verdict: () => ready },
};

export const prometheusRule: ObjectKind = {
  is: "object",
  token: "ove:observability:PrometheusRule",
  doc: "Alerts and recorded queries of Prometheus.",
  waits: "Nothing: the operator reports nothing on it.",
  deletes: "Deleted at once; its alerts end.",
  example: {
    metadata: { name: "shop", namespace: "shop" },
    spec: {
      groups: [
        {
          name: "shop",
          rules: [
            {
              alert: "ShopDown",
              expr: 'absent(up{job="shop"} == 1)',
              for: "5m",
              labels: { severity: "critical" },
              annotations: { summary: "The shop is down." },
            },
          ],
        },
      ],
    },
  },
  disruptions: [],
  apiVersion,
  kind: "PrometheusRule",
  plural: "prometheusrules",
  scope: "Namespaced",
  shape: generatedShape("PrometheusRule", withoutGoPatterns),
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: prometheusRuleRules,
  admission: "static",
  timeouts,
  ready: { watches: () => [], verdict: () => ready },
};
