import type { Facts, KubernetesObject, PathStep } from "../../model";
import { textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import {
  appliedBefore,
  entryFor,
  overlap,
  pfName,
  policiesOf,
  priorityOf,
  selectionKnown,
  shareNode,
  sharedPfs,
  vfsOf,
} from "./matching";
import type { SharedPf } from "./matching";
import { namedTwice } from "./named-twice";
import type { NamedTwice } from "./named-twice";
import { externalSetRules } from "./external";
import { poolSetRules } from "./pool-set";

const merge = "sriov-network-operator v1.6.0 api/v1/helper.go mergeConfigs";
const webhook = "sriov-network-operator v1.6.0 pkg/webhook/validate.go";

/** Two policies in the order in which the operator applies them: on what they share, the stronger one counts. */
interface Pair {
  weaker: KubernetesObject;
  stronger: KubernetesObject;
  /** Index of the weaker one in the set. */
  index: number;
  shared: SharedPf[];
  together: boolean;
}

/** All pairs of policies of which it is known what they select. */
function pairsOf(objects: readonly KubernetesObject[], { nodes }: Facts): Pair[] {
  const policies = policiesOf(objects).filter(([, policy]) => selectionKnown(policy));
  return policies.flatMap(([first, a], position) =>
    policies.slice(position + 1).map(([second, b]): Pair => {
      const inOrder = appliedBefore(a, b);
      const [weaker, stronger] = inOrder ? [a, b] : [b, a];
      const shared = sharedPfs(weaker, stronger, nodes);
      return { weaker, stronger, index: inOrder ? first : second, shared, together: shareNode(a, b, nodes) };
    }),
  );
}

/** What makes the operator drop the weaker policy's virtual functions of a physical function. */
export function dropped(
  weaker: KubernetesObject,
  stronger: KubernetesObject,
  pf: string,
): "overlap" | "resource" | undefined {
  const [one, other] = [weaker, stronger].map((policy) => vfsOf(policy, entryFor(policy, pf)));
  if (one && other && overlap(one, other)) return "overlap";
  const resource = textAt(weaker, "spec", "resourceName");
  return resource !== undefined && resource === textAt(stronger, "spec", "resourceName") ? "resource" : undefined;
}

/** A stronger policy for one card beside a weaker one for a class of cards is how exceptions are made. */
function isException({ weaker, stronger }: Pair, pf: SharedPf): boolean {
  const bothNamed = entryFor(weaker, pf.name) !== undefined && entryFor(stronger, pf.name) !== undefined;
  return !bothNamed && priorityOf(weaker) !== priorityOf(stronger);
}

const where = ({ name, node }: SharedPf): string => (node ? `${name} of node ${node}` : name);

/** Place of the weaker policy's selection of a physical function. */
function selectionPath({ index, weaker }: Pair, pf: string): PathStep[] {
  const entry = textsAt(weaker, "spec", "nicSelector", "pfNames").findIndex((each) => pfName(each) === pf);
  return [index, "spec", "nicSelector", ...(entry < 0 ? [] : ["pfNames", entry])];
}

function pairRule(
  id: string,
  severity: Rule<readonly KubernetesObject[]>["severity"],
  source: string,
  check: (pair: Pair) => Omit<Violation, "objects"> | undefined,
): Rule<readonly KubernetesObject[]> {
  return {
    id,
    severity,
    source,
    check: (objects, facts) =>
      pairsOf(objects, facts).flatMap((pair) => {
        const found = check(pair);
        return found ? [{ ...found, objects: [pair.weaker.metadata.name, pair.stronger.metadata.name] }] : [];
      }),
  };
}

function lost(pair: Pair, reason: "overlap" | "resource", exception: boolean): SharedPf | undefined {
  return pair.shared.find(
    (pf) => dropped(pair.weaker, pair.stronger, pf.name) === reason && isException(pair, pf) === exception,
  );
}

/** The physical function for whose name alone the webhook refuses the policy that comes second. */
function refusedName({ weaker, stronger, together }: Pair, why: NamedTwice["why"]): string | undefined {
  if (!together) return undefined;
  return [namedTwice(weaker, stronger), namedTwice(stronger, weaker)].find((found) => found?.why === why)?.name;
}

const overlapping = pairRule("sriov/vf-overlap", "error", `${merge}; ${webhook} validatePfNames`, (pair) => {
  const pf = lost(pair, "overlap", false);
  const name = refusedName(pair, "overlap");
  if (!pf && name !== undefined) {
    const message = `Policies "${pair.weaker.metadata.name}" and "${pair.stronger.metadata.name}" name the same virtual functions of ${name} on the same nodes; the webhook refuses the one that comes second.`;
    const fix = "Leave the name out where the policy does not mean that card, or give each a range of its own.";
    return { path: selectionPath(pair, name), message, fix };
  }
  if (!pf) return undefined;
  const message = `Policies "${pair.weaker.metadata.name}" and "${pair.stronger.metadata.name}" take the same virtual functions of ${where(pf)}; the operator drops the first one's.`;
  const fix = "Give each a range of its own, for example ens1f0#0-3 and ens1f0#4-7, with the same numVfs.";
  return { path: selectionPath(pair, pf.name), message, fix };
});

const overridden = pairRule("sriov/policy-overridden", "warning", merge, (pair) => {
  const pf = lost(pair, "overlap", true);
  if (!pf) return undefined;
  const { weaker, stronger } = pair;
  const message = `Policy "${stronger.metadata.name}" (priority ${priorityOf(stronger)}) replaces "${weaker.metadata.name}" (priority ${priorityOf(weaker)}) on ${where(pf)}.`;
  return { path: selectionPath(pair, pf.name), message, fix: "The lower priority is the stronger one." };
});

const sameResource = pairRule("sriov/same-resource", "error", merge, (pair) => {
  const pf = lost(pair, "resource", false) ?? lost(pair, "resource", true);
  if (!pf) return undefined;
  const { weaker, stronger, index } = pair;
  const message = `Policies "${weaker.metadata.name}" and "${stronger.metadata.name}" offer the same resource on ${where(pf)}; the operator drops the first one's.`;
  return {
    path: [index, "spec", "resourceName"],
    message,
    fix: "Give each policy of a card a resourceName of its own.",
  };
});

const vfsDiffer = pairRule("sriov/num-vfs-differ", "warning", merge, (pair) => {
  const { weaker, stronger, shared, index } = pair;
  const pf = shared.find(({ name }) => !dropped(weaker, stronger, name));
  const [one, other] = [weaker.spec?.numVfs, stronger.spec?.numVfs];
  if (!pf || typeof one !== "number" || typeof other !== "number" || one === other) return undefined;
  const message = `Policies "${weaker.metadata.name}" and "${stronger.metadata.name}" want ${one} and ${other} virtual functions on ${where(pf)}; it gets ${Math.max(one, other)}.`;
  return { path: [index, "spec", "numVfs"], message, fix: "Write the same numVfs in all policies of a card." };
});

/** Settings of the physical function itself, of which only the strongest policy's count, by what they mean when absent. */
const cardSettings = [
  { key: "eSwitchMode", absent: "legacy" },
  { key: "externallyManaged", absent: false },
] as const;

const settings = pairRule("sriov/card-settings", "error", `${merge}; ${webhook} validateExternallyManage`, (pair) => {
  const { weaker, stronger, shared, index } = pair;
  const name = refusedName(pair, "externallyManaged");
  const pf = shared.find((each) => !isException(pair, each)) ?? (name === undefined ? undefined : { name });
  if (!pf) return undefined;
  for (const { key, absent } of cardSettings) {
    if (!shared.includes(pf) && key !== "externallyManaged") continue;
    const [one, other] = [weaker, stronger].map(({ spec = {} }) => (key in spec ? (spec[key] ?? undefined) : absent));
    if (one === undefined || other === undefined || one === other) continue;
    const message = `Policies "${weaker.metadata.name}" and "${stronger.metadata.name}" want different ${key} on ${where(pf)}; the second one's counts.`;
    return { path: [index, "spec", key], message, fix: "Write the same value in all policies of a card." };
  }
  return undefined;
});

const rootDevice = pairRule("sriov/root-device-shared", "error", `${webhook} validateRootDevices`, (pair) => {
  const { weaker, stronger, index, together } = pair;
  const others = textsAt(stronger, "spec", "nicSelector", "rootDevices");
  const roots = textsAt(weaker, "spec", "nicSelector", "rootDevices");
  const at = roots.findIndex((address) => others.includes(address));
  if (!together || at < 0) return undefined;
  const message = `Policy "${stronger.metadata.name}" names the root device ${roots[at]} as well, on the same nodes.`;
  return {
    path: [index, "spec", "nicSelector", "rootDevices", at],
    message,
    fix: "Name a shared card by pfNames with ranges.",
  };
});

const topology = pairRule("sriov/exclude-topology", "error", `${webhook} validateExludeTopologyField`, (pair) => {
  const { weaker, stronger, index, together } = pair;
  const resource = textAt(weaker, "spec", "resourceName");
  if (!together || resource === undefined || resource !== textAt(stronger, "spec", "resourceName")) return undefined;
  const [one, other] = [weaker, stronger].map(({ spec = {} }) =>
    "excludeTopology" in spec ? spec.excludeTopology : false,
  );
  if (one === undefined || other === undefined || one === other) return undefined;
  const message = `Policies "${weaker.metadata.name}" and "${stronger.metadata.name}" offer the resource ${resource} with different excludeTopology.`;
  return { path: [index, "spec", "excludeTopology"], message, fix: "Write the same value in both." };
});

/** What the operator refuses of several SR-IOV objects together, or drops without a word. Paths begin with the object's index. */
export const sriovFabricRules: readonly Rule<readonly KubernetesObject[]>[] = [
  overlapping,
  overridden,
  sameResource,
  vfsDiffer,
  settings,
  rootDevice,
  topology,
  ...poolSetRules,
  ...externalSetRules,
];
