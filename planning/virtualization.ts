import type { JsonObject, Plan } from "../model";
import type { Image, ImagesArgs, VirtualizationArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { nonEmpty } from "./canonical";
import { tokens } from "./tokens";

export { ImagesArgs, VirtualizationArgs } from "../model/arguments";

/** Ids of the components in a plan. */
export const VIRTUALIZATION = "virtualization";
export const IMAGES = "images";

/** The operator's namespace, and the one name that it takes. */
const NAMESPACE = "openshift-cnv";
const NAME = "kubevirt-hyperconverged";

type InstanceType = VirtualizationArgs["instanceTypes"][number];
type MigrationClass = VirtualizationArgs["migrationClasses"][number];

function hyperConvergedSpec(args: VirtualizationArgs): JsonObject {
  const liveMigrationConfig: JsonObject = {
    network: args.migrationNetwork,
    parallelMigrationsPerCluster: args.parallelMigrationsPerCluster,
    parallelOutboundMigrationsPerNode: args.parallelOutboundMigrationsPerNode,
  };
  const nodeSelector = nonEmpty(args.nodeSelector);
  const given = Object.values(liveMigrationConfig).some((value) => value !== undefined);
  return {
    evictionStrategy: args.evictionStrategy,
    liveMigrationConfig: given ? liveMigrationConfig : undefined,
    workloads: nodeSelector && { nodePlacement: { nodeSelector } },
  };
}

function instanceTypeSpec({ cpus, memory, dedicated, hugepages }: InstanceType): JsonObject {
  return {
    cpu: { guest: cpus, dedicatedCPUPlacement: dedicated || undefined },
    memory: { guest: memory, hugepages: hugepages && { pageSize: hugepages } },
  };
}

function migrationSpec(args: MigrationClass): JsonObject {
  const { allowAutoConverge, allowPostCopy, bandwidth, completionTimeoutPerGiB, machines } = args;
  return {
    allowAutoConverge,
    allowPostCopy,
    completionTimeoutPerGiB,
    bandwidthPerMigration: bandwidth,
    selectors: { virtualMachineInstanceSelector: machines },
  };
}

/** OpenShift Virtualization, then what machines are made of: their kinds exist only once it runs. */
export function planVirtualization(args: VirtualizationArgs): Plan {
  const plan = new PlanBuilder(VIRTUALIZATION, tokens.virtualization);
  const operand = plan.add("hyperconverged", tokens.hyperConverged, {
    // The operator deploys the plugin `ovs` only on this annotation.
    metadata: { name: NAME, namespace: NAMESPACE, annotations: args.openVSwitch ? { deployOVS: "true" } : undefined },
    spec: hyperConvergedSpec(args),
  });
  const kinds = "virt-operator registers the kinds of machines when it runs";
  for (const each of args.instanceTypes) {
    const id = plan.add(`instancetype/${each.name}`, tokens.virtualMachineClusterInstancetype, {
      metadata: { name: each.name },
      spec: instanceTypeSpec(each),
    });
    plan.after(id, operand, kinds);
  }
  for (const each of args.migrationClasses) {
    const id = plan.add(`migration/${each.name}`, tokens.migrationPolicy, {
      metadata: { name: each.name },
      spec: migrationSpec(each),
    });
    plan.after(id, operand, kinds);
  }
  return plan.build();
}

function sourceOf({ source, namespace }: Image): JsonObject {
  switch (source.from) {
    case "registry":
      return { registry: { url: source.url } };
    case "http":
      return { http: { url: source.url } };
    case "volume":
      return { pvc: { name: source.name, namespace: source.namespace ?? namespace } };
    case "blank":
      return { blank: {} };
  }
}

/** Id of the object of an image. */
export function imageObject({ namespace, name }: { namespace: string; name: string }): string {
  return `${IMAGES}/${namespace}/${name}`;
}

/** Volumes that are filled once, each before the machines that start from it. */
export function planImages({ images }: ImagesArgs): Plan {
  const plan = new PlanBuilder(IMAGES, tokens.images);
  for (const image of images) {
    const { name, namespace, size, storageClass, accessMode, immediate } = image;
    const annotations = immediate ? { "cdi.kubevirt.io/storage.bind.immediate.requested": "true" } : undefined;
    plan.add(`${namespace}/${name}`, tokens.dataVolume, {
      metadata: { name, namespace, annotations },
      spec: {
        source: sourceOf(image),
        storage: {
          storageClassName: storageClass,
          accessModes: accessMode && [accessMode],
          resources: size === undefined ? undefined : { requests: { storage: size } },
        },
      },
    });
  }
  return plan.build();
}
