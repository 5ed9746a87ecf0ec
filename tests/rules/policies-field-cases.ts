import type { JsonObject } from "../../model";
import { egress, ingress, ports, spec, tcp } from "./policies-inputs";
import type { Cases } from "./support";

const services = (selector: JsonObject): JsonObject => egress({ toServices: [{ k8sServiceSelector: { selector } }] });
const serviceSelector = "spec.egress[0].toServices[0].k8sServiceSelector.selector";
const secretName = (name: string): JsonObject =>
  ingress(ports(tcp, { rules: { http: [{ headerMatches: [{ name: "X", secret: { name } }] }] } }));

/** Small fields that Cilium looks at, or does not, against what one would think. */
export const fieldCases: Record<string, Cases> = {
  "policies/service-labels": {
    bad: [
      [services({ matchLabels: { "a b": "c" } }), `${serviceSelector}.matchLabels["a b"]`],
      [
        services({ matchExpressions: [{ key: "a", operator: "In", values: ["a/b"] }] }),
        `${serviceSelector}.matchExpressions[0].values[0]`,
      ],
    ],
    good: [services({ matchLabels: { a: "b" } }), spec({ endpointSelector: { matchLabels: { "a b": "a" } } })],
  },
  "policies/own-labels": {
    bad: [[spec({ labels: [{ key: "a" }, { key: "", source: "k8s" }] }), "spec.labels[1].key"]],
    good: [spec({ labels: [{ key: "a", value: "" }] })],
  },
  "policies/empty-specs": {
    bad: [[{ specs: [] }, "specs"]],
    good: [ingress({}), { specs: [{ endpointSelector: {}, egress: [{}] }] }],
  },
  "policies/header-secret": {
    bad: [[secretName(""), `spec.ingress[0].toPorts[0].rules.http[0].headerMatches[0].secret.name`]],
    good: [secretName("a"), ingress(ports(tcp, { rules: { http: [{ headerMatches: [{ name: "X" }] }] } }))],
  },
};
