import type { KubernetesObject } from "../../model";
import { indexedAt, missing, objectAt, textAt } from "../read";
import type { Rule } from "../rule";
import { interfaceRule, interfacesOf, numeric, parentOf } from "./desired-state";
import type { Interface } from "./desired-state";

/** Source: InterfaceType in nmstate rust/src/lib/iface.rs. */
const types = [
  "bond",
  "dummy",
  "ethernet",
  "hsr",
  "infiniband",
  "ipsec",
  "ipvlan",
  "linux-bridge",
  "loopback",
  "mac-vlan",
  "mac-vtap",
  "macsec",
  "ovs-bridge",
  "ovs-interface",
  "tun",
  "unknown",
  "veth",
  "vlan",
  "vrf",
  "vxlan",
  "xfrm",
] as const;

/** Types that exist in a program only, so that the kernel's limits on names do not hold. */
const userspace = new Set(["ovs-bridge", "ipsec"]);

const named: Rule<KubernetesObject> = {
  id: "hostnetwork/interface-name",
  severity: "error",
  source: "nmstate rust/src/lib/ifaces/base.rs; kernel net/core/dev.c dev_valid_name",
  check(policy) {
    const path = ["spec", "desiredState", "interfaces"];
    const nameless = indexedAt(policy, ...path)
      .filter(([, each]) => missing(each, "name") && !("identifier" in each))
      .map(([index]) => ({ path: [...path, index, "name"], message: "An interface needs a name." }));
    const wrong = interfacesOf(policy).flatMap(({ path: at, name, type, content }) => {
      if (userspace.has(type) || "identifier" in content || name.startsWith("sriov:")) return [];
      const problem = nameProblem(name);
      return problem ? [{ path: [...at, "name"], ...problem }] : [];
    });
    return [...nameless, ...wrong];
  },
};

function nameProblem(name: string): { message: string; fix?: string } | undefined {
  if (name.length > 15) {
    const message = `"${name}" has ${name.length} characters; the kernel takes 15.`;
    return { message, fix: "Use a shorter name." };
  }
  if (name === "" || name === "." || name === ".." || /[\s/:]/.test(name)) {
    return { message: `"${name}" is no name of an interface.`, fix: "Leave out blanks, slashes and colons." };
  }
  return undefined;
}

const unique: Rule<KubernetesObject> = {
  id: "hostnetwork/interface-twice",
  severity: "error",
  source:
    "nmstate rust/src/lib/ifaces/inter_ifaces.rs: interfaces are kept by name, those of programs by name and type",
  check(policy) {
    const seen = new Map<string, number>();
    return interfacesOf(policy).flatMap(({ path, name, type }, index) => {
      const key = userspace.has(type) ? `${name} ${type}` : name;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, index);
      if (first === undefined) return [];
      const message = `There is another interface "${name}" in this policy; the last one would win.`;
      return [{ path: [...path, "name"], message, fix: "Describe it once." }];
    });
  },
};

const type: Rule<KubernetesObject> = {
  id: "hostnetwork/interface-type",
  severity: "error",
  source: "nmstate rust/src/lib/iface.rs InterfaceType",
  check(policy) {
    const known: readonly string[] = types;
    return interfacesOf(policy)
      .filter((each) => each.type !== "" && !known.includes(each.type))
      .map((each) => ({
        path: [...each.path, "type"],
        message: `There is no type "${each.type}".`,
        fix: `Use one of ${types.join(", ")}.`,
      }));
  },
};

const state: Rule<KubernetesObject> = {
  id: "hostnetwork/interface-state",
  severity: "error",
  source: "nmstate rust/src/lib/iface.rs InterfaceState",
  check(policy) {
    return interfacesOf(policy)
      .filter((each) => !["up", "down", "absent", "ignore"].includes(each.state))
      .map((each) => ({
        path: [...each.path, "state"],
        message: `There is no state "${each.state}".`,
        fix: "Use up, down, absent or ignore.",
      }));
  },
};

const mtu = interfaceRule(
  "interface-mtu",
  "error",
  "rust/src/lib/ifaces/base.rs sanitize; kernel: 68 to 65536",
  ({ content }) => {
    const value = numeric(content.mtu);
    if (value === undefined) return [];
    if (value < 68 || value > 65536) {
      return [{ path: ["mtu"], message: `${value} is no MTU.`, fix: "Use 68 to 65536." }];
    }
    const six = objectAt(content, "ipv6").enabled === true && value < 1280;
    return six ? [{ path: ["mtu"], message: `With IPv6 the MTU must be 1280 or more, not ${value}.` }] : [];
  },
);

/** An interface of the policy by name, with its MTU when it says one. */
function find(all: readonly Interface[], name: string): Interface | undefined {
  return all.find((each) => each.name === name && each.type !== "ovs-bridge");
}

const parentMtu = interfaceRule(
  "interface-mtu-parent",
  "error",
  "devel docs and the kernel: an interface on another one cannot have the larger MTU",
  (each, all) => {
    const parent = parentOf(each);
    const [own, below] = [numeric(each.content.mtu), numeric(parent && find(all, parent.name)?.content.mtu)];
    if (!parent || own === undefined || below === undefined || own <= below) return [];
    const message = `The MTU ${own} is above the ${below} of ${parent.name}, on which it stands.`;
    return [{ path: ["mtu"], message, fix: `Use at most ${below}, or raise that of ${parent.name}.` }];
  },
);

const parent = interfaceRule(
  "interface-parent",
  "error",
  "rust/src/lib/ifaces/inter_ifaces.rs mark_orphan_interface_as_absent",
  (each, all) => {
    const below = parentOf(each);
    if (!below) return [];
    if (below.name === each.name) return [{ path: below.path, message: "An interface cannot stand on itself." }];
    const gone = find(all, below.name)?.state === "absent";
    return gone ? [{ path: below.path, message: `${below.name} is absent in this same policy.` }] : [];
  },
);

/** The section without which a new interface of a type cannot be made. */
const sections: Readonly<Record<string, string>> = {
  bond: "link-aggregation",
  "linux-bridge": "bridge",
  "ovs-bridge": "bridge",
  vlan: "vlan",
  vxlan: "vxlan",
  vrf: "vrf",
  "mac-vlan": "mac-vlan",
  "mac-vtap": "mac-vtap",
  veth: "veth",
};

/** Types that are made without their section, too. */
const bare = new Set(["linux-bridge", "ovs-bridge"]);

const section = interfaceRule(
  "interface-section",
  "warning",
  "rust/src/lib/ifaces: a new interface needs its own section",
  (each) => {
    const key = sections[each.type];
    if (!key || bare.has(each.type) || !missing(each.content, key)) return [];
    const message = `Without the section "${key}" an interface of type ${each.type} cannot be made.`;
    return [{ path: [key], message, fix: "Describe it, unless another policy has made it already." }];
  },
);

/** Sections by the types that read them. */
const readers: Readonly<Record<string, readonly string[]>> = {
  "link-aggregation": ["bond"],
  bridge: ["linux-bridge", "ovs-bridge"],
  vlan: ["vlan"],
  vxlan: ["vxlan"],
  vrf: ["vrf"],
};

const ignored = interfaceRule(
  "interface-section-ignored",
  "warning",
  "rust/src/lib/iface.rs: each type reads its own section only",
  (each) =>
    each.type === ""
      ? []
      : Object.entries(readers)
          .filter(([key, by]) => !missing(each.content, key) && !by.includes(each.type))
          .map(([key]) => ({
            path: [key],
            message: `An interface of type ${each.type} does not read this section.`,
            fix: "Correct the type.",
          })),
);

const openVSwitch: Rule<KubernetesObject> = {
  id: "hostnetwork/ovs-service",
  severity: "info",
  source: "openshift/machine-config-operator templates/common/_base/units/openvswitch.service.yaml",
  check(policy) {
    return interfacesOf(policy)
      .filter((each) => each.type === "ovs-bridge" && each.state === "up")
      .map((each) => ({
        path: [...each.path, "type"],
        message: "Nodes run Open vSwitch by themselves only where the network type is OVNKubernetes.",
        fix: "Enable openvswitch.service by a MachineConfig first.",
      }));
  },
};

const vfs = interfaceRule(
  "interface-vfs",
  "error",
  "rust/src/lib/ifaces/sriov.rs: the number of virtual functions is a whole number",
  ({ content }) => {
    const config = objectAt(content, "ethernet", "sr-iov");
    const total = numeric(config["total-vfs"]);
    const path = ["ethernet", "sr-iov", "total-vfs"];
    if (total === undefined) {
      const text = textAt(config, "total-vfs");
      return text === undefined || text.includes("{{") ? [] : [{ path, message: `"${text}" is no number.` }];
    }
    return total < 0 ? [{ path, message: `${total} is no number of virtual functions.` }] : [];
  },
);

/** Rules on interfaces of any type. */
export const interfaceRules: readonly Rule<KubernetesObject>[] = [
  named,
  unique,
  type,
  state,
  mtu,
  parentMtu,
  parent,
  section,
  ignored,
  openVSwitch,
  vfs,
];
