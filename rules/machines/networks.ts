import type { JsonObject, KubernetesObject } from "../../model";
import { objectAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { elementRule, interfaces, listUnknown, machineRule, networks, repeated, setKeys } from "./template";

/** Source of all rules here: KubeVirt pkg/network/admitter; numbers are those of the facts of the field, sections 3.3 and 8. */
const sources = ["pod", "multus", "resourceClaim"];
const bindings = ["bridge", "masquerade", "sriov", "passtBinding", "binding"];

function networkOf(machine: KubernetesObject, nic: JsonObject): JsonObject | undefined {
  return objectsAt(machine, ...networks).find((network) => network.name === nic.name);
}

/** R5. */
const networkNames = machineRule("network-repeated", "error", (machine) =>
  repeated(machine, networks, "name").map(({ index, text }) => ({
    path: [...networks, index, "name"],
    message: `The network "${text}" occurs twice.`,
  })),
);

/** R6. */
const interfaceNames = machineRule("interface-repeated", "error", (machine) =>
  repeated(machine, interfaces, "name").map(({ index, text }) => ({
    path: [...interfaces, index, "name"],
    message: `The interface "${text}" occurs twice; a network takes one interface.`,
  })),
);

/** R7: also without any interface, because the default one is not added when there are networks. */
const networkUnused = elementRule("network-without-interface", "error", networks, (network, _index, machine) => {
  const name = textAt(network, "name");
  if (name === undefined || listUnknown(machine, interfaces)) return [];
  const nics = objectsAt(machine, ...interfaces);
  if (nics.some((nic) => nic.name === name || ("name" in nic && nic.name === undefined))) return [];
  return [
    { path: ["name"], message: `No interface joins the network "${name}".`, fix: "Add an interface of that name." },
  ];
});

/** R8. */
const interfaceUnconnected = elementRule("interface-without-network", "error", interfaces, (nic, _index, machine) => {
  const name = textAt(nic, "name");
  if (name === undefined || listUnknown(machine, networks)) return [];
  const all = objectsAt(machine, ...networks);
  if (all.some((network) => network.name === name || ("name" in network && network.name === undefined))) return [];
  return [
    { path: ["name"], message: `There is no network "${name}" for the interface.`, fix: "Add a network of that name." },
  ];
});

/** R9. An empty `pod:` is a null and counts as absent; write `pod: {}`. */
const networkSource = elementRule("network-source", "error", networks, (network) => {
  const given = setKeys(network, sources);
  if (given.length === 1) return [];
  const message =
    given.length === 0 ? "The network says not what it is." : `The network is both ${given.join(" and ")}.`;
  return [{ path: [], message, fix: "Give either pod: {} or multus." }];
});

/** R10. The webhook reports the first at `spec.template.spec.interfaces`. */
const oneDefault = machineRule("network-default", "error", (machine) => {
  const all = objectsAt(machine, ...networks);
  const pods = all.filter((network) => setKeys(network, ["pod"]).length > 0);
  const defaults = all.filter((network) => objectAt(network, "multus").default === true);
  if (pods.length > 1) return [{ path: networks, message: "A machine can join the pod network once only." }];
  if (defaults.length > 1) return [{ path: networks, message: "One network only can be the default." }];
  if (pods.length === 0 || defaults.length === 0) return [];
  return [{ path: networks, message: "The pod network and a default Multus network cannot go together." }];
});

/** R11. */
const networkName = elementRule("network-name", "error", networks, (network) => {
  if (setKeys(network, ["multus"]).length === 0 || network.multus === undefined) return [];
  const multus = objectAt(network, "multus");
  if ("networkName" in multus && (multus.networkName === undefined || multus.networkName !== "")) {
    return multus.networkName === null ? [missingName] : [];
  }
  return [missingName];
});

const missingName: Violation = {
  path: ["multus", "networkName"],
  message: "The name of the NetworkAttachmentDefinition is missing.",
};

/** R12. KubeVirt 1.8 accepts none and two core bindings; the machine then has no working interface. */
const binding = elementRule("binding", "error", interfaces, (nic) => {
  const discontinued = setKeys(nic, ["slirp", "passt", "macvtap"]);
  if (discontinued.length > 0) {
    // Source: pkg/virt-api, R15: since 1.3 these are plugins.
    return [{ path: [discontinued[0] ?? ""], message: "This binding was taken out of KubeVirt in 1.3." }];
  }
  const given = setKeys(nic, bindings);
  if (given.length === 1) return [];
  const message =
    given.length === 0 ? "The interface has no binding." : `The interface has two bindings: ${given.join(", ")}.`;
  return [{ path: [], message, fix: "Give one of masquerade: {} (pod network), bridge: {}, sriov: {}, binding." }];
});

/** R13. The reserved address is compared as text. */
const masquerade = elementRule("masquerade", "error", interfaces, (nic, _index, machine) => {
  if (setKeys(nic, ["masquerade"]).length === 0) return [];
  const found: Violation[] = [];
  const network = networkOf(machine, nic);
  if (network && setKeys(network, sources).length > 0 && setKeys(network, ["pod"]).length === 0) {
    const message = "masquerade works on the pod network only.";
    found.push({ path: ["name"], message, fix: "Use bridge: {} or sriov: {} on other networks." });
  }
  if (nic.macAddress === "02:00:00:00:00:00") {
    found.push({ path: ["macAddress"], message: "This address is reserved for masquerade." });
  }
  return found;
});

/** R14 depends on the cluster; with Cilium the address of a bridged pod interface does not survive a migration. */
const podBridge = elementRule("bridge-on-pod-network", "warning", interfaces, (nic, _index, machine) => {
  const network = networkOf(machine, nic);
  if (setKeys(nic, ["bridge"]).length === 0 || !network || setKeys(network, ["pod"]).length === 0) return [];
  const message = "A bridge on the pod network keeps the machine from live migration, and the cluster may forbid it.";
  return [{ path: ["bridge"], message, fix: "Use masquerade: {}." }];
});

/** R16. */
const interfaceName = elementRule("interface-name", "error", interfaces, (nic) => {
  const name = textAt(nic, "name");
  if (name === undefined || /^[A-Za-z0-9-_]+$/.test(name)) return [];
  return [
    { path: ["name"], message: `"${name}" cannot be the name of an interface.`, fix: "Use letters, digits, - and _." },
  ];
});

const models = ["e1000", "e1000e", "igb", "ne2k_pci", "pcnet", "rtl8139", "virtio"];

/** R17. */
const model = elementRule("interface-model", "error", interfaces, (nic) => {
  const name = textAt(nic, "model");
  if (!name || models.includes(name)) return [];
  return [{ path: ["model"], message: `There is no model "${name}".`, fix: `Allowed: ${models.join(", ")}.` }];
});

/** Hardware addresses as Go's net.ParseMAC takes them, of six bytes. */
const mac = /^([0-9a-f]{2}([:-])([0-9a-f]{2}\2){4}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4})$/i;

/** R18. */
const macAddress = elementRule("mac-address", "error", interfaces, (nic) => {
  const address = textAt(nic, "macAddress");
  if (!address || mac.test(address)) return [];
  return [
    { path: ["macAddress"], message: `"${address}" is not a hardware address.`, fix: "For example 02:00:00:00:10:02." },
  ];
});

/** R18, what KubeVirt does not check: no card has a group address or none. */
const macUsable = elementRule("mac-address-group", "error", interfaces, (nic) => {
  const address = textAt(nic, "macAddress") ?? "";
  const digits = address.replace(/[^0-9a-f]/gi, "");
  if (!mac.test(address)) return [];
  const group = Number.parseInt(digits.slice(0, 2), 16) % 2 === 1;
  if (!group && !/^0+$/.test(digits)) return [];
  return [
    { path: ["macAddress"], message: `"${address}" cannot be the address of an interface.`, fix: "Begin it with 02." },
  ];
});

/** R18. */
const pciAddress = elementRule("pci-address", "error", interfaces, (nic) => {
  const address = textAt(nic, "pciAddress");
  if (!address || /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(address)) return [];
  return [{ path: ["pciAddress"], message: `"${address}" is not a PCI address.`, fix: "For example 0000:01:00.0." }];
});

/** R20. */
const state = elementRule("interface-state", "error", interfaces, (nic, _index, machine) => {
  const text = textAt(nic, "state");
  if (!text) return [];
  if (!["absent", "up", "down"].includes(text)) {
    return [{ path: ["state"], message: `There is no state "${text}".`, fix: "Allowed: up, down, absent." }];
  }
  if (text !== "absent") {
    const sriov = setKeys(nic, ["sriov"]).length > 0;
    return sriov ? [{ path: ["state"], message: "The link of an SR-IOV interface cannot be set." }] : [];
  }
  const network = networkOf(machine, nic);
  const isDefault = network && (setKeys(network, ["pod"]).length > 0 || objectAt(network, "multus").default === true);
  if (setKeys(nic, bindings).length > 0 && setKeys(nic, ["bridge"]).length === 0) {
    return [{ path: ["state"], message: "Only interfaces with the binding bridge can be taken away." }];
  }
  return isDefault ? [{ path: ["state"], message: "The default network's interface cannot be taken away." }] : [];
});

/** Source: OpenShift's Multus has namespaceIsolation; these are its global namespaces. */
const globalNamespaces = ["default", "openshift-multus", "openshift-sriov-network-operator", "openshift-cnv"];

/** Source: cluster-network-operator bindata/network/multus; nobody refuses it, the pod does not start. */
const reachable = elementRule("network-namespace", "error", networks, (network, _index, machine) => {
  const name = textAt(network, "multus", "networkName") ?? "";
  const [namespace, rest] = name.includes("/") ? name.split("/") : [undefined, name];
  const own = machine.metadata.namespace;
  if (namespace === undefined || rest === undefined || typeof own !== "string") return [];
  if (namespace === own || globalNamespaces.includes(namespace)) return [];
  const message = `OpenShift does not let machines in "${own}" join networks of namespace "${namespace}".`;
  return [{ path: ["multus", "networkName"], message, fix: `Make the network in "${own}".` }];
});

/** Rules on networks and interfaces of a machine. */
export const networkRules: readonly Rule<KubernetesObject>[] = [
  networkNames,
  interfaceNames,
  networkUnused,
  interfaceUnconnected,
  networkSource,
  oneDefault,
  networkName,
  reachable,
  binding,
  masquerade,
  podBridge,
  interfaceName,
  model,
  macAddress,
  macUsable,
  pciAddress,
  state,
];
