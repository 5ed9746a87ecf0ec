import { attachmentNames, type MachineArgs, namespacedName } from "../../model/arguments";
import type { Environment, EnvironmentMachine } from "../../model/environment";
import { machineComponent, planMachine } from "../machines";
import type { CrossEdges, Domain, Report } from "./domain";
import { checkNamespaces } from "./namespaces";

function machineArgs(environment: Environment, machine: EnvironmentMachine): MachineArgs {
  return { ...machine, environment: environment.name };
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

/** `namespace/name` of what an interface joins. */
function qualified(machine: EnvironmentMachine, network: string): string {
  return network.includes("/") ? network : namespacedName({ namespace: machine.namespace, name: network });
}

function checkNics({ networks, machines, fabric }: Environment, report: Report): void {
  const known = {
    bridge: { names: new Set(networks.flatMap(attachmentNames)), what: "attachment", list: "networks" },
    sriov: { names: new Set(fabric?.networks.map(namespacedName)), what: "SR-IOV network", list: "fabric.networks" },
  };
  machines.forEach((machine, index) =>
    machine.nics.forEach((nic, position) => {
      if (nic.binding === "masquerade") return;
      const { names, what, list } = known[nic.binding];
      const network = qualified(machine, nic.network);
      if (names.has(network)) return;
      const where = ["machines", index, "nics", position, "network"];
      report(where, `The environment has no ${what} "${network}".`, `Add it to \`${list}\`, or correct the name.`);
    }),
  );
}

/** Virtual machines. */
export const machines: Domain = {
  plans: (environment) => environment.machines.map((machine) => planMachine(machineArgs(environment, machine))),
  edges: (environment, edges) => {
    for (const machine of environment.machines) machineEdges(environment, machine, edges);
  },
  references: (environment, report) => {
    checkNamespaces(environment, ["machines"], environment.machines, report);
    checkNics(environment, report);
  },
};
