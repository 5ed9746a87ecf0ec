import { distance } from "fastest-levenshtein";
import { isObject } from "../../model";
import type { Json, KubernetesObject, PathStep } from "../../model";
import { mapAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

const upstream = "nmstate/kubernetes-nmstate";
const admission = `${upstream} deploy/handler/operator.yaml nncp-validation-policy`;
const labelValue = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

function isLabelValue(text: string): boolean {
  return text === "" || (text.length <= 63 && labelValue.test(text));
}

/** Source: k8s.io/apimachinery pkg/util/validation IsQualifiedName. */
function isQualifiedName(key: string): boolean {
  const [name = "", prefix, ...more] = key.split("/").reverse();
  if (more.length > 0 || name === "" || !isLabelValue(name)) return false;
  return (
    prefix === undefined ||
    (prefix.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(prefix))
  );
}

const name: Rule<KubernetesObject> = {
  id: "hostnetwork/policy-name",
  severity: "error",
  source: admission,
  check({ metadata }) {
    if (typeof metadata.name !== "string" || isLabelValue(metadata.name)) return [];
    const message = `"${metadata.name}" cannot be the value of a label, which the policy's enactments get.`;
    return [{ path: ["metadata", "name"], message, fix: "Use at most 63 letters, digits, hyphens and dots." }];
  },
};

const nodeSelector: Rule<KubernetesObject> = {
  id: "hostnetwork/policy-node-selector",
  severity: "error",
  source: `${admission} and the CRD`,
  check(policy) {
    const path = ["spec", "nodeSelector"];
    const most = 256;
    const keys = Object.keys(objectAt(policy, ...path));
    const many = keys.length > most ? [{ path, message: `It may have at most ${most} labels.` }] : [];
    const badKeys = keys
      .filter((key) => !isQualifiedName(key))
      .map((key) => ({ path: [...path, key], message: `"${key}" is no key of a label.` }));
    const badValues = Object.entries(mapAt(policy, ...path))
      .filter(([, value]) => !isLabelValue(value))
      .map(([key, value]) => ({ path: [...path, key], message: `"${value}" is no value of a label.` }));
    return [...many, ...badKeys, ...badValues];
  },
};

const maxUnavailable: Rule<KubernetesObject> = {
  id: "hostnetwork/policy-max-unavailable",
  severity: "warning",
  source: `${upstream} pkg/node/nodes.go ScaledMaxUnavailableNodeCount`,
  check(policy) {
    const value = policy.spec?.maxUnavailable;
    const path = ["spec", "maxUnavailable"];
    if (typeof value === "string" && !/^\d+%$/.test(value)) {
      const message = `"${value}" is neither a number nor a percentage; the operator takes 50% instead.`;
      return [{ path, message, fix: 'Write 2 or "50%".' }];
    }
    const low = typeof value === "number" ? value < 1 : value === "0%";
    return low ? [{ path, message: "One node is changed at a time anyway, it cannot be fewer.", fix: "Use 1." }] : [];
  },
};

const empty: Rule<KubernetesObject> = {
  id: "hostnetwork/policy-empty",
  severity: "warning",
  source: `${upstream} pkg/client/client.go ApplyDesiredState`,
  check(policy) {
    const spec = policy.spec;
    if (!spec || ("desiredState" in spec && spec.desiredState === undefined)) return [];
    if (Object.keys(objectAt(spec, "desiredState")).length > 0) return [];
    return [{ path: ["spec", "desiredState"], message: "The policy wants nothing, so nothing is configured." }];
  },
};

/** Source: the fields of NetworkState; all others are refused. */
const stateKeys = [
  "description",
  "hostname",
  "dns-resolver",
  "route-rules",
  "routes",
  "interfaces",
  "ovs-db",
  "ovn",
] as const;

const unknownKey: Rule<KubernetesObject> = {
  id: "hostnetwork/state-key",
  severity: "error",
  source: "nmstate rust/src/lib/net_state.rs NetworkState",
  check(policy) {
    const path = ["spec", "desiredState"];
    const keys: readonly string[] = stateKeys;
    return Object.keys(objectAt(policy, ...path))
      .filter((key) => !keys.includes(key))
      .map((key) => {
        const near = keys.find((each) => distance(each, key) <= 3);
        const fix = near ? `Did you mean "${near}"?` : `Known: ${keys.join(", ")}.`;
        return { path: [...path, key], message: `nmstate does not know "${key}" and refuses it.`, fix };
      });
  },
};

const reference = /\bcapture\.([A-Za-z0-9_-]+)/g;

/** Every place where a text refers to a capture that the policy does not have. */
function missingCaptures(value: Json | undefined, names: ReadonlySet<string>, path: PathStep[]): Violation[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => missingCaptures(item, names, [...path, index]));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => missingCaptures(item, names, [...path, key]));
  }
  if (typeof value !== "string" || !(value.includes("{{") || path[1] === "capture")) return [];
  return [...value.matchAll(reference)]
    .map(([, used = ""]) => used)
    .filter((used) => !names.has(used))
    .map((used) => ({ path, message: `There is no capture "${used}".`, fix: "Add it to spec.capture." }));
}

const captures: Rule<KubernetesObject> = {
  id: "hostnetwork/capture-missing",
  severity: "error",
  source: "nmstate/nmpolicy: a policy with an unknown capture is not resolved, every node fails",
  check(policy) {
    const spec = policy.spec ?? {};
    if ("capture" in spec && !isObject(spec.capture)) return [];
    const names = new Set(Object.keys(objectAt(spec, "capture")));
    return ["capture", "desiredState"].flatMap((key) => missingCaptures(spec[key], names, ["spec", key]));
  },
};

const oneNode: Rule<KubernetesObject> = {
  id: "hostnetwork/static-address",
  severity: "warning",
  source: `${upstream} docs: the same state is applied to every node that the policy selects`,
  check(policy) {
    const spec = policy.spec ?? {};
    const unknown = "nodeSelector" in spec && spec.nodeSelector === undefined;
    if (unknown || "kubernetes.io/hostname" in objectAt(spec, "nodeSelector")) return [];
    return staticAddresses(policy).map((path) => ({
      path,
      message: "Every node that the policy selects gets this same address.",
      fix: "Make a policy for each node, selected by kubernetes.io/hostname.",
    }));
  },
};

function staticAddresses(policy: KubernetesObject): PathStep[][] {
  const base = ["spec", "desiredState", "interfaces"];
  const list = objectAt(policy, "spec", "desiredState").interfaces;
  if (!Array.isArray(list)) return [];
  return list.flatMap((each, index) =>
    ["ipv4", "ipv6"].flatMap((family) => {
      const addresses = objectAt(each, family).address;
      if (!Array.isArray(addresses) || textAt(each, "type") === "loopback") return [];
      return addresses.flatMap((address, at) => {
        const ip = textAt(address, "ip");
        return ip === undefined || ip.includes("{{") ? [] : [[...base, index, family, "address", at, "ip"]];
      });
    }),
  );
}

/** Rules on a policy as a whole. */
export const policyRules: readonly Rule<KubernetesObject>[] = [
  name,
  nodeSelector,
  maxUnavailable,
  empty,
  unknownKey,
  captures,
  oneNode,
];
