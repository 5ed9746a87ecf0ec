import { hostAddressProblem, isAddress } from "../../model/addresses";
import type { JsonObject, KubernetesObject, PathStep } from "../../model";
import { indexedAt, missing, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { interfaceRule, interfacesOf, isExpression, numeric } from "./desired-state";

const families = { ipv4: { bits: 32, name: "IPv4" }, ipv6: { bits: 128, name: "IPv6" } } as const;

type Family = keyof typeof families;

const familyOf = (address: string): Family => (address.includes(":") ? "ipv6" : "ipv4");

function addressProblems(family: Family, entry: JsonObject): Violation[] {
  const { bits, name } = families[family];
  const ip = textAt(entry, "ip");
  const length = numeric(entry["prefix-length"]);
  const missingLength = missing(entry, "prefix-length")
    ? [{ path: ["prefix-length"], message: "This field is required." }]
    : [];
  if (length !== undefined && (length < 0 || length > bits)) {
    return [
      { path: ["prefix-length"], message: `${length} is no prefix length of ${name}.`, fix: `Use 0 to ${bits}.` },
    ];
  }
  if (ip === undefined || isExpression(ip)) return missingLength;
  if (!isAddress(ip)) {
    const fix = ip.includes("/") ? "Put the prefix length into prefix-length." : undefined;
    return [...missingLength, { path: ["ip"], message: `"${ip}" is no address.`, ...(fix ? { fix } : {}) }];
  }
  if (familyOf(ip) !== family) {
    return [
      ...missingLength,
      { path: ["ip"], message: `"${ip}" is no ${name} address.`, fix: `Put it under ${familyOf(ip)}.` },
    ];
  }
  const problem = length === undefined ? undefined : hostAddressProblem(`${ip}/${length}`);
  return problem && !problem.includes("loopback") ? [{ path: ["ip"], message: problem }] : missingLength;
}

const address = interfaceRule("address", "error", "rust/src/lib/ip.rs sanitize", ({ content, type }) =>
  type === "loopback"
    ? []
    : (["ipv4", "ipv6"] as const).flatMap((family) =>
        indexedAt(content, family, "address").flatMap(([index, entry]) =>
          addressProblems(family, entry).map((violation) => ({
            ...violation,
            path: [family, "address", index, ...violation.path],
          })),
        ),
      ),
);

const enabled = interfaceRule(
  "address-not-enabled",
  "warning",
  "devel/yaml_api.md: with enabled false all else of the section is ignored",
  ({ content }) =>
    ["ipv4", "ipv6"].flatMap((family) => {
      const section = objectAt(content, family);
      const off = missing(section, "enabled") || section.enabled === false;
      const wants = (Array.isArray(section.address) && section.address.length > 0) || section.dhcp === true;
      if (!off || !wants) return [];
      return [
        { path: [family, "enabled"], message: "Without it the addresses are ignored.", fix: "Set enabled to true." },
      ];
    }),
);

interface Route {
  path: PathStep[];
  content: JsonObject;
}

/** The routes that are to be there. */
function routesOf(policy: KubernetesObject): Route[] {
  const base = ["spec", "desiredState", "routes", "config"];
  return indexedAt(policy, ...base)
    .filter(([, content]) => content.state !== "absent" && !("state" in content && content.state === undefined))
    .map(([index, content]) => ({ path: [...base, index], content }));
}

function routeRule(
  id: string,
  check: (route: JsonObject, policy: KubernetesObject) => Violation[],
): Rule<KubernetesObject> {
  return {
    id: `hostnetwork/${id}`,
    severity: "error",
    source: "nmstate rust/src/lib/route.rs",
    check: (policy) =>
      routesOf(policy).flatMap(({ path, content }) =>
        check(content, policy).map((violation) => ({ ...violation, path: [...path, ...violation.path] })),
      ),
  };
}

const routeFields = routeRule("route", (route) => {
  const noHop = missing(route, "next-hop-interface") && !("route-type" in route);
  const destination = textAt(route, "destination");
  const hop = textAt(route, "next-hop-address");
  const weight = numeric(route.weight);
  const place = destination?.split("/") ?? [];
  const bits = families[familyOf(destination ?? "")].bits;
  const length = numeric(place[1]) ?? bits;
  const bad =
    destination !== undefined &&
    !isExpression(destination) &&
    (!isAddress(place[0] ?? "") ||
      place.length > 2 ||
      length > bits ||
      (place.length === 2 && numeric(place[1]) === undefined));
  return [
    ...(noHop ? [{ path: ["next-hop-interface"], message: "A route needs the interface that it goes through." }] : []),
    ...(missing(route, "destination") ? [{ path: ["destination"], message: "This field is required." }] : []),
    ...(bad
      ? [{ path: ["destination"], message: `"${destination}" is no network.`, fix: "Write it as 192.0.2.0/24." }]
      : []),
    ...(hop && !isExpression(hop) && !isAddress(hop)
      ? [{ path: ["next-hop-address"], message: `"${hop}" is no address.` }]
      : []),
    ...(weight !== undefined && (weight < 1 || weight > 256)
      ? [{ path: ["weight"], message: `${weight} is outside of 1 to 256.` }]
      : []),
  ];
});

const routeInterface = routeRule("route-interface", (route, policy) => {
  const through = textAt(route, "next-hop-interface");
  const found = interfacesOf(policy).find((each) => each.name === through && each.type !== "ovs-bridge");
  if (!found) return [];
  const path = ["next-hop-interface"];
  if (found.state === "absent") return [{ path, message: `${found.name} is absent in this same policy.` }];
  const destination = textAt(route, "destination");
  if (destination === undefined || isExpression(destination)) return [];
  const family = familyOf(destination);
  const off = objectAt(found.content, family).enabled === false;
  return off ? [{ path, message: `${found.name} has ${families[family].name} disabled in this same policy.` }] : [];
});

/** Rules on addresses and routes. */
export const addressRules: readonly Rule<KubernetesObject>[] = [address, enabled, routeFields, routeInterface];
