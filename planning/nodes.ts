import type { JsonObject, Plan } from "../model";
import type { NodePoolArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { digest, sortedBy } from "./canonical";
import { ignitionConfig } from "./ignition";
import { tokens } from "./tokens";

export { NodePoolArgs } from "../model/arguments";

/** The label that names the role of a node and of a pool. */
export function roleLabel(pool: string): string {
  return `node-role.kubernetes.io/${pool}`;
}

const ROLE = "machineconfiguration.openshift.io/role";

const IOMMU: Record<NonNullable<NodePoolArgs["iommu"]>, string[]> = {
  intel: ["intel_iommu=on", "iommu=pt"],
  // AMD's IOMMU is on by itself; only pass-through mode has to be asked for.
  amd: ["iommu=pt"],
};

const KERNEL_PAGE_SIZE = { "2Mi": "2M", "1Gi": "1G" } as const;

function hugepageArguments({ size, count }: NonNullable<NodePoolArgs["hugepages"]>): string[] {
  const kernelSize = KERNEL_PAGE_SIZE[size];
  return [`default_hugepagesz=${kernelSize}`, `hugepagesz=${kernelSize}`, `hugepages=${count}`];
}

/**
 * The pool itself. `worker` and `master` belong to the installer: only what the arguments say is declared.
 * `paused` is never declared, since the SR-IOV operator writes it during its own drains.
 */
function poolSpec({ name, maxUnavailable }: NodePoolArgs): JsonObject {
  if (name === "worker" || name === "master") return { maxUnavailable };
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
  const { kernelArguments, hugepages, iommu, files, units, sshKeys, passwordHash, passwordHashFrom } = args;
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

/**
 * A machine config pool with everything that its nodes boot with, as one rollout: the pool is held,
 * all configurations are written, then it is released, so that each node reboots once.
 */
export function planNodePool(args: NodePoolArgs): Plan {
  const { name, machineCount } = args;
  const plan = new PlanBuilder(`nodes/${name}`, tokens.nodePool);
  const pool = plan.add("pool", tokens.machineConfigPool, { metadata: { name }, spec: poolSpec(args) });
  const configs = sortedBy(
    configSpecs(args).map(([what, spec]) => ({
      metadata: { name: `60-${name}-${what}`, labels: { [ROLE]: name } },
      spec,
    })),
    (config) => config.metadata.name,
  );
  if (configs.length === 0) return plan.build();

  const content = digest(configs);
  const hold = plan.add("hold", tokens.rolloutHold, { pool: name, digest: content });
  plan.after(hold, pool, "a pool must exist before it can be held");
  const names = configs.map((config) => config.metadata.name);
  const release = plan.add("release", tokens.rolloutRelease, {
    pool: name,
    digest: content,
    configs: names,
    machineCount,
  });
  for (const config of configs) {
    const id = plan.add(config.metadata.name, tokens.machineConfig, config);
    plan.after(id, hold, "while the pool is held, nodes do not reboot for each change alone");
    plan.after(release, id, "the pool is released once, with all configurations rendered");
  }
  return plan.build();
}
