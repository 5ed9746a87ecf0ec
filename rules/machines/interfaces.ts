import type { KubernetesObject } from "../../model";
import { objectAt, textAt } from "../read";
import type { Rule } from "../rule";
import { networkOf } from "./networks";
import { elementRule, interfaces, setKeys } from "./template";

/** R16. */
const interfaceName = elementRule(
  "interface-name",
  "error",
  "KubeVirt pkg/network/admitter/netiface.go validateInterfaceNameFormat",
  interfaces,
  (nic) => {
    const name = textAt(nic, "name");
    if (name === undefined || /^[A-Za-z0-9-_]+$/.test(name)) return [];
    return [
      {
        path: ["name"],
        message: `"${name}" cannot be the name of an interface.`,
        fix: "Use letters, digits, - and _.",
      },
    ];
  },
);

const models = ["e1000", "e1000e", "igb", "ne2k_pci", "pcnet", "rtl8139", "virtio"];

/** R17. */
const model = elementRule(
  "interface-model",
  "error",
  "KubeVirt pkg/network/admitter/netiface.go validateInterfaceModel",
  interfaces,
  (nic) => {
    const name = textAt(nic, "model");
    if (!name || models.includes(name)) return [];
    return [{ path: ["model"], message: `There is no model "${name}".`, fix: `Allowed: ${models.join(", ")}.` }];
  },
);

/** Hardware addresses as Go's net.ParseMAC takes them up to Go 1.25, of six bytes; without separators since 1.26. */
const mac = /^([0-9a-f]{2}([:-])([0-9a-f]{2}\2){4}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4})$/i;

/** R18. */
const macAddress = elementRule(
  "mac-address",
  "error",
  "KubeVirt pkg/network/admitter/netiface.go validateMacAddress",
  interfaces,
  (nic) => {
    const address = textAt(nic, "macAddress");
    if (!address || mac.test(address)) return [];
    return [
      {
        path: ["macAddress"],
        message: `"${address}" is not a hardware address.`,
        fix: "For example 02:00:00:00:10:02.",
      },
    ];
  },
);

/** R18, what KubeVirt does not check: no card has a group address or none. */
const macUsable = elementRule(
  "mac-address-group",
  "warning",
  "IEEE 802 addresses: a card has an individual address; KubeVirt does not look",
  interfaces,
  (nic) => {
    const address = textAt(nic, "macAddress") ?? "";
    const digits = address.replace(/[^0-9a-f]/gi, "");
    if (!mac.test(address)) return [];
    const group = Number.parseInt(digits.slice(0, 2), 16) % 2 === 1;
    if (!group && !/^0+$/.test(digits)) return [];
    return [
      {
        path: ["macAddress"],
        message: `"${address}" cannot be the address of an interface.`,
        fix: "Begin it with 02.",
      },
    ];
  },
);

/** R18. */
const pciAddress = elementRule(
  "pci-address",
  "error",
  "KubeVirt pkg/network/admitter/netiface.go validatePciAddress",
  interfaces,
  (nic) => {
    const address = textAt(nic, "pciAddress");
    if (!address || /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(address)) return [];
    return [{ path: ["pciAddress"], message: `"${address}" is not a PCI address.`, fix: "For example 0000:01:00.0." }];
  },
);

/** R20. */
const state = elementRule(
  "interface-state",
  "error",
  "KubeVirt pkg/network/admitter/admit.go validateInterfaceStateValue",
  interfaces,
  (nic, _index, machine) => {
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
    if (setKeys(nic, ["bridge"]).length === 0) {
      return [{ path: ["state"], message: "Only interfaces with the binding bridge can be taken away." }];
    }
    return isDefault ? [{ path: ["state"], message: "The default network's interface cannot be taken away." }] : [];
  },
);

/** Rules on the details of a machine's interfaces. */
export const interfaceRules: readonly Rule<KubernetesObject>[] = [
  interfaceName,
  model,
  macAddress,
  macUsable,
  pciAddress,
  state,
];
