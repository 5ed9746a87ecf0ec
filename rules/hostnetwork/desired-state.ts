import type { Json, JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, listAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";

/** An interface of a policy's desired state, with its place. */
export interface Interface {
  path: PathStep[];
  name: string;
  type: string;
  /** `up` where the policy does not say. */
  state: string;
  /** Whether the value is text of the policy and no expression that refers to a capture. */
  content: JsonObject;
}

const interfacesPath = ["spec", "desiredState", "interfaces"];

/** Whether a text refers to a capture, so that it is known on the node only. */
export function isExpression(value: Json | undefined): boolean {
  return typeof value === "string" && value.includes("{{");
}

/** The interfaces of a policy whose names are known. */
export function interfacesOf(policy: KubernetesObject): Interface[] {
  return indexedAt(policy, ...interfacesPath).flatMap(([index, content]) => {
    const name = textAt(content, "name");
    if (name === undefined || isExpression(name)) return [];
    if (["type", "state"].some((key) => key in content && content[key] === undefined)) return [];
    const [type = "", state = "up"] = [textAt(content, "type"), textAt(content, "state")];
    return [{ path: [...interfacesPath, index], name, type, state, content }];
  });
}

/** A port of a controller, with its place in the controller. */
export interface Port {
  path: PathStep[];
  name: string;
}

/** The key under which a list of ports stands; both are read. */
function portKey(section: JsonObject): string {
  return "ports" in section ? "ports" : "port";
}

function namedPorts(content: JsonObject, ...path: string[]): Port[] {
  const key = portKey(objectAt(content, ...path));
  return indexedAt(content, ...path, key).flatMap(([index, port]) => {
    const name = textAt(port, "name");
    const bonded = namedPorts(port, "link-aggregation").map((each) => ({
      name: each.name,
      path: [...path, key, index, ...each.path],
    }));
    if (bonded.length > 0) return bonded;
    return name === undefined ? [] : [{ path: [...path, key, index, "name"], name }];
  });
}

function plainPorts(content: JsonObject, section: string): Port[] {
  const key = portKey(objectAt(content, section));
  return listAt(content, section, key).flatMap((name, index) =>
    typeof name === "string" ? [{ path: [section, key, index], name }] : [],
  );
}

/** The ports that an interface names as its own, with their places in it. */
export function portsOf({ type, content }: Pick<Interface, "type" | "content">): Port[] {
  switch (type) {
    case "bond": {
      const plain = plainPorts(content, "link-aggregation");
      const configured = indexedAt(content, "link-aggregation", "ports-config").flatMap(([index, port]) => {
        const name = textAt(port, "name");
        return name === undefined ? [] : [{ path: ["link-aggregation", "ports-config", index, "name"], name }];
      });
      return plain.length > 0 ? plain : configured;
    }
    case "linux-bridge":
    case "ovs-bridge":
      return namedPorts(content, "bridge");
    case "vrf":
      return plainPorts(content, "vrf");
    default:
      return [];
  }
}

/** The interface that another one stands on, with its place. */
export function parentOf({ content }: Interface): Port | undefined {
  const sections = ["vlan", "vxlan", "mac-vlan", "mac-vtap", "ipvlan", "macsec", "infiniband"];
  for (const section of sections) {
    const name = textAt(content, section, "base-iface");
    if (name !== undefined) return { path: [section, "base-iface"], name };
  }
  return undefined;
}

/** A number, or a text that nmstate reads as one; undefined for anything else. */
export function numeric(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

/** A rule that looks at each interface that is to be there. */
export function interfaceRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  check: (each: Interface, all: readonly Interface[]) => Violation[],
): Rule<KubernetesObject> {
  return {
    id: `hostnetwork/${id}`,
    severity,
    source: `nmstate ${source}`,
    check(policy) {
      const all = interfacesOf(policy);
      return all
        .filter((each) => each.state === "up")
        .flatMap((each) =>
          check(each, all).map((violation) => ({ ...violation, path: [...each.path, ...violation.path] })),
        );
    },
  };
}

/** The places of a list's elements that occur earlier in it. */
export function repeated(ports: readonly Port[]): Port[] {
  return ports.filter(({ name }, index) => ports.findIndex((other) => other.name === name) < index);
}
