import { attachmentNames, type MachineArgs, namespacedName } from "../../model/arguments";
import type { Environment, EnvironmentMachine } from "../../model/environment";
import { machineComponent, planMachine } from "../machines";
import { hasStaticCpus } from "../node-tuning";
import type { CrossEdges, Domain, Report } from "./domain";
import { guestMtus, qualified } from "./machine-mtus";
import { checkNamespaces } from "./namespaces";

/** The machines' arguments, with what the environment knows of their networks. */
function machineArgs(environment: Environment): MachineArgs[] {
  const mtuOf = guestMtus(environment);
  return environment.machines.map((machine) => {
    const nics = machine.nics.map((nic, index) => ({ ...nic, mtu: mtuOf(machine, index) }));
    return { ...machine, nics, environment: environment.name };
  });
}

type InstanceType = NonNullable<Environment["virtualization"]>["instanceTypes"][number];

/** The instance type of a machine, where the environment makes it. */
function instanceTypeOf(
  { virtualization }: Environment,
  { instanceType }: EnvironmentMachine,
): InstanceType | undefined {
  if (instanceType?.scope !== "cluster") return undefined;
  return virtualization?.instanceTypes.find(({ name }) => name === instanceType.name);
}

function machineEdges(environment: Environment, machine: EnvironmentMachine, edges: CrossEdges): void {
  const component = machineComponent(machine);
  const vm = `${component}/vm`;
  for (const disk of machine.disks) {
    if (disk.source === "blank") edges.afterNamespace(`${component}/disk/${disk.name}`, machine.namespace);
  }
  edges.afterNamespace(`${component}/cloud-init`, machine.namespace);
  edges.afterNamespace(vm, machine.namespace);
  edges.afterComponent(vm, "cilium", "the machine's pod joins Cilium's network");
  const bindings = new Set(machine.nics.map((nic) => nic.binding));
  if (bindings.has("bridge"))
    edges.afterComponent(vm, "networks", "the machine joins attachments, which are read at its start");
  if (bindings.has("sriov"))
    edges.afterComponent(vm, "sriov", "the machine takes virtual functions, which nodes must offer");
  const type = instanceTypeOf(environment, machine);
  const hugepages = machine.hugepages ?? type?.hugepages;
  const isPinned = machine.cpu.dedicated || type?.dedicated === true;
  for (const pool of environment.nodePools) {
    const component = `nodes/${pool.name}`;
    if (pool.hugepages !== undefined && pool.hugepages.size === hugepages) {
      edges.afterComponent(vm, component, "the machine's memory is huge pages, which nodes set aside at boot");
    } else if (isPinned && hasStaticCpus(pool)) {
      edges.afterComponent(vm, component, "the machine's CPUs are its own, which the kubelet gives after the rollout");
    }
  }
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

function checkCpus(environment: Environment, report: Report): void {
  if (environment.nodePools.some(hasStaticCpus)) return;
  environment.machines.forEach((machine, index) => {
    const isOfType = instanceTypeOf(environment, machine)?.dedicated === true;
    if (!machine.cpu.dedicated && !isOfType) return;
    const message = "No node pool has the static CPU manager, so the machine is never scheduled.";
    const fix = "Give its node pool `performance`, or `kubelet.cpuManagerPolicy: static`.";
    report(["machines", index, ...(isOfType ? ["instanceType"] : ["cpu", "dedicated"])], message, fix);
  });
}

/** Instance types that OpenShift Virtualization brings along. Source: kubevirt/common-instancetypes. */
const BUNDLED = /^(cx1|d1|m1|n1|o1|rt1|u1)\.[a-z0-9]+$/;

/** R51, as far as the environment's own instance types tell: what both say is refused. */
function checkSizes(environment: Environment, report: Report): void {
  environment.machines.forEach((machine, index) => {
    const type = instanceTypeOf(environment, machine);
    const fix = "Leave it out here, or in the instance type.";
    const both = (path: string[]): void =>
      report(["machines", index, ...path], `The instance type "${type?.name}" decides this.`, fix);
    if (type?.dedicated && machine.cpu.dedicated) both(["cpu", "dedicated"]);
    if (type?.hugepages && machine.hugepages) both(["hugepages"]);
    const name = machine.instanceType?.scope === "cluster" ? machine.instanceType.name : undefined;
    if (type || name === undefined || !environment.virtualization || BUNDLED.test(name)) return;
    const where = ["machines", index, "instanceType", "name"];
    report(where, `The environment has no instance type "${name}".`, "Add it to `virtualization.instanceTypes`.");
  });
}

/** Virtual machines. */
export const machines: Domain = {
  plans: (environment) => machineArgs(environment).map(planMachine),
  edges: (environment, edges) => {
    for (const machine of environment.machines) machineEdges(environment, machine, edges);
  },
  references: (environment, report) => {
    checkNamespaces(environment, ["machines"], environment.machines, report);
    checkNics(environment, report);
    checkCpus(environment, report);
    checkSizes(environment, report);
  },
};
