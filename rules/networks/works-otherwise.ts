import type { JsonObject, KubernetesObject } from "../../model";
import { indexedAt, listAt, objectAt, textAt } from "../read";
import type { Rule } from "../rule";
import { configRule, place, pluginRule } from "./cni-config";
import type { Problem } from "./cni-config";

const ipamDns = pluginRule(
  "networks/ipam-dns",
  "warning",
  "containernetworking/plugins macvlan, executed: the result has the top-level dns only",
  ["macvlan"],
  ({ keys }) => {
    if (Object.keys(objectAt(keys, "ipam", "dns")).length === 0) return [];
    const message = "macvlan drops the dns of IPAM; only one beside ipam counts.";
    return [{ at: place("ipam", "dns"), message, fix: "Move it beside ipam, or give name servers to guests." }];
  },
);

const gateway = pluginRule(
  "networks/gateway-no-route",
  "warning",
  "containernetworking/plugins ipam/static, executed: only routes make routes",
  undefined,
  ({ keys }) => {
    const ipam = objectAt(keys, "ipam");
    if (ipam.type !== "static" || ("routes" in ipam && ipam.routes === undefined)) return [];
    if (listAt(ipam, "routes").length > 0) return [];
    return indexedAt(ipam, "addresses")
      .filter(([, address]) => textAt(address, "gateway"))
      .slice(0, 1)
      .map(([index]) => ({
        at: place("ipam", "addresses", index, "gateway"),
        message: "A gateway alone makes no route.",
        fix: 'Add "routes": [{"dst": "0.0.0.0/0"}] where this shall be the default route, or leave the gateway out.',
      }));
  },
);

const masterVlan = pluginRule(
  "networks/master-vlan",
  "info",
  "containernetworking/plugins, executed: Link not found, when a pod starts",
  ["macvlan", "ipvlan", "vlan"],
  ({ keys }) => {
    const master = textAt(keys, "master") ?? "";
    if (!/\.\d+$/.test(master) || keys.linkInContainer === true) return [];
    const message = `The VLAN interface ${master} must be there on every node that runs such pods.`;
    return [{ at: "master", message, fix: "Make it by a NodeNetworkConfigurationPolicy." }];
  },
);

const ovsAddress = pluginRule(
  "networks/ovs-address",
  "warning",
  "ovs-cni v0.39.0, executed: without a hardware address it makes 0a:58 and the IPv4 address",
  ["ovs"],
  ({ keys }) => {
    const ipam = objectAt(keys, "ipam");
    if (ipam.type !== "static" || listAt(ipam, "addresses").length === 0) return [];
    const message = "With a fixed address every pod gets the same hardware address as well.";
    return [{ at: "ipam", message, fix: "Leave IPAM out and give addresses to guests." }];
  },
);

/** Oldest CNI version that a plugin speaks. Source: containernetworking/plugins. */
const oldest: Readonly<Record<string, string>> = { bandwidth: "0.3.0", vrf: "0.3.1", firewall: "0.4.0" };

const tooOld = configRule(
  "networks/cni-version-oldest",
  "error",
  "containernetworking/plugins bandwidth, vrf and firewall: incompatible CNI versions",
  ({ envelope, plugins }) => {
    const wanted = textAt(envelope, "cniVersion") ?? "0.1.0";
    return plugins.flatMap(({ type }): Problem[] => {
      const least = oldest[type];
      if (!least || wanted >= least) return [];
      const message = `The plugin ${type} speaks CNI from ${least} on, not ${wanted}.`;
      return [{ at: "cniVersion", message, fix: `Use "${least}" or later.` }];
    });
  },
);

/** Keys of OVN networks that one topology alone has, or does not have. */
function ovnProblems(keys: JsonObject): Problem[] {
  const topology = textAt(keys, "topology");
  if (topology === undefined) return [];
  const localnet = topology === "localnet";
  const wrong = localnet ? ["role", "joinSubnet"] : ["vlanID", "physicalNetworkName"];
  const found = wrong
    .filter((key) => keys[key] !== undefined && keys[key] !== null && keys[key] !== "" && keys[key] !== 0)
    .filter((key) => !(key === "role" && keys.role === "secondary"))
    .map((key): Problem => ({ at: key, message: `It does not exist for topology ${topology}.` }));
  if (topology === "layer2" && keys.role === "primary" && !textAt(keys, "subnets")) {
    found.push({ at: "subnets", message: "A primary network of topology layer2 needs subnets." });
  }
  return found;
}

const ovnTopology = pluginRule(
  "networks/ovn-topology",
  "error",
  "ovn-kubernetes go-controller/pkg/util multi-network ValidateNetConf",
  ["ovn-k8s-cni-overlay"],
  ({ keys }) => ovnProblems(keys),
);

/** Rules on what is accepted and works in another way than one would think. */
export const otherwiseRules: readonly Rule<KubernetesObject>[] = [
  ipamDns,
  gateway,
  masterVlan,
  ovsAddress,
  tooOld,
  ovnTopology,
];
