import type { KubernetesObject, PathStep } from "../../model";
import { parseQuantity } from "../quantity";
import { mapAt, missing, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { machineRule, setKeys, template, unknownAt } from "./template";

const domain: PathStep[] = [...template, "domain"];
const cpu: PathStep[] = [...domain, "cpu"];

/** R2. Source: KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go. */
const strategy = machineRule("run-strategy", "error", (machine) => {
  const spec = machine.spec ?? {};
  const given = setKeys(spec, ["running", "runStrategy"]);
  if (given.length === 2) {
    return [
      { path: ["spec", "running"], message: "running and runStrategy cannot go together.", fix: "Keep runStrategy." },
    ];
  }
  if (given.length === 1 || machine.spec === undefined) return [];
  return [
    { path: ["spec", "runStrategy"], message: "How the machine runs is missing.", fix: "Write runStrategy: Always." },
  ];
});

const strategies = ["Always", "Halted", "Manual", "RerunOnFailure", "Once", "WaitAsReceiver"];

/** R3. WaitAsReceiver needs a feature gate. */
const knownStrategy = machineRule("run-strategy-value", "error", (machine) => {
  const text = textAt(machine, "spec", "runStrategy");
  if (text === undefined || strategies.includes(text)) return [];
  const fix = "Allowed: Always, Halted, Manual, RerunOnFailure, Once.";
  return [{ path: ["spec", "runStrategy"], message: `There is no run strategy "${text}".`, fix }];
});

/** Source: KubeVirt 1.8 and 1.9 answer with a warning. */
const running = machineRule("running-deprecated", "warning", (machine) => {
  if (setKeys(machine.spec ?? {}, ["running"]).length === 0) return [];
  const message = "The field running is deprecated.";
  const wanted = machine.spec?.running === false ? "Halted" : "Always";
  return [{ path: ["spec", "running"], message, fix: `Write runStrategy: ${wanted}.` }];
});

const networksAnnotation = "k8s.v1.cni.cncf.io/networks";

/** Source: KubeVirt pkg/virt-controller/services/template.go generatePodAnnotations writes the annotation itself. */
const annotation = machineRule("networks-annotation", "error", (machine) => {
  const places: PathStep[][] = [["metadata"], ["spec", "template", "metadata"]];
  return places.flatMap((place) => {
    if (!(networksAnnotation in mapAt(machine, ...place, "annotations"))) return [];
    const message = "KubeVirt ignores this annotation: networks of a machine stand in its template.";
    const fix = "Use spec.template.spec.networks; give addresses by cloud-init.";
    return [{ path: [...place, "annotations", networksAnnotation], message, fix }];
  });
});

const hostnameLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** R36. */
const hostname = machineRule("hostname", "error", (machine) => {
  const found: Violation[] = [];
  const name = textAt(machine, ...template, "hostname");
  if (name && !hostnameLabel.test(name)) {
    found.push({
      path: [...template, "hostname"],
      message: `"${name}" cannot be the name of a host.`,
      fix: "Use lower-case letters, digits and -.",
    });
  }
  const sub = textAt(machine, ...template, "subdomain");
  if (sub && (sub.length > 253 || !sub.split(".").every((part) => hostnameLabel.test(part)))) {
    found.push({ path: [...template, "subdomain"], message: `"${sub}" cannot be a domain.` });
  }
  return found;
});

/** Source: KubeVirt pkg/virt-controller/services/renderresources.go: requests of huge pages come from the memory. */
const hugepageRequests = machineRule("hugepages-request", "error", (machine) =>
  ["requests", "limits"].flatMap((key) =>
    Object.keys(objectAt(machine, ...domain, "resources", key))
      .filter((resource) => resource.startsWith("hugepages-"))
      .map((resource) => ({
        path: [...domain, "resources", key, resource],
        message: "KubeVirt computes the huge pages from the memory; another request makes the pod fail.",
        fix: "Give domain.memory.hugepages.pageSize only.",
      })),
  ),
);

/** R23, R24, R25. */
const dedicated = machineRule("dedicated-cpu", "error", (machine) => {
  const settings = objectAt(machine, ...cpu);
  if (unknownAt(machine, [...cpu, "dedicatedCpuPlacement"]) || unknownAt(machine, [...domain, "memory"])) return [];
  const placed = settings.dedicatedCpuPlacement === true;
  const numa = setKeys(objectAt(settings, "numa"), ["guestMappingPassthrough"]).length > 0;
  const realtime = setKeys(settings, ["realtime"]).length > 0;
  const found: Violation[] = [];
  const message = "It needs dedicatedCpuPlacement: true.";
  if (settings.isolateEmulatorThread === true && !placed)
    found.push({ path: [...cpu, "isolateEmulatorThread"], message });
  if (numa && !placed) found.push({ path: [...cpu, "numa", "guestMappingPassthrough"], message });
  const pages = setKeys(objectAt(machine, ...domain, "memory"), ["hugepages"]).length > 0;
  if (numa && !pages) {
    found.push({ path: [...cpu, "numa", "guestMappingPassthrough"], message: "It needs memory.hugepages." });
  }
  if (realtime && !placed) found.push({ path: [...cpu, "dedicatedCpuPlacement"], message: "realtime needs it." });
  if (realtime && !numa)
    found.push({ path: [...cpu, "numa", "guestMappingPassthrough"], message: "realtime needs it." });
  return found;
});

/** R26. */
const sockets = machineRule("max-sockets", "error", (machine) => {
  const [now, most] = [numberAt(machine, ...cpu, "sockets"), numberAt(machine, ...cpu, "maxSockets")];
  if (now === undefined || most === undefined || most === 0 || now <= most) return [];
  return [{ path: [...cpu, "sockets"], message: `${now} sockets are more than maxSockets, ${most}.` }];
});

/** R30; the webhook reports it at `domain.resources.requests.memory`, and page size 0 crashes KubeVirt 1.8's. */
const hugepages = machineRule("hugepages", "error", (machine) => {
  const path = [...domain, "memory", "hugepages", "pageSize"];
  const text = textAt(machine, ...path);
  if (text === undefined) return [];
  const page = parseQuantity(text);
  if (page === undefined || page <= 0)
    return [{ path, message: `"${text}" is no size of a page.`, fix: "Write 2Mi or 1Gi." }];
  const given =
    textAt(machine, ...domain, "memory", "guest") ?? textAt(machine, ...domain, "resources", "requests", "memory");
  const memory = parseQuantity(given);
  if (memory === undefined || (memory >= page && memory % page === 0)) return [];
  return [{ path, message: `The memory ${given} cannot be made of pages of ${text}.` }];
});

/** R32: the machine is accepted, but its instance is not. Memory may also come from an instance type. */
const memory = machineRule("memory", "error", (machine) => {
  const content = objectAt(machine, ...domain);
  if (setKeys(machine.spec ?? {}, ["instancetype"]).length > 0 || !machine.spec?.template) return [];
  const unknown = ["memory", "resources"].some((key) => unknownAt(machine, [...domain, key]));
  const given =
    setKeys(objectAt(content, "memory"), ["guest", "hugepages"]).length > 0 ||
    ["requests", "limits"].some((key) => !missing(objectAt(content, "resources", key), "memory"));
  if (unknown || given) return [];
  const message = "The machine has no memory; it is accepted, but never starts.";
  return [{ path: [...domain, "memory", "guest"], message, fix: "Give memory.guest or an instance type." }];
});

const evictions = ["None", "LiveMigrate", "LiveMigrateIfPossible", "External"];

/** R46. */
const eviction = machineRule("eviction-strategy", "error", (machine) => {
  const text = textAt(machine, ...template, "evictionStrategy");
  if (!text || evictions.includes(text)) return [];
  const message = `There is no eviction strategy "${text}".`;
  return [{ path: [...template, "evictionStrategy"], message, fix: `Allowed: ${evictions.join(", ")}.` }];
});

/** R47: a VirtualMachine of another architecture is accepted and never starts. */
const architecture = machineRule("architecture", "error", (machine) => {
  const text = textAt(machine, ...template, "architecture");
  if (!text || ["amd64", "arm64", "s390x"].includes(text)) return [];
  const message = `KubeVirt runs no machines of architecture "${text}".`;
  return [{ path: [...template, "architecture"], message, fix: "Allowed: amd64, arm64, s390x." }];
});

/** R49. */
const reserved = [
  "created-by",
  "migrationJobUID",
  "nodeName",
  "migrationTargetNodeName",
  "schedulable",
  "install-strategy",
];

const labels = machineRule("reserved-label", "error", (machine) => {
  const path = ["spec", "template", "metadata", "labels"];
  return Object.keys(mapAt(machine, ...path))
    .filter((key) => reserved.some((name) => key === `kubevirt.io/${name}`))
    .map((key) => ({ path: [...path, key], message: "KubeVirt sets this label itself." }));
});

/** Rules on a machine as a whole. */
export const machineRules: readonly Rule<KubernetesObject>[] = [
  strategy,
  knownStrategy,
  running,
  annotation,
  hostname,
  memory,
  hugepages,
  hugepageRequests,
  dedicated,
  sockets,
  eviction,
  architecture,
  labels,
];
