import { isObject } from "../../model";
import type { Json, JsonObject, KubernetesObject } from "../../model";
import { objectsAt, textAt } from "../read";
import type { Rule } from "../rule";
import { commonKeys, plugins as known } from "./plugins";

/** One plugin of a configuration: where it stands in the JSON text, and whether something comes before it. */
export interface PluginEntry {
  /** Path inside the JSON, empty for a configuration of one plugin. */
  at: string;
  type: string;
  keys: JsonObject;
  first: boolean;
}

/** A CNI configuration as libcni reads it. */
export interface CniConfig {
  object: KubernetesObject;
  envelope: JsonObject;
  plugins: PluginEntry[];
}

/** What is wrong at a place inside the JSON text. */
export interface Problem {
  at: string;
  message: string;
  fix?: string;
}

/** JSON of a text, or why it is none. */
export function parseJson(text: string): { value: Json } | { error: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** `a.b[0]` from parts, without a leading dot. */
export function place(...parts: (string | number)[]): string {
  return parts
    .map((part) => (typeof part === "number" ? `[${part}]` : part === "" ? "" : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

/** The keys of an object under the names that a plugin knows them by; Go does not care about upper and lower case. */
export function canonical(keys: JsonObject, known: readonly string[]): JsonObject {
  const byLower = new Map(known.map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [
      known.includes(key) ? key : (byLower.get(key.toLowerCase()) ?? key),
      value,
    ]),
  );
}

/** The configuration of an attachment; undefined when it is unknown, empty or no JSON object. */
export function cniConfigOf(object: KubernetesObject): CniConfig | undefined {
  const text = textAt(object, "spec", "config");
  const parsed = text ? parseJson(text) : undefined;
  if (!parsed || !("value" in parsed) || !isObject(parsed.value)) return undefined;
  const envelope = parsed.value;
  const list = Array.isArray(envelope.plugins) ? objectsAt(envelope, "plugins") : undefined;
  const entries = list ?? [envelope];
  const plugins = entries.map((given, index) => {
    const type = textAt(given, "type") ?? "";
    const keys = canonical(given, [...Object.keys(known[type]?.keys ?? {}), ...Object.keys(commonKeys)]);
    return { at: list ? place("plugins", index) : "", type, keys, first: index === 0 };
  });
  return { object, envelope, plugins };
}

/** A rule on the CNI configuration of an attachment; places inside the JSON text become part of the message. */
export function configRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (config: CniConfig) => Problem[],
): Rule<KubernetesObject> {
  return {
    id,
    severity,
    source,
    check(object) {
      const config = cniConfigOf(object);
      return (config ? check(config) : []).map(({ at, message, fix }) => ({
        path: ["spec", "config"],
        message: at ? `In ${at}: ${message}` : message,
        fix,
      }));
    },
  };
}

/** A rule on each plugin of the given types, or on each plugin; places are relative to the plugin. */
export function pluginRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  types: readonly string[] | undefined,
  check: (plugin: PluginEntry, config: CniConfig) => Problem[],
): Rule<KubernetesObject> {
  return configRule(id, severity, source, (config) =>
    config.plugins
      .filter((plugin) => !types || types.includes(plugin.type))
      .flatMap((plugin) => check(plugin, config).map((found) => ({ ...found, at: place(plugin.at, found.at) }))),
  );
}
