import type { JsonObject, Plan } from "../model";
import { isBuiltIn, type NodePoolArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { digest, sortedBy } from "./canonical";
import { ignitionConfig } from "./ignition";
import {
  generatedConfigs,
  KERNEL_PAGE_SIZE,
  kubeletConfig,
  nodeLabels,
  performanceProfile,
  poolLabels,
  roleLabel,
} from "./node-tuning";
import { tokens } from "./tokens";

export { NodePoolArgs } from "../model/arguments";
export { roleLabel } from "./node-tuning";

const ROLE = "machineconfiguration.openshift.io/role";

const IOMMU: Record<NonNullable<NodePoolArgs["iommu"]>, string[]> = {
  intel: ["intel_iommu=on", "iommu=pt"],
  // AMD's IOMMU is on by itself; only pass-through mode has to be asked for.
  amd: ["iommu=pt"],
};

function hugepageArguments({ size, count }: NonNullable<NodePoolArgs["hugepages"]>): string[] {
  const kernelSize = KERNEL_PAGE_SIZE[size];
  return [`default_hugepagesz=${kernelSize}`, `hugepagesz=${kernelSize}`, `hugepages=${count}`];
}

/**
 * The pool itself. `worker` and `master` belong to the installer: only what the arguments say is declared.
 * `paused` is never declared, since the SR-IOV operator writes it during its own drains.
 */
function poolSpec({ name, maxUnavailable }: NodePoolArgs): JsonObject {
  if (isBuiltIn(name)) return { maxUnavailable };
  return {
    maxUnavailable,
    machineConfigSelector: { matchExpressions: [{ key: ROLE, operator: "In", values: ["worker", name] }] },
    nodeSelector: { matchLabels: { [roleLabel(name)]: "" } },
  };
}

/** A hash that no password has; it stands in a plan for one that is a secret of Pulumi's. */
const NO_PASSWORD = "*";

/** Name of the MachineConfig with the keys and the password of the user `core`. */
export function userConfigName(pool: string): string {
  return `60-${pool}-core-user`;
}

/** The specs of the pool's MachineConfigs by what they are for. One each, so that a change shows what it is about. */
function configSpecs(args: NodePoolArgs): [what: string, spec: JsonObject][] {
  const { kernelArguments, files, units, sshKeys, passwordHash, passwordHashFrom } = args;
  // A profile brings both with it; arguments of two MachineConfigs would add up.
  const { iommu, hugepages } = args.performance ? {} : args;
  const version = args.ignition;
  const specs: [string, JsonObject][] = [];
  const boot = (what: string, list: string[]) => list.length > 0 && specs.push([what, { kernelArguments: list }]);
  boot("iommu", iommu ? IOMMU[iommu] : []);
  boot("hugepages", hugepages ? hugepageArguments(hugepages) : []);
  boot("kernel-arguments", kernelArguments);
  if (files.length + units.length > 0) specs.push(["files", { config: ignitionConfig({ files, units, version }) }]);
  // Nodes take keys and passwords without a reboot, and only this configuration has something secret.
  const hash = passwordHash ?? (passwordHashFrom === undefined ? undefined : NO_PASSWORD);
  if (sshKeys.length > 0 || hash !== undefined) {
    specs.push(["core-user", { config: ignitionConfig({ sshKeys, passwordHash: hash, version }) }]);
  }
  return specs;
}

/** An object that is written while the pool is held, under a name that is unique in the component. */
interface Part {
  name: string;
  token: string;
  properties: JsonObject;
}

const LABELS = "labels";

/** Everything that the nodes of a pool get, in the order of names. */
function partsOf(args: NodePoolArgs): Part[] {
  const configs = configSpecs(args).map(([what, spec]): Part => {
    const metadata = { name: `60-${args.name}-${what}`, labels: { [ROLE]: args.name } };
    return { name: metadata.name, token: tokens.machineConfig, properties: { metadata, spec } };
  });
  const others: [string, string, JsonObject | undefined][] = [
    [LABELS, tokens.nodeLabels, nodeLabels(args)],
    ["performance", tokens.performanceProfile, performanceProfile(args)],
    ["kubelet", tokens.kubeletConfig, kubeletConfig(args)],
  ];
  const made = others.flatMap(([name, token, properties]) => (properties ? [{ name, token, properties }] : []));
  return sortedBy([...configs, ...made], (part) => part.name);
}

/** Names of what a pool's nodes get, in the component of the pool. */
export function partNames(args: NodePoolArgs): string[] {
  return partsOf(args).map((part) => part.name);
}

/** Digest of what the nodes of a pool boot with; undefined when that is nothing of ours. */
export function rolloutDigest(args: NodePoolArgs, inherited?: string): string | undefined {
  const parts = partsOf(args);
  const isNothing = parts.every((part) => part.name === LABELS) && args.nodes.length === 0;
  if (isNothing && inherited === undefined) return undefined;
  return digest({ parts: parts.map((part) => part.properties), inherited });
}

function planLabels(plan: PlanBuilder, labels: Part | undefined, pool: string): void {
  if (labels) plan.after(plan.add(LABELS, labels.token, labels.properties), pool, "the nodes' pool must exist");
}

/**
 * A machine config pool with everything that its nodes boot with, as one rollout: the pool is held,
 * all configurations are written, then it is released, so that each node reboots once.
 * `inherited` is the digest of the pool `worker`, whose configurations the nodes of custom pools take as well: when
 * these change, the custom pool is held too.
 */
export function planNodePool(args: NodePoolArgs, inherited?: string): Plan {
  const { name, machineCount } = args;
  const plan = new PlanBuilder(`nodes/${name}`, tokens.nodePool);
  const metadata = { name, labels: poolLabels(args) };
  const pool = plan.add("pool", tokens.machineConfigPool, { metadata, spec: poolSpec(args) });
  const parts = partsOf(args);
  const content = rolloutDigest(args, inherited);
  if (content === undefined) {
    planLabels(plan, parts[0], pool);
    return plan.build();
  }

  const hold = plan.add("hold", tokens.rolloutHold, { pool: name, digest: content });
  plan.after(hold, pool, "a pool must exist before it can be held");
  const own = parts.filter((part) => part.token === tokens.machineConfig).map((part) => part.name);
  const configs = [...generatedConfigs(args), ...own];
  const release = plan.add("release", tokens.rolloutRelease, { pool: name, digest: content, configs, machineCount });
  if (parts.length === 0) plan.after(release, hold, "the pool is released after it is held");
  const hasLabels = parts.some((part) => part.name === LABELS);
  for (const part of parts) {
    const id = plan.add(part.name, part.token, part.properties);
    if (part.token === tokens.performanceProfile && hasLabels) {
      plan.after(id, `nodes/${name}/${LABELS}`, "nothing is made of a profile until the pool has nodes that report");
    } else {
      plan.after(id, hold, "while the pool is held, nodes do not reboot for each change alone");
    }
    plan.after(release, id, "the pool is released once, with all configurations rendered");
  }
  return plan.build();
}
