import type { Plan, PlannedEdge } from "../model";
import type { Environment, EnvironmentMachine } from "../model/environment";
import { machineComponent } from "./machines";
import { attachmentObject } from "./networks";
import { networkObject } from "./sriov";

/** Id of the platform's own component. */
export const PLATFORM = "platform";

/** Collects edges between components; an edge to what is not planned is none. */
class CrossEdges {
  readonly edges: PlannedEdge[] = [];
  private readonly objects: ReadonlySet<string>;
  private readonly gates: ReadonlyMap<string, string>;

  constructor(plan: Plan) {
    this.objects = new Set(plan.objects.map((object) => object.id));
    this.gates = new Map(plan.components.map((component) => [component.id, component.gate]));
  }

  /** `from` waits for a component as a whole: one edge, to its gate. */
  afterComponent(from: string, component: string, reason: string): void {
    const gate = this.gates.get(component);
    if (gate !== undefined) this.edges.push({ from, to: gate, reason });
  }

  afterNamespace(from: string, namespace: string): void {
    const to = `${PLATFORM}/namespace/${namespace}`;
    if (this.objects.has(to)) this.edges.push({ from, to, reason: "the namespace must exist" });
  }
}

/** The pools whose nodes carry a role. Nodes of custom pools are workers too. */
function poolsOfRole({ nodePools }: Environment, role: string): string[] {
  if (role !== "worker") return [role];
  return nodePools.map((pool) => pool.name).filter((name) => name !== "master");
}

function nodeEdges(environment: Environment, edges: CrossEdges): void {
  for (const { name } of environment.cilium ? environment.nodePools : []) {
    const reason = "agents restart after the pool's reboots, so that no node loses its network twice at once";
    edges.afterComponent("cilium/config", `nodes/${name}`, reason);
  }
  for (const pool of environment.sriov?.vfPools ?? []) {
    const policy = `sriov/policy/${pool.name}`;
    edges.afterComponent(policy, "cilium", "the policy may drain nodes, which must not happen while agents restart");
    for (const role of poolsOfRole(environment, pool.nodePool)) {
      const reason = "the SR-IOV operator drains no node of a pool that is rolling out or held";
      edges.afterComponent(policy, `nodes/${role}`, reason);
    }
  }
}

function networkEdges(environment: Environment, edges: CrossEdges): void {
  for (const network of environment.sriov?.networks ?? []) {
    edges.afterNamespace(`sriov/${networkObject(network)}`, network.namespace);
  }
  for (const attachment of environment.attachments) {
    const id = `networks/${attachmentObject(attachment)}`;
    edges.afterNamespace(id, attachment.namespace);
    edges.afterComponent(id, "cilium", "Cilium must leave Multus' configuration alone before networks are attached");
  }
}

function machineEdges({ nodePools }: Environment, machine: EnvironmentMachine, edges: CrossEdges): void {
  const component = machineComponent(machine);
  const vm = `${component}/vm`;
  edges.afterNamespace(`${component}/cloud-init`, machine.namespace);
  edges.afterNamespace(vm, machine.namespace);
  edges.afterComponent(vm, "cilium", "the machine's pod joins Cilium's network");
  const bindings = new Set(machine.nics.map((nic) => nic.binding));
  if (bindings.has("bridge"))
    edges.afterComponent(vm, "networks", "the machine joins attachments, which are read at its start");
  if (bindings.has("sriov"))
    edges.afterComponent(vm, "sriov", "the machine takes virtual functions, which nodes must offer");
  for (const pool of nodePools) {
    if (pool.hugepages === undefined || pool.hugepages.size !== machine.hugepages) continue;
    edges.afterComponent(vm, `nodes/${pool.name}`, "the machine's memory is huge pages, which nodes set aside at boot");
  }
}

/**
 * The edges between the components of an environment. Everything goes through gates (and namespaces),
 * so that their number is linear in that of the objects.
 */
export function crossEdges(environment: Environment, plan: Plan): PlannedEdge[] {
  const edges = new CrossEdges(plan);
  nodeEdges(environment, edges);
  networkEdges(environment, edges);
  for (const machine of environment.machines) machineEdges(environment, machine, edges);
  const ready = `${PLATFORM}/ready`;
  for (const { id } of plan.components) {
    if (id !== PLATFORM) edges.afterComponent(ready, id, "the platform is ready when all of its components are");
  }
  for (const { name } of environment.namespaces) edges.afterNamespace(ready, name);
  return edges.edges;
}
