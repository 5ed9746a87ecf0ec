import { isObject } from "../../model";
import type { Json, KubernetesObject } from "../../model";
import { parseJson } from "../networks/cni-config";
import { ipamHints, ipamProblems } from "../networks/ipam";
import { trunkProblems } from "../networks/plugin-rules";
import { numberAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { ignoredElsewhere } from "./namespace";

function rule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (object: KubernetesObject) => Violation[],
): Rule<KubernetesObject> {
  return { id, severity, source, check };
}

/** JSON of a field that holds JSON as a text; a violation when it is none. */
function jsonField(key: string, text: string): { value?: Json; violations: Violation[] } {
  const parsed = parseJson(text);
  if ("value" in parsed) return { value: parsed.value, violations: [] };
  const message = `It is not valid JSON: ${parsed.error}. The object is accepted, but its attachment never appears.`;
  return { violations: [{ path: ["spec", key], message }] };
}

const namespace = rule(
  "sriov/network-namespace",
  "error",
  "sriov-network-operator v1.6.0 controllers/generic_network_controller.go reads its own namespace only",
  ignoredElsewhere,
);

const name = rule(
  "sriov/network-name",
  "error",
  "net-attach-def-admission-controller pkg/webhook/webhook.go: the attachment gets the network's name",
  ({ metadata }) => {
    if (typeof metadata.name !== "string" || /^[a-z1-9-]([-a-z0-9]*[a-z0-9])?$/.test(metadata.name)) return [];
    const message = `"${metadata.name}" is refused as the name of the attachment that the operator makes.`;
    return [{ path: ["metadata", "name"], message, fix: "Use lower-case letters, digits and hyphens; no dots." }];
  },
);

const resource = rule(
  "sriov/network-resource",
  "error",
  "sriov-network-operator v1.6.0 api/v1/helper.go RenderNetAttDef puts the prefix in front of it",
  (object) => {
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
  },
);

const vlan = rule(
  "sriov/network-vlan",
  "error",
  "sriov-cni v2.10.0 pkg/config: 0 to 4094; the CRD allows 4096",
  (object) => {
    const id = numberAt(object, "spec", "vlan") ?? 0;
    return id > 4094 ? [{ path: ["spec", "vlan"], message: `${id} is no VLAN; the last one is 4094.` }] : [];
  },
);

const vlanOptions = rule(
  "sriov/network-vlan-options",
  "error",
  "sriov-cni v2.10.0 pkg/config: QoS and protocol need a VLAN",
  (object) => {
    const spec = object.spec ?? {};
    if (("vlan" in spec && spec.vlan === undefined) || (numberAt(spec, "vlan") ?? 0) !== 0) return [];
    return ["vlanQoS", "vlanProto"]
      .filter((key) => spec[key] !== undefined && spec[key] !== null && spec[key] !== 0 && spec[key] !== "")
      .map((key) => ({ path: ["spec", key], message: "It needs a vlan other than 0; without it pods do not start." }));
  },
);

const rates = rule(
  "sriov/network-rates",
  "error",
  "SriovNetwork CRD: minTxRate is at most maxTxRate; drivers refuse others",
  (object) => {
    const [least, most] = [numberAt(object, "spec", "minTxRate") ?? 0, numberAt(object, "spec", "maxTxRate") ?? 0];
    if (most === 0 || least <= most) return [];
    return [{ path: ["spec", "minTxRate"], message: `The least rate ${least} is above the greatest ${most}.` }];
  },
);

const ipam = rule(
  "sriov/network-ipam",
  "error",
  "sriov-network-operator v1.6.0 api/v1/helper.go RenderNetAttDef; containernetworking/plugins ipam, executed",
  (object) => {
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
  },
);

const ipamWorks = rule(
  "sriov/network-ipam-hint",
  "warning",
  "cluster-network-operator pkg/network/multus_ipam.go; containernetworking/plugins ipam/static, executed",
  (object) => {
    const parsed = parseJson(textAt(object, "spec", "ipam") || "{}");
    if (!("value" in parsed) || !isObject(parsed.value)) return [];
    return ipamHints(parsed.value).map(({ at, message, fix }) => ({
      path: ["spec", "ipam"],
      message: at ? `In ${at}: ${message}` : message,
      ...(fix ? { fix } : {}),
    }));
  },
);

const ipamSpaces = rule(
  "sriov/network-ipam-spaces",
  "warning",
  "sriov-network-operator v1.6.0 api/v1/helper.go RenderNetAttDef joins the fields of the text",
  (object) => {
    const text = textAt(object, "spec", "ipam") ?? "";
    const parsed = parseJson(text || "{}");
    if (!("value" in parsed)) return [];
    const closed = parseJson(text.replace(/\s/g, "") || "{}");
    if ("value" in closed && JSON.stringify(closed.value) === JSON.stringify(parsed.value)) return [];
    return [{ path: ["spec", "ipam"], message: "The operator removes white space, inside of values as well." }];
  },
);

const capabilities = rule(
  "sriov/network-capabilities",
  "error",
  "sriov-network-operator v1.6.0 api/v1/helper.go RenderNetAttDef pastes the text; libcni takes booleans",
  (object) => {
    const text = textAt(object, "spec", "capabilities");
    if (!text) return [];
    const { value, violations } = jsonField("capabilities", text);
    if (value === undefined) return violations;
    const good = isObject(value) && Object.values(value).every((each) => typeof each === "boolean");
    const message = 'It must be a JSON object of true and false, for example {"mac": true}.';
    return good ? [] : [{ path: ["spec", "capabilities"], message }];
  },
);

const metaPlugins = rule(
  "sriov/network-meta-plugins",
  "error",
  "sriov-network-operator v1.6.0 bindata/manifests/cni-config pastes the text behind the first plugin",
  (object) => {
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
  },
);

const ibCapabilities = rule(
  "sriov/ib-capabilities",
  "warning",
  "SriovIBNetwork CRD; ib-sriov-cni takes infinibandGUID only",
  (object) => {
    const parsed = parseJson(textAt(object, "spec", "capabilities") || "{}");
    if (!("value" in parsed) || !isObject(parsed.value)) return [];
    return Object.keys(parsed.value)
      .filter((key) => key !== "infinibandGUID")
      .map((key) => ({
        path: ["spec", "capabilities"],
        message: `InfiniBand has no capability "${key}".`,
        fix: 'It takes {"infinibandGUID": true}.',
      }));
  },
);

const ovsTrunk = rule("sriov/ovs-trunk", "error", "ovs-cni v0.39.0 pkg/plugin splitVlanIds, executed", (object) =>
  trunkProblems(object.spec ?? {}, "trunk", 0).map(({ at, message }) => ({
    path: ["spec", "trunk", Number(/\[(\d+)\]/.exec(at)?.[1] ?? 0)],
    message,
  })),
);

const everyNetwork = [namespace, name, resource, ipam, ipamWorks, ipamSpaces, capabilities, metaPlugins];

/** Rules on a SriovNetwork. */
export const networkRules: readonly Rule<KubernetesObject>[] = [...everyNetwork, vlan, vlanOptions, rates];

/** Rules on a SriovIBNetwork. */
export const ibNetworkRules: readonly Rule<KubernetesObject>[] = [...everyNetwork, ibCapabilities];

/** Rules on an OVSNetwork. */
export const ovsNetworkRules: readonly Rule<KubernetesObject>[] = [...everyNetwork, ovsTrunk];
