import type { KubernetesObject, PathStep } from "../../model";
import { mapAt, objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { machineRule, setKeys, template } from "./template";

/** R2. The webhook reports both at running. */
const strategy = machineRule(
  "run-strategy",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go validateRunStrategy",
  (machine) => {
    const spec = machine.spec ?? {};
    const given = setKeys(spec, ["running", "runStrategy"]);
    if (given.length === 2) {
      return [
        { path: ["spec", "running"], message: "running and runStrategy cannot go together.", fix: "Keep runStrategy." },
      ];
    }
    if (given.length === 1 || machine.spec === undefined) return [];
    return [
      { path: ["spec", "running"], message: "How the machine runs is missing.", fix: "Write runStrategy: Always." },
    ];
  },
);

const strategies = ["Always", "Halted", "Manual", "RerunOnFailure", "Once", "WaitAsReceiver"];

/** R3. WaitAsReceiver needs a feature gate. */
const knownStrategy = machineRule(
  "run-strategy-value",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go validateRunStrategy",
  (machine) => {
    const text = textAt(machine, "spec", "runStrategy");
    if (text === undefined || strategies.includes(text)) return [];
    const fix = "Allowed: Always, Halted, Manual, RerunOnFailure, Once.";
    return [{ path: ["spec", "runStrategy"], message: `There is no run strategy "${text}".`, fix }];
  },
);

/** Source: KubeVirt 1.8 and 1.9 answer with a warning. */
const running = machineRule(
  "running-deprecated",
  "warning",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go, warning on spec.running",
  (machine) => {
    if (setKeys(machine.spec ?? {}, ["running"]).length === 0) return [];
    const message = "The field running is deprecated.";
    const wanted = machine.spec?.running === false ? "Halted" : "Always";
    return [{ path: ["spec", "running"], message, fix: `Write runStrategy: ${wanted}.` }];
  },
);

const networksAnnotation = "k8s.v1.cni.cncf.io/networks";

/** Source: KubeVirt pkg/virt-controller/services/template.go generatePodAnnotations writes the annotation itself. */
const annotation = machineRule(
  "networks-annotation",
  "error",
  "KubeVirt pkg/virt-controller/services/template.go generatePodAnnotations",
  (machine) => {
    const places: PathStep[][] = [["metadata"], ["spec", "template", "metadata"]];
    return places.flatMap((place) => {
      if (!(networksAnnotation in mapAt(machine, ...place, "annotations"))) return [];
      const message = "KubeVirt ignores this annotation: networks of a machine stand in its template.";
      const fix = "Use spec.template.spec.networks; give addresses by cloud-init.";
      return [{ path: [...place, "annotations", networksAnnotation], message, fix }];
    });
  },
);

const hostnameLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomainName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** R36. */
const hostname = machineRule(
  "hostname",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go validateHostNameNotConformingToDNSLabelRules",
  (machine) => {
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
    if (sub && (sub.length > 253 || !subdomainName.test(sub))) {
      found.push({ path: [...template, "subdomain"], message: `"${sub}" cannot be a domain.` });
    }
    return found;
  },
);

/** The webhook takes a subdomain with dots or long parts, the pod's API does not. */
const podSubdomain = machineRule(
  "subdomain-label",
  "warning",
  "Kubernetes pkg/apis/core/validation ValidatePodSpec: a pod's subdomain is one label",
  (machine) => {
    const text = textAt(machine, ...template, "subdomain");
    if (!text || hostnameLabel.test(text)) return [];
    const message = "A subdomain is one label in front of the namespace's domain; with others the pod is refused.";
    return [{ path: [...template, "subdomain"], message, fix: "Use lower-case letters, digits and -, 63 at most." }];
  },
);

const evictions = ["None", "LiveMigrate", "LiveMigrateIfPossible", "External"];

/** R46. */
const eviction = machineRule(
  "eviction-strategy",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go validateLiveMigration",
  (machine) => {
    const text = textAt(machine, ...template, "evictionStrategy");
    if (text === undefined || evictions.includes(text)) return [];
    const message = `There is no eviction strategy "${text}".`;
    return [{ path: [...template, "evictionStrategy"], message, fix: `Allowed: ${evictions.join(", ")}.` }];
  },
);

/** What binds a machine to its node, so that a drain may wait for it without end. */
const bound = machineRule(
  "eviction-unsaid",
  "warning",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/pod-eviction-admitter.go: OpenShift's default is LiveMigrate",
  (machine) => {
    const spec = objectAt(machine, ...template);
    if (setKeys(spec, ["evictionStrategy"]).length > 0) return [];
    const own = objectAt(spec, "domain", "cpu").dedicatedCpuPlacement === true;
    const pages = setKeys(objectAt(spec, "domain", "memory"), ["hugepages"]).length > 0;
    const functions = objectsAt(spec, "domain", "devices", "interfaces").some(
      (nic) => setKeys(nic, ["sriov"]).length > 0,
    );
    const needs = [own ? "processors of its own" : "", pages ? "huge pages" : "", functions ? "virtual functions" : ""];
    const said = needs.filter((each) => each !== "").join(" and ");
    if (said === "") return [];
    const message = `A drain of its node waits until another node has ${said} for the machine.`;
    const fix = "Write evictionStrategy: LiveMigrateIfPossible, LiveMigrate or None.";
    return [{ path: [...template, "evictionStrategy"], message, fix }];
  },
);

/** R47: a VirtualMachine of another architecture is accepted and never starts. */
const architecture = machineRule(
  "architecture",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go ValidateVirtualMachineInstancePerArch",
  (machine) => {
    const text = textAt(machine, ...template, "architecture");
    if (!text || ["amd64", "arm64", "s390x"].includes(text)) return [];
    const message = `KubeVirt runs no machines of architecture "${text}".`;
    return [{ path: [...template, "architecture"], message, fix: "Allowed: amd64, arm64, s390x." }];
  },
);

/** R49. */
const reserved = [
  "created-by",
  "migrationJobUID",
  "nodeName",
  "migrationTargetNodeName",
  "schedulable",
  "install-strategy",
];

const labels = machineRule(
  "reserved-label",
  "error",
  "KubeVirt pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go ValidateVirtualMachineInstanceMetadata",
  (machine) => {
    const path = ["spec", "template", "metadata", "labels"];
    return Object.keys(mapAt(machine, ...path))
      .filter((key) => reserved.some((name) => key === `kubevirt.io/${name}`))
      .map((key) => ({ path: [...path, key], message: "KubeVirt sets this label itself." }));
  },
);

/** Rules on a machine as a whole. */
export const machineRules: readonly Rule<KubernetesObject>[] = [
  strategy,
  knownStrategy,
  running,
  annotation,
  hostname,
  podSubdomain,
  eviction,
  bound,
  architecture,
  labels,
];
