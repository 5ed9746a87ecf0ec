import type { Json, JsonObject, Plan } from "../model";
import { type HostNetworkArgs, type HostPart, type NodeGroup, partsOf } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { nonEmpty, sortedBy } from "./canonical";
import { roleLabel } from "./nodes";
import { tokens } from "./tokens";

export { HostNetworkArgs } from "../model/arguments";

/** Id of the component in a plan. */
export const HOST_NETWORK = "hostnetwork";

/** Id of a group's policy in a plan. */
export function groupObject(group: string): string {
  return `${HOST_NETWORK}/policy/${group}`;
}

type Addressed = Pick<HostPart, "addresses" | "dhcp4" | "dhcp6">;

function addressList(addresses: readonly string[]): JsonObject[] {
  return addresses.map((address) => {
    const [ip = "", length = ""] = address.split("/");
    return { ip, "prefix-length": Number(length) };
  });
}

/** The sections of both families. Without addresses they are off, so that a bridge or port is not reachable itself. */
function families({ addresses, dhcp4, dhcp6 }: Addressed): JsonObject {
  const four = addressList(addresses.filter((address) => !address.includes(":")));
  const six = addressList(addresses.filter((address) => address.includes(":")));
  const ipv4: JsonObject =
    four.length > 0 || dhcp4 ? { enabled: true, dhcp: dhcp4, ...(dhcp4 ? {} : { address: four }) } : { enabled: false };
  const ipv6: JsonObject =
    six.length > 0 || dhcp6
      ? { enabled: true, dhcp: dhcp6, autoconf: dhcp6, ...(dhcp6 ? {} : { address: six }) }
      : { enabled: false };
  return { ipv4, ipv6 };
}

/** Hardware keeps what the group does not mention. */
function hardware(each: NodeGroup["interfaces"][number]): JsonObject {
  const { ipv4, ipv6 } = families(each);
  const on = (family: Json | undefined) => ((family as JsonObject).enabled === true ? family : undefined);
  return { name: each.name, type: "ethernet", state: "up", mtu: each.mtu, ipv4: on(ipv4), ipv6: on(ipv6) };
}

function bond({ name, mtu, mode, options, ports, ...rest }: NodeGroup["bonds"][number]): JsonObject {
  const section = { mode, options, port: [...ports].sort() };
  return { name, type: "bond", state: "up", mtu, ...families(rest), "link-aggregation": section };
}

function vlan({ name, mtu, base, id, ...rest }: NodeGroup["vlans"][number]): JsonObject {
  return { name, type: "vlan", state: "up", mtu, ...families(rest), vlan: { "base-iface": base, id } };
}

type Bridge = NodeGroup["bridges"][number];

/** VLANs as ranges in order that do not touch one another. */
export function vlanRanges(vlans: NonNullable<Bridge["vlans"]>): { min: number; max: number }[] {
  const ranges = vlans
    .map((each) => (typeof each === "number" ? [each, each] : each.split("-").map(Number)))
    .map(([min = 0, max = 0]) => ({ min, max }))
    .sort((a, b) => a.min - b.min);
  const merged: { min: number; max: number }[] = [];
  for (const { min, max } of ranges) {
    const last = merged.at(-1);
    if (last && min <= last.max + 1) last.max = Math.max(last.max, max);
    else merged.push({ min, max });
  }
  return merged;
}

/** An empty section turns filtering off, which is on otherwise. Source: kubernetes-nmstate pkg/bridge/bridge.go. */
function portVlan({ vlanFiltering, vlans }: Bridge): JsonObject {
  if (!vlanFiltering) return {};
  const tags = vlanRanges(vlans ?? ["2-4094"]).map(({ min, max }) =>
    min === max ? { id: min } : { "id-range": { min, max } },
  );
  return { mode: "trunk", "trunk-tags": tags };
}

function bridge(each: Bridge): JsonObject {
  const { name, mtu, stp, ports } = each;
  const port = [...ports].sort().map((member) => ({ name: member, vlan: portVlan(each) }));
  const section = { options: { stp: { enabled: stp } }, port };
  return { name, type: "linux-bridge", state: "up", mtu, ...families(each), bridge: section };
}

function ovsBridge({ name, ports }: NodeGroup["ovsBridges"][number]): JsonObject {
  const port = [...ports].sort().map((member) => ({ name: member }));
  return { name, type: "ovs-bridge", state: "up", bridge: { port } };
}

/** The group's interfaces in nmstate's form, each after those on which it stands; of several, the first by name. */
function interfaces(group: NodeGroup): JsonObject[] {
  const states = new Map<string, JsonObject>([
    ...group.interfaces.map((each) => [each.name, hardware(each)] as const),
    ...group.bonds.map((each) => [each.name, bond(each)] as const),
    ...group.vlans.map((each) => [each.name, vlan(each)] as const),
    ...group.bridges.map((each) => [each.name, bridge(each)] as const),
    ...group.ovsBridges.map((each) => [each.name, ovsBridge(each)] as const),
  ]);
  const parts = new Map(partsOf(group).map((part) => [part.name, part]));
  const ordered = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    const part = parts.get(name);
    if (part === undefined || ordered.has(name) || above.includes(name)) return;
    for (const below of [...part.below].sort()) visit(below, [...above, name]);
    ordered.add(name);
  };
  for (const name of [...parts.keys()].sort()) visit(name, []);
  return [...ordered].map((name) => states.get(name) ?? {});
}

function routes(group: NodeGroup): JsonObject | undefined {
  if (group.routes.length === 0) return undefined;
  const config = group.routes.map(({ destination, gateway, metric, table, ...route }) => ({
    destination,
    "next-hop-address": gateway,
    "next-hop-interface": route.interface,
    metric,
    "table-id": table,
  }));
  return { config: sortedBy(config, (route) => JSON.stringify(route)) };
}

/** The policy of a group of nodes. */
export function policySpec(group: NodeGroup): JsonObject {
  const role = group.nodePool === undefined ? {} : { [roleLabel(group.nodePool)]: "" };
  return {
    nodeSelector: nonEmpty({ ...group.nodeSelector, ...role }),
    maxUnavailable: group.maxUnavailable,
    desiredState: { interfaces: interfaces(group), routes: routes(group) },
  };
}

/** The network of the nodes: the handler, then one policy for each group of nodes. */
export function planHostNetwork(args: HostNetworkArgs): Plan {
  const plan = new PlanBuilder(HOST_NETWORK, tokens.hostNetwork);
  const nmstate = args.nmstate ? plan.add("nmstate", tokens.nmstate, { metadata: { name: "nmstate" }, spec: {} }) : "";
  for (const group of args.groups) {
    const { name } = group;
    const policy = plan.add(`policy/${name}`, tokens.nodeNetworkConfigurationPolicy, {
      metadata: { name },
      spec: policySpec(group),
    });
    if (nmstate) plan.after(policy, nmstate, "the handler carries the policy out on the nodes");
  }
  return plan.build();
}
