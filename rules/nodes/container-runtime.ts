import type { KubernetesObject, PathStep } from "../../model";
import { parseQuantity } from "../quantity";
import { numberAt, objectAt, textAt } from "../read";
import type { Rule } from "../rule";
import { poolSelectorRule } from "./kubelet";

const runtime: PathStep[] = ["spec", "containerRuntimeConfig"];
const source =
  "machine-config-operator pkg/controller/container-runtime-config/helpers.go validateUserContainerRuntimeConfig";

const pids: Rule<KubernetesObject> = {
  id: "nodes/runtime-pids",
  severity: "error",
  source,
  check(object) {
    const limit = numberAt(object, ...runtime, "pidsLimit");
    if (limit === undefined || limit === 0 || limit >= 20) return [];
    return [{ path: [...runtime, "pidsLimit"], message: `${limit} is too few processes.`, fix: "The least is 20." }];
  },
};

/** Sizes up to this one are refused. */
const minLogSize = 8192;

const logSize: Rule<KubernetesObject> = {
  id: "nodes/runtime-log-size",
  severity: "error",
  source,
  check(object) {
    const size = parseQuantity(objectAt(object, ...runtime).logSizeMax);
    if (size === undefined || size <= 0 || size > minLogSize) return [];
    const fix = "Use more than 8192 bytes, or -1 for no limit.";
    return [{ path: [...runtime, "logSizeMax"], message: `Logs of ${size} bytes are too small.`, fix }];
  },
};

const overlaySize: Rule<KubernetesObject> = {
  id: "nodes/runtime-overlay-size",
  severity: "error",
  source,
  check(object) {
    const size = parseQuantity(objectAt(object, ...runtime).overlaySize);
    if (size === undefined || size >= 0) return [];
    return [{ path: [...runtime, "overlaySize"], message: "A size cannot be negative." }];
  },
};

const names: Readonly<Record<string, readonly string[]>> = {
  logLevel: ["error", "fatal", "panic", "warn", "info", "debug", "trace"],
  defaultRuntime: ["crun", "runc"],
};

const value: Rule<KubernetesObject> = {
  id: "nodes/runtime-value",
  severity: "error",
  source: `${source}; the CRD has no enums`,
  check(object) {
    return Object.entries(names).flatMap(([key, allowed]) => {
      const text = textAt(object, ...runtime, key);
      if (text === undefined || text === "" || allowed.includes(text)) return [];
      const message = `"${text}" is no value of ${key}.`;
      return [{ path: [...runtime, key], message, fix: `Allowed: ${allowed.join(", ")}.` }];
    });
  },
};

/** What the machine config operator refuses of a ContainerRuntimeConfig. */
export const containerRuntimeConfigRules: readonly Rule<KubernetesObject>[] = [
  poolSelectorRule(
    "nodes/runtime-pool-selector",
    "machine-config-operator pkg/controller/container-runtime-config getPoolsForContainerRuntimeConfig",
  ),
  pids,
  logSize,
  overlaySize,
  value,
];
