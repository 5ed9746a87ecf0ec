import type { KubernetesObject } from "../../model";
import { indexedAt, listAt, numberAt, textAt } from "../read";
import type { Rule } from "../rule";
import { canonical, place, pluginRule } from "./cni-config";
import type { Problem } from "./cni-config";

const resourceAnnotation = "k8s.v1.cni.cncf.io/resourceName";

const cilium = pluginRule(
  "networks/cilium-secondary",
  "error",
  "cilium plugins/cilium-cni/cmd/cmd.go; cilium#23483, cilium#20129",
  ["cilium-cni"],
  () => [
    {
      at: "type",
      message: "Cilium cannot be a secondary network: pods with it neither start nor end.",
      fix: "The pod network is Cilium already; for a second interface use a bridge or SR-IOV.",
    },
  ],
);

const sriovResource = pluginRule(
  "networks/sriov-resource",
  "error",
  "sriov-cni v2.10.0: the address of a virtual function comes from Multus by this annotation",
  ["sriov"],
  (_plugin, { object }) => {
    const { metadata } = object;
    if ("annotations" in metadata && metadata.annotations === undefined) return [];
    if (metadata.annotations && resourceAnnotation in metadata.annotations) return [];
    const message = `Without the annotation ${resourceAnnotation} no pod gets a virtual function.`;
    return [{ at: "", message, fix: "Use a SriovNetwork, from which the operator makes the attachment." }];
  },
);

const sriovDevice = pluginRule(
  "networks/sriov-device",
  "error",
  "sriov-cni v2.10.0: deviceID is a PCI address that Multus fills in",
  ["sriov"],
  ({ keys }) => {
    const device = textAt(keys, "deviceID");
    if (device === undefined || device === "") return [];
    const fix = "Leave it out; cards are selected in a SriovNetworkNodePolicy.";
    if (/^[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7]$/.test(device)) {
      return [{ at: "deviceID", message: "A fixed virtual function works for one pod on one node.", fix }];
    }
    return [{ at: "deviceID", message: `"${device}" is not the PCI address of a virtual function.`, fix }];
  },
);

const sriovVlan = pluginRule(
  "networks/sriov-vlan",
  "error",
  "sriov-cni v2.10.0 pkg/config: QoS and protocol need a VLAN",
  ["sriov"],
  ({ keys }) => {
    const vlan = numberAt(keys, "vlan");
    if (vlan !== undefined && vlan !== 0) return [];
    const given = (key: string): boolean => keys[key] !== undefined && keys[key] !== null;
    // VLAN 0 goes with the values that are the defaults.
    const fine = (key: string): boolean =>
      vlan === 0 && (keys[key] === 0 || textAt(keys, key)?.toLowerCase() === "802.1q");
    return ["vlanQoS", "vlanProto"]
      .filter((key) => given(key) && !fine(key))
      .map((key) => ({ at: key, message: "It needs a vlan other than 0." }));
  },
);

const vlanMaster = pluginRule(
  "networks/vlan-master",
  "error",
  "containernetworking/plugins vlan: master must be specified",
  ["vlan"],
  ({ keys }) => (textAt(keys, "master") ? [] : [{ at: "master", message: "The plugin vlan needs a master." }]),
);

const defaultMaster = pluginRule(
  "networks/default-master",
  "warning",
  "containernetworking/plugins macvlan and ipvlan: the interface of the default route is the default",
  ["macvlan", "ipvlan"],
  ({ keys, type, first }) => {
    if (!first || textAt(keys, "master")) return [];
    return [{ at: "master", message: `Without a master ${type} uses the interface of the node's default route.` }];
  },
);

const notForMachines = pluginRule(
  "networks/not-for-machines",
  "info",
  "kubevirt#5483, kubevirt#7001; macvlan executed: its filter drops what is for the guest's own address",
  ["macvlan", "ipvlan"],
  ({ keys, type }) => {
    if (type === "macvlan" && keys.mode === "passthru") return [];
    const message = `Virtual machines get no traffic over ${type}; it works for pods only.`;
    return [{ at: "type", message, fix: "For machines use a bridge, or SR-IOV." }];
  },
);

const trunkKeys = ["id", "minID", "maxID"];

/** What is wrong with the VLANs of a trunk port. */
export function trunkProblems(keys: Parameters<typeof indexedAt>[0], key: string, low: number, high = 4094): Problem[] {
  return indexedAt(keys, key).flatMap(([index, entry]): Problem[] => {
    const at = place(key, index);
    const [id, min, max] = trunkKeys.map((each) => numberAt(canonical(entry, trunkKeys), each));
    const bad = [id, min, max].find((value) => value !== undefined && (value < low || value > high));
    if (bad !== undefined) return [{ at, message: `${bad} is not between ${low} and ${high}.` }];
    if ((min === undefined) !== (max === undefined)) return [{ at, message: "minID and maxID belong together." }];
    if (min !== undefined && max !== undefined && min > max) return [{ at, message: "minID is above maxID." }];
    return id === undefined && min === undefined ? [{ at, message: "It needs id, or minID and maxID." }] : [];
  });
}

const bridge = pluginRule(
  "networks/bridge",
  "error",
  "containernetworking/plugins bridge, executed",
  ["bridge", "cnv-bridge"],
  ({ keys }) => {
    const found = trunkProblems(keys, "vlanTrunk", 1);
    const trunk = listAt(keys, "vlanTrunk").length > 0;
    const name = textAt(keys, "bridge") ?? "";
    if (keys.hairpinMode === true && keys.promiscMode === true) {
      found.push({ at: "promiscMode", message: "It cannot go with hairpinMode." });
    }
    if (keys.disableContainerInterface === true && textAt(keys, "ipam", "type")) {
      found.push({ at: "disableContainerInterface", message: "It cannot go with IPAM." });
    }
    if (trunk && numberAt(keys, "vlan")) found.push({ at: "vlanTrunk", message: "It cannot go with vlan." });
    if (name.length > 15)
      found.push({ at: "bridge", message: `"${name}" is longer than the 15 characters of an interface's name.` });
    return found;
  },
);

const bridgeMarker = pluginRule(
  "networks/bridge-marker",
  "info",
  "containernetworking/plugins bridge, executed: it makes a missing bridge that leads nowhere",
  ["bridge", "cnv-bridge"],
  ({ keys }, { object }) => {
    const name = textAt(keys, "bridge") ?? "cni0";
    if ("annotations" in object.metadata && object.metadata.annotations === undefined) return [];
    if (object.metadata.annotations?.[resourceAnnotation]) return [];
    const message = `Where a node has no bridge "${name}", the plugin makes one that leads nowhere.`;
    const fix = `The annotation ${resourceAnnotation}: bridge.network.kubevirt.io/${name} keeps machines on nodes that have it.`;
    return [{ at: "bridge", message, fix }];
  },
);

const hostDevice = pluginRule(
  "networks/host-device",
  "error",
  "containernetworking/plugins host-device",
  ["host-device"],
  ({ keys }, { object }) => {
    const given = ["device", "hwaddr", "kernelpath", "pciBusID"].some((key) => textAt(keys, key));
    if (given || object.metadata.annotations?.[resourceAnnotation]) return [];
    return [{ at: "", message: "host-device needs one of device, hwaddr, kernelpath, pciBusID." }];
  },
);

const bond = pluginRule(
  "networks/bond",
  "error",
  "bond-cni, executed: the interfaces are moved out of the host and do not come back",
  ["bond"],
  ({ keys }) => {
    const found: Problem[] = [];
    if (keys.linksInContainer !== true) {
      const message = "Without linksInContainer the node's own interfaces are moved into the pod; the node loses them.";
      found.push({
        at: "linksInContainer",
        message,
        fix: "Bond host interfaces with a NodeNetworkConfigurationPolicy.",
      });
    }
    const miimon = textAt(keys, "miimon");
    if (miimon && !/^[+-]?\d+$/.test(miimon))
      found.push({ at: "miimon", message: `"${miimon}" is not a number of milliseconds.` });
    const balanced = ["balance-tlb", "balance-alb"].includes(textAt(keys, "mode") ?? "");
    if (numberAt(keys, "tlbDynamicLb") !== undefined && !balanced)
      found.push({ at: "tlbDynamicLb", message: "It goes with balance-tlb and balance-alb only." });
    const links = listAt(keys, "links");
    if (links.length < 2) found.push({ at: "links", message: "A bond needs at least two links." });
    links.forEach((link, index) => {
      if (textAt({ link }, "link", "name")) return;
      found.push({ at: place("links", index), message: 'A link is written as {"name": "net1"}.' });
    });
    return found;
  },
);

const ovs = pluginRule("networks/ovs", "error", "ovs-cni v0.39.0, executed", ["ovs"], ({ keys }) => {
  const found = trunkProblems(keys, "trunk", 0, 4095);
  if (!textAt(keys, "bridge") && !textAt(keys, "deviceID"))
    found.push({ at: "bridge", message: "ovs needs a bridge." });
  return found;
});

const ovsInstalled = pluginRule(
  "networks/ovs-installed",
  "warning",
  "machine-config-operator templates start Open vSwitch for OVN-Kubernetes only; HyperConverged annotation deployOVS",
  ["ovs"],
  () => [
    {
      at: "type",
      message: "On a cluster with Cilium neither Open vSwitch nor the plugin ovs is there by itself.",
      fix: "Enable openvswitch.service by a MachineConfig and deployOVS in HyperConverged, or use a Linux bridge.",
    },
  ],
);

const ovn = pluginRule(
  "networks/ovn",
  "error",
  "ovn-kubernetes go-controller/pkg/util multi-network: netAttachDefName is compared with the object",
  ["ovn-k8s-cni-overlay"],
  ({ keys }, { object }) => {
    const { namespace, name } = object.metadata;
    const found: Problem[] = [];
    const wanted = `${namespace}/${name}`;
    if (namespace && name && textAt(keys, "netAttachDefName") !== wanted) {
      found.push({ at: "netAttachDefName", message: `It must be "${wanted}".` });
    }
    const topology = textAt(keys, "topology");
    if (topology === undefined) found.push({ at: "topology", message: "The topology is missing." });
    if (topology === "layer3" && keys.allowPersistentIPs === true) {
      found.push({ at: "allowPersistentIPs", message: "It does not exist for layer3." });
    }
    return found;
  },
);

const ovnWithCilium = pluginRule(
  "networks/ovn-with-cilium",
  "warning",
  "ovn-kubernetes: the plugin is part of that network provider",
  ["ovn-k8s-cni-overlay"],
  () => [{ at: "type", message: "This plugin belongs to OVN-Kubernetes and does not exist on a cluster with Cilium." }],
);

const mac = pluginRule(
  "networks/mac",
  "error",
  "containernetworking/plugins macvlan, executed: a multicast address is refused",
  ["macvlan", "bridge", "cnv-bridge", "tap", "tuning", "sriov"],
  ({ keys }) => {
    const address = textAt(keys, "mac");
    if (!address) return [];
    if (!/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$|^[0-9a-f]{4}(\.[0-9a-f]{4}){2}$/i.test(address))
      return [{ at: "mac", message: `"${address}" is not a hardware address.` }];
    const first = Number.parseInt(address.slice(0, 2), 16);
    return first % 2 === 1 ? [{ at: "mac", message: `"${address}" is a multicast address.` }] : [];
  },
);

/** Rules on single plugins. */
export const pluginRules: readonly Rule<KubernetesObject>[] = [
  cilium,
  sriovResource,
  sriovDevice,
  sriovVlan,
  vlanMaster,
  defaultMaster,
  notForMachines,
  bridge,
  bridgeMarker,
  hostDevice,
  bond,
  ovs,
  ovsInstalled,
  ovn,
  ovnWithCilium,
  mac,
];
