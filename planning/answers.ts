import { type Finding, isObject, type Json, type JsonObject, parsePath, type Plan, type PlannedObject } from "../model";
import { tokens } from "./tokens";

/** A plan in the form in which it is asked for answers. */
interface Asked {
  objects: ReadonlyMap<string, JsonObject>;
  /** Kinds of addresses for which the network operator runs a daemon. */
  daemons: ReadonlySet<string>;
  /** Whether a node pool starts Open vSwitch, and OpenShift Virtualization brings its plugin. */
  openVSwitch: boolean;
  /** The planned policies by namespace: ids and specs. */
  policies: ReadonlyMap<string, readonly (readonly [id: string, spec: JsonObject])[]>;
}

const objectIn = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const listIn = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const textIn = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const specOf = (properties: JsonObject | undefined): JsonObject => objectIn(properties?.spec);

function parsed(text: Json | undefined): JsonObject {
  try {
    return typeof text === "string" ? objectIn(JSON.parse(text) as Json) : {};
  } catch {
    return {};
  }
}

/** The kind of addresses of a plugin's configuration, or of IPAM by itself. */
function ipamType(config: JsonObject): Json | undefined {
  const plugin = objectIn(listIn(config.plugins)[0] ?? config);
  return objectIn(plugin.ipam).type;
}

function startsOpenVSwitch({ properties }: PlannedObject): boolean {
  const ignition = objectIn(specOf(properties as JsonObject).config);
  const units = listIn(objectIn(ignition.systemd).units).map(objectIn);
  return units.some(({ name, enabled }) => name === "openvswitch.service" && enabled === true);
}

function deploysPlugin({ properties }: PlannedObject): boolean {
  const { annotations } = objectIn((properties as JsonObject).metadata);
  return objectIn(annotations).deployOVS === "true";
}

function asked({ objects }: Plan): Asked {
  const ofToken = (token: string): PlannedObject[] => objects.filter((object) => object.token === token);
  const additional = ofToken(tokens.networkOperator).flatMap(({ properties }) =>
    listIn(specOf(properties as JsonObject).additionalNetworks).map(objectIn),
  );
  const policies = new Map<string, [string, JsonObject][]>();
  for (const { id, properties } of ofToken(tokens.ciliumNetworkPolicy)) {
    const namespace = textIn(objectIn((properties as JsonObject).metadata).namespace);
    const list = policies.get(namespace) ?? [];
    list.push([id, specOf(properties as JsonObject)]);
    policies.set(namespace, list);
  }
  const daemons = additional.map(({ rawCNIConfig }) => textIn(ipamType(parsed(rawCNIConfig))));
  return {
    objects: new Map(objects.map(({ id, properties }) => [id, properties as JsonObject])),
    daemons: new Set(daemons),
    openVSwitch:
      ofToken(tokens.machineConfig).some(startsOpenVSwitch) && ofToken(tokens.hyperConverged).some(deploysPlugin),
    policies,
  };
}

/** Whether all that a policy is for is what another one is for as well. */
function covers(other: JsonObject, spec: JsonObject): boolean {
  const selector = objectIn(other.endpointSelector);
  if (selector.matchExpressions !== undefined) return false;
  const labels = objectIn(objectIn(spec.endpointSelector).matchLabels);
  return Object.entries(objectIn(selector.matchLabels)).every(([key, value]) => labels[key] === value);
}

/** Whether another policy restricts the direction that this one leaves open, for everything that it is for. */
function isClosed({ path }: Finding, id: string, properties: JsonObject | undefined, { policies }: Asked): boolean {
  const direction = String(parsePath(path).pop());
  const namespace = textIn(objectIn(properties?.metadata).namespace);
  return (policies.get(namespace) ?? []).some(
    ([other, spec]) => other !== id && listIn(spec[direction]).length > 0 && covers(spec, specOf(properties)),
  );
}

/** Whether the rest of a plan gives what a finding on one object asks for. */
function isAnswered(finding: Finding, plan: Asked): boolean {
  const [id = ""] = finding.objects ?? [];
  const properties = plan.objects.get(id);
  switch (finding.rule) {
    case "networks/ipam-hint":
      return plan.daemons.has(textIn(ipamType(parsed(specOf(properties).config))));
    case "sriov/network-ipam-hint":
      return plan.daemons.has(textIn(parsed(specOf(properties).ipam).type));
    case "networks/ovs-installed":
      return plan.openVSwitch;
    case "policies/one-sided":
      return isClosed(finding, id, properties, plan);
    default:
      return false;
  }
}

/** Findings on single objects, without what the rest of the plan answers. */
export function unanswered(plan: Plan, findings: readonly Finding[]): Finding[] {
  const all = asked(plan);
  return findings.filter((finding) => !isAnswered(finding, all));
}
