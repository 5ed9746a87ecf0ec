import { isObject } from "../../model";
import type { JsonObject, KubernetesObject } from "../../model";
import { objectAt, objectsAt, textAt } from "../../rules/read";
import { numeric, portsOf } from "../../rules/hostnetwork/desired-state";
import type { Related, Step, Verdict } from "../kind";
import { changeable, enactmentWatches, policyEnacted } from "./enactments";
import { ready } from "./verdict";
import { all, one } from "./watches";

/** Field manager of what takes a policy's network back. */
const manager = "pulumi-ove-absent";

/** Types of interfaces that a policy makes; the others are hardware or the kernel's own. */
const made = new Set([
  "bond",
  "dummy",
  "hsr",
  "ipvlan",
  "linux-bridge",
  "mac-vlan",
  "mac-vtap",
  "macsec",
  "ovs-bridge",
  "ovs-interface",
  "veth",
  "vlan",
  "vrf",
  "vxlan",
  "xfrm",
]);

/** Interfaces that the node's own network stands on; a policy may add to them but never has made them. */
const foreign = new Set(["br-ex", "br-int"]);

const nameOf = (each: JsonObject): string => textAt(each, "name") ?? "";

/** An interface that stays, back to what it is without the policy: up, without virtual functions that the policy made. */
function restored(name: string, content: JsonObject | undefined): JsonObject {
  const type = textAt(content, "type");
  const functions = numeric(objectAt(content, "ethernet", "sr-iov")["total-vfs"]) ?? 0;
  return {
    name,
    ...(type ? { type } : {}),
    state: "up",
    ...(functions > 0 ? { ethernet: { "sr-iov": { "total-vfs": 0 } } } : {}),
  };
}

const absent = (items: readonly JsonObject[]): JsonObject[] =>
  items.filter((each) => each.state !== "absent").map((each) => ({ ...each, state: "absent" }));

/**
 * The state that takes back what a policy has made: its interfaces and routes absent, and the ports of its bonds and
 * bridges up again, because they go down with their controller. Undefined when it has made nothing.
 */
export function absentState(state: JsonObject): JsonObject | undefined {
  const interfaces = objectsAt(state, "interfaces").filter((each) => nameOf(each) !== "");
  const up = interfaces.filter((each) => (textAt(each, "state") ?? "up") === "up");
  const owned = up.filter((each) => made.has(textAt(each, "type") ?? "") && !foreign.has(nameOf(each)));
  const gone = new Set(owned.map(nameOf));
  const ports = owned.flatMap((each) =>
    portsOf({ type: textAt(each, "type") ?? "", content: each }).map(({ name }) => name),
  );
  const withFunctions = up.filter((each) => (numeric(objectAt(each, "ethernet", "sr-iov")["total-vfs"]) ?? 0) > 0);
  const staying = [...new Set([...ports, ...withFunctions.map(nameOf)])].filter((name) => !gone.has(name));
  const list = [
    ...owned.map((each) => ({ name: nameOf(each), type: textAt(each, "type") ?? "", state: "absent" })),
    ...staying.map((name) =>
      restored(
        name,
        up.find((each) => nameOf(each) === name),
      ),
    ),
  ];
  const routes = absent(objectsAt(state, "routes", "config"));
  const rules = absent(objectsAt(state, "route-rules", "config"));
  if (list.length === 0 && routes.length === 0 && rules.length === 0) return undefined;
  return {
    interfaces: list,
    ...(routes.length > 0 ? { routes: { config: routes } } : {}),
    ...(rules.length > 0 ? { "route-rules": { config: rules } } : {}),
  };
}

/** Nothing acts on policies any more, so there is nothing to wait for. */
function handled(related: Related): boolean {
  return all(related, "nmstates").length > 0 && all(related, "nodes").length > 0;
}

/** Steps before a policy is deleted: deleting it alone would leave its network on the nodes. */
export function takeBack(policy: KubernetesObject): Step[] {
  const state = policy.spec?.desiredState;
  const content = isObject(state) ? absentState(state) : undefined;
  if (!content) return [];
  const { apiVersion, kind, metadata } = policy;
  const plural = "nodenetworkconfigurationpolicies";
  const own = { id: "policy", apiVersion, plural, name: metadata.name };
  const watches = [own, ...enactmentWatches(policy)];
  const judged =
    (check: (live: KubernetesObject, related: Related) => Verdict) =>
    (related: Related): Verdict => {
      const live = one(related, "policy");
      return live && handled(related) ? check(live, related) : ready;
    };
  const object = { apiVersion, kind, metadata: { name: metadata.name }, spec: { desiredState: content } };
  return [
    { act: "wait", watches, verdict: judged(changeable) },
    { act: "apply", manager, plural, object, force: true },
    { act: "wait", watches, verdict: judged(policyEnacted) },
  ];
}
