import type { KubernetesObject } from "../../model";
import { indexedAt, listAt, missing, objectAt, textAt } from "../read";
import type { Rule } from "../rule";
import { interfaceRule, interfacesOf, isExpression, numeric, portsOf, repeated } from "./desired-state";

const bondModes = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];

/** The mode by its name, given by name or number. */
function bondMode(content: object): string | undefined {
  const value = objectAt(content, "link-aggregation").mode;
  const number = numeric(value);
  if (number !== undefined) return bondModes[number] ?? String(number);
  return typeof value === "string" && !isExpression(value) ? value : undefined;
}

const mode = interfaceRule("bond-mode", "error", "rust/src/lib/ifaces/bond.rs BondMode", (each) => {
  const config = objectAt(each.content, "link-aggregation");
  if (each.type !== "bond" || missing(each.content, "link-aggregation")) return [];
  const path = ["link-aggregation", "mode"];
  const fix = `Use one of ${bondModes.join(", ")}.`;
  if (missing(config, "mode") && Object.keys(config).length > 0) {
    return [{ path, message: "A new bond needs a mode.", fix }];
  }
  const value = bondMode(each.content);
  return value === undefined || bondModes.includes(value)
    ? []
    : [{ path, message: `There is no mode "${value}".`, fix }];
});

/** Modes that an option has an effect in. Source: NetworkManager src/libnm-core-impl/nm-setting-bond.c. */
const optionModes: Readonly<Record<string, readonly string[]>> = {
  primary: ["active-backup", "balance-tlb", "balance-alb"],
  active_slave: ["active-backup", "balance-tlb", "balance-alb"],
  lacp_rate: ["802.3ad"],
  ad_actor_sys_prio: ["802.3ad"],
  ad_actor_system: ["802.3ad"],
  ad_user_port_key: ["802.3ad"],
  packets_per_slave: ["balance-rr"],
  arp_interval: ["balance-rr", "active-backup", "balance-xor", "broadcast"],
  arp_ip_target: ["balance-rr", "active-backup", "balance-xor", "broadcast"],
};

const optionMode = interfaceRule(
  "bond-option-mode",
  "warning",
  "rust/src/lib/nm/settings/bond.rs and NetworkManager nm-setting-bond.c",
  (each) => {
    const value = bondMode(each.content);
    if (each.type !== "bond" || value === undefined) return [];
    return Object.keys(objectAt(each.content, "link-aggregation", "options"))
      .filter((key) => optionModes[key] && !optionModes[key].includes(value))
      .map((key) => ({
        path: ["link-aggregation", "options", key],
        message: `A bond of mode ${value} does not take the option ${key}.`,
        fix: `It is for ${(optionModes[key] ?? []).join(", ")}.`,
      }));
  },
);

const options = interfaceRule("bond-options", "error", "rust/src/lib/ifaces/bond.rs BondOptions", (each) => {
  const base = ["link-aggregation", "options"];
  const config = objectAt(each.content, ...base);
  if (each.type !== "bond") return [];
  const set = (key: string): boolean => (numeric(config[key]) ?? 0) > 0;
  const both = set("miimon") && set("arp_interval");
  const multicast = /^01:00:5e/i.test(textAt(config, "ad_actor_system") ?? "");
  const slb = [true, 1, "1", "true"].includes((config["balance-slb"] ?? config.balance_slb ?? "") as string);
  const policy = config.xmit_hash_policy;
  const value = bondMode(each.content);
  const wrongSlb =
    slb && ((value !== undefined && value !== "balance-xor") || (policy !== undefined && policy !== "vlan+srcmac"));
  const mac = !missing(each.content, "mac-address") && value === "active-backup";
  const active = config.fail_over_mac === "active" || numeric(config.fail_over_mac) === 1;
  return [
    ...(both
      ? [{ path: [...base, "arp_interval"], message: "It does not go with miimon.", fix: "Use one of the two." }]
      : []),
    ...(multicast ? [{ path: [...base, "ad_actor_system"], message: "A multicast address cannot be used." }] : []),
    ...(wrongSlb
      ? [{ path: [...base, "balance-slb"], message: "It needs mode balance-xor and xmit_hash_policy vlan+srcmac." }]
      : []),
    ...(mac && active
      ? [{ path: ["mac-address"], message: "With fail_over_mac active a bond takes no address." }]
      : []),
  ];
});

const queues = interfaceRule(
  "bond-ports-config",
  "error",
  "rust/src/lib/ifaces/bond.rs check_overlap_queue_id",
  (each) => {
    const base = ["link-aggregation", "ports-config"];
    if (each.type !== "bond") return [];
    const configs = indexedAt(each.content, ...base);
    const seen = new Set<number>();
    const shared = configs.flatMap(([index, config]) => {
      const id = numeric(config["queue-id"]) ?? 0;
      if (id === 0 || !seen.has(id)) {
        seen.add(id);
        return [];
      }
      return [{ path: [...base, index, "queue-id"], message: `Another port has the queue ${id} already.` }];
    });
    const section = objectAt(each.content, "link-aggregation");
    const plain = listAt(section, "ports" in section ? "ports" : "port");
    const names = configs.map(([, config]) => config.name);
    const unknown = [...plain, ...names].includes(undefined);
    if (plain.length === 0 || configs.length === 0 || unknown) return shared;
    const same = plain.length === names.length && names.every((name) => plain.includes(name as string));
    return same ? shared : [...shared, { path: base, message: "It names other ports than the list port does." }];
  },
);

const portTwice = interfaceRule("port-twice", "error", "rust/src/lib/ifaces/inter_ifaces_controller.rs", (each) =>
  repeated(portsOf(each)).map(({ path, name }) => ({ path, message: `${name} is in the list already.` })),
);

const portSelf = interfaceRule("port-self", "error", "rust/src/lib/ifaces/inter_ifaces_controller.rs", (each) =>
  // An Open vSwitch bridge has an internal interface of its own name.
  each.type === "ovs-bridge"
    ? []
    : portsOf(each)
        .filter(({ name }) => name === each.name)
        .map(({ path }) => ({ path, message: "An interface cannot be its own port." })),
);

const portOfTwo = interfaceRule(
  "port-of-two",
  "error",
  "rust/src/lib/ifaces/inter_ifaces_controller.rs is_port_overbook",
  (each, all) => {
    const others = all.slice(0, all.indexOf(each)).filter((other) => other.state === "up");
    return portsOf(each).flatMap(({ path, name }) => {
      const other = others.find((one) => portsOf(one).some((port) => port.name === name));
      return other
        ? [{ path, message: `${name} is a port of ${other.name} already.`, fix: "A port has one controller." }]
        : [];
    });
  },
);

const portAbsent = interfaceRule(
  "port-absent",
  "error",
  "rust/src/lib/ifaces/inter_ifaces_controller.rs: a controller with a port that is not there is refused",
  (each, all) =>
    portsOf(each).flatMap(({ path, name }) => {
      const gone = all.some((one) => one.name === name && one.state === "absent" && one.type !== "ovs-bridge");
      return gone ? [{ path, message: `${name} is absent in this same policy.` }] : [];
    }),
);

const controller = interfaceRule(
  "port-controller",
  "error",
  "rust/src/lib/ifaces/inter_ifaces_controller.rs validate_controller_in_other_port_list",
  (each, all) => {
    const wanted = textAt(each.content, "controller");
    if (wanted === undefined || isExpression(wanted)) return [];
    const holder = all.find((one) => one.state === "up" && portsOf(one).some((port) => port.name === each.name));
    if (!holder || holder.name === wanted) return [];
    return [{ path: ["controller"], message: `It is a port of ${holder.name} in this same policy.` }];
  },
);

const address: Rule<KubernetesObject> = {
  id: "hostnetwork/port-address",
  severity: "error",
  source: "nmstate rust/src/lib/ifaces/base.rs can_have_ip, validate_can_have_ip",
  check(policy) {
    const all = interfacesOf(policy).filter((each) => each.state === "up");
    return all.flatMap((each) => {
      if (each.type === "ovs-interface" || each.type === "ovs-bridge") return [];
      const holder = all.find(
        (one) => one.type !== "vrf" && one !== each && portsOf(one).some((port) => port.name === each.name),
      );
      if (!holder) return [];
      return ["ipv4", "ipv6"]
        .filter((family) => objectAt(each.content, family).enabled === true)
        .map((family) => ({
          path: [...each.path, family, "enabled"],
          message: `A port of ${holder.name} cannot have addresses.`,
          fix: `Give them to ${holder.name}.`,
        }));
    });
  },
};

/** Rules on bonds and on the ports of controllers. */
export const portRules: readonly Rule<KubernetesObject>[] = [
  mode,
  optionMode,
  options,
  queues,
  portTwice,
  portSelf,
  portOfTwo,
  portAbsent,
  controller,
  address,
];
