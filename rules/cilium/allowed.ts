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
const wrongWord = valuesRule(
  "value",
  "error",
  "values.yaml and templates/cilium-configmap.yaml; option.Validate of the agent",
  (values) =>
    Object.entries(words).flatMap(([at, allowed]) => {
      const word = values.text(at);
      if (word === undefined || allowed.includes(word)) return [];
      const fix = `Allowed: ${allowed.filter(Boolean).join(", ")}.`;
      return [{ at, message: `"${word}" is not allowed; the chart does not check it.`, fix }];
    }),
);

/** Rule C05. The chart compares the type exactly and has no else branch: another spelling renders nothing, so pods talk in clear text while the release looks well. */
const encryptionType = valuesRule(
  "encryption-type",
  "error",
  "templates/cilium-configmap.yaml, encryption.type",
  (values) => {
    const type = values.text("encryption.type");
    if (type === undefined || ["ipsec", "wireguard", "ztunnel"].includes(type)) return undefined;
    const message = `"${type}" switches no encryption on: pods talk in clear text.`;
    return { at: "encryption.type", message, fix: "Write wireguard, ipsec or ztunnel, in lower case." };
  },
);

/** Rule C01. */
const kubeProxyReplacement = valuesRule(
  "kube-proxy-replacement",
  "error",
  "templates/cilium-configmap.yaml: other values fail since 1.16",
  (values) => {
    const word = values.text("kubeProxyReplacement");
    if (word === undefined || ["true", "false"].includes(word)) return undefined;
    const message = `"${word}" is not allowed any more: kubeProxyReplacement is true or false.`;
    return { at: "kubeProxyReplacement", message, fix: "Write true." };
  },
);

/** Rule C48. */
const clouds = valuesRule(
  "cloud-mode",
  "error",
  "the helper modes belong to the managed Kubernetes of clouds",
  (values) =>
    ["eni.enabled", "azure.enabled", "alibabacloud.enabled", "gke.enabled", "aksbyocni.enabled"]
      .filter((at) => values.on(at))
      .map((at) => ({ at, message: "This mode is for a cloud's own Kubernetes, not for OpenShift." })),
);

/** Rules on single values. */
export const allowedRules: readonly Rule<KubernetesObject>[] = [
  kubeProxyReplacement,
  encryptionType,
  wrongWord,
  clouds,
];
