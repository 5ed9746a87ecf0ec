import type { JsonObject } from "../../model";
import { merged } from "./support";

/** Values from a dotted path. */
export function at(path: string, value: JsonObject[string]): JsonObject {
  const [first = "", ...rest] = path.split(".");
  return { [first]: rest.length > 0 ? at(rest.join("."), value) : value };
}

export const all = (...parts: JsonObject[]): JsonObject =>
  parts.reduce((sum, part) => merged(sum, part) as JsonObject, {});
export const bad = (path: string, ...parts: JsonObject[]): [JsonObject, string] => [all(...parts), `spec.${path}`];

export const kpr = at("kubeProxyReplacement", true);
export const native = at("routingMode", "native");
export const bpf = at("bpf.masquerade", true);
export const wireguard: JsonObject = { encryption: { enabled: true, type: "wireguard" } };
export const ipsec: JsonObject = { encryption: { enabled: true } };
export const strict = (content: JsonObject): JsonObject => ({
  encryption: { strictMode: { egress: { enabled: true, ...content } } },
});
