import type { JsonObject } from "../../model";

/** Rules of policies and their entries. */
export const spec = (content: JsonObject): JsonObject => ({ spec: { endpointSelector: {}, ...content } });
export const ingress = (...entries: JsonObject[]): JsonObject => spec({ ingress: entries });
export const egress = (...entries: JsonObject[]): JsonObject => spec({ egress: entries });
export const ports = (port: JsonObject, more: JsonObject = {}): JsonObject => ({
  toPorts: [{ ports: [port], ...more }],
});
export const icmp = (field: JsonObject): JsonObject => ingress({ icmps: [{ fields: [field] }] });
export const node = (list: string, entry: JsonObject): JsonObject => ({
  kind: "CiliumClusterwideNetworkPolicy",
  spec: { nodeSelector: {}, [list]: [entry] },
});
export const http = { rules: { http: [{ method: "GET" }] } };
export const dns = { rules: { dns: [{ matchPattern: "*" }] } };
export const tcp = { port: "80", protocol: "TCP" };
export const udp = { port: "53", protocol: "UDP" };
