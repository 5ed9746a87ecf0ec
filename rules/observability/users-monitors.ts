import type { KubernetesObject, PathStep } from "../../model";
import { indexedAt, missing, objectAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { milliseconds } from "./durations";
import { isUserProject, userWorkload } from "./platform";

/** Seconds between two scrapes where an endpoint does not say it. */
const usualInterval = 30;

const files: Rule<KubernetesObject> = {
  id: "observability/file-access",
  severity: "warning",
  source: `${userWorkload} arbitraryFSAccessThroughSMs; prometheus-operator testForArbitraryFSAccess`,
  check(monitor) {
    if (!isUserProject(monitor)) return [];
    return indexedAt(monitor, "spec", "endpoints").flatMap(([index, endpoint]) => {
      const path: PathStep[] = ["spec", "endpoints", index];
      const keys = ["caFile", "certFile", "keyFile"].filter((key) => textAt(endpoint, "tlsConfig", key));
      const token = textAt(endpoint, "bearerTokenFile") ? [[...path, "bearerTokenFile"]] : [];
      return [...token, ...keys.map((key) => [...path, "tlsConfig", key])].map((at) => ({
        path: at,
        message: "Monitoring of users' projects leaves out objects that name files of Prometheus.",
        fix: "Name a Secret or a ConfigMap of the namespace.",
      }));
    });
  },
};

const honorLabels: Rule<KubernetesObject> = {
  id: "observability/honor-labels",
  severity: "warning",
  source: `${userWorkload} overrideHonorLabels`,
  check(monitor) {
    if (!isUserProject(monitor)) return [];
    return indexedAt(monitor, "spec", "endpoints").flatMap(([index, endpoint]): Violation[] => {
      if (endpoint.honorLabels !== true) return [];
      const message = "Monitoring of users' projects does not honour labels of the target.";
      return [{ path: ["spec", "endpoints", index, "honorLabels"], message }];
    });
  },
};

const otherNamespaces: Rule<KubernetesObject> = {
  id: "observability/other-namespaces",
  severity: "warning",
  source: `${userWorkload} ignoreNamespaceSelectors`,
  check(monitor) {
    if (!isUserProject(monitor)) return [];
    const chosen = objectAt(monitor, "spec", "namespaceSelector");
    const others = textsAt(chosen, "matchNames").filter((name) => name !== monitor.metadata.namespace);
    if (chosen.any !== true && others.length === 0) return [];
    const message = "Monitoring of users' projects looks for Services in the object's own namespace only.";
    return [{ path: ["spec", "namespaceSelector"], message, fix: "Use one ServiceMonitor in each namespace." }];
  },
};

const usualTimeout: Rule<KubernetesObject> = {
  id: "observability/scrape-timeout-default",
  severity: "warning",
  source:
    "prometheus-operator validateScrapeIntervalAndTimeout; OpenShift scrapes every 30 seconds unless told otherwise",
  check: (monitor) =>
    indexedAt(monitor, "spec", "endpoints").flatMap(([index, endpoint]): Violation[] => {
      const text = textAt(endpoint, "scrapeTimeout");
      if (!text || (!missing(endpoint, "interval") && endpoint.interval !== "")) return [];
      if ((milliseconds(text) ?? 0) <= usualInterval * 1000) return [];
      const message = `A timeout of ${text} is longer than the usual interval of ${usualInterval}s; the object is left out then.`;
      return [
        {
          path: ["spec", "endpoints", index, "scrapeTimeout"],
          message,
          fix: "Give an interval that is at least as long.",
        },
      ];
    }),
};

/** What OpenShift's monitoring of users' projects ignores of a ServiceMonitor. */
export const openShiftMonitorRules: readonly Rule<KubernetesObject>[] = [
  files,
  honorLabels,
  otherNamespaces,
  usualTimeout,
];
