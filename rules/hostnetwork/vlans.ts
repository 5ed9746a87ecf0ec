import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { interfaceRule, numeric } from "./desired-state";

const lastVlan = 4094;

const vlan = interfaceRule("vlan", "error", "rust/src/lib/ifaces/vlan.rs VlanConfig; kernel net/8021q", (each) => {
  if (each.type !== "vlan" || missing(each.content, "vlan") || each.content.vlan === undefined) return [];
  const config = objectAt(each.content, "vlan");
  const required = ["base-iface", "id"]
    .filter((key) => missing(config, key))
    .map((key) => ({ path: ["vlan", key], message: "This field is required." }));
  const id = numeric(config.id);
  const range = id !== undefined && (id < 0 || id > lastVlan);
  const protocol = textAt(config, "protocol");
  const wrong = protocol !== undefined && !["802.1q", "802.1ad"].includes(protocol);
  return [
    ...required,
    ...(range ? [{ path: ["vlan", "id"], message: `${id} is no VLAN.`, fix: `Use 1 to ${lastVlan}.` }] : []),
    ...(wrong
      ? [{ path: ["vlan", "protocol"], message: `There is no protocol "${protocol}".`, fix: "Use 802.1q or 802.1ad." }]
      : []),
  ];
});

const zero = interfaceRule("vlan-zero", "warning", "IEEE 802.1Q: 0 marks a priority, not a network", (each) =>
  each.type === "vlan" && numeric(objectAt(each.content, "vlan").id) === 0
    ? [
        {
          path: ["vlan", "id"],
          message: "0 is no VLAN of its own: frames get a priority only.",
          fix: `Use 1 to ${lastVlan}.`,
        },
      ]
    : [],
);

const vxlan = interfaceRule("vxlan", "error", "rust/src/lib/ifaces/vxlan.rs VxlanConfig; kernel: 24 bits", (each) => {
  const id = numeric(objectAt(each.content, "vxlan").id);
  if (each.type !== "vxlan" || id === undefined || (id >= 0 && id < 2 ** 24)) return [];
  return [{ path: ["vxlan", "id"], message: `${id} is no VXLAN.`, fix: `Use 1 to ${2 ** 24 - 1}.` }];
});

/** Fields of each section; nmstate refuses all others. Source: the structs with deny_unknown_fields in rust/src/lib/ifaces. */
const fields: readonly { types: readonly string[]; section: string; known: readonly string[] }[] = [
  {
    types: ["vlan"],
    section: "vlan",
    known: ["base-iface", "id", "protocol", "registration-protocol", "reorder-headers", "loose-binding"],
  },
  { types: ["bond"], section: "link-aggregation", known: ["mode", "options", "port", "ports", "ports-config"] },
  { types: ["linux-bridge"], section: "bridge", known: ["options", "port", "ports"] },
  { types: ["ovs-bridge"], section: "bridge", known: ["allow-extra-patch-ports", "options", "port", "ports"] },
];

const portFields: Readonly<Record<string, readonly string[]>> = {
  "linux-bridge": ["name", "stp-hairpin-mode", "stp-path-cost", "stp-priority", "vlan"],
  "ovs-bridge": ["name", "link-aggregation", "vlan"],
};

function unknown(content: JsonObject, known: readonly string[], path: PathStep[]): Violation[] {
  return Object.keys(content)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      path: [...path, key],
      message: `nmstate does not know "${key}" here and refuses it.`,
      fix: `Known: ${known.join(", ")}.`,
    }));
}

/** The ports of a bridge with their places. */
function bridgePorts(content: JsonObject): [PathStep[], JsonObject][] {
  const key = "ports" in objectAt(content, "bridge") ? "ports" : "port";
  return indexedAt(content, "bridge", key).map(([index, port]) => [["bridge", key, index], port]);
}

const sectionFields = interfaceRule(
  "section-field",
  "error",
  "rust/src/lib/ifaces: unknown fields are refused",
  (each) => {
    const own = fields
      .filter(({ types }) => types.includes(each.type))
      .flatMap(({ section, known }) => unknown(objectAt(each.content, section), known, [section]));
    const known = portFields[each.type];
    const ports = known ? bridgePorts(each.content).flatMap(([path, port]) => unknown(port, known, path)) : [];
    return [...own, ...ports];
  },
);

const portName = interfaceRule("bridge-port-name", "error", "rust/src/lib/ifaces/linux_bridge.rs, ovs.rs", (each) =>
  portFields[each.type]
    ? bridgePorts(each.content)
        .filter(([, port]) => missing(port, "name"))
        .map(([path]) => ({ path: [...path, "name"], message: "A port needs a name." }))
    : [],
);

/** The tags of a trunk as ranges, with their places. */
function ranges(vlanConfig: JsonObject): [PathStep[], number, number][] {
  return indexedAt(vlanConfig, "trunk-tags").flatMap(([index, tag]): [PathStep[], number, number][] => {
    const id = numeric(tag.id);
    if (id !== undefined) return [[["trunk-tags", index, "id"], id, id]];
    const [min, max] = ["min", "max"].map((key) => numeric(objectAt(tag, "id-range")[key]));
    return min === undefined || max === undefined ? [] : [[["trunk-tags", index, "id-range"], min, max]];
  });
}

function tagProblems(vlanConfig: JsonObject): Violation[] {
  const all = ranges(vlanConfig);
  const tag = numeric(vlanConfig.tag);
  const own: Violation[] =
    tag !== undefined && (tag < 0 || tag > lastVlan) ? [{ path: ["tag"], message: `${tag} is no VLAN.` }] : [];
  return [
    ...own,
    ...all.flatMap(([path, min, max], index): Violation[] => {
      if (min > max) return [{ path, message: `The range ${min} to ${max} is empty.` }];
      if (min < 1 || max > lastVlan) return [{ path, message: "VLANs are 1 to 4094." }];
      const other = all.slice(0, index).find(([, from, to]) => min <= to && from <= max);
      return other ? [{ path, message: "It overlaps with a tag before it.", fix: "Name each VLAN once." }] : [];
    }),
  ];
}

function modeProblems(config: JsonObject): Violation[] {
  const value = textAt(config, "mode");
  const native = config["enable-native"] === true || config["enable-native"] === "true";
  const nativeKnown = !("enable-native" in config) || config["enable-native"] !== undefined;
  const tag = numeric(config.tag) ?? 0;
  const tags = config["trunk-tags"];
  if (value === "access") {
    return [
      ...(native ? [{ path: ["enable-native"], message: "An access port has no native VLAN." }] : []),
      ...(Array.isArray(tags) && tags.length > 0
        ? [{ path: ["trunk-tags"], message: "An access port has no trunk tags.", fix: "Use mode trunk." }]
        : []),
    ];
  }
  if (value === "trunk") {
    return [
      ...(tag !== 0 && !native && nativeKnown
        ? [
            {
              path: ["tag"],
              message: "A trunk has a tag of its own only with enable-native.",
              fix: "Set enable-native to true.",
            },
          ]
        : []),
      ...(missing(config, "trunk-tags") ? [{ path: ["trunk-tags"], message: "A trunk needs its tags." }] : []),
    ];
  }
  return value === undefined
    ? []
    : [{ path: ["mode"], message: `There is no mode "${value}".`, fix: "Use access or trunk." }];
}

const portVlan = interfaceRule("bridge-port-vlan", "error", "rust/src/lib/ifaces/bridge_vlan.rs sanitize", (each) =>
  portFields[each.type]
    ? bridgePorts(each.content).flatMap(([path, port]) => {
        const config = objectAt(port, "vlan");
        const known = ["enable-native", "mode", "tag", "trunk-tags"];
        return [...unknown(config, known, []), ...modeProblems(config), ...tagProblems(config)].map((violation) => ({
          ...violation,
          path: [...path, "vlan", ...violation.path],
        }));
      })
    : [],
);

/** Source: LinuxBridgeStpOptions. */
const stpRanges: Readonly<Record<string, [number, number]>> = {
  "hello-time": [1, 10],
  "max-age": [6, 40],
  "forward-delay": [2, 30],
  priority: [0, 65535],
};

const stp = interfaceRule(
  "bridge-stp",
  "error",
  "rust/src/lib/ifaces/linux_bridge.rs LinuxBridgeStpOptions",
  (each) => {
    if (each.type !== "linux-bridge") return [];
    const base = ["bridge", "options", "stp"];
    const value = objectAt(each.content, "bridge", "options").stp;
    if (typeof value === "boolean" || typeof value === "string") {
      return [
        { path: base, message: "A Linux bridge wants an object here.", fix: `Write {enabled: ${String(value)}}.` },
      ];
    }
    const config = objectAt(each.content, ...base);
    const strange = unknown(config, ["enabled", ...Object.keys(stpRanges)], base);
    return Object.entries(stpRanges).reduce<Violation[]>((found, [key, [low, high]]) => {
      const number = numeric(config[key]);
      if (number === undefined || (number >= low && number <= high)) return found;
      return [...found, { path: [...base, key], message: `${number} is outside of ${low} to ${high}.` }];
    }, strange);
  },
);

const pvid = interfaceRule(
  "bridge-pvid",
  "error",
  "rust/src/lib/ifaces/linux_bridge.rs validate_vlan_default_pvid",
  (each) => {
    const value = numeric(objectAt(each.content, "bridge", "options")["vlan-default-pvid"]);
    const filtering = bridgePorts(each.content).some(([, port]) => "vlan" in port);
    if (each.type !== "linux-bridge" || value === undefined || value === 1 || filtering) return [];
    const path = ["bridge", "options", "vlan-default-pvid"];
    return [{ path, message: "Without VLANs on its ports a bridge has no other default than 1." }];
  },
);

const ovsAddress = interfaceRule("ovs-bridge-mac", "error", "rust/src/lib/ifaces/ovs.rs", (each) =>
  each.type === "ovs-bridge" && !missing(each.content, "mac-address")
    ? [
        {
          path: ["mac-address"],
          message: "An Open vSwitch bridge has no address.",
          fix: "Give it to its ovs-interface.",
        },
      ]
    : [],
);

/** Rules on VLANs and bridges. */
export const vlanRules: readonly Rule<KubernetesObject>[] = [
  vlan,
  zero,
  vxlan,
  sectionFields,
  portName,
  portVlan,
  stp,
  pvid,
  ovsAddress,
];
