import { isObject } from "../../model";
import type { Json, KubernetesObject } from "../../model";
import { listAt, textAt } from "../read";
import type { Rule } from "../rule";
import { configRule, parseJson } from "./cni-config";
import type { Problem } from "./cni-config";
import { plugins } from "./plugins";

const namePattern = /^[a-z1-9-]([-a-z0-9]*[a-z0-9])?$/;

const name: Rule<KubernetesObject> = {
  id: "networks/name",
  severity: "error",
  source: "net-attach-def-admission-controller pkg/webhook/webhook.go",
  check({ metadata }) {
    if (typeof metadata.name !== "string" || namePattern.test(metadata.name)) return [];
    const message = `"${metadata.name}" is refused as the name of an attachment.`;
    return [
      {
        path: ["metadata", "name"],
        message,
        fix: "Use lower-case letters, digits and hyphens; no dots and no leading 0.",
      },
    ];
  },
};

const present: Rule<KubernetesObject> = {
  id: "networks/config-missing",
  severity: "warning",
  source: "multus-cni: such an attachment stands for a file of its name in /etc/cni/multus/net.d",
  check(object) {
    const spec = object.spec ?? {};
    if ("config" in spec && spec.config !== "" && spec.config !== null) return [];
    if ("spec" in object && object.spec === undefined) return [];
    const message = "Without a configuration Multus looks for a file of that name on the node.";
    return [{ path: ["spec", "config"], message, fix: "Give the CNI configuration as a JSON text." }];
  },
};

const json: Rule<KubernetesObject> = {
  id: "networks/config-json",
  severity: "error",
  source: "net-attach-def-admission-controller pkg/webhook/webhook.go",
  check(object) {
    const text = textAt(object, "spec", "config");
    if (!text) return [];
    const parsed = parseJson(text);
    const path = ["spec", "config"];
    if ("error" in parsed) return [{ path, message: `The configuration is not valid JSON: ${parsed.error}.` }];
    return isObject(parsed.value) ? [] : [{ path, message: "The configuration must be a JSON object." }];
  },
};

const types = configRule(
  "networks/config-type",
  "error",
  "net-attach-def-admission-controller pkg/webhook/webhook.go; multus-cni pkg/types",
  ({ envelope, plugins: entries }): Problem[] => {
    if ("plugins" in envelope && !Array.isArray(envelope.plugins))
      return [{ at: "plugins", message: "It must be a list." }];
    if (entries.length === 0) return [{ at: "plugins", message: "The list of plugins is empty." }];
    return entries
      .filter((entry) => entry.type === "")
      .map(({ at }) => ({ at: at ? `${at}.type` : "type", message: "The type of the plugin is missing." }));
  },
);

const names = configRule(
  "networks/config-name",
  "error",
  "libcni: names of networks and types of plugins become file names",
  ({ envelope, plugins: entries }) => {
    const found: Problem[] = [];
    const network = textAt(envelope, "name");
    if (network && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(network)) {
      found.push({ at: "name", message: `"${network}" cannot be the name of a network.` });
    }
    for (const { at, type } of entries) {
      if (type.includes("/")) found.push({ at, message: `"${type}" cannot be the type of a plugin.` });
    }
    return found;
  },
);

const flag = (value: Json | undefined): boolean =>
  typeof value === "boolean" || (typeof value === "string" && /^(true|false)$/i.test(value));

const keysOfList = configRule(
  "networks/config-keys",
  "error",
  "containernetworking/cni libcni/conf.go NetworkConfFromBytes",
  ({ envelope }) => {
    const list = Array.isArray(envelope.plugins);
    const wrong = (at: string, wanted: string): Problem => ({ at, message: `It must be ${wanted}.` });
    const found = (envelope.name === null ? ["name"] : [])
      .concat(list ? ["name", "cniVersion"].filter((key) => key in envelope && typeof envelope[key] !== "string") : [])
      .map((key) => wrong(key, "a text"));
    if (!list) return found.slice(0, 1);
    for (const key of ["disableCheck", "disableGC", "loadOnlyInlinedPlugins"]) {
      if (key in envelope && !flag(envelope[key])) found.push(wrong(key, "true or false"));
    }
    if ("cniVersions" in envelope) {
      const { cniVersions: all } = envelope;
      if (!Array.isArray(all)) found.push(wrong("cniVersions", "a list"));
      else if (!all.every((each) => typeof each === "string" && /^\d+(\.\d+){0,2}$/.test(each)))
        found.push(wrong("cniVersions", "a list of versions"));
    }
    const others = listAt(envelope, "plugins").flatMap((each, index) => (isObject(each) ? [] : [index]));
    return [...found, ...others.map((index) => wrong(`plugins[${index}]`, "an object"))];
  },
);

const sameName = configRule(
  "networks/config-name-differs",
  "info",
  "containernetworking/plugins host-local keeps its addresses by the network's name",
  ({ object, envelope, plugins: entries }) => {
    const network = textAt(envelope, "name");
    if (!network || network === object.metadata.name) return [];
    if (entries.some((entry) => entry.type === "ovn-k8s-cni-overlay")) return [];
    return [{ at: "name", message: `The network is called "${network}", the attachment "${object.metadata.name}".` }];
  },
);

const versionPattern = /^\d+\.\d+\.\d+$/;
const knownVersions = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];

function newer(a: string, b: string): boolean {
  return knownVersions.indexOf(a) > knownVersions.indexOf(b);
}

const version = configRule(
  "networks/cni-version",
  "error",
  "containernetworking/cni pkg/version; the plugins answer incompatible CNI versions when a pod starts",
  ({ envelope, plugins: entries }) => {
    const wanted = textAt(envelope, "cniVersion");
    if (!wanted) return [];
    const at = "cniVersion";
    if (!versionPattern.test(wanted) || !knownVersions.includes(wanted)) {
      return [{ at, message: `"${wanted}" is no version of the CNI specification.`, fix: 'Use "0.3.1".' }];
    }
    return entries.flatMap(({ type }) => {
      const newest = plugins[type]?.newest ?? "1.1.0";
      if (!newer(wanted, newest)) return [];
      return [{ at, message: `The plugin ${type} speaks CNI up to ${newest}, not ${wanted}.`, fix: 'Use "0.3.1".' }];
    });
  },
);

function hasIpam(keys: Record<string, unknown>): boolean {
  return isObject(keys.ipam) && Object.keys(keys.ipam).length > 0;
}

const oldVersion = configRule(
  "networks/cni-version-old",
  "error",
  "containernetworking/plugins bridge and macvlan, executed: no valid IP addresses, after the link was made",
  ({ envelope, plugins: entries }) => {
    const wanted = textAt(envelope, "cniVersion") ?? "";
    const [first] = entries;
    if (!["", "0.1.0", "0.2.0"].includes(wanted) || !first || hasIpam(first.keys)) return [];
    if (!["bridge", "cnv-bridge", "macvlan"].includes(first.type)) return [];
    const message = `${first.type} without IPAM fails with ${wanted ? `CNI ${wanted}` : "no cniVersion"} when a pod starts.`;
    return [{ at: "cniVersion", message, fix: 'Write "cniVersion": "0.3.1".' }];
  },
);

const bridgeCheck = configRule(
  "networks/bridge-check",
  "warning",
  "containernetworking/plugins bridge, executed: its CHECK without IPAM always fails",
  ({ envelope, plugins: entries }) => {
    const wanted = textAt(envelope, "cniVersion") ?? "0.1.0";
    const bridge = entries.find((entry) => ["bridge", "cnv-bridge"].includes(entry.type));
    if (!bridge || hasIpam(bridge.keys) || envelope.disableCheck === true || !newer(wanted, "0.3.1")) return [];
    const message = `The check of a bridge without IPAM always fails, and CNI ${wanted} has checks.`;
    return [{ at: "cniVersion", message, fix: 'Use "0.3.1", or a list of plugins with disableCheck: true.' }];
  },
);

const capabilities = configRule(
  "networks/capabilities",
  "error",
  "libcni: capabilities are booleans",
  ({ plugins: entries }) =>
    entries.flatMap(({ at, keys }) =>
      Object.entries(isObject(keys.capabilities) ? keys.capabilities : {})
        .filter(([, value]) => typeof value !== "boolean" && value !== null)
        .map(([key]) => ({
          at: [at, `capabilities.${key}`].filter(Boolean).join("."),
          message: "It must be true or false.",
        })),
    ),
);

const beside = configRule(
  "networks/ignored-beside-plugins",
  "warning",
  "libcni reads these keys inside of the plugins only when there is a list",
  ({ envelope }) => {
    if (!Array.isArray(envelope.plugins)) return [];
    return ["ipam", "capabilities", "type", "dns", "args"]
      .filter((key) => key in envelope)
      .map((key) => ({ at: key, message: "Beside a list of plugins it is ignored.", fix: "Move it into the plugin." }));
  },
);

/** Rules on what is common to all CNI configurations. */
export const envelopeRules: readonly Rule<KubernetesObject>[] = [
  name,
  present,
  json,
  types,
  names,
  keysOfList,
  sameName,
  version,
  oldVersion,
  bridgeCheck,
  capabilities,
  beside,
];
