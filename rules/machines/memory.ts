import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { parseQuantity } from "../quantity";
import { missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { admitters, instances } from "./sources";
import { domain, machineRule, quantityAt, setKeys, template, unknownAt } from "./template";

const resources: PathStep[] = [...domain, "resources"];
const requested: PathStep[] = [...resources, "requests", "memory"];
const limited: PathStep[] = [...resources, "limits", "memory"];
const guest: PathStep[] = [...domain, "memory", "guest"];
const pageSize: PathStep[] = [...domain, "memory", "hugepages", "pageSize"];

/** The memory that pages are counted in: the request, else the guest's, else the limit. */
function counted(machine: KubernetesObject): number | undefined {
  if ([requested, guest, limited].some((path) => unknownAt(machine, path))) return undefined;
  return [requested, guest, limited].map((path) => quantityAt(machine, ...path)).find((each) => each);
}

/** R30. A size of 0 crashes the webhook of KubeVirt 1.8. */
const pages = machineRule("hugepages", "error", `${instances} validateHugepagesMemoryRequests`, (machine) => {
  const pages = objectAt(machine, ...pageSize.slice(0, -1));
  const asked = setKeys(objectAt(machine, ...domain, "memory"), ["hugepages"]).length > 0;
  const text = missing(pages, "pageSize") ? "" : textAt(machine, ...pageSize);
  if (!asked || text === undefined || unknownAt(machine, pageSize)) return [];
  const page = parseQuantity(text);
  if (page === undefined || page === 0)
    return [{ path: pageSize, message: `"${text}" is no size of a page.`, fix: "Write 2Mi or 1Gi." }];
  const memory = counted(machine);
  if (memory === undefined || (memory >= page && memory % page === 0)) return [];
  const message = `The memory of ${memory} bytes cannot be made of pages of ${text}.`;
  return [{ path: requested, message, fix: "Give memory.guest as a multiple of the page." }];
});

const served = ["2Mi", "1Gi"];

/** Nobody refuses other sizes; no x86 or arm node of OpenShift offers them. */
const pageKind = machineRule(
  "hugepages-size",
  "warning",
  "Kubernetes: nodes offer the pages of their processor, hugepages-2Mi and hugepages-1Gi on x86",
  (machine) => {
    const page = quantityAt(machine, ...pageSize);
    const architecture = textAt(machine, ...template, "architecture") ?? "amd64";
    if (!page || architecture !== "amd64" || served.some((size) => parseQuantity(size) === page)) return [];
    const message = "No node has pages of this size.";
    return [{ path: pageSize, message, fix: `Write ${served.join(" or ")}.` }];
  },
);

/** Every place where huge pages are requested beside the memory. */
const pageRequests = (machine: KubernetesObject): PathStep[][] =>
  ["requests", "limits"].flatMap((key) =>
    Object.keys(objectAt(machine, ...resources, key))
      .filter((resource) => resource.startsWith("hugepages-"))
      .map((resource) => [...resources, key, resource]),
  );

/** Requests of huge pages come from the memory. */
const pagesAsked = machineRule(
  "hugepages-request",
  "warning",
  "KubeVirt pkg/virt-controller/services/renderresources.go WithHugePages",
  (machine) =>
    pageRequests(machine).map((path) => ({
      path,
      message: "KubeVirt computes the huge pages from the memory.",
      fix: "Give domain.memory.hugepages.pageSize only.",
    })),
);

/** A request that is not the limit is refused for huge pages, so the pod is never made. */
const pagesDiffer = machineRule(
  "hugepages-request-differs",
  "error",
  "KubeVirt pkg/virt-controller/services/renderresources.go; Kubernetes: huge pages cannot be overcommitted",
  (machine) => {
    const memory = counted(machine);
    if (memory === undefined) return [];
    return pageRequests(machine).flatMap((path) => {
      const asked = quantityAt(machine, ...path);
      if (asked === undefined || asked === memory) return [];
      const message = "The request differs from the machine's memory, so the machine's pod is refused.";
      return [{ path, message, fix: "Give domain.memory.hugepages.pageSize only." }];
    });
  },
);

/** R32: the machine is accepted, but its instance is not; R22 with dedicated processors, which the webhook refuses. */
const memory = machineRule(
  "memory",
  "error",
  `${instances} ValidateVirtualMachineInstanceMandatoryFields, validateMemoryIsProvided`,
  (machine) => {
    const content = objectAt(machine, ...domain);
    if (setKeys(machine.spec ?? {}, ["instancetype"]).length > 0 || !machine.spec?.template) return [];
    const unknown = [...["memory", "resources"].map((key) => [...domain, key]), requested, limited].some((path) =>
      unknownAt(machine, path),
    );
    const dedicated = objectAt(content, "cpu").dedicatedCpuPlacement === true;
    // With dedicated processors a memory of 0 counts as none.
    const counts = (object: JsonObject, key: string): boolean =>
      !missing(object, key) && !(dedicated && parseQuantity(object[key]) === 0);
    const given =
      counts(objectAt(content, "memory"), "guest") ||
      setKeys(objectAt(content, "memory"), ["hugepages"]).length > 0 ||
      ["requests", "limits"].some((key) => counts(objectAt(content, "resources", key), "memory"));
    if (unknown || given) return [];
    const fix = "Give memory.guest or an instance type.";
    if (dedicated) return [{ path: limited, message: "A machine with dedicated processors needs memory.", fix }];
    return [{ path: guest, message: "The machine has no memory; it is accepted, but never starts.", fix }];
  },
);

/** R28. */
const amounts = machineRule(
  "memory-request",
  "error",
  `${instances} validateMemoryRequestsNegativeOrNull, validateMemoryLimitsNegativeOrNull`,
  (machine) => {
    const request = quantityAt(machine, ...requested);
    const limit = quantityAt(machine, ...limited);
    const found: Violation[] = [];
    if (request !== undefined && request < 0) found.push({ path: requested, message: "The request is negative." });
    if (request !== undefined && request > 0 && request < 1e6)
      found.push({ path: requested, message: "A machine needs 1M at least.", fix: "Is the unit missing?" });
    if (limit !== undefined && limit < 0) found.push({ path: limited, message: "The limit is negative." });
    if (request !== undefined && limit !== undefined && limit > 0 && request > limit)
      found.push({ path: requested, message: "The request is more than the limit." });
    return found;
  },
);

/** R29 under the rollout strategy Stage. Under LiveUpdate, OpenShift's, it is accepted and the guest is killed. */
const guestLimit = machineRule(
  "memory-limit",
  "warning",
  `${instances} validateGuestMemoryLimit (rollout strategy Stage)`,
  (machine) => {
    const [size, limit] = [quantityAt(machine, ...guest), quantityAt(machine, ...limited)];
    if (!size || !limit || limit >= size) return [];
    return [{ path: guest, message: "The guest has more memory than the limit allows.", fix: "Leave the limit out." }];
  },
);

const gibi = 2 ** 30;
const block = 2 * 2 ** 20;

/** Why memory cannot be added to the running machine up to maxGuest; the first reason, as upstream gives one only. */
function notLive(machine: KubernetesObject, size: number | undefined, most: number): string | undefined {
  const cpu = objectAt(machine, ...domain, "cpu");
  const alignment = parseQuantity(textAt(machine, ...pageSize)) === gibi ? gibi : block;
  if (setKeys(cpu, ["realtime"]).length > 0) return "maxGuest does not go with realtime.";
  if (setKeys(objectAt(cpu, "numa"), ["guestMappingPassthrough"]).length > 0)
    return "maxGuest does not go with guestMappingPassthrough.";
  if (setKeys(objectAt(machine, ...domain), ["launchSecurity"]).length > 0)
    return "maxGuest does not go with encrypted memory.";
  if (size === undefined) return "maxGuest needs memory.guest.";
  if (size > most) return "The guest has more memory than maxGuest.";
  if (size % alignment !== 0) return `With maxGuest the memory must be a multiple of ${alignment / 2 ** 20}Mi.`;
  if (most % alignment !== 0) return `maxGuest must be a multiple of ${alignment / 2 ** 20}Mi.`;
  const architecture = textAt(machine, ...template, "architecture");
  if (architecture && architecture !== "amd64") return "Only amd64 machines can have maxGuest.";
  return size < gibi ? "With maxGuest the guest needs 1Gi at least." : undefined;
}

/** The guest's memory as KubeVirt fills it in where it is missing; Requests come before limits. */
const filled = (machine: KubernetesObject): number | undefined =>
  [guest, requested, limited, pageSize].map((path) => quantityAt(machine, ...path)).find((each) => each !== undefined);

/** R29 under the rollout strategy LiveUpdate, which OpenShift sets. Memory may come from an instance type. */
const maxGuest = machineRule(
  "memory-max-guest",
  "error",
  `${admitters}vms-admitter.go validateLiveUpdateFeatures, pkg/liveupdate/memory ValidateLiveUpdateMemory`,
  (machine) => {
    const most = quantityAt(machine, ...domain, "memory", "maxGuest");
    const typed = setKeys(machine.spec ?? {}, ["instancetype"]).length > 0;
    const unknown = [guest, requested, limited, pageSize, [...template, "architecture"]].some((path) =>
      unknownAt(machine, path),
    );
    if (most === undefined || typed || unknown) return [];
    const message = notLive(machine, filled(machine), most);
    return message ? [{ path: guest, message }] : [];
  },
);

/** Rules on a machine's memory. */
export const memoryRules: readonly Rule<KubernetesObject>[] = [
  memory,
  pages,
  pageKind,
  pagesAsked,
  pagesDiffer,
  amounts,
  guestLimit,
  maxGuest,
];
