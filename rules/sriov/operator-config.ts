import type { KubernetesObject } from "../../model";
import { objectAt } from "../read";
import type { Rule } from "../rule";
import { operatorNamespace } from "./namespace";

/** Source: sriov-network-operator v1.6.0 pkg/webhook/validate.go validateSriovOperatorConfig. */
const singleton: Rule<KubernetesObject> = {
  id: "sriov/operator-config-name",
  severity: "error",
  check({ metadata }) {
    const fix = `Call it default, in namespace ${operatorNamespace}.`;
    const message = "The operator reads one configuration only.";
    const wrongName = typeof metadata.name === "string" && metadata.name !== "default";
    const wrongNamespace = typeof metadata.namespace === "string" && metadata.namespace !== operatorNamespace;
    return [
      ...(wrongName ? [{ path: ["metadata", "name"], message, fix }] : []),
      ...(wrongNamespace ? [{ path: ["metadata", "namespace"], message, fix }] : []),
    ];
  },
};

/** Source: the same function warns of it. */
const drain: Rule<KubernetesObject> = {
  id: "sriov/drain-disabled",
  severity: "warning",
  check(object) {
    if (object.spec?.disableDrain !== true) return [];
    const message = "Nodes are not drained before their virtual functions change; pods that use them break.";
    return [{ path: ["spec", "disableDrain"], message, fix: "Use it on single-node clusters only." }];
  },
};

/** Source: sriov-network-operator v1.6.0: without the webhook nothing but the CRD is checked and priority has no default. */
const webhook: Rule<KubernetesObject> = {
  id: "sriov/webhook-disabled",
  severity: "warning",
  check(object) {
    if (object.spec?.enableOperatorWebhook !== false) return [];
    const message =
      "Without the operator's webhook wrong policies are accepted, and one without priority gets 0, the strongest.";
    return [{ path: ["spec", "enableOperatorWebhook"], message }];
  },
};

/** Source: sriov-network-operator v1.6.0 pkg/consts/constants.go. */
const gates = [
  "parallelNicConfig",
  "resourceInjectorMatchCondition",
  "metricsExporter",
  "manageSoftwareBridges",
  "mellanoxFirmwareReset",
  "blockDevicePluginUntilConfigured",
];

/** Source: the CRD takes any name, the operator ignores what it does not know. */
const featureGates: Rule<KubernetesObject> = {
  id: "sriov/feature-gate",
  severity: "warning",
  check(object) {
    const path = ["spec", "featureGates"];
    return Object.keys(objectAt(object, ...path))
      .filter((name) => !gates.includes(name))
      .map((name) => ({
        path: [...path, name],
        message: `The operator does not know the feature gate "${name}" and ignores it.`,
        fix: `Known: ${gates.join(", ")}.`,
      }));
  },
};

/** Rules on the SR-IOV operator's configuration. */
export const operatorConfigRules: readonly Rule<KubernetesObject>[] = [singleton, drain, webhook, featureGates];
