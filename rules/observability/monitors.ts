import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { selectorProblems } from "../loadbalancing/label-selectors";
import { indexedAt, listAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { milliseconds } from "./durations";
import { openShiftMonitorRules } from "./users-monitors";
import { relabelingProblems } from "./relabelings";
import { tlsProblem } from "./tls";

const selectorSource = "prometheus-operator pkg/prometheus/resource_selector.go";

function perEndpoint(check: (endpoint: JsonObject, path: PathStep[]) => Violation[]): Rule<KubernetesObject>["check"] {
  return (monitor) =>
    indexedAt(monitor, "spec", "endpoints").flatMap(([index, endpoint]) =>
      check(endpoint, ["spec", "endpoints", index]),
    );
}

/** A port that is there for certain: the operator takes an empty name and 0 for none. */
const given = (endpoint: JsonObject, key: string): boolean =>
  !missing(endpoint, key) && endpoint[key] !== undefined && endpoint[key] !== "" && endpoint[key] !== 0;

const unknown = (endpoint: JsonObject, key: string): boolean => key in endpoint && endpoint[key] === undefined;

const onePort: Rule<KubernetesObject> = {
  id: "observability/endpoint-ports",
  severity: "warning",
  source: "prometheus-operator pkg/prometheus/promcfg.go generateServiceMonitorConfig: port wins over targetPort",
  check: perEndpoint((endpoint, path) => {
    if (!given(endpoint, "port") || !given(endpoint, "targetPort")) return [];
    const message = "The operator ignores it, because the endpoint has a port.";
    return [{ path: [...path, "targetPort"], message, fix: "Keep one of the two." }];
  }),
};

const noPort: Rule<KubernetesObject> = {
  id: "observability/endpoint-without-port",
  severity: "warning",
  source: "prometheus-operator pkg/prometheus/promcfg.go generateServiceMonitorConfig keeps targets by port only then",
  check: perEndpoint((endpoint, path) => {
    if (["port", "targetPort"].some((key) => given(endpoint, key) || unknown(endpoint, key))) return [];
    const message = "The endpoint names no port, so every port of the Services is scraped.";
    return [{ path, message, fix: "Set port to the name of the Service's port, or targetPort to the pod's port." }];
  }),
};

const portName: Rule<KubernetesObject> = {
  id: "observability/endpoint-port-name",
  severity: "error",
  source: "prometheus-operator api docs: port is the name of the Service's port; names are not all digits",
  check: perEndpoint((endpoint, path) => {
    const port = textAt(endpoint, "port") ?? "";
    if (!/^\d+$/.test(port)) return [];
    const message = `No Service can have a port of the name "${port}", so nothing is scraped.`;
    return [{ path: [...path, "port"], message, fix: `Give the port's name, or set targetPort to ${port}.` }];
  }),
};

const durations: Rule<KubernetesObject> = {
  id: "observability/endpoint-duration",
  severity: "error",
  source: "prometheus/common model/time.go ParseDuration",
  check: perEndpoint((endpoint, path) =>
    ["interval", "scrapeTimeout"].flatMap((key) => {
      const text = textAt(endpoint, key);
      if (!text || milliseconds(text) !== undefined) return [];
      const fix = "Write whole numbers with y, w, d, h, m, s, ms, the largest first.";
      return [{ path: [...path, key], message: `"${text}" is no duration of Prometheus.`, fix }];
    }),
  ),
};

const timeout: Rule<KubernetesObject> = {
  id: "observability/scrape-timeout",
  severity: "error",
  source: `${selectorSource} validateScrapeIntervalAndTimeout: the object is left out`,
  check: perEndpoint((endpoint, path) => {
    const [most, least] = [textAt(endpoint, "interval"), textAt(endpoint, "scrapeTimeout")];
    const [interval, wait] = [milliseconds(most ?? ""), milliseconds(least ?? "")];
    if (interval === undefined || wait === undefined || wait <= interval) return [];
    const message = `The timeout ${String(least)} is longer than the interval ${String(most)}.`;
    return [{ path: [...path, "scrapeTimeout"], message }];
  }),
};

const relabelings: Rule<KubernetesObject> = {
  id: "observability/relabeling",
  severity: "error",
  source: `${selectorSource} LabelConfigValidator: the object is left out`,
  check: perEndpoint((endpoint, path) =>
    ["relabelings", "metricRelabelings"].flatMap((key) =>
      indexedAt(endpoint, key).flatMap(([index, step]) =>
        relabelingProblems(step).map((each) => ({ path: [...path, key, index, each.key], message: each.message })),
      ),
    ),
  ),
};

const tls: Rule<KubernetesObject> = {
  id: "observability/tls",
  severity: "error",
  source: "prometheus-operator pkg/apis/monitoring/v1/types.go TLSConfig.Validate: the object is left out",
  check: perEndpoint((endpoint, path) => {
    const problem = tlsProblem(objectAt(endpoint, "tlsConfig"));
    return problem ? [{ path: [...path, "tlsConfig", problem.key], message: problem.message }] : [];
  }),
};

const logins = ["basicAuth", "oauth2", "authorization", "bearerTokenFile", "bearerTokenSecret"];

const authentication: Rule<KubernetesObject> = {
  id: "observability/authentication",
  severity: "error",
  source: "prometheus/common config/http_config.go Validate: Prometheus does not load a configuration with two of them",
  check: perEndpoint((endpoint, path) => {
    const used = logins.filter(
      (key) => given(endpoint, key) && (key !== "bearerTokenSecret" || Boolean(textAt(endpoint, key, "name"))),
    );
    const [first = "", ...others] = used;
    return others.map((key) => ({ path: [...path, key], message: `${key} and ${first} exclude each other.` }));
  }),
};

const selector: Rule<KubernetesObject> = {
  id: "observability/monitor-selector",
  severity: "error",
  source: `${selectorSource} checkServiceMonitor: the object is left out`,
  check: (monitor) => selectorProblems(monitor, "spec", "selector"),
};

const namespaces: Rule<KubernetesObject> = {
  id: "observability/monitor-namespaces",
  severity: "warning",
  source: "prometheus-operator pkg/prometheus/promcfg.go getNamespacesFromNamespaceSelector: any wins",
  check: (monitor) => {
    const found = objectAt(monitor, "spec", "namespaceSelector");
    if (found.any !== true || listAt(found, "matchNames").length === 0) return [];
    const message = "The names are ignored, because any is true.";
    return [{ path: ["spec", "namespaceSelector", "matchNames"], message, fix: "Keep one of the two." }];
  },
};

const noEndpoints: Rule<KubernetesObject> = {
  id: "observability/no-endpoints",
  severity: "warning",
  source: "prometheus-operator pkg/prometheus/promcfg.go makes one scrape configuration for each endpoint",
  check: ({ spec }) => {
    if (!spec || !Array.isArray(spec.endpoints) || spec.endpoints.length > 0) return [];
    return [{ path: ["spec", "endpoints"], message: "Nothing is scraped: the object has no endpoints." }];
  },
};

/** For what the operator leaves out a ServiceMonitor, and what it ignores in one. */
export const serviceMonitorRules: readonly Rule<KubernetesObject>[] = [
  onePort,
  noPort,
  portName,
  durations,
  timeout,
  relabelings,
  tls,
  authentication,
  selector,
  namespaces,
  noEndpoints,
  ...openShiftMonitorRules,
];
