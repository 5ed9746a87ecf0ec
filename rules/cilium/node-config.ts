import { isObject } from "../../model";
import type { KubernetesObject } from "../../model";
import { objectAt } from "../read";
import type { Rule } from "../rule";

const nodeConfigKeys: Rule<KubernetesObject> = {
  id: "cilium/node-config-key",
  severity: "error",
  source: "Cilium pkg/k8s/apis/cilium.io/v2 CiliumNodeConfigSpec: keys are those of the ConfigMap cilium-config",
  check: (object) =>
    Object.keys(objectAt(object, "spec", "defaults"))
      .filter((key) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(key))
      .map((key) => ({
        path: ["spec", "defaults", key],
        message: `"${key}" is no key of the ConfigMap cilium-config; agents ignore it.`,
        fix: "Keys are those of the agents, such as enable-wireguard, not Helm's.",
      })),
};

const nodeConfigPlace: Rule<KubernetesObject> = {
  id: "cilium/node-config-namespace",
  severity: "warning",
  source: "Cilium documentation, configuration/per-node-config: agents read those of their own namespace",
  check: ({ metadata: { namespace } }) =>
    namespace === undefined || ["cilium", "kube-system"].includes(namespace)
      ? []
      : [{ path: ["metadata", "namespace"], message: `Agents that do not run in ${namespace} do not read it.` }],
};

const nodeConfigEmpty: Rule<KubernetesObject> = {
  id: "cilium/node-config-empty",
  severity: "warning",
  source: "Cilium CRD of CiliumNodeConfig, defaults",
  check: (object) => {
    const defaults = object.spec?.defaults;
    if (!isObject(defaults) || Object.keys(defaults).length > 0) return [];
    return [{ path: ["spec", "defaults"], message: "Without keys it changes nothing." }];
  },
};

/** What is to know of a CiliumNodeConfig. */
export const ciliumNodeConfigRules: readonly Rule<KubernetesObject>[] = [
  nodeConfigKeys,
  nodeConfigPlace,
  nodeConfigEmpty,
];
