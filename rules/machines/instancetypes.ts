import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { parseQuantity } from "../quantity";
import { missing, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { instancetypes } from "./sources";
import { domain, machineRule, quantityAt, setKeys } from "./template";

/** R51: what every instance type decides, so that a machine that has one must not say it. */
const decided: readonly PathStep[][] = [
  ...["sockets", "cores", "threads"].map((key) => [...domain, "cpu", key]),
  [...domain, "memory", "guest"],
  ...["requests", "limits"].flatMap((key) => ["cpu", "memory"].map((each) => [...domain, "resources", key, each])),
];

const conflicts = machineRule(
  "instancetype-conflict",
  "error",
  `${instancetypes}apply cpu.go validateCPU, memory.go validateMemory`,
  (machine) => {
    if (setKeys(machine.spec ?? {}, ["instancetype"]).length === 0) return [];
    return decided.flatMap((path): Violation[] => {
      const key = String(path.at(-1));
      const parent = objectAt(machine, ...path.slice(0, -1));
      if (setKeys(parent, [key]).length === 0 || parent[key] === 0) return [];
      return [{ path, message: "The instance type decides this.", fix: "Leave it out, or leave instancetype out." }];
    });
  },
);

const matcherKinds: Readonly<Record<string, readonly string[]>> = {
  instancetype: ["VirtualMachineInstancetype", "VirtualMachineClusterInstancetype"],
  preference: ["VirtualMachinePreference", "VirtualMachineClusterPreference"],
};

/** R51: refused by the mutating webhook; unknown kinds pass and the machine never starts. */
const matcher = machineRule(
  "instancetype-name",
  "error",
  `${instancetypes}webhooks/vm mutator.go, infer, find`,
  (machine) =>
    Object.entries(matcherKinds).flatMap(([key, kinds]): Violation[] => {
      const path = ["spec", key];
      const given = objectAt(machine, ...path);
      if (setKeys(machine.spec ?? {}, [key]).length === 0 || machine.spec?.[key] === undefined) return [];
      const set = setKeys(given, ["name", "inferFromVolume"]).filter((each) => given[each] !== "");
      const found: Violation[] = [];
      if (set.length === 0) found.push({ path, message: "The name is missing.", fix: "Give name or inferFromVolume." });
      if (set.length === 2) found.push({ path, message: "name and inferFromVolume cannot go together." });
      const kind = textAt(given, "kind");
      if (kind && !kinds.some((each) => each.toLowerCase() === kind.toLowerCase()))
        found.push({ path: [...path, "kind"], message: `There is no kind "${kind}".`, fix: kinds.join(" or ") + "." });
      const policy = textAt(given, "inferFromVolumeFailurePolicy");
      if (policy && policy !== "Reject" && policy !== "Ignore")
        found.push({ path: [...path, "inferFromVolumeFailurePolicy"], message: "Allowed: Reject, Ignore." });
      return found;
    }),
);

/** Rules on what a VirtualMachine takes from elsewhere. */
export const instancetypeUseRules: readonly Rule<KubernetesObject>[] = [conflicts, matcher];

const rule = (
  id: string,
  severity: "error" | "warning",
  source: string,
  check: (object: KubernetesObject) => Violation[],
): Rule<KubernetesObject> => ({ id: `machines/${id}`, severity, source, check });

const sizes = rule(
  "instancetype-overcommit",
  "error",
  `${instancetypes}webhooks/admitter.go ValidateInstanceTypeSpec`,
  (type) => {
    const path = ["spec", "memory", "overcommitPercent"];
    const percent = numberAt(type, ...path);
    if (percent === undefined) return [];
    if (percent < 0 || percent > 100) return [{ path, message: `It must be 0 to 100, not ${percent}.` }];
    if (percent === 0 || setKeys(objectAt(type, "spec", "memory"), ["hugepages"]).length === 0) return [];
    return [{ path, message: "Memory of huge pages cannot be overcommitted." }];
  },
);

/** Nobody refuses the type; every machine that uses it is refused, or never starts. */
const usable = rule(
  "instancetype-usable",
  "error",
  `${instancetypes}apply; the machine's webhook then reports it`,
  (type) => {
    const found: Violation[] = [];
    const [cpu, memory] = [objectAt(type, "spec", "cpu"), objectAt(type, "spec", "memory")];
    const most = numberAt(cpu, "maxSockets");
    const guest = numberAt(cpu, "guest");
    if (guest !== undefined && guest <= 0)
      found.push({ path: ["spec", "cpu", "guest"], message: "A machine needs a processor." });
    if (most && guest !== undefined && guest > most)
      found.push({
        path: ["spec", "cpu", "maxSockets"],
        message: `${guest} processors are more than ${most} sockets.`,
      });
    const unknown = ["dedicatedCPUPlacement", "numa"].some((key) => key in cpu && cpu[key] === undefined);
    const placed = cpu.dedicatedCPUPlacement === true;
    const numa = setKeys(objectAt(cpu, "numa"), ["guestMappingPassthrough"]).length > 0;
    const message = "It needs dedicatedCPUPlacement: true.";
    if (!unknown && !placed && cpu.isolateEmulatorThread === true)
      found.push({ path: ["spec", "cpu", "isolateEmulatorThread"], message });
    if (!unknown && !placed && numa) found.push({ path: ["spec", "cpu", "numa"], message });
    if (!unknown && setKeys(cpu, ["realtime"]).length > 0 && !(placed && numa))
      found.push({ path: ["spec", "cpu", "realtime"], message: "It needs dedicatedCPUPlacement and numa." });
    const page = parseQuantity(textAt(memory, "hugepages", "pageSize"));
    const size = quantityAt(type, "spec", "memory", "guest");
    if (size !== undefined && page && size % page !== 0)
      found.push({ path: ["spec", "memory", "guest"], message: "It cannot be made of pages of this size." });
    const largest = quantityAt(type, "spec", "memory", "maxGuest");
    if (size !== undefined && largest !== undefined && size > largest)
      found.push({ path: ["spec", "memory", "guest"], message: "It is more than maxGuest." });
    return found;
  },
);

/** Rules of VirtualMachineInstancetype and VirtualMachineClusterInstancetype. */
export const instancetypeRules: readonly Rule<KubernetesObject>[] = [sizes, usable];

/** Names of the topologies; each has an older one that is given up. */
const topologies = ["sockets", "cores", "threads", "spread", "any"];
const older: Readonly<Record<string, string>> = Object.fromEntries(
  topologies.map((each) => [`prefer${each[0]?.toUpperCase()}${each.slice(1)}`, each]),
);
const topologyPath: PathStep[] = ["spec", "cpu", "preferredCPUTopology"];

const topology = rule(
  "preference-topology",
  "error",
  `${instancetypes}preference/webhooks/admitter.go validatePreferredCPUTopology`,
  (preference) => {
    const text = textAt(preference, ...topologyPath);
    if (text === undefined || topologies.includes(text) || text in older) return [];
    const fix = `Allowed: ${topologies.join(", ")}.`;
    return [{ path: topologyPath, message: `There is no topology "${text}".`, fix }];
  },
);

const olderTopology = rule(
  "preference-topology-deprecated",
  "warning",
  `${instancetypes}preference/webhooks/admitter.go checkForDeprecatedPreferredCPUTopology`,
  (preference) => {
    const text = textAt(preference, ...topologyPath) ?? "";
    const now = older[text];
    return now ? [{ path: topologyPath, message: `"${text}" is deprecated.`, fix: `Write ${now}.` }] : [];
  },
);

const acrosses = ["SocketsCores", "CoresThreads", "SocketsCoresThreads"];

const spreading = rule(
  "preference-spread",
  "error",
  `${instancetypes}preference/webhooks/admitter.go validateSpreadOptions`,
  (preference) => {
    const text = textAt(preference, ...topologyPath);
    const path = ["spec", "cpu", "spreadOptions"];
    // The webhook reads them as numbers without a sign.
    const negative = [
      ["spec", "preferSpreadSocketToCoreRatio"],
      [...path, "ratio"],
    ].filter((each) => (numberAt(preference, ...each) ?? 0) < 0);
    if (negative.length > 0) return negative.map((each) => ({ path: each, message: "It is negative." }));
    if (text !== "spread" && text !== "preferSpread") return [];
    const options: JsonObject = objectAt(preference, ...path);
    const across = textAt(options, "across");
    if (across === undefined) return [];
    if (!acrosses.includes(across))
      return [
        { path: [...path, "across"], message: `Nothing spreads across "${across}".`, fix: acrosses.join(", ") + "." },
      ];
    if ("ratio" in options && options.ratio === undefined) return [];
    const former = numberAt(preference, "spec", "preferSpreadSocketToCoreRatio");
    const ratio = numberAt(options, "ratio") ?? (former || 2);
    if (across !== "CoresThreads" || ratio === 2) return [];
    return [{ path: [...path, "ratio"], message: "A core has two threads, so the ratio must be 2." }];
  },
);

/** Whether a preference's requirements make sense; nobody refuses them. */
const requirements = rule(
  "preference-architecture",
  "warning",
  `${instancetypes}preference/requirements: a machine of another architecture is refused`,
  (preference) => {
    const preferred = textAt(preference, "spec", "preferredArchitecture");
    const path = ["spec", "requirements", "architecture"];
    const required = textAt(preference, ...path);
    if (!preferred || !required || preferred === required) return [];
    return [{ path, message: `It requires ${required}, but prefers ${preferred}.` }];
  },
);

/** Rules of VirtualMachinePreference and VirtualMachineClusterPreference. */
export const preferenceRules: readonly Rule<KubernetesObject>[] = [topology, olderTopology, spreading, requirements];

const policies = "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/migrationpolicy-admitter.go";

const limits = rule("migration-limit", "error", policies, (policy) => {
  const found: Violation[] = [];
  const timeout = ["spec", "completionTimeoutPerGiB"];
  const bandwidth = ["spec", "bandwidthPerMigration"];
  if ((numberAt(policy, ...timeout) ?? 0) < 0) found.push({ path: timeout, message: "It is negative." });
  if ((quantityAt(policy, ...bandwidth) ?? 0) < 0) found.push({ path: bandwidth, message: "It is negative." });
  return found;
});

/** Every label must fit, so that none fits always. */
const selectors = rule(
  "migration-selector",
  "warning",
  "KubeVirt pkg/virt-controller/watch/migration/migrationpolicy.go matchPolicy",
  (policy) => {
    const path = ["spec", "selectors"];
    const given = objectAt(policy, ...path);
    if (missing(policy.spec ?? {}, "selectors") || policy.spec?.selectors === undefined) return [];
    const kinds = setKeys(given, ["namespaceSelector", "virtualMachineInstanceSelector"]);
    if (kinds.some((key) => given[key] === undefined || Object.keys(objectAt(given, key)).length > 0)) return [];
    return [
      {
        path,
        message: "The policy has no labels, so it holds for every machine of the cluster.",
        fix: "Give labels of machines or namespaces.",
      },
    ];
  },
);

/** Rules of MigrationPolicy. */
export const migrationPolicyRules: readonly Rule<KubernetesObject>[] = [limits, selectors];
