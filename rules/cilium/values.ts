import { isObject } from "../../model";
import type { Facts, Json, KubernetesObject } from "../../model";
import type { Rule, Violation } from "../rule";

/** Helm values, read by dotted paths. */
export class Values {
  constructor(readonly root: Json | undefined) {}

  private find(path: string): { value: Json | undefined; unknown: boolean } {
    let at: Json | undefined = this.root;
    for (const key of path.split(".")) {
      if (!isObject(at) || !(key in at)) return { value: undefined, unknown: false };
      at = at[key];
      if (at === undefined) return { value: undefined, unknown: true };
    }
    return { value: at ?? undefined, unknown: false };
  }

  /** The value, undefined when it is not set or not known. */
  get(path: string): Json | undefined {
    return this.find(path).value;
  }

  /** The value as text; undefined when it is no scalar. */
  text(path: string): string | undefined {
    const value = this.get(path);
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;
  }

  /** Whether the value is set, as far as one knows. */
  has(path: string): boolean {
    const { value, unknown } = this.find(path);
    return unknown || (value !== undefined && value !== "");
  }

  /** Whether the key is there for certain, whatever its value is. */
  holds(path: string): boolean {
    const dot = path.lastIndexOf(".");
    const key = path.slice(dot + 1);
    const parent = dot < 0 ? this.root : this.get(path.slice(0, dot));
    return isObject(parent) && key in parent && parent[key] !== null && parent[key] !== "";
  }

  /** Whether the value is `true` for certain, also as a text. */
  on(path: string): boolean {
    return this.text(path) === "true";
  }

  /** Whether the value is, for certain, not what is wanted; `fallback` is the chart's default. */
  isNot(path: string, wanted: string, fallback = ""): boolean {
    const { value, unknown } = this.find(path);
    if (unknown) return false;
    return (this.text(path) ?? (value === undefined ? fallback : "")) !== wanted;
  }

  /** Whether the value is not set for certain. */
  without(path: string): boolean {
    const { value, unknown } = this.find(path);
    return !unknown && (value === undefined || value === "");
  }
}

/** The values' path as a property path of the object. */
function propertyPath(path: string): string[] {
  return ["spec", ...path.split(".")];
}

/** What a rule on values finds: a place, what is wrong there, what to do. */
export interface Fault {
  at: string;
  message: string;
  fix?: string;
}

/** A rule on Helm values; `source` is where upstream says so. */
export function valuesRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (values: Values, facts: Facts) => Fault[] | Fault | false | undefined,
): Rule<KubernetesObject> {
  return {
    id: `cilium/${id}`,
    severity,
    source,
    check(object, facts): Violation[] {
      if ("spec" in object && object.spec === undefined) return [];
      const found = check(new Values(object.spec), facts);
      const faults = Array.isArray(found) ? found : found ? [found] : [];
      return faults.map(({ at, message, fix }) => ({
        path: propertyPath(at),
        message,
        ...(fix ? { fix } : {}),
      }));
    },
  };
}

/** Whether packets are routed natively for certain. */
export const routesNatively = (values: Values): boolean => values.text("routingMode") === "native";

/** Whether packets travel in tunnels for certain: they do unless native routing is set. */
export const tunnels = (values: Values): boolean => values.isNot("routingMode", "native", "tunnel");

/** Whether kube-proxy is replaced. */
export const replacesKubeProxy = (values: Values): boolean => values.on("kubeProxyReplacement");

/** Whether kube-proxy stays, for certain. */
export const keepsKubeProxy = (values: Values): boolean => values.isNot("kubeProxyReplacement", "true", "false");

/** Whether encryption of that type is on for certain; the chart's own type is ipsec. */
export const encrypts = (values: Values, type: "wireguard" | "ipsec"): boolean =>
  values.on("encryption.enabled") &&
  (values.text("encryption.type") === type || (type === "ipsec" && values.without("encryption.type")));
