import type { KubernetesObject, PathStep } from "../../model";
import { parseQuantity } from "../quantity";
import { indexedAt, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { instances } from "./sources";
import { domain, machineRule, quantityAt, setKeys, template, unknownAt } from "./template";

const cpu: PathStep[] = [...domain, "cpu"];
const requested: PathStep[] = [...domain, "resources", "requests", "cpu"];
const limited: PathStep[] = [...domain, "resources", "limits", "cpu"];
const placement: PathStep[] = [...cpu, "dedicatedCpuPlacement"];

const pinned = (machine: KubernetesObject): boolean =>
  objectAt(machine, ...cpu).dedicatedCpuPlacement === true && !unknownAt(machine, placement);

/** R23, R24, R25. */
const dedicated = machineRule(
  "dedicated-cpu",
  "error",
  `${instances} validateNUMA, validateRealtime, validateCPUIsolatorThread`,
  (machine) => {
    const settings = objectAt(machine, ...cpu);
    if (unknownAt(machine, placement) || unknownAt(machine, [...domain, "memory"])) return [];
    const placed = settings.dedicatedCpuPlacement === true;
    const passthrough = [...cpu, "numa", "guestMappingPassthrough"];
    const numa = setKeys(objectAt(settings, "numa"), ["guestMappingPassthrough"]).length > 0;
    const realtime = setKeys(settings, ["realtime"]).length > 0;
    const found: Violation[] = [];
    const message = "It needs dedicatedCpuPlacement: true.";
    if (settings.isolateEmulatorThread === true && !placed)
      found.push({ path: [...cpu, "isolateEmulatorThread"], message });
    if (numa && !placed) found.push({ path: passthrough, message });
    const pages = setKeys(objectAt(machine, ...domain, "memory"), ["hugepages"]).length > 0;
    if (numa && !pages) found.push({ path: passthrough, message: "It needs memory.hugepages." });
    if (realtime && !placed) found.push({ path: placement, message: "realtime needs it." });
    if (realtime && !numa && !unknownAt(machine, [...cpu, "numa"]))
      found.push({ path: passthrough, message: "realtime needs it." });
    return found;
  },
);

/** The processors of the topology as KubeVirt multiplies them; 0 without one, undefined when a number is not known. */
function processors(machine: KubernetesObject): number | undefined {
  const keys = ["cores", "sockets", "threads"];
  if (keys.some((key) => unknownAt(machine, [...cpu, key]))) return undefined;
  const given = keys.map((key) => numberAt(machine, ...cpu, key) ?? 0).filter((each) => each !== 0);
  return given.reduce((all, each) => all * each, given.length > 0 ? 1 : 0);
}

/** R22. Without a topology KubeVirt makes one of the request, so that it fits. */
const pinnedCount = machineRule(
  "dedicated-cpu-count",
  "error",
  `${instances} validateRequestOrLimitWithCoresProvidedOnDedicatedCPUPlacement, validateRequestEqualsLimitOnDedicatedCPUPlacement`,
  (machine) => {
    if (!pinned(machine)) return [];
    const [request, limit] = [requested, limited].map((path) => Math.ceil(quantityAt(machine, ...path) ?? 0));
    const wanted = processors(machine);
    const given = [request, limit].filter((each): each is number => each !== undefined && each > 0);
    if (given.length === 2 && request !== limit) {
      return [{ path: placement, message: `The request of ${request} processors must equal the limit, ${limit}.` }];
    }
    if (!wanted || given.length === 0 || given.includes(wanted)) return [];
    if (unknownAt(machine, requested) || unknownAt(machine, limited)) return [];
    const message = `The machine has ${wanted} processors of its own, but ${given[0]} in its resources.`;
    return [{ path: placement, message, fix: "Leave resources.requests.cpu and limits.cpu out." }];
  },
);

/** R22. */
const pinnedWhole = machineRule(
  "dedicated-cpu-whole",
  "error",
  `${instances} validateCPURequestIsInteger, validateCPULimitIsInteger`,
  (machine) =>
    [requested, limited]
      .filter((path) => pinned(machine) && !Number.isInteger(quantityAt(machine, ...path) ?? 0))
      .map((path) => ({ path, message: "A machine with its own processors takes whole ones only." })),
);

/** R22. */
const pinnedThreads = machineRule(
  "dedicated-cpu-threads",
  "error",
  `${instances} validateThreadCountOnDedicatedCPUPlacement, validateThreadCountOnArchitecture`,
  (machine) => {
    const threads = numberAt(machine, ...cpu, "threads") ?? 1;
    if (!pinned(machine)) return [];
    const found: Violation[] = [];
    if (threads > 1 && textAt(machine, ...template, "architecture") === "arm64")
      found.push({ path: [...template, "architecture"], message: `arm64 has no ${threads} threads per core.` });
    if (threads > 2) found.push({ path: placement, message: `A core has two threads at most, not ${threads}.` });
    return found;
  },
);

/** R22. */
const pinnedMemory = machineRule(
  "dedicated-cpu-memory",
  "error",
  `${instances} validateMemoryRequestsAndLimits`,
  (machine) => {
    const path: PathStep[] = [...domain, "resources", "requests", "memory"];
    const request = quantityAt(machine, ...path) ?? 0;
    const limit = quantityAt(machine, ...domain, "resources", "limits", "memory") ?? 0;
    if (!pinned(machine) || request <= 0 || limit <= 0 || request === limit) return [];
    const message = "With dedicated processors the memory request must equal the limit.";
    return [{ path, message, fix: "Leave both out and give memory.guest." }];
  },
);

/** R26. */
const sockets = machineRule("max-sockets", "error", `${instances} validateCPUHotplug`, (machine) => {
  const [now, most] = [numberAt(machine, ...cpu, "sockets"), numberAt(machine, ...cpu, "maxSockets")];
  if (now === undefined || most === undefined || most === 0 || now <= most) return [];
  return [{ path: [...cpu, "sockets"], message: `${now} sockets are more than maxSockets, ${most}.` }];
});

const policies = ["force", "require", "optional", "disable", "forbid"];

/** R27. */
const features = machineRule("cpu-feature", "error", `${instances} validateCPUFeaturePolicies`, (machine) =>
  indexedAt(machine, ...cpu, "features").flatMap(([index, feature]) => {
    const policy = textAt(feature, "policy");
    if (!policy || policies.includes(policy)) return [];
    const message = `There is no policy "${policy}".`;
    return [{ path: [...cpu, "features", index, "policy"], message, fix: `Allowed: ${policies.join(", ")}.` }];
  }),
);

/** R31. */
const amounts = machineRule(
  "cpu-request",
  "error",
  `${instances} validateCpuRequestDoesNotExceedLimit, validateCPURequestNotNegative, validateCPULimitNotNegative`,
  (machine) => {
    const request = quantityAt(machine, ...requested);
    const limit = quantityAt(machine, ...limited);
    const found: Violation[] = [];
    if (request !== undefined && request < 0) found.push({ path: requested, message: "The request is negative." });
    if (limit !== undefined && limit < 0) found.push({ path: limited, message: "The limit is negative." });
    if (request !== undefined && limit !== undefined && limit > 0 && request > limit)
      found.push({ path: requested, message: `The request is more than the limit, ${limit}.` });
    return found;
  },
);

/** Source document: E17. Nobody refuses it; it is said once too often and conflicts with an instance type. */
const twice = machineRule(
  "cpu-twice",
  "warning",
  "KubeVirt pkg/virt-controller/services/renderresources.go: requests are computed from the topology",
  (machine) => {
    const given = [requested, limited].filter((path) => parseQuantity(textAt(machine, ...path)) !== undefined);
    const numbers = [requested, limited].filter((path) => numberAt(machine, ...path) !== undefined);
    const wanted = processors(machine);
    const path = [...given, ...numbers][0];
    if (!wanted || !path || quantityAt(machine, ...path) !== wanted) return [];
    const message = "The processors are given twice: KubeVirt computes this from domain.cpu.";
    return [{ path, message, fix: "Leave it out." }];
  },
);

/** Rules on a machine's processors. */
export const cpuRules: readonly Rule<KubernetesObject>[] = [
  dedicated,
  pinnedCount,
  pinnedWhole,
  pinnedThreads,
  pinnedMemory,
  sockets,
  features,
  amounts,
  twice,
];
