import type { KubeConfig } from "@kubernetes/client-node";
import type { Inventory, InventoryNode, KubernetesObject } from "../../model";
import { type Api, pathOf } from "./api";
import { faultIn, type FaultName, targetsIn } from "./faults";
import { Store } from "./store";

/** Annotation in which a node keeps the kernel arguments that it was booted with, space-separated. */
export const KERNEL_ARGUMENTS = "sandbox.pulumi-ove/kernel-arguments";

/** What all simulated agents share: one connection, one live copy per kind, the inventory and the faults. */
export class AgentContext {
  private readonly stores = new Map<string, Store>();
  readonly nodes: Store;
  private readonly faults: Store;

  constructor(
    readonly api: Api,
    private readonly kubeconfig: KubeConfig,
    readonly inventory: Inventory,
  ) {
    this.nodes = this.store("v1", "nodes");
    this.faults = this.store("v1", "configmaps", "sandbox");
  }

  /** The live copy of a resource, in one namespace or in all. */
  store(apiVersion: string, resource: string, namespace?: string): Store {
    const path = pathOf(apiVersion, resource, { namespace });
    const store = this.stores.get(path) ?? new Store(this.api, this.kubeconfig, path);
    this.stores.set(path, store);
    return store;
  }

  /** True when the fault is switched on for that target (or for `*`). */
  fault(name: FaultName, target: string): boolean {
    return faultIn(this.faults.get("sandbox/sandbox-faults"), name, target);
  }

  /** The targets of a fault, as they are written. */
  targets(name: FaultName): string[] {
    return targetsIn(this.faults.get("sandbox/sandbox-faults"), name);
  }

  /** Calls back whenever faults are switched on or off. */
  onFaults(listener: () => void): void {
    this.faults.onChange(listener);
  }

  inventoryOf(node: string): InventoryNode | undefined {
    return this.inventory.nodes.find((entry) => entry.name === node);
  }

  /** The node as it is now: a live copy may lag behind what an agent has just written itself. */
  async node(name: string): Promise<KubernetesObject | undefined> {
    return this.api.get(pathOf("v1", "nodes", { name }));
  }

  /** Sets (or with null removes) annotations and labels of a node. */
  async markNode(
    name: string,
    annotations: Record<string, string | null>,
    labels: Record<string, string | null> = {},
  ): Promise<void> {
    await this.api.patch(pathOf("v1", "nodes", { name }), { metadata: { annotations, labels } });
  }

  /** Sets (or with null removes) resources that a node offers. */
  async offer(name: string, resources: Record<string, string | null>): Promise<void> {
    const status = { capacity: resources, allocatable: resources };
    await this.api.patch(pathOf("v1", "nodes", { name, subresource: "status" }), { status });
  }
}

/** An annotation's value, empty when the object has no such annotation. */
export function annotation(object: KubernetesObject | undefined, key: string): string {
  return object?.metadata.annotations?.[key] ?? "";
}

/** The kernel arguments that the node was booted with. */
export function kernelArguments(node: KubernetesObject | undefined): string[] {
  return annotation(node, KERNEL_ARGUMENTS)
    .split(" ")
    .filter((argument) => argument !== "");
}
