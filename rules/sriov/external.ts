import type { Facts, InventoryNode, JsonObject, KubernetesObject, Nic } from "../../model";
import { interfacesOf, isExpression } from "../hostnetwork/desired-state";
import { known, listAt, mapAt, numberAt, objectAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { policiesOf, selectsNode } from "./matching";
import { firstNic, hardwareRule, selectionOf } from "./selection";

const source = "sriov-network-operator v1.6.0 pkg/webhook/validate.go validatePolicyForNodeState";

const fix = "Configure the physical function first, for example by a NodeNetworkConfigurationPolicy.";

const interfaces = ["spec", "desiredState", "interfaces"];

const isExternal = (policy: KubernetesObject): boolean => policy.spec?.externallyManaged === true;

/** What a policy asks of a physical function that somebody else prepares. */
interface Demand {
  key: "numVfs" | "mtu";
  wanted: number;
  /** What is wrong with a card as the inventory has it; undefined when it is prepared already. */
  problem: (nic: Nic) => string | undefined;
}

function demandsOf(policy: KubernetesObject): Demand[] {
  const vfs = numberAt(policy, "spec", "numVfs") ?? 0;
  const mtu = numberAt(policy, "spec", "mtu") ?? 0;
  return [
    {
      key: "numVfs",
      wanted: vfs,
      problem: (nic) =>
        nic.numVfs !== undefined && vfs > nic.numVfs ? `has ${nic.numVfs} virtual functions, not ${vfs}` : undefined,
    },
    {
      key: "mtu",
      wanted: mtu,
      problem: (nic) => (mtu > (nic.mtu ?? 1500) ? `has MTU ${nic.mtu ?? 1500}, which is below ${mtu}` : undefined),
    },
  ];
}

const impossible = hardwareRule("sriov/externally-managed", "error", source, (selection) => {
  if (!isExternal(selection.policy)) return [];
  const vfs = numberAt(selection.policy, "spec", "numVfs") ?? 0;
  const link = textAt(selection.policy, "spec", "linkType") ?? "";
  return [
    ...firstNic(selection, ["spec", "numVfs"], (nic) => {
      const most = Math.max(nic.totalVfs, nic.numVfs ?? 0);
      return vfs > most ? `has ${most} virtual functions at most, not ${vfs}` : undefined;
    }),
    ...firstNic(selection, ["spec", "linkType"], (nic) => {
      const has = nic.linkType ?? "ETH";
      return link && link.toUpperCase() !== has ? `is of link type ${has}, not ${link}` : undefined;
    }),
  ];
});

/** Alone, a policy does not tell who prepares its cards: that may happen before it is applied. */
const unprepared = hardwareRule("sriov/not-prepared", "warning", source, (selection) =>
  isExternal(selection.policy)
    ? demandsOf(selection.policy).flatMap(({ key, problem }) => firstNic(selection, ["spec", key], problem, fix))
    : [],
);

/** Rules on a policy whose physical functions somebody else configures. */
export const externalRules: readonly Rule<KubernetesObject>[] = [impossible, unprepared];

/** What an interface of desired state makes of a physical function; undefined when that is known on the node only. */
function given(content: JsonObject, key: Demand["key"]): number | undefined {
  const [section, name] = key === "mtu" ? [content, "mtu"] : [objectAt(content, "ethernet", "sr-iov"), "total-vfs"];
  const value = section[name];
  return isExpression(value) ? undefined : Number(value ?? 0);
}

/** Whether a policy of the host's network prepares the card on that node, or may do so. */
function prepares(host: KubernetesObject, node: InventoryNode, nic: Nic, { key, wanted }: Demand): boolean {
  if (!known(host.spec)) return true;
  if (!selectsNode(mapAt(host, "spec", "nodeSelector"), node)) return false;
  const named = interfacesOf(host);
  // Names, or all of it, that are known on the node only.
  if (isExpression(textAt(host, ...interfaces)) || named.length < listAt(host, ...interfaces).length) return true;
  return named.some(({ name, state, content }) => {
    if (state !== "up") return false;
    // Names of interfaces that are told by an address are made up.
    if (name !== nic.name && !textAt(content, "identifier")) return false;
    const value = given(content, key);
    return value === undefined || value >= wanted;
  });
}

const isHostPolicy = ({ apiVersion, kind }: KubernetesObject): boolean =>
  kind === "NodeNetworkConfigurationPolicy" && apiVersion.startsWith("nmstate.io/");

function unpreparedBy(hosts: readonly KubernetesObject[], policy: KubernetesObject, facts: Facts): Violation[] {
  const selection = selectionOf(policy, facts);
  if (!selection) return [];
  return demandsOf(policy).flatMap((demand) => {
    const left = selection.nics.filter(
      ({ node, nic }) => demand.problem(nic) && !hosts.some((host) => prepares(host, node, nic, demand)),
    );
    return firstNic({ ...selection, nics: left }, ["spec", demand.key], demand.problem, fix);
  });
}

/** In a set it is known who prepares the cards: the webhook refuses a policy whose cards nobody has prepared. */
export const externalSetRules: readonly Rule<readonly KubernetesObject[]>[] = [
  {
    id: "sriov/prepared-by-nobody",
    severity: "error",
    source,
    check(objects, facts) {
      const hosts = objects.filter(isHostPolicy);
      return policiesOf(objects)
        .filter(([, policy]) => isExternal(policy))
        .flatMap(([index, policy]) =>
          unpreparedBy(hosts, policy, facts).map((each) => ({
            ...each,
            path: [index, ...each.path],
            objects: [policy.metadata.name],
          })),
        );
    },
  },
];
