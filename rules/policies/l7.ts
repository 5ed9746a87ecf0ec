import { isObject } from "../../model";
import type { KubernetesObject, PathStep } from "../../model";
import { indexedAt, known, listAt, mapAt, missing, numberAt, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { entries, hasRules, inPorts, policyParts, portEntries } from "./entries";
import { expressionProblem } from "./expressions";
import { policyPort } from "./port-numbers";

const onHost: Rule<KubernetesObject> = {
  id: "policies/l7-on-host",
  severity: "error",
  source: "Cilium IngressRule.sanitize and EgressRule.sanitize",
  check: (object) =>
    portEntries(object)
      .filter(({ entry }) => entry.host)
      .flatMap((part): Violation[] => {
        const http = hasRules(part, "http");
        const wrong = part.entry.direction === "egress" ? http : http || hasRules(part, "dns");
        const message = `A policy for nodes cannot have ${http ? "HTTP" : "DNS"} rules on ${part.entry.direction}.`;
        return wrong ? [{ path: [...part.path, "rules"], message, fix: "Allow the port without rules." }] : [];
      }),
};

const oneType: Rule<KubernetesObject> = {
  id: "policies/l7-types",
  severity: "error",
  source: "Cilium CRD (oneOf) and L7Rules.sanitize",
  check: (object) =>
    portEntries(object).flatMap(({ path, value }): Violation[] => {
      if (!isObject(value.rules)) return [];
      const rules = value.rules;
      const count = ["http", "dns"].filter((type) => !missing(rules, type)).length;
      if (count === 1) return [];
      const message = count ? "HTTP and DNS rules cannot be in one element of toPorts." : "There are no rules in it.";
      const fix = count ? "Make an element of each." : "Leave rules out, or give it http or dns.";
      return [{ path: [...path, "rules"], message, fix }];
    }),
};

const httpProtocol: Rule<KubernetesObject> = {
  id: "policies/http-protocol",
  severity: "error",
  source: 'Cilium PortRule.sanitize: "L7 rules can only apply to TCP"; an absent protocol is ANY',
  check: (object) =>
    portEntries(object)
      .filter((part) => hasRules(part, "http") && !hasRules(part, "dns"))
      .flatMap((part) => inPorts(part, "ports"))
      .filter(({ value }) => missing(value, "protocol") || (textAt(value, "protocol") ?? "TCP") !== "TCP")
      .map(({ path }) => ({
        path: [...path, "protocol"],
        message: "HTTP rules apply to TCP only, which has to be said.",
        fix: "Write protocol: TCP.",
      })),
};

const dnsRules: Rule<KubernetesObject> = {
  id: "policies/dns-rules",
  severity: "error",
  source: "Cilium PortRule.sanitize, PortProtocol.sanitize and L7Rules.sanitize",
  check: (object) =>
    portEntries(object)
      .filter((part) => hasRules(part, "dns"))
      .flatMap((part): Violation[] => {
        const at = [...part.path, "rules", "dns"];
        if (part.entry.direction === "ingress") return [{ path: at, message: "DNS rules are for egress only." }];
        if (missing(part.value, "ports") || sameEmpty(part.value.ports)) {
          return [{ path: at, message: "DNS rules need ports.", fix: "Name those of the DNS server." }];
        }
        return inPorts(part, "ports")
          .filter(
            ({ value }) => (numberAt(value, "endPort") ?? 0) > (policyPort(textAt(value, "port") ?? "") ?? Infinity),
          )
          .map(({ path }) => ({ path: [...path, "endPort"], message: "DNS rules take no range of ports." }));
      }),
};

const sameEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const portZero: Rule<KubernetesObject> = {
  id: "policies/l7-port",
  severity: "error",
  source: 'Cilium PortRule.sanitize: "L7 rules can not be used when a port is 0"',
  check: (object) =>
    portEntries(object)
      .filter((part) => hasRules(part, "http") || hasRules(part, "dns"))
      .flatMap((part) => inPorts(part, "ports"))
      .filter(({ value }) => policyPort(textAt(value, "port") ?? "") === 0)
      .map(({ path }) => ({ path: [...path, "port"], message: "HTTP and DNS rules cannot go with port 0." })),
};

const serverNames: Rule<KubernetesObject> = {
  id: "policies/server-names",
  severity: "error",
  source: "Cilium PortRule.sanitize",
  check: (object) =>
    portEntries(object)
      .filter((part) => listAt(part.value, "serverNames").length > 0 && missing(part.value, "terminatingTLS"))
      .filter((part) => hasRules(part, "http") || hasRules(part, "dns"))
      .map(({ path }) => ({
        path: [...path, "serverNames"],
        message: "With HTTP or DNS rules it needs terminatingTLS: without it the content stays encrypted.",
      })),
};

const listener: Rule<KubernetesObject> = {
  id: "policies/listener",
  severity: "error",
  source: "Cilium PortRule.sanitize",
  check: (object) =>
    portEntries(object)
      .filter(({ value }) => !missing(value, "listener"))
      .flatMap((part): Violation[] => {
        const path = [...part.path, "listener"];
        if (part.entry.direction === "ingress") return [{ path, message: "A listener is for egress only." }];
        const rules = hasRules(part, "http") || hasRules(part, "dns");
        return rules ? [{ path, message: "A listener cannot go with HTTP or DNS rules." }] : [];
      }),
};

function expressions(object: KubernetesObject, keys: string[]): { path: PathStep[]; text: string }[] {
  return portEntries(object)
    .flatMap((part) => inPorts(part, "rules", "http"))
    .flatMap(({ path, value }) =>
      keys.flatMap((key) => {
        const text = textAt(value, key);
        return text === undefined ? [] : [{ path: [...path, key], text }];
      }),
    );
}

const expression: Rule<KubernetesObject> = {
  id: "policies/expression",
  severity: "error",
  source: "Cilium PortRuleHTTP.Sanitize compiles both with Go's engine",
  check: (object) =>
    expressions(object, ["path", "method"]).flatMap(({ path, text }) => {
      const problem = expressionProblem(text);
      return problem ? [{ path, message: `"${text}" ${problem}.` }] : [];
    }),
};

const hostExpression: Rule<KubernetesObject> = {
  id: "policies/host-expression",
  severity: "warning",
  source: "Cilium PortRuleHTTP.Sanitize does not compile host; it goes to Envoy as it is",
  check: (object) =>
    expressions(object, ["host"]).flatMap(({ path, text }) => {
      const problem = expressionProblem(text);
      return problem ? [{ path, message: `"${text}" ${problem}; Cilium does not look at it.` }] : [];
    }),
};

const headerSecret: Rule<KubernetesObject> = {
  id: "policies/header-secret",
  severity: "error",
  source: "Cilium PortRuleHTTP.Sanitize",
  check: (object) =>
    portEntries(object)
      .flatMap((part) => inPorts(part, "rules", "http"))
      .flatMap(({ path, value }) =>
        indexedAt(value, "headerMatches")
          .filter(([, match]) => textAt(match, "secret", "name") === "")
          .map(([index]) => ({
            path: [...path, "headerMatches", index, "secret", "name"],
            message: "The secret has no name.",
          })),
      ),
};

const names: Rule<KubernetesObject> = {
  id: "policies/names",
  severity: "error",
  source: "Cilium CRD (oneOf) and FQDNSelector.sanitize",
  check: (object) => {
    const places = [
      ...entries(object).map(({ path, value }) => ({ path: [...path, "toFQDNs"], list: listAt(value, "toFQDNs") })),
      ...portEntries(object).map(({ path, value }) => ({
        path: [...path, "rules", "dns"],
        list: listAt(objectAt(value, "rules"), "dns"),
      })),
    ];
    return places.flatMap(({ path, list }) =>
      list.flatMap((item, index) => {
        if (!isObject(item)) return [];
        const used = ["matchName", "matchPattern"].filter((key) => !missing(item, key));
        const message = "It needs exactly one of matchName and matchPattern.";
        return used.length === 1 ? [] : [{ path: [...path, index], message }];
      }),
    );
  },
};

const namesNeedDns: Rule<KubernetesObject> = {
  id: "policies/names-need-dns",
  severity: "warning",
  source: "Cilium's DNS proxy: addresses of names are learnt from answers that pass it",
  check: (object) => {
    if (policyParts(object).some(({ value }) => "egress" in value && !known(value.egress))) return [];
    if (portEntries(object).some((part) => hasRules(part, "dns"))) return [];
    return entries(object)
      .filter(({ value, deny }) => !deny && listAt(value, "toFQDNs").length > 0)
      .map(({ path }) => ({
        path: [...path, "toFQDNs"],
        message: "Without a DNS rule Cilium does not learn the addresses of these names.",
        fix: "Allow DNS with rules.dns, here or in another policy for the same pods.",
      }));
  },
};

const dnsPort: Rule<KubernetesObject> = {
  id: "policies/dns-port",
  severity: "warning",
  source: "OpenShift's DNS pods listen on 5353; ports are looked at after the service's translation",
  check: (object) =>
    portEntries(object)
      .filter(({ entry }) =>
        objectsAt(entry.value, "toEndpoints").some((each) =>
          Object.entries(mapAt(each, "matchLabels")).some(
            ([key, value]) => /(^|:)io\.kubernetes\.pod\.namespace$/.test(key) && value === "openshift-dns",
          ),
        ),
      )
      .flatMap((part) => inPorts(part, "ports"))
      .filter(({ value }) => textAt(value, "port") === "53")
      .map(({ path }) => ({
        path: [...path, "port"],
        message: "OpenShift's DNS pods listen on 5353; Cilium looks at the port of the pod, not of the service.",
        fix: 'Write port: "5353".',
      })),
};

/** What needs Cilium's proxy. */
export const proxyRules = [
  onHost,
  oneType,
  httpProtocol,
  dnsRules,
  portZero,
  serverNames,
  listener,
  expression,
  hostExpression,
  headerSecret,
  names,
  namesNeedDns,
  dnsPort,
];
