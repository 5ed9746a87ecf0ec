import type { KubernetesObject, PathStep } from "../../model";
import { listAt, mapAt, missing, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { pfName } from "./matching";
import { supportedNics } from "./nics";

const selector: PathStep[] = ["spec", "nicSelector"];

const selects: Rule<KubernetesObject> = {
  id: "sriov/nic-selector",
  severity: "error",
  source: "sriov-network-operator v1.6.0 pkg/webhook/validate.go staticValidateSriovNetworkNodePolicy",
  check(object) {
    if (!object.spec || object.spec.nicSelector === undefined) return [];
    const nics = objectAt(object, ...selector);
    const unknown = Object.values(nics).some((value) => value === undefined);
    const empty = (value: unknown): boolean =>
      value === "" || value === null || (Array.isArray(value) && value.length === 0);
    if (unknown || Object.values(nics).some((value) => !empty(value))) return [];
    const message = "The selector names no network card.";
    return [{ path: selector, message, fix: "Give one of vendor, deviceID, pfNames, rootDevices." }];
  },
};

const supported: Rule<KubernetesObject> = {
  id: "sriov/supported-nic",
  severity: "error",
  source: "sriov-network-operator v1.6.0 deploy/configmap.yaml; ids are compared with their case",
  check(object) {
    const vendor = textAt(object, ...selector, "vendor") ?? "";
    const device = textAt(object, ...selector, "deviceID") ?? "";
    if (vendor !== "" && !supportedNics.some((nic) => nic.vendor === vendor)) {
      const lower = vendor !== vendor.toLowerCase() ? "Write it in lower case." : "See ConfigMap supported-nic-ids.";
      const message = `The operator supports no card of vendor "${vendor}".`;
      return [{ path: [...selector, "vendor"], message, fix: lower }];
    }
    const known = supportedNics.some((nic) => nic.device === device && (vendor === "" || nic.vendor === vendor));
    if (device === "" || known) return [];
    const path = [...selector, "deviceID"];
    const physical = supportedNics.filter((nic) => nic.vfDevice === device && (vendor === "" || nic.vendor === vendor));
    if (physical.length > 0) {
      const ids = physical.map((nic) => nic.device).join(", ");
      return [{ path, message: `"${device}" is the id of a virtual function.`, fix: `Give the physical one: ${ids}.` }];
    }
    const message = `The operator supports no card with device id "${device}"${vendor ? ` of vendor ${vendor}` : ""}.`;
    return [
      {
        path,
        message,
        fix: device !== device.toLowerCase() ? "Write it in lower case." : "See ConfigMap supported-nic-ids.",
      },
    ];
  },
};

/** Name and range of an entry of pfNames. */
function problemOf(entry: string, vfs: number | undefined): string | undefined {
  const parts = entry.split("#");
  if (parts.length > 2) return "has more than one #";
  if (parts.length === 1) return undefined;
  const range = /^\+?(\d+)-\+?(\d+)$/.exec(parts[1] ?? "");
  if (!range) return "must end in #first-last";
  const [first, last] = [Number(range[1]), Number(range[2])];
  if (last < first) return "has a range that ends before it begins";
  if (vfs !== undefined && last >= vfs) return `has a range beyond the last virtual function, number ${vfs - 1}`;
  return undefined;
}

const ranges: Rule<KubernetesObject> = {
  id: "sriov/pf-range",
  severity: "error",
  source: "sriov-network-operator v1.6.0 pkg/webhook/validate.go staticValidateSriovNetworkNodePolicy",
  check(object) {
    const path = [...selector, "pfNames"];
    const vfs = numberAt(object, "spec", "numVfs");
    const entries = listAt(object, ...path);
    // An entry without a name selects nothing; the webhook minds that only when no other entry selects a card.
    const nameless = entries.every((entry) => typeof entry === "string" && pfName(entry) === "");
    return entries.flatMap((entry, index): Violation[] => {
      if (typeof entry !== "string") return [];
      const problem = problemOf(entry, vfs) ?? (nameless ? "names no physical function" : undefined);
      if (!problem) return [];
      return [{ path: [...path, index], message: `"${entry}" ${problem}.`, fix: "For example ens1f0#0-3." }];
    });
  },
};

const repeatedPf: Rule<KubernetesObject> = {
  id: "sriov/pf-repeated",
  severity: "warning",
  source: "sriov-network-operator v1.6.0 api/v1/helper.go generatePfNameVfGroup takes the first entry",
  check(object) {
    const path = [...selector, "pfNames"];
    const names = listAt(object, ...path).map((entry) => (typeof entry === "string" ? entry.split("#")[0] : undefined));
    return names.flatMap((name, index) => {
      if (name === undefined || names.indexOf(name) === index) return [];
      const message = `The physical function "${name}" is named twice; only its first range is used.`;
      return [{ path: [...path, index], message, fix: "Use one policy for each range." }];
    });
  },
};

const rootDevices: Rule<KubernetesObject> = {
  id: "sriov/root-device",
  severity: "error",
  source: "sriov-network-operator v1.6.0 api/v1/helper.go Selected compares with the PCI addresses of the node state",
  check(object) {
    const path = [...selector, "rootDevices"];
    const all = listAt(object, ...path);
    const wrong = (address: unknown): address is string =>
      typeof address === "string" && !/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(address);
    // The webhook refuses a policy that selects no card at all; one good address is enough for it.
    return all.flatMap((address, index) => {
      if (!wrong(address) || !all.every(wrong)) return [];
      const message = `"${address}" is not a PCI address as nodes report it.`;
      return [{ path: [...path, index], message, fix: "For example 0000:3b:00.0, in lower case." }];
    });
  },
};

const netFilter: Rule<KubernetesObject> = {
  id: "sriov/net-filter",
  severity: "warning",
  source: "sriov-network-operator v1.6.0 pkg/webhook/validate.go validateNicModel: only on virtual platforms",
  check(object) {
    if (!textAt(object, ...selector, "netFilter")) return [];
    const message =
      "netFilter works on nodes in OpenStack only; elsewhere the policy is accepted and configures nothing.";
    return [{ path: [...selector, "netFilter"], message }];
  },
};

const labelValue = /^$|^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const nodes: Rule<KubernetesObject> = {
  id: "sriov/node-selector",
  severity: "error",
  source:
    "sriov-network-operator v1.6.0 pkg/webhook/validate.go lists nodes by it; the API server refuses values that cannot be labels",
  check(object) {
    const path = ["spec", "nodeSelector"];
    return Object.entries(mapAt(object, ...path)).flatMap(([key, value]): Violation[] => {
      if (!labelKey.test(key)) return [{ path: [...path, key], message: `"${key}" cannot be the key of a label.` }];
      if (labelValue.test(value)) return [];
      return [{ path: [...path, key], message: `"${value}" cannot be the value of a label.` }];
    });
  },
};

const allNodes: Rule<KubernetesObject> = {
  id: "sriov/all-nodes",
  severity: "warning",
  source:
    "sriov-network-operator v1.6.0 api/v1/helper.go SriovNetworkNodePolicy.Selected; docs: one policy for each pool",
  check(object) {
    if (!object.spec || missing(object.spec, "nodeSelector") || object.spec.nodeSelector === undefined) return [];
    if (Object.keys(objectAt(object, "spec", "nodeSelector")).length > 0) return [];
    const message = "An empty node selector selects every node with a supported card, control-plane nodes among them.";
    return [{ path: ["spec", "nodeSelector"], message, fix: "Select the nodes of one pool by a label." }];
  },
};

/** Rules on what a policy selects. */
export const selectorRules: readonly Rule<KubernetesObject>[] = [
  selects,
  supported,
  ranges,
  repeatedPf,
  rootDevices,
  netFilter,
  nodes,
  allNodes,
];
