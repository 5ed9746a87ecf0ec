import type { KubernetesObject } from "../../model";
import { indexedAt, mapAt, objectAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";

const chart = "install/kubernetes/cilium: the chart renders the object anew at each upgrade";
const values = "Set it in a CiliumConfig, or in the values of Cilium's chart.";

/** Objects that Helm or the operator made themselves are no hand-written ones. */
function rendered({ metadata }: KubernetesObject): boolean {
  const release = metadata.annotations?.["meta.helm.sh/release-name"];
  const manager = metadata.labels?.["app.kubernetes.io/managed-by"];
  return Boolean(release || manager || metadata.ownerReferences?.length);
}

const isConfig = (object: KubernetesObject): boolean => object.metadata.name === "cilium-config";
const isAgent = (object: KubernetesObject): boolean => object.metadata.name === "cilium";

/** Keys that no agent of a supported version reads. */
const unread: Readonly<Record<string, string>> = {
  "wireguard-userspace-fallback": "It never was a key; kernels have had WireGuard since 5.6. Take it out.",
  "enable-wireguard-userspace-fallback": "Cilium 1.17 removed it. Take it out.",
};

/** What kube-proxy-replacement may not be any more. */
function replacement(word: string | undefined): Omit<Violation, "path"> | undefined {
  if (word === undefined || ["true", "false"].includes(word)) return undefined;
  const message = `"${word}" is not allowed any more: kube-proxy-replacement is true or false.`;
  return { message, fix: `Use true. ${values}` };
}

export const configMapRules: readonly Rule<KubernetesObject>[] = [
  {
    id: "cilium/config-map-edited",
    severity: "warning",
    source: chart,
    check(object) {
      if (!isConfig(object) || rendered(object)) return [];
      const message = "Cilium's installation owns this ConfigMap: what is edited here is lost at its next upgrade.";
      return [{ path: ["metadata", "name"], message, fix: values }];
    },
  },
  {
    id: "cilium/config-map-key",
    severity: "error",
    source: "cilium 1.20 pkg/wireguard/agent: flags of the agent",
    check: (object) =>
      Object.keys(isConfig(object) ? mapAt(object, "data") : {}).flatMap((key) => {
        const fix = unread[key];
        return fix ? [{ path: ["data", key], message: `Agents do not read "${key}".`, fix }] : [];
      }),
  },
  {
    id: "cilium/config-map-replacement",
    severity: "error",
    source: "cilium 1.20 pkg/kpr/config.go: a boolean",
    check(object) {
      const wrong = isConfig(object) && replacement(mapAt(object, "data")["kube-proxy-replacement"]);
      return wrong ? [{ path: ["data", "kube-proxy-replacement"], ...wrong }] : [];
    },
  },
  {
    id: "cilium/config-map-http-metrics",
    severity: "warning",
    source: "cilium pkg/hubble/metrics/http: version 2 supersedes it",
    check(object) {
      const metrics = (isConfig(object) && mapAt(object, "data")["hubble-metrics"]) || "";
      if (!/(^|\s)http(:|\s|$)/.test(metrics)) return [];
      const message = "The metric http is superseded by httpV2; both at once do not work.";
      return [{ path: ["data", "hubble-metrics"], message, fix: "Use httpV2." }];
    },
  },
];

/** The agent's containers, each with its path. */
function agentContainers(object: KubernetesObject): { path: (string | number)[]; args: string[] }[] {
  const at = ["spec", "template", "spec", "containers"];
  if (!isAgent(object)) return [];
  return indexedAt(object, ...at)
    .filter(([, container]) => textAt(container, "name") === "cilium-agent")
    .map(([index, container]) => ({ path: [...at, index], args: textsAt(container, "args") }));
}

export const agentRules: readonly Rule<KubernetesObject>[] = [
  {
    id: "cilium/agent-edited",
    severity: "warning",
    source: chart,
    check(object) {
      if (rendered(object)) return [];
      return agentContainers(object).map(() => ({
        path: ["metadata", "name"],
        message: "Cilium's installation owns this DaemonSet: what is edited here is lost at its next upgrade.",
        fix: values,
      }));
    },
  },
  {
    id: "cilium/agent-replacement",
    severity: "error",
    source: "cilium 1.20 pkg/kpr/config.go: a boolean",
    check: (object) =>
      agentContainers(object).flatMap(({ path, args }) =>
        args.flatMap((arg, index) => {
          const wrong = replacement(/^--kube-proxy-replacement=(.*)$/.exec(arg)?.[1]);
          return wrong ? [{ path: [...path, "args", index], ...wrong }] : [];
        }),
      ),
  },
  {
    id: "cilium/agent-cpu-limit",
    severity: "warning",
    source: "cilium values.yaml sets no limits: compiling programs and regenerating endpoints need bursts",
    check: (object) =>
      agentContainers(object).flatMap(({ path }) => {
        const limits = [...path, "resources", "limits"];
        if (!("cpu" in objectAt(object, ...limits))) return [];
        const message = "A limit on the agent's CPU slows down policy changes and new pods.";
        return [{ path: [...limits, "cpu"], message, fix: "Set requests only." }];
      }),
  },
];
