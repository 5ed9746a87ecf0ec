import type { KubernetesObject } from "../../model";
import type { Rule } from "../rule";
import { valuesRule } from "./values";

/**
 * Values with a fixed set of words. Cilium's chart checks almost none of them: a wrong word is rendered nowhere or makes
 * the agents refuse to start. "" is the chart's own default. Source: Cilium 1.20 values.yaml and
 * templates/cilium-configmap.yaml.
 */
const words: Readonly<Record<string, readonly string[]>> = {
  "bpf.datapathMode": ["veth", "netkit", "netkit-l2", "auto"],
  "bpf.monitorAggregation": ["none", "low", "medium", "maximum"],
  "cni.chainingMode": ["none", "aws-cni", "flannel", "generic-veth", "portmap"],
  defaultLBServiceIPAM: ["lbipam", "nodeipam", "none"],
  "hubble.tls.auto.method": ["helm", "cronJob", "certmanager"],
  "ipam.mode": ["cluster-pool", "kubernetes", "multi-pool", "crd", "delegated-plugin", "eni", "azure", "alibabacloud"],
  "loadBalancer.acceleration": ["disabled", "native", "best-effort"],
  "loadBalancer.algorithm": ["random", "maglev"],
  "loadBalancer.dsrDispatch": ["opt", "ipip", "geneve"],
  "loadBalancer.l7.backend": ["disabled", "envoy"],
  "loadBalancer.mode": ["snat", "dsr", "hybrid"],
  policyDenyResponse: ["none", "icmp"],
  policyEnforcementMode: ["default", "always", "never"],
  routingMode: ["", "tunnel", "native"],
  tunnelProtocol: ["", "vxlan", "geneve"],
  underlayProtocol: ["", "ipv4", "ipv6"],
};

/** Words that the agents or the chart refuse, or take for nothing. */
const wrongWord = valuesRule("value", "error", (values) =>
  Object.entries(words).flatMap(([at, allowed]) => {
    const word = values.text(at);
    if (word === undefined || allowed.includes(word)) return [];
    const fix = `Allowed: ${allowed.filter(Boolean).join(", ")}.`;
    return [{ at, message: `"${word}" is not allowed; the chart does not check it.`, fix }];
  }),
);

/**
 * Rule C05. The chart compares the type exactly and has no else branch: another spelling renders nothing, so pods talk in
 * clear text while the release looks well. Source: templates/cilium-configmap.yaml, encryption.type.
 */
const encryptionType = valuesRule("encryption-type", "error", (values) => {
  const type = values.text("encryption.type");
  if (type === undefined || ["ipsec", "wireguard", "ztunnel"].includes(type)) return undefined;
  const message = `"${type}" switches no encryption on: pods talk in clear text.`;
  return { at: "encryption.type", message, fix: "Write wireguard, ipsec or ztunnel, in lower case." };
});

/** Rule C01. Source: templates/cilium-configmap.yaml: other values fail since 1.16. */
const kubeProxyReplacement = valuesRule("kube-proxy-replacement", "error", (values) => {
  const word = values.text("kubeProxyReplacement");
  if (word === undefined || ["true", "false"].includes(word)) return undefined;
  const message = `"${word}" is not allowed any more: kubeProxyReplacement is true or false.`;
  return { at: "kubeProxyReplacement", message, fix: "Write true." };
});

/** Keys at which every supported chart fails, with what came instead. Source: templates/validate.yaml. */
const refused: Readonly<Record<string, string>> = {
  "ciliumEndpointSlice.sliceMode": "It has no successor.",
  "containerRuntime.integration": "It has no successor.",
  enableCnpStatusUpdates: "It has no successor.",
  enableK8sEventHandover: "It has no successor.",
  "encryption.interface": "Use encryption.ipsec.interface.",
  "encryption.keyFile": "Use encryption.ipsec.keyFile.",
  "encryption.mountPath": "Use encryption.ipsec.mountPath.",
  "encryption.secretName": "Use encryption.ipsec.secretName.",
  enableCiliumEndpointSlice: "Use ciliumEndpointSlice.enabled.",
  endpointStatus: "It has no successor.",
  "etcd.managed": "It has no successor.",
  "proxy.prometheus": "Use envoy.prometheus.",
  remoteNodeIdentity: "It is always on.",
  tunnel: "Use routingMode and tunnelProtocol.",
};

/** Keys that no supported version reads, with what came instead. Source: chart differences 1.15 to 1.18. */
const ignored: Readonly<Record<string, string>> = {
  "bgp.enabled": "Use bgpControlPlane.enabled and CiliumBGPClusterConfig.",
  enableRuntimeDeviceDetection: "It is always on.",
  "encryption.wireguard.userspaceFallback": "It has no successor.",
  "externalIPs.enabled": "kubeProxyReplacement implies it.",
  externalWorkloads: "It has no successor.",
  highScaleIPcache: "It has no successor.",
  "hostPort.enabled": "kubeProxyReplacement implies it.",
  hostServices: "Use socketLB.",
  "hubble.export.fileMaxBackups": "Use hubble.export.static.fileMaxBackups.",
  "hubble.export.fileMaxSizeMb": "Use hubble.export.static.fileMaxSizeMb.",
  "loadBalancer.experimental": "It has no successor.",
};

/** Keys that 1.18 still reads and 1.19 does not. Source: chart difference 1.18 to 1.19. */
const ignoredSince119: Readonly<Record<string, string>> = {
  customCalls: "It has no successor.",
  "l2podAnnouncements.interface": "Use l2podAnnouncements.interfacePattern.",
  "nodePort.enabled": "kubeProxyReplacement implies it.",
  sessionAffinity: "It is always on.",
  svcSourceRangeCheck: "It is always on.",
};

/** Keys at which the chart fails. */
const refusedKey = valuesRule("refused-value", "error", (values) =>
  Object.entries(refused)
    .filter(([at]) => values.holds(at))
    .map(([at, fix]) => ({ at, message: "The chart of every supported Cilium fails at this key.", fix })),
);

/** Keys without effect. Source: values.schema.json allows every key, so the chart accepts and ignores them. */
const removed = valuesRule("removed-value", "warning", (values) => {
  const found = (
    keys: Readonly<Record<string, string>>,
    message: string,
  ): { at: string; message: string; fix: string }[] =>
    Object.entries(keys)
      .filter(([at]) => values.holds(at))
      .map(([at, fix]) => ({ at, message, fix }));
  return [
    ...found(ignored, "No supported Cilium reads this key."),
    ...found(ignoredSince119, "Cilium 1.19 and later do not read this key."),
  ];
});

/**
 * Rule C06. Up to 1.19 strict mode stands in strictMode itself, since 1.20 in strictMode.egress; the wrong place is
 * ignored. The values do not say the version, so this is a hint. Source: chart difference 1.19 to 1.20.
 */
const strictModePlace = valuesRule("strict-mode-place", "info", (values) => {
  const old = ["enabled", "cidr", "allowRemoteNodeIdentities"].filter((key) =>
    values.holds(`encryption.strictMode.${key}`),
  );
  const [first] = old;
  if (!first || values.has("encryption.strictMode.egress")) return undefined;
  const message = "Cilium 1.20 and later read strict mode in strictMode.egress only; here it would be off.";
  return { at: `encryption.strictMode.${first}`, message, fix: "From 1.20 on write it below strictMode.egress." };
});

/** Rule C48. Source: the helper modes belong to the managed Kubernetes of clouds. */
const clouds = valuesRule("cloud-mode", "error", (values) =>
  ["eni.enabled", "azure.enabled", "alibabacloud.enabled", "gke.enabled", "aksbyocni.enabled"]
    .filter((at) => values.on(at))
    .map((at) => ({ at, message: "This mode is for a cloud's own Kubernetes, not for OpenShift." })),
);

/** Rules on single values. */
export const allowedRules: readonly Rule<KubernetesObject>[] = [
  kubeProxyReplacement,
  encryptionType,
  wrongWord,
  refusedKey,
  removed,
  strictModePlace,
  clouds,
];
