import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { isObject } from "../../model";
import { indexedAt, objectsAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { interfaces, networks, setKeys } from "./template";

export type Objects = readonly KubernetesObject[];

/** What is known of a network that machines join. */
interface Attachment {
  namespace: string;
  name: string;
  /** Type of the first plugin; empty when the configuration cannot be read. */
  type: string;
  mode: string;
  ipam: string;
  /** Whether somebody asks for a device: the annotation resourceName. */
  resource: boolean;
}

const resourceName = "k8s.v1.cni.cncf.io/resourceName";

function configOf(definition: KubernetesObject): JsonObject {
  try {
    const parsed: unknown = JSON.parse(textAt(definition, "spec", "config") ?? "");
    if (!isObject(parsed)) return {};
    const config = parsed;
    return objectsAt(config, "plugins")[0] ?? config;
  } catch {
    return {};
  }
}

/** Networks of the SR-IOV operator and the plugin of the definitions that it makes of them. */
const rendered: Readonly<Record<string, string>> = {
  SriovNetwork: "sriov",
  SriovIBNetwork: "ib-sriov",
  OVSNetwork: "ovs",
};

/** The network attachment definitions of the set, with those that the SR-IOV operator will make. */
function attachments(objects: Objects): Attachment[] {
  return objects.flatMap((object): Attachment[] => {
    const { name, namespace = "" } = object.metadata;
    const type = rendered[object.kind];
    if (type !== undefined) {
      const target = textAt(object, "spec", "networkNamespace") ?? namespace;
      const ipam = textAt(object, "spec", "ipam")?.includes('"type"') ? "set" : "";
      return [{ namespace: target, name, type, mode: "", ipam, resource: true }];
    }
    if (object.kind !== "NetworkAttachmentDefinition") return [];
    const config = configOf(object);
    const resource = resourceName in (object.metadata.annotations ?? {});
    const [mode, ipam] = [textAt(config, "mode") ?? "", textAt(config, "ipam", "type") ?? ""];
    return [{ namespace, name, type: textAt(config, "type") ?? "", mode, ipam, resource }];
  });
}

/** An interface of a machine on a network that is no pod network. */
interface Joint {
  path: PathStep[];
  nic: JsonObject;
  namespace: string;
  name: string;
  networkPath: PathStep[];
}

function joints(objects: Objects): Joint[] {
  return objects.flatMap((machine, at) => {
    const own = machine.metadata.namespace;
    if (machine.kind !== "VirtualMachine" || typeof own !== "string") return [];
    const all = indexedAt(machine, ...networks);
    return indexedAt(machine, ...interfaces).flatMap(([index, nic]): Joint[] => {
      const found = all.find(([, network]) => network.name !== undefined && network.name === nic.name);
      const text = found && textAt(found[1], "multus", "networkName");
      if (!found || !text) return [];
      const [namespace, name] = text.includes("/") ? text.split("/") : [own, text];
      const networkPath = [at, ...networks, found[0], "multus", "networkName"];
      return [{ path: [at, ...interfaces, index], nic, namespace: namespace ?? own, name: name ?? "", networkPath }];
    });
  });
}

const same = (joint: Joint) => (each: Attachment) => each.namespace === joint.namespace && each.name === joint.name;

/** Every interface with the network that it joins, where the set has that network. */
const joined = (objects: Objects): [Joint, Attachment][] => {
  const all = attachments(objects);
  return joints(objects).flatMap((joint): [Joint, Attachment][] => {
    const found = all.find(same(joint));
    return found ? [[joint, found]] : [];
  });
};

export const setRule = (
  id: string,
  severity: "error" | "warning",
  source: string,
  check: (objects: Objects) => Violation[],
): Rule<Objects> => ({ id: `machines/${id}`, severity, source, check });

const absent = setRule(
  "network-missing",
  "warning",
  "KubeVirt pkg/virt-controller/services: the pod of a machine without its network is never made",
  (objects) => {
    const all = attachments(objects);
    const spaces = new Set([
      ...all.map((each) => each.namespace),
      ...objects.filter((each) => each.kind === "Namespace").map((each) => each.metadata.name),
    ]);
    return joints(objects).flatMap((joint) => {
      const known = all.some((each) => each.name === joint.name) || !spaces.has(joint.namespace);
      if (known) return [];
      const message = `Nothing here makes the network "${joint.name}" in "${joint.namespace}".`;
      return [{ path: joint.networkPath, message, fix: "Add a NetworkAttachmentDefinition, or is the name wrong?" }];
    });
  },
);

/** Why a plugin's network does not work for a machine under any binding. */
const unusable: Readonly<Record<string, string>> = {
  ipvlan: "All interfaces of ipvlan share one hardware address, so nothing reaches a guest.",
  bond: "A machine cannot have a bond made in its pod: every network gets an interface of its own.",
  "cilium-cni": "Cilium is the pod network and no further one.",
};

/** What works instead. */
const bridged = 'Use a network of type "cnv-bridge" over a bridge of the node.';

const plugin = setRule(
  "network-plugin",
  "error",
  "KubeVirt user-guide, interfaces and networks, invalid CNIs; kubevirt#5483, kubevirt#7001; cilium#23483",
  (objects) =>
    joined(objects).flatMap(([joint, { type, mode, name }]) => {
      const bridge = setKeys(joint.nic, ["bridge"]).length > 0;
      if (type === "macvlan" && bridge && mode !== "passthru") {
        const message = `Nothing reaches a guest by bridge on the macvlan network "${name}": macvlan drops its frames.`;
        return [{ path: [...joint.path, "bridge"], message, fix: bridged }];
      }
      const message = unusable[type];
      return message ? [{ path: joint.networkPath, message, fix: bridged }] : [];
    }),
);

const virtualFunctions = new Set(["sriov", "ib-sriov"]);

const binding = setRule(
  "network-binding",
  "error",
  "KubeVirt pkg/network/deviceinfo and user-guide: sriov passes a virtual function through",
  (objects) =>
    joined(objects).flatMap(([joint, { type, name, resource }]): Violation[] => {
      if (setKeys(joint.nic, ["sriov"]).length === 0 || type === "") return [];
      const path = [...joint.path, "sriov"];
      if (!virtualFunctions.has(type))
        return [
          { path, message: `"${name}" is a network of type ${type}, without virtual functions.`, fix: "bridge: {}." },
        ];
      if (resource) return [];
      const message = `"${name}" has no annotation ${resourceName}, so the machine gets no virtual function.`;
      return [{ path, message, fix: "Make the network by a SriovNetwork." }];
    }),
);

const bridgedFunction = setRule(
  "network-bridge-function",
  "warning",
  "KubeVirt user-guide, SR-IOV: virtual functions filter hardware addresses that are not theirs",
  (objects) =>
    joined(objects)
      .filter(([{ nic }, { type }]) => virtualFunctions.has(type) && setKeys(nic, ["bridge"]).length > 0)
      .map(([{ path }]) => ({
        path: [...path, "bridge"],
        message: "A bridge over a virtual function loses the guest's frames.",
        fix: "Use sriov: {}.",
      })),
);

const useless = setRule(
  "network-address-unused",
  "warning",
  "sriov-cni: a function bound to vfio-pci has no interface that could be configured",
  (objects) =>
    joined(objects)
      .filter(([{ nic }, { ipam }]) => ipam !== "" && setKeys(nic, ["sriov"]).length > 0)
      .map(([{ networkPath }]) => ({
        path: networkPath,
        message: "The addresses of this network do not reach a guest that has the function itself.",
        fix: "Leave ipam out; give addresses by cloud-init.",
      })),
);

const shared = setRule(
  "network-address-shared",
  "error",
  "containernetworking plugins/ipam/static keeps no count: every pod gets the same address",
  (objects) => {
    const seen = new Set<string>();
    return joined(objects).flatMap(([joint, { namespace, name, ipam }]) => {
      const first = !seen.has(`${namespace}/${name}`);
      if (ipam !== "static") return [];
      seen.add(`${namespace}/${name}`);
      if (first) return [];
      const message = `Another interface has the same address from "${name}": its addresses are fixed.`;
      return [{ path: joint.networkPath, message, fix: "Leave ipam out; give addresses by cloud-init." }];
    });
  },
);

const hardware = setRule(
  "mac-address-repeated",
  "error",
  "IEEE 802: an address occurs once in a network; KubeVirt does not look",
  (objects) => {
    const seen = new Set<string>();
    return objects.flatMap((machine, at) =>
      (machine.kind === "VirtualMachine" ? indexedAt(machine, ...interfaces) : []).flatMap(([index, nic]) => {
        const address = (textAt(nic, "macAddress") ?? "").toLowerCase().replace(/[^0-9a-f]/g, "");
        const repeated = seen.has(address);
        if (address !== "") seen.add(address);
        if (!repeated) return [];
        const path = [at, ...interfaces, index, "macAddress"];
        return [
          { path, message: `Another interface has the address "${textAt(nic, "macAddress")}".`, fix: "Give another." },
        ];
      }),
    );
  },
);

/** Rules on machines and the networks that they join, over all objects of a set. */
export const machineNetworkSetRules: readonly Rule<Objects>[] = [
  absent,
  plugin,
  binding,
  bridgedFunction,
  useless,
  shared,
  hardware,
];
