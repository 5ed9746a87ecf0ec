import { isObject } from "../../model";
import type { Json, KubernetesObject } from "../../model";
import { parseJson } from "../networks/cni-config";
import { ipamHints, ipamProblems } from "../networks/ipam";
import { numberAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { ignoredElsewhere } from "./namespace";

function rule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  check: (object: KubernetesObject) => Violation[],
): Rule<KubernetesObject> {
  return { id, severity, check };
}

/** JSON of a field that holds JSON as a text; a violation when it is none. */
function jsonField(key: string, text: string): { value?: Json; violations: Violation[] } {
  const parsed = parseJson(text);
  if ("value" in parsed) return { value: parsed.value, violations: [] };
  const message = `It is not valid JSON: ${parsed.error}. The object is accepted, but its attachment never appears.`;
  return { violations: [{ path: ["spec", key], message }] };
}

/** Source: v1.6.0: the controller reads its own namespace only. */
const namespace = rule("sriov/network-namespace", "error", ignoredElsewhere);

/** Source: the attachment gets the network's name, which net-attach-def-admission-controller checks. */
const name = rule("sriov/network-name", "error", ({ metadata }) => {
  if (typeof metadata.name !== "string" || /^[a-z1-9-]([-a-z0-9]*[a-z0-9])?$/.test(metadata.name)) return [];
  const message = `"${metadata.name}" is refused as the name of the attachment that the operator makes.`;
  return [{ path: ["metadata", "name"], message, fix: "Use lower-case letters, digits and hyphens; no dots." }];
});

/** Source: RenderNetAttDef puts the prefix in front of it. */
const resource = rule("sriov/network-resource", "error", (object) => {
  const resourceName = textAt(object, "spec", "resourceName");
  if (resourceName === undefined || /^[a-zA-Z0-9_]+$/.test(resourceName)) return [];
  const message = `No policy can offer a resource "${resourceName}".`;
  return [
    {
      path: ["spec", "resourceName"],
      message,
      fix: "Give the policy's resourceName, without the prefix openshift.io/.",
    },
  ];
});

/** Source: the CRD allows 4096; sriov-cni allows 0 to 4094. */
const vlan = rule("sriov/network-vlan", "error", (object) => {
  const id = numberAt(object, "spec", "vlan") ?? 0;
  return id > 4094 ? [{ path: ["spec", "vlan"], message: `${id} is no VLAN; the last one is 4094.` }] : [];
});

/** Source: sriov-cni pkg/config: QoS and protocol need a VLAN. */
const vlanOptions = rule("sriov/network-vlan-options", "error", (object) => {
  const spec = object.spec ?? {};
  if (("vlan" in spec && spec.vlan === undefined) || (numberAt(spec, "vlan") ?? 0) !== 0) return [];
  return ["vlanQoS", "vlanProto"]
    .filter((key) => spec[key] !== undefined && spec[key] !== null && spec[key] !== 0 && spec[key] !== "")
    .map((key) => ({ path: ["spec", key], message: "It needs a vlan other than 0; without it pods do not start." }));
});

/** Source: field documentation: min_tx_rate should be at most max_tx_rate; the driver refuses others. */
const rates = rule("sriov/network-rates", "error", (object) => {
  const [least, most] = [numberAt(object, "spec", "minTxRate") ?? 0, numberAt(object, "spec", "maxTxRate") ?? 0];
  if (most === 0 || least <= most) return [];
  return [{ path: ["spec", "minTxRate"], message: `The least rate ${least} is above the greatest ${most}.` }];
});

/** Source: RenderNetAttDef; see rules/networks/ipam.ts. */
const ipam = rule("sriov/network-ipam", "error", (object) => {
  const text = textAt(object, "spec", "ipam");
  if (!text?.trim()) return [];
  const { value, violations } = jsonField("ipam", text);
  if (value === undefined) return violations;
  if (!isObject(value)) return [{ path: ["spec", "ipam"], message: "It must be a JSON object." }];
  return ipamProblems(value).map(({ at, message, fix }) => ({
    path: ["spec", "ipam"],
    message: at ? `In ${at}: ${message}` : message,
    ...(fix ? { fix } : {}),
  }));
});

/** Source: see rules/networks/ipam.ts. */
const ipamWorks = rule("sriov/network-ipam-hint", "warning", (object) => {
  const parsed = parseJson(textAt(object, "spec", "ipam") || "{}");
  if (!("value" in parsed) || !isObject(parsed.value)) return [];
  return ipamHints(parsed.value).map(({ at, message, fix }) => ({
    path: ["spec", "ipam"],
    message: at ? `In ${at}: ${message}` : message,
    ...(fix ? { fix } : {}),
  }));
});

/** Source: RenderNetAttDef joins the fields of the text, so white space inside of values is lost. */
const ipamSpaces = rule("sriov/network-ipam-spaces", "warning", (object) => {
  const text = textAt(object, "spec", "ipam") ?? "";
  const parsed = parseJson(text || "{}");
  if (!("value" in parsed)) return [];
  const closed = parseJson(text.replace(/\s/g, "") || "{}");
  if ("value" in closed && JSON.stringify(closed.value) === JSON.stringify(parsed.value)) return [];
  return [{ path: ["spec", "ipam"], message: "The operator removes white space, inside of values as well." }];
});

/** Source: RenderNetAttDef pastes the text as it is; capabilities of libcni are booleans. */
const capabilities = rule("sriov/network-capabilities", "error", (object) => {
  const text = textAt(object, "spec", "capabilities");
  if (!text) return [];
  const { value, violations } = jsonField("capabilities", text);
  if (value === undefined) return violations;
  const good = isObject(value) && Object.values(value).every((each) => typeof each === "boolean");
  const message = 'It must be a JSON object of true and false, for example {"mac": true}.';
  return good ? [] : [{ path: ["spec", "capabilities"], message }];
});

/** Source: RenderNetAttDef pastes the text behind the first plugin of the list. */
const metaPlugins = rule("sriov/network-meta-plugins", "error", (object) => {
  const text = textAt(object, "spec", "metaPlugins")?.trim();
  if (!text) return [];
  const path = ["spec", "metaPlugins"];
  if (text.startsWith("[")) {
    const message = "The plugins are pasted into a list, so brackets make a list in the list, which CNI refuses.";
    return [{ path, message, fix: "Write the elements without brackets." }];
  }
  const parsed = parseJson(`[${text}]`);
  if ("error" in parsed) return jsonField("metaPlugins", `[${text}]`).violations;
  const elements = Array.isArray(parsed.value) ? parsed.value : [];
  const good = elements.every((each) => isObject(each) && typeof each.type === "string" && each.type !== "");
  return good ? [] : [{ path, message: "Every plugin must be a JSON object with a type." }];
});

/** Rules on a SriovNetwork. */
export const networkRules: readonly Rule<KubernetesObject>[] = [
  namespace,
  name,
  resource,
  vlan,
  vlanOptions,
  rates,
  ipam,
  ipamWorks,
  ipamSpaces,
  capabilities,
  metaPlugins,
];
