import type { KubernetesObject } from "../../model";
import { objectAt } from "../read";
import type { Rule } from "../rule";
import { operatorNamespace } from "./namespace";

const singleton: Rule<KubernetesObject> = {
  id: "sriov/operator-config-name",
  severity: "error",
  source: "sriov-network-operator v1.6.0 pkg/webhook/validate.go validateSriovOperatorConfig",
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

const drain: Rule<KubernetesObject> = {
  id: "sriov/drain-disabled",
  severity: "warning",
  source: "sriov-network-operator v1.6.0 pkg/webhook/validate.go validateSriovOperatorConfig, which warns of it",
  check(object) {
    if (object.spec?.disableDrain !== true) return [];
    const message = "Nodes are not drained before their virtual functions change; pods that use them break.";
    return [{ path: ["spec", "disableDrain"], message, fix: "Use it on single-node clusters only." }];
  },
};

const webhook: Rule<KubernetesObject> = {
  id: "sriov/webhook-disabled",
  severity: "warning",
  source: "sriov-network-operator v1.6.0 pkg/webhook/mutate.go sets priority 99; the CRD has no default",
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

const featureGates: Rule<KubernetesObject> = {
  id: "sriov/feature-gate",
  severity: "warning",
  source: "sriov-network-operator v1.6.0 pkg/consts/constants.go; the CRD takes any name",
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
