import { type Finding, formatPath, type PathStep } from "../model";
import { namespacedName } from "../model/arguments";
import type { Environment, EnvironmentMachine } from "../model/environment";
import { CILIUM_NAMESPACE } from "./cilium";
import { SRIOV_NAMESPACE } from "./sriov";

/** Namespaces that every OpenShift cluster with the operators has. */
const GIVEN_NAMESPACES = ["default", "openshift-multus", "openshift-cnv", SRIOV_NAMESPACE, CILIUM_NAMESPACE];

type Report = (path: PathStep[], message: string, fix: string) => void;

function checkNamespaces(environment: Environment, report: Report): void {
  const { attachments, machines, namespaces, sriov } = environment;
  const known = new Set([...GIVEN_NAMESPACES, ...namespaces.map((namespace) => namespace.name)]);
  const check = (path: PathStep[], users: readonly { namespace: string }[]) =>
    users.forEach(({ namespace }, index) => {
      if (known.has(namespace)) return;
      const where = [...path, index, "namespace"];
      report(where, `The environment has no namespace "${namespace}".`, "Add it to `namespaces`.");
    });
  check(["attachments"], attachments);
  check(["sriov", "networks"], sriov?.networks ?? []);
  check(["machines"], machines);
}

function checkSriov({ nodePools, sriov }: Environment, report: Report): void {
  const pools = new Set(nodePools.map((pool) => pool.name));
  sriov?.vfPools.forEach(({ nodePool }, index) => {
    if (pools.has(nodePool)) return;
    const where = ["sriov", "vfPools", index, "nodePool"];
    report(where, `The environment has no node pool "${nodePool}".`, "Add it to `nodePools`.");
  });
  const resources = new Set(sriov?.vfPools.map((pool) => pool.resourceName));
  sriov?.networks.forEach(({ resourceName }, index) => {
    if (resources.has(resourceName)) return;
    const where = ["sriov", "networks", index, "resourceName"];
    report(
      where,
      `No pool of virtual functions makes "${resourceName}".`,
      "Name the resource of one in `sriov.vfPools`.",
    );
  });
}

/** `namespace/name` of what an interface joins. */
function qualified(machine: EnvironmentMachine, network: string): string {
  return network.includes("/") ? network : namespacedName({ namespace: machine.namespace, name: network });
}

function checkNics({ attachments, machines, sriov }: Environment, report: Report): void {
  const known = {
    bridge: { names: new Set(attachments.map(namespacedName)), what: "attachment", list: "attachments" },
    sriov: { names: new Set(sriov?.networks.map(namespacedName)), what: "SR-IOV network", list: "sriov.networks" },
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

/** What an environment refers to and does not have. */
export function checkReferences(environment: Environment): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (path, message, fix) =>
    findings.push({ rule: "platform/reference", severity: "error", path: formatPath(path), message, fix });
  checkNamespaces(environment, report);
  checkSriov(environment, report);
  checkNics(environment, report);
  return findings;
}
