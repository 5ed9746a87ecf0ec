import type { JsonObject, KubernetesObject } from "../../model";
import { numberAt, objectAt, objectsAt, textAt, textsAt } from "../../rules/read";
import type { Related, Verdict } from "../kind";
import { failed, forAll, inOrder, ready, waiting } from "./verdict";
import { all } from "./watches";

/** Where the SR-IOV operator lives; it reads its objects nowhere else. */
export const operatorNamespace = "openshift-sriov-network-operator";

const annotation = (state: KubernetesObject, which: "desired" | "current"): string | undefined =>
  state.metadata.annotations?.[`sriovnetwork.openshift.io/${which}-state`];

/** Name of the physical function in an entry of `pfNames`, which may end in a range of virtual functions: `ens1f0#0-3`. */
const pfName = (entry: string): string => entry.replace(/#.*/s, "");

/**
 * Whether a policy's nicSelector names a network card of the node state.
 * Source: SriovNetworkNicSelector.Selected in sriov-network-operator api/v1/helper.go.
 */
export function selectsNic(selector: JsonObject, nic: JsonObject): boolean {
  const roots = textsAt(selector, "rootDevices");
  const names = textsAt(selector, "pfNames").map(pfName);
  return (
    Object.keys(selector).length > 0 &&
    (!selector.vendor || selector.vendor === nic.vendor) &&
    (!selector.deviceID || selector.deviceID === nic.deviceID) &&
    (!selector.netFilter || selector.netFilter === nic.netFilter) &&
    (roots.length === 0 || roots.includes(textAt(nic, "pciAddress") ?? "")) &&
    (names.length === 0 || names.includes(textAt(nic, "name") ?? ""))
  );
}

/** The policy's virtual function group in what the operator wants of a card. */
function groupOf(wanted: JsonObject | undefined, policy: KubernetesObject): JsonObject | undefined {
  return objectsAt(wanted, "vfGroups").find((group) => group.policyName === policy.metadata.name);
}

/** Range of virtual functions of the group on that card. Source: generatePfNameVfGroup in api/v1/helper.go. */
function vfRange(policy: KubernetesObject, nic: JsonObject): string {
  const entry = textsAt(policy, "spec", "nicSelector", "pfNames").find((name) => pfName(name) === nic.name);
  return entry?.split("#")[1] ?? `0-${(numberAt(policy, "spec", "numVfs") ?? 0) - 1}`;
}

/** Whether the operator has handed the present form of the policy to the node. */
function handedOut(policy: KubernetesObject, nic: JsonObject, wanted: JsonObject | undefined): Verdict {
  const spec = policy.spec ?? {};
  const card = textAt(nic, "name") ?? textAt(nic, "pciAddress") ?? "";
  const group = groupOf(wanted, policy);
  if (!group) {
    const others = objectsAt(wanted, "vfGroups").map((each) => textAt(each, "policyName"));
    const seen = others.length > 0 ? `the card has those of ${others.join(", ")}` : "no policy";
    return waiting(`the operator has given ${card} the virtual functions of the policy`, seen);
  }
  const stale =
    group.resourceName !== spec.resourceName ||
    (group.deviceType ?? "netdevice") !== (spec.deviceType ?? "netdevice") ||
    (group.mtu ?? 0) !== (spec.mtu ?? 0) ||
    (group.vdpaType ?? "") !== (spec.vdpaType ?? "") ||
    group.vfRange !== vfRange(policy, nic) ||
    (numberAt(wanted, "numVfs") ?? 0) < (numberAt(spec, "numVfs") ?? 0);
  return stale
    ? waiting(`the operator has given ${card} the policy in its present form`, JSON.stringify(group))
    : ready;
}

function inRange(id: number | undefined, range: string): boolean {
  const [first, last] = range.split("-").map(Number);
  return id !== undefined && first !== undefined && last !== undefined && id >= first && id <= last;
}

/** Whether the card has what the policy asks for. Source: NeedToUpdateSriov in api/v1/helper.go. */
function carriedOut(policy: KubernetesObject, nic: JsonObject): Verdict {
  const spec = policy.spec ?? {};
  const card = textAt(nic, "name") ?? "";
  const wanted = numberAt(spec, "numVfs") ?? 0;
  const present = numberAt(nic, "numVfs") ?? 0;
  if (present < wanted) return waiting(`${card} has ${wanted} virtual functions`, `it has ${present}`);
  const mtu = numberAt(spec, "mtu") ?? 0;
  if (mtu > (numberAt(nic, "mtu") ?? 0))
    return waiting(`${card} has MTU ${mtu}`, `it has ${numberAt(nic, "mtu") ?? "none"}`);
  const mode = textAt(spec, "eSwitchMode") ?? "legacy";
  if ((textAt(nic, "eSwitchMode") ?? "legacy") !== mode) return waiting(`${card} is in mode ${mode}`, "it is not");
  const range = vfRange(policy, nic);
  const vfs = objectsAt(nic, "Vfs").filter((vf) => inRange(numberAt(vf, "vfID"), range));
  const vfio = spec.deviceType === "vfio-pci";
  const wrong = vfs.find((vf) => !vf.driver || (vf.driver === "vfio-pci") !== vfio);
  if (!wrong) return ready;
  const condition = `the virtual functions ${range} of ${card} have a ${vfio ? "vfio-pci" : "kernel"} driver`;
  return waiting(condition, `${textAt(wrong, "pciAddress")}: ${textAt(wrong, "driver") ?? "no driver"}`);
}

/** What a node state says of the last synchronisation, told apart from what it said before the change. */
export function synced(state: KubernetesObject, before: KubernetesObject | undefined): Verdict {
  const name = state.metadata.name;
  const status = textAt(state, "status", "syncStatus") ?? "none";
  const error = textAt(state, "status", "lastSyncError") ?? "";
  if (status === "Failed") {
    const old = textAt(before, "status", "syncStatus") === "Failed";
    const same = old && (textAt(before, "status", "lastSyncError") ?? "") === error;
    const text = `node ${name} failed: ${error || "no error given"}`;
    return same ? waiting(`node ${name} has synchronised`, text) : failed(text);
  }
  if (status !== "Succeeded") return waiting(`node ${name} has synchronised`, `syncStatus is ${status}`);
  for (const which of ["desired", "current"] as const) {
    const drain = annotation(state, which) ?? "Idle";
    if (drain !== "Idle") return waiting(`node ${name} is not being drained`, `${which} state is ${drain}`);
  }
  return ready;
}

/** The policy on one node: ready when its cards have it, undefined when the node has no card that it selects. */
function onNode(policy: KubernetesObject, state: KubernetesObject, before?: KubernetesObject): Verdict | undefined {
  const selector = objectAt(policy, "spec", "nicSelector");
  const nics = objectsAt(state, "status", "interfaces").filter((nic) => selectsNic(selector, nic));
  if (nics.length === 0) return undefined;
  const wanted = objectsAt(state, "spec", "interfaces");
  const of = (nic: JsonObject): JsonObject | undefined => wanted.find((each) => each.pciAddress === nic.pciAddress);
  return inOrder(
    () => forAll(nics, (nic) => handedOut(policy, nic, of(nic))),
    () => synced(state, before),
    () => forAll(nics, (nic) => carriedOut(policy, nic)),
  );
}

/**
 * The robust wait for a policy: on every selected node the operator has handed it out in its present form, the node is
 * in sync and not draining, and the cards have it. `Succeeded` alone is stale for seconds after a change, and there is
 * no observed generation.
 */
export function policyOnNodes(policy: KubernetesObject, related: Related, before: Related): Verdict {
  const nodes = new Set(all(related, "nodes").map((node) => node.metadata.name));
  const states = all(related, "nodeStates").filter((state) => nodes.has(state.metadata.name));
  const stateBefore = (name: string): KubernetesObject | undefined =>
    all(before, "nodeStates").find((state) => state.metadata.name === name);
  const verdicts = states.flatMap((state) => onNode(policy, state, stateBefore(state.metadata.name)) ?? []);
  if (verdicts.length > 0) return forAll(verdicts, (verdict) => verdict);
  const seen = `${nodes.size} nodes selected, ${states.length} of them with a node state`;
  return waiting("a selected node has a network card that the policy selects", seen);
}

/** Whether nothing of a deleted policy is left on the nodes: neither wanted nor, on cards without other policies, present. */
export function policyGone(policy: KubernetesObject, related: Related): Verdict {
  const selector = objectAt(policy, "spec", "nicSelector");
  return forAll(all(related, "nodeStates"), (state) => {
    const wanted = objectsAt(state, "spec", "interfaces");
    const name = state.metadata.name;
    const held = wanted.find((nic) => groupOf(nic, policy));
    if (held) return waiting(`node ${name} is told to drop the policy`, `${textAt(held, "name")} has it still`);
    const left = objectsAt(state, "status", "interfaces").filter(
      (nic) =>
        selectsNic(selector, nic) &&
        nic.externallyManaged !== true &&
        !wanted.some((each) => each.pciAddress === nic.pciAddress) &&
        (numberAt(nic, "numVfs") ?? 0) > 0,
    )[0];
    if (left)
      return waiting(`${textAt(left, "name")} of node ${name} has no virtual functions`, `${numberAt(left, "numVfs")}`);
    return synced(state, state);
  });
}
