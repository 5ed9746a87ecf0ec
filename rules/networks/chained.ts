import type { KubernetesObject } from "../../model";
import { numberAt, objectAt, textsAt } from "../read";
import type { Rule } from "../rule";
import { place, pluginRule } from "./cni-config";
import type { Problem } from "./cni-config";

const tuning = pluginRule(
  "networks/tuning",
  "error",
  "containernetworking/plugins tuning, executed: only net settings",
  ["tuning"],
  ({ keys }) =>
    Object.entries(objectAt(keys, "sysctl")).flatMap(([key, value]) => {
      const at = place("sysctl", key);
      if (!/^net[./]/.test(key))
        return [{ at, message: `"${key}" is not a setting of the network; only net.* is allowed.` }];
      return typeof value === "string" ? [] : [{ at, message: "The value must be a text." }];
    }),
);

const bandwidth = pluginRule(
  "networks/bandwidth",
  "error",
  "containernetworking/plugins bandwidth: rate and burst both or none, bursts below 4 GiB",
  ["bandwidth"],
  ({ keys }) =>
    ["ingress", "egress"].flatMap((side): Problem[] => {
      const burst = `${side}Burst`;
      if (!keys[`${side}Rate`] !== !keys[burst])
        return [{ at: `${side}Rate`, message: `${side}Rate and ${burst} belong together.` }];
      const bits = numberAt(keys, burst) ?? 0;
      return Math.floor(bits / 8) >= 2 ** 32 - 1
        ? [{ at: burst, message: "It must be less than 4 GiB, in bits." }]
        : [];
    }),
);

const portmap = pluginRule(
  "networks/portmap",
  "error",
  "containernetworking/plugins portmap: parseConfig, ensureBackend",
  ["portmap"],
  ({ keys }) => {
    const chain = keys.externalSetMarkChain !== undefined && keys.externalSetMarkChain !== null;
    const found: Problem[] = [];
    if (chain && typeof keys.markMasqBit === "number")
      found.push({ at: "markMasqBit", message: "It cannot go with externalSetMarkChain." });
    // Conditions of iptables begin with a hyphen or an exclamation mark.
    const backend = keys.backend ?? "iptables";
    const of = (key: string): string | undefined => {
      const [first = ""] = textsAt(keys, key);
      return first === "" ? undefined : /^[-!]/.test(first) ? "iptables" : "nftables";
    };
    for (const key of ["conditionsV4", "conditionsV6"]) {
      const own = of(key);
      if (own && own !== backend) found.push({ at: key, message: `These conditions are of ${own}.` });
    }
    if (chain && backend !== "iptables")
      found.push({ at: "externalSetMarkChain", message: "It belongs to the backend iptables." });
    return found;
  },
);

/** Rules on plugins that work on what another one made. */
export const chainedRules: readonly Rule<KubernetesObject>[] = [tuning, bandwidth, portmap];
