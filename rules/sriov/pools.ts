import type { KubernetesObject } from "../../model";
import { indexedAt, textAt } from "../read";
import type { Rule } from "../rule";
import { ignoredElsewhere } from "./namespace";

const webhook = "sriov-network-operator v1.6.0 pkg/webhook/validate.go validateSriovNetworkPoolConfig";
const offload = (pool: KubernetesObject): string => textAt(pool, "spec", "ovsHardwareOffloadConfig", "name") ?? "";

const namespace: Rule<KubernetesObject> = {
  id: "sriov/pool-namespace",
  severity: "error",
  source: "sriov-network-operator v1.6.0 main.go: the manager watches its own namespace only",
  check: ignoredElsewhere,
};

const alone: Rule<KubernetesObject> = {
  id: "sriov/pool-offload-alone",
  severity: "error",
  source: webhook,
  check(pool) {
    if (offload(pool) === "") return [];
    return ["maxUnavailable", "nodeSelector"]
      .filter((key) => pool.spec?.[key] !== undefined && pool.spec[key] !== null)
      .map((key) => ({
        path: ["spec", key],
        message: `${key} cannot go with ovsHardwareOffloadConfig.`,
        fix: "Use two pool configurations.",
      }));
  },
};

const maxUnavailable: Rule<KubernetesObject> = {
  id: "sriov/pool-max-unavailable",
  severity: "error",
  source: "sriov-network-operator v1.6.0 api/v1/helper.go SriovNetworkPoolConfig.MaxUnavailable",
  check({ spec = {} }) {
    const value = spec.maxUnavailable;
    const percent = typeof value === "string" ? /^[+]?(\d+)%$/.exec(value)?.[1] : undefined;
    const share = Number(percent ?? 0);
    const good =
      typeof value === "string"
        ? share >= 1 && share <= 100
        : typeof value !== "number" || (value >= 0 && value < 2 ** 31);
    if (good) return [];
    const message = `${JSON.stringify(value)} is neither a number of nodes nor a share of them.`;
    return [{ path: ["spec", "maxUnavailable"], message, fix: 'Write a whole number, or "1%" to "100%".' }];
  },
};

const allAtOnce: Rule<KubernetesObject> = {
  id: "sriov/pool-all-at-once",
  severity: "warning",
  source: "sriov-network-operator v1.6.0 api/v1/helper.go SriovNetworkPoolConfig.MaxUnavailable",
  check(pool) {
    const spec = pool.spec;
    if (!spec || offload(pool) !== "" || ("maxUnavailable" in spec && spec.maxUnavailable !== null)) return [];
    const message = "Without maxUnavailable all nodes of the pool are drained at the same time.";
    return [{ path: ["spec", "maxUnavailable"], message, fix: "Write maxUnavailable: 1." }];
  },
};

const master: Rule<KubernetesObject> = {
  id: "sriov/pool-offload-master",
  severity: "error",
  source:
    "sriov-network-operator v1.6.0 controllers/sriovnetworkpoolconfig_controller.go syncOvsHardwareOffloadMachineConfigs",
  check(pool) {
    if (offload(pool) !== "master") return [];
    const message = "The operator ignores hardware offload for the pool master.";
    return [{ path: ["spec", "ovsHardwareOffloadConfig", "name"], message, fix: "Name a pool of workers." }];
  },
};

const selector: Rule<KubernetesObject> = {
  id: "sriov/pool-selector",
  severity: "error",
  source: "apimachinery LabelSelectorAsSelector, which the operator's drain controller calls",
  check(pool) {
    const path = ["spec", "nodeSelector", "matchExpressions"];
    return indexedAt(pool, ...path).flatMap(([index, entry]) => {
      const { operator, values } = entry;
      const unknown = operator === undefined || ("values" in entry && values === undefined);
      if (unknown) return [];
      const some = Array.isArray(values) && values.length > 0;
      const good = ["In", "NotIn"].includes(String(textAt(entry, "operator")))
        ? some
        : ["Exists", "DoesNotExist"].includes(String(textAt(entry, "operator"))) && !some;
      const fix = "In and NotIn have values; Exists and DoesNotExist have none.";
      return good ? [] : [{ path: [...path, index], message: "The operator cannot read this requirement.", fix }];
    });
  },
};

/** Rules on a SriovNetworkPoolConfig. */
export const poolRules: readonly Rule<KubernetesObject>[] = [
  namespace,
  alone,
  maxUnavailable,
  allAtOnce,
  master,
  selector,
];
