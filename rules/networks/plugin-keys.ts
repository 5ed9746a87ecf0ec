import { distance } from "fastest-levenshtein";
import type { KubernetesObject } from "../../model";
import { numberAt, objectAt, textAt } from "../read";
import type { Rule } from "../rule";
import { configRule, place, pluginRule } from "./cni-config";
import { decodeProblems } from "./decode";
import { ipamHints, ipamProblems } from "./ipam";
import { commonKeys, freePlugins, plugins } from "./plugins";
import type { KeyType } from "./plugins";

const ofEnvelope = ["disableCheck", "disableGC", "plugins", "prevResult"];

const unknownKeys = pluginRule(
  "networks/unknown-key",
  "warning",
  "containernetworking/plugins, executed: plain JSON decoding, unknown keys are ignored",
  undefined,
  ({ type, keys }) => {
    const plugin = plugins[type];
    if (!plugin || freePlugins.includes(type)) return [];
    const known = [...Object.keys(plugin.keys), ...Object.keys(commonKeys)];
    return Object.keys(keys)
      .filter((key) => !known.includes(key) && !ofEnvelope.includes(key))
      .map((key) => {
        const nearest = known.find((name) => distance(name.toLowerCase(), key.toLowerCase()) <= 2);
        const fix = nearest
          ? `Did you mean "${nearest}"?`
          : `Its keys: ${Object.keys(plugin.keys).join(", ") || "none"}.`;
        return { at: key, message: `The plugin ${type} has no key "${key}" and ignores it.`, fix };
      });
  },
);

const keyTypes = pluginRule(
  "networks/key-type",
  "error",
  "containernetworking/plugins, executed: a wrong JSON type fails when a pod starts and again when it ends",
  undefined,
  ({ type, keys }) => {
    const fields: Readonly<Record<string, KeyType>> = { ...commonKeys, ...plugins[type]?.keys };
    return decodeProblems({ fields }, keys, "");
  },
);

const values = pluginRule(
  "networks/key-value",
  "error",
  "containernetworking/plugins, sriov-cni, ovs-cni and bond-cni: their own checks of values",
  undefined,
  ({ type, keys }) => {
    const { enums = {}, ranges = {}, needs = [] } = plugins[type] ?? {};
    const outside = Object.entries(enums).flatMap(([key, allowed]) => {
      const value = textAt(keys, key);
      if (value === undefined || allowed.includes(value)) return [];
      const fix = `Allowed: ${allowed.filter(Boolean).join(", ")}.`;
      return [{ at: key, message: `The plugin ${type} refuses "${value}".`, fix }];
    });
    const beyond = Object.entries(ranges).flatMap(([key, [low, high]]) => {
      const value = numberAt(keys, key);
      if (value === undefined || (value >= low && value <= high)) return [];
      return [{ at: key, message: `${value} is not between ${low} and ${high}.` }];
    });
    const absent = needs
      .filter((key) => keys[key] === undefined || keys[key] === null || keys[key] === "")
      .map((key) => ({ at: key, message: `The plugin ${type} needs it.` }));
    return [...outside, ...beyond, ...absent];
  },
);

const ipam = pluginRule(
  "networks/ipam",
  "error",
  "containernetworking/plugins ipam and whereabouts pkg/config, executed",
  undefined,
  ({ keys }) => ipamProblems(objectAt(keys, "ipam")).map((found) => ({ ...found, at: place("ipam", found.at) })),
);

const hints = pluginRule(
  "networks/ipam-hint",
  "warning",
  "cluster-network-operator pkg/network/multus_ipam.go; containernetworking/plugins ipam/static, executed",
  undefined,
  ({ keys }) => ipamHints(objectAt(keys, "ipam")).map((found) => ({ ...found, at: place("ipam", found.at) })),
);

const needsIpam = pluginRule(
  "networks/ipam-needed",
  "error",
  "containernetworking/plugins vlan, ptp, dummy and ipvlan, executed: no plugin name provided",
  undefined,
  ({ type, keys, first }, { plugins: all }) => {
    const needed = plugins[type]?.needsIpam || (type === "ipvlan" && first && all.length === 1);
    if (!needed || textAt(keys, "ipam", "type")) return [];
    return [
      {
        at: "ipam",
        message: `The plugin ${type} does not work without IPAM.`,
        fix: "Use a bridge for a network without addresses.",
      },
    ];
  },
);

const refusesIpam = pluginRule(
  "networks/ipam-refused",
  "error",
  "ovn-kubernetes go-controller/pkg/config/cni.go; macvtap-cni documentation",
  undefined,
  ({ type, keys }) => {
    if (!plugins[type]?.refusesIpam || !textAt(keys, "ipam", "type")) return [];
    return [{ at: "ipam", message: `The plugin ${type} works without IPAM only.` }];
  },
);

const chained = configRule(
  "networks/chained-first",
  "error",
  "containernetworking/plugins tuning, executed: Required prevResult missing",
  ({ plugins: entries }) => {
    const [first] = entries;
    if (!first || !plugins[first.type]?.chained) return [];
    return [{ at: first.at, message: `The plugin ${first.type} works on an interface that a plugin before it made.` }];
  },
);

const exists = pluginRule(
  "networks/plugin-unknown",
  "warning",
  "cluster-network-operator bindata/network/multus and the SR-IOV and network addons operators: the plugins that they install",
  undefined,
  ({ type }) => {
    const others = [
      "cilium-cni",
      "route-override",
      "egress-router",
      "userspace",
      "ib-sriov",
      "loopback",
      "cnv-tuning",
      "rdma",
    ];
    if (type === "" || plugins[type] || others.includes(type)) return [];
    const nearest = Object.keys(plugins).find((name) => distance(name, type) <= 2);
    const fix = nearest ? `Did you mean "${nearest}"?` : "Install it on every node that uses the network.";
    return [{ at: "type", message: `The plugin "${type}" is not known here; its configuration is not checked.`, fix }];
  },
);

/** Rules on the keys that every plugin has in the same way. */
export const keyRules: readonly Rule<KubernetesObject>[] = [
  exists,
  unknownKeys,
  keyTypes,
  values,
  ipam,
  hints,
  needsIpam,
  refusesIpam,
  chained,
];
