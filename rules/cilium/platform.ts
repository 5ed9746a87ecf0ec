import type { KubernetesObject } from "../../model";
import { isNetwork } from "../../model/addresses";
import type { Rule } from "../rule";
import { replacesKubeProxy, valuesRule } from "./values";

/** Folders of OpenShift's Multus. Source: cluster-network-operator bindata/network/multus. */
const paths: Readonly<Record<string, string>> = {
  "cni.binPath": "/var/lib/cni/bin",
  "cni.confPath": "/var/run/multus/cni/net.d",
};

/** Rule C32. */
const cniPaths = valuesRule(
  "cni-paths",
  "error",
  "the chart's defaults are folders that OpenShift's kubelet and Multus do not read",
  (values) =>
    Object.entries(paths)
      .filter(([at, path]) => values.isNot(at, path))
      .map(([at, path]) => ({ at, message: "OpenShift does not look for CNI plugins there.", fix: `Write ${path}.` })),
);

/** Rule C31. */
const exclusive = valuesRule(
  "cni-exclusive",
  "warning",
  "multus-cni#972, multus-cni#1132: Cilium renames the configurations of others",
  (values) => {
    if (!values.isNot("cni.exclusive", "false", "true")) return undefined;
    const message = "Cilium renames the CNI configurations of others in its folder, which can take Multus away.";
    return { at: "cni.exclusive", message, fix: "Write false." };
  },
);

/** Rule C33. */
const hubble = valuesRule("hubble", "error", "templates/validate.yaml", (values) => {
  const off = values.text("hubble.enabled") === "false";
  const faults = [];
  if (values.on("hubble.relay.enabled") && off) {
    faults.push({ at: "hubble.relay.enabled", message: "The relay needs hubble.enabled; the chart fails." });
  }
  if (values.on("hubble.ui.enabled") && values.isNot("hubble.relay.enabled", "true", "false")) {
    faults.push({ at: "hubble.ui.enabled", message: "The interface needs hubble.relay.enabled; the chart fails." });
  }
  if (
    values.text("hubble.tls.auto.method") === "certmanager" &&
    values.without("hubble.tls.auto.certManagerIssuerRef")
  ) {
    faults.push({
      at: "hubble.tls.auto.certManagerIssuerRef",
      message: "Certificates of cert-manager need an issuer.",
    });
  }
  return faults;
});

/** Rule C33, metrics. */
const metrics = valuesRule(
  "hubble-metrics",
  "error",
  "Hubble's metrics documentation; both count the same requests",
  (values) => {
    const at = "hubble.metrics.enabled";
    const list = values.get(at);
    const items = (Array.isArray(list) ? list : []).filter((item): item is string => typeof item === "string");
    const names = items.map((item) => item.replace(/[:;].*/s, ""));
    const known = [
      "dns",
      "drop",
      "flow",
      "flows-to-world",
      "httpV2",
      "http",
      "icmp",
      "port-distribution",
      "tcp",
      "policy",
      "sctp",
    ];
    const faults = names
      .filter((name) => name !== "kafka" && !known.includes(name))
      .map((name) => ({ at, message: `There is no metric "${name}".`, fix: `Known: ${known.join(", ")}.` }));
    if (names.includes("http") && names.includes("httpV2")) {
      faults.push({ at, message: "http and httpV2 cannot be on together.", fix: "Use httpV2." });
    }
    if (names.includes("kafka"))
      faults.push({ at, message: "The metric kafka is gone in 1.20.", fix: "Leave it out." });
    return faults;
  },
);

/** Rule C34. */
const l7Proxy = valuesRule("l7-proxy", "error", "templates/validate.yaml", (values) => {
  if (values.text("l7Proxy") !== "false") return [];
  const at = ["ingressController.enabled", "gatewayAPI.enabled", "envoyConfig.enabled"].filter((path) =>
    values.on(path),
  );
  if (values.text("loadBalancer.l7.backend") === "envoy") at.push("loadBalancer.l7.backend");
  return at.map((path) => ({ at: path, message: "It needs l7Proxy; the chart fails." }));
});

/** Rule C41. */
const cluster = valuesRule("cluster", "error", "templates/validate.yaml", (values) => {
  const name = values.text("cluster.name") ?? "default";
  const faults = [];
  if (name.length > 32 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    faults.push({ at: "cluster.name", message: `"${name}" cannot be the name of a cluster.` });
  }
  if (name === "default" && values.has("cluster.id") && values.isNot("cluster.id", "0", "0")) {
    faults.push({ at: "cluster.name", message: 'A cluster with an id needs another name than "default".' });
  }
  const most = values.text("clustermesh.maxConnectedClusters") ?? "255";
  if (!["255", "511"].includes(most)) {
    faults.push({ at: "clustermesh.maxConnectedClusters", message: "It is 255 or 511." });
  }
  if (values.text("ipv4.enabled") === "false" && !values.on("ipv6.enabled")) {
    faults.push({ at: "ipv4.enabled", message: "IPv4 and IPv6 cannot both be off." });
  }
  return faults;
});

/** Rule C46. */
const labels = valuesRule(
  "identity-labels",
  "warning",
  "Cilium takes labels into identities; KubeVirt's change while a machine lives",
  (values) => {
    if (values.has("labels")) return undefined;
    const message = "Every virtual machine gets an identity of its own, and a new one at each migration.";
    const fix = String.raw`Exclude KubeVirt's labels, for example "!kubevirt\.io/nodeName !kubevirt\.io/migrationJobUID".`;
    return { at: "labels", message, fix };
  },
);

/** Rule C45. */
const devices = valuesRule(
  "devices",
  "info",
  "project Syn's component-cilium; agents attach to what they find, virtual functions among it",
  (values) => {
    if (!replacesKubeProxy(values) || values.has("devices")) return undefined;
    const message =
      "Agents choose the interfaces by themselves; on nodes with SR-IOV devices or bridges they may choose wrong.";
    return { at: "devices", message, fix: "Name the uplinks." };
  },
);

/** Rule C43. */
const ports = valuesRule(
  "ports",
  "warning",
  "OpenShift's installer opens 4789/udp and 9000-9999/tcp between nodes",
  (values) => {
    if (values.text("routingMode") === "native" || !values.isNot("tunnelPort", "4789", "0")) return undefined;
    if (values.isNot("tunnelProtocol", "vxlan", "vxlan")) return undefined;
    const message = "OpenShift's installer opens UDP port 4789 between nodes, not Cilium's 8472.";
    return { at: "tunnelPort", message, fix: "Write 4789, or open the port." };
  },
);

const rollOut = valuesRule(
  "agent-restart",
  "warning",
  "templates/cilium-agent/daemonset.yaml: agents restart with a new configuration only when this is set",
  (values) => {
    if (!values.isNot("rollOutCiliumPods", "true", "false")) return undefined;
    const message = "Agents read their configuration when they start; a change does not restart them by itself.";
    return { at: "rollOutCiliumPods", message, fix: "Write true." };
  },
);

const pools = valuesRule(
  "pod-pools",
  "error",
  "values.schema.json: the mask is a number, pools are blocks. Rule C49 compares them with the cluster",
  (values) => {
    const at = "ipam.operator.clusterPoolIPv4PodCIDRList";
    const list = values.get(at);
    const faults = (Array.isArray(list) ? list : typeof list === "string" ? [list] : [])
      .filter((pool): pool is string => typeof pool === "string" && !isNetwork(pool))
      .map((pool) => ({ at, message: `"${pool}" is no block of addresses.` }));
    const mask = values.get("ipam.operator.clusterPoolIPv4MaskSize");
    if (mask !== undefined && !Number.isInteger(mask)) {
      faults.push({ at: "ipam.operator.clusterPoolIPv4MaskSize", message: "It must be a number, not a text." });
    }
    return faults;
  },
);

const certificates = valuesRule(
  "hubble-certificates",
  "info",
  "Helm makes new certificates at each rendering outside of a cluster (templates/hubble/tls-helm)",
  (values) => {
    if (values.text("hubble.enabled") === "false" || values.isNot("hubble.tls.auto.method", "helm", "helm"))
      return undefined;
    if (values.text("hubble.tls.enabled") === "false" || values.text("hubble.tls.auto.enabled") === "false")
      return undefined;
    const message = "Certificates made by Helm last for a year and are not renewed by themselves.";
    return { at: "hubble.tls.auto.method", message, fix: "Use cronJob or certmanager." };
  },
);

/** Rules on OpenShift, virtual machines and Hubble. */
export const platformRules: readonly Rule<KubernetesObject>[] = [
  cniPaths,
  exclusive,
  hubble,
  metrics,
  l7Proxy,
  cluster,
  labels,
  devices,
  ports,
  rollOut,
  pools,
  certificates,
];
