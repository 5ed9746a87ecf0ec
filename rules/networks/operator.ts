import { isObject } from "../../model";
import type { Facts, JsonObject, KubernetesObject, PathStep } from "../../model";
import { isAddress } from "../../model/addresses";
import { indexedAt, listAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { parseJson } from "./cni-config";

const upstream = "cluster-network-operator pkg/network/additional_networks.go";
const list: PathStep[] = ["spec", "additionalNetworks"];

const name: Rule<KubernetesObject> = {
  id: "networks/operator-name",
  severity: "error",
  source: "cluster-network-operator pkg/names: OPERATOR_CONFIG",
  check({ metadata }) {
    if (typeof metadata.name !== "string" || metadata.name === "cluster") return [];
    const message = "The network operator reads one configuration only.";
    return [{ path: ["metadata", "name"], message, fix: "Call it cluster." }];
  },
};

const withoutMultus: Rule<KubernetesObject> = {
  id: "networks/additional-without-multus",
  severity: "error",
  source: "cluster-network-operator pkg/network/render.go validateMultus",
  check(object) {
    if (object.spec?.disableMultiNetwork !== true || listAt(object, ...list).length === 0) return [];
    const message = "Additional networks cannot go with disableMultiNetwork.";
    return [{ path: ["spec", "disableMultiNetwork"], message, fix: "Leave disableMultiNetwork out." }];
  },
};

/** A rule on each additional network. */
function networkRule(
  id: string,
  source: string,
  check: (network: JsonObject) => (Omit<Violation, "path"> & { at: PathStep[] })[],
): Rule<KubernetesObject> {
  return {
    id,
    severity: "error",
    source,
    check: (object) =>
      indexedAt(object, ...list).flatMap(([index, network]) =>
        check(network).map(({ at, ...rest }) => ({ ...rest, path: [...list, index, ...at] })),
      ),
  };
}

const type = networkRule("networks/additional-type", "cluster-network-operator pkg/network/render.go", (network) => {
  if (network.type === undefined && "type" in network) return [];
  const given = textAt(network, "type") ?? "";
  if (["Raw", "SimpleMacvlan"].includes(given)) return [];
  const message = given ? `There is no type "${given}".` : "The type is missing.";
  return [{ at: ["type"], message, fix: "Write Raw, with rawCNIConfig, or SimpleMacvlan." }];
});

const raw = networkRule("networks/additional-raw", `${upstream} validateRaw`, (network) => {
  if (network.type !== "Raw" || ("rawCNIConfig" in network && network.rawCNIConfig === undefined)) return [];
  const parsed = parseJson(textAt(network, "rawCNIConfig") ?? "");
  if ("value" in parsed && isObject(parsed.value)) return [];
  return [{ at: ["rawCNIConfig"], message: "It must be a JSON object.", fix: "Give the CNI configuration as a text." }];
});

const isCidr = (text: string): boolean => {
  const [address = "", length = ""] = text.split("/");
  return isAddress(address) && /^\d{1,3}$/.test(length);
};

const macvlan = networkRule("networks/additional-macvlan", `${upstream} validateSimpleMacvlanConfig`, (network) => {
  if (network.type !== "SimpleMacvlan") return [];
  const base: PathStep[] = ["simpleMacvlanConfig"];
  const ipam: PathStep[] = [...base, "ipamConfig"];
  const fixed: PathStep[] = [...ipam, "staticIPAMConfig"];
  const text = (...path: PathStep[]): string => textAt(network, ...path) ?? "";
  const found: (Omit<Violation, "path"> & { at: PathStep[] })[] = [];
  const mode = text(...base, "mode");
  if (mode && !["Bridge", "Private", "VEPA", "Passthru"].includes(mode)) {
    found.push({
      at: [...base, "mode"],
      message: `There is no mode "${mode}".`,
      fix: "Bridge, Private, VEPA, Passthru.",
    });
  }
  const config = objectAt(network, ...ipam);
  const given = isObject(network.simpleMacvlanConfig) && isObject(network.simpleMacvlanConfig.ipamConfig);
  const unknown = "type" in config && config.type === undefined;
  if (given && !unknown && !["DHCP", "Static"].includes(text(...ipam, "type"))) {
    found.push({ at: [...ipam, "type"], message: "The type of IPAM must be DHCP or Static." });
  }
  if (config.type !== "Static") return found;
  for (const [key, field] of [
    ["addresses", "address"],
    ["routes", "destination"],
  ] as const) {
    for (const [index, entry] of indexedAt(network, ...fixed, key)) {
      const at = [...fixed, key, index];
      const cidr = textAt(entry, field);
      const gateway = textAt(entry, "gateway");
      if (!(field in entry && cidr === undefined) && !isCidr(cidr ?? "")) {
        found.push({
          at: [...at, field],
          message: `"${cidr ?? ""}" is not an address with a length, such as 10.0.0.5/24.`,
        });
      }
      if (gateway && !isAddress(gateway)) {
        found.push({ at: [...at, "gateway"], message: `"${gateway}" is not an address.` });
      }
    }
  }
  return found;
});

/** Rules of attachments that a raw configuration has to keep as well; naming DHCP here is what starts its daemon. */
function attachmentsOf(
  object: KubernetesObject,
  rules: readonly Rule<KubernetesObject>[],
  severity: "error" | "warning",
  facts: Facts,
): Violation[] {
  return indexedAt(object, ...list).flatMap(([index, network]) => {
    const config = textAt(network, "rawCNIConfig");
    const parsed = parseJson(config ?? "");
    if (network.type !== "Raw" || config === undefined || !("value" in parsed) || !isObject(parsed.value)) return [];
    const metadata = { name: textAt(network, "name") ?? "x", namespace: textAt(network, "namespace") ?? "default" };
    const attachment = {
      apiVersion: "k8s.cni.cncf.io/v1",
      kind: "NetworkAttachmentDefinition",
      metadata,
      spec: { config },
    };
    return rules
      .filter((rule) => rule.severity === severity && rule.id !== "networks/ipam-hint")
      .flatMap((rule) => rule.check(attachment, facts))
      .map(({ path, message, fix }) => ({
        path: [...list, index, ...(path[0] === "metadata" ? ["name"] : ["rawCNIConfig"])],
        message,
        ...(fix ? { fix } : {}),
      }));
  });
}

/** Rules on the network operator's configuration; `attachments` are the rules of what it makes. */
export function operatorRules(attachments: readonly Rule<KubernetesObject>[]): readonly Rule<KubernetesObject>[] {
  const made = (id: string, severity: "error" | "warning"): Rule<KubernetesObject> => ({
    id,
    severity,
    source: `${upstream} renderRawCNIConfig makes a NetworkAttachmentDefinition of it`,
    check: (object, facts) => attachmentsOf(object, attachments, severity, facts),
  });
  return [
    name,
    withoutMultus,
    type,
    raw,
    macvlan,
    made("networks/additional-cni", "error"),
    made("networks/additional-cni-hint", "warning"),
  ];
}
