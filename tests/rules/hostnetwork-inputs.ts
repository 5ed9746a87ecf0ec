import type { JsonObject } from "../../model";

export const spec = (content: JsonObject): JsonObject => ({ spec: content });
export const state = (...interfaces: JsonObject[]): JsonObject => ({ spec: { desiredState: { interfaces } } });
export const at = (path: string, index = 0): string => `spec.desiredState.interfaces[${index}].${path}`;
export const eth = (content: JsonObject = {}): JsonObject => ({ name: "eth1", type: "ethernet", ...content });
export const vlan = (content: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  name: "eth1.5",
  type: "vlan",
  vlan: { "base-iface": "eth1", id: 5, ...content },
  ...more,
});
export const bond = (content: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  name: "bond1",
  type: "bond",
  "link-aggregation": { mode: "active-backup", port: ["eth1", "eth2"], ...content },
  ...more,
});
export const bridge = (content: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  name: "br1",
  type: "linux-bridge",
  bridge: { port: [{ name: "eth1" }], ...content },
  ...more,
});
export const ovs = (...ports: JsonObject[]): JsonObject => ({
  name: "ovs1",
  type: "ovs-bridge",
  bridge: { port: ports },
});
export const portVlan = (content: JsonObject): JsonObject => state(bridge({ port: [{ name: "eth1", vlan: content }] }));
export const options = (content: JsonObject, more: JsonObject = {}): JsonObject =>
  state(bond({ options: content, ...more }));
export const address = (family: string, ip: string, length: number | undefined): JsonObject =>
  eth({ [family]: { enabled: true, address: [{ ip, ...(length === undefined ? {} : { "prefix-length": length }) }] } });
export const host = { nodeSelector: { "kubernetes.io/hostname": "n1" } };
export const route = (content: JsonObject, ...interfaces: JsonObject[]): JsonObject => ({
  spec: { desiredState: { interfaces, routes: { config: [content] } } },
});
export const through = { destination: "10.0.0.0/8", "next-hop-interface": "eth1", "next-hop-address": "192.0.2.1" };
