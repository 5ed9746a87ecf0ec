import { namespacedName } from "../../model/arguments";
import type { Environment } from "../../model/environment";
import { machineComponent } from "../machines";
import { IMAGES, imageObject, planImages, planVirtualization, VIRTUALIZATION } from "../virtualization";
import type { CrossEdges, Domain } from "./domain";
import { checkNamespaces } from "./namespaces";

function machineEdges(environment: Environment, edges: CrossEdges): void {
  for (const machine of environment.machines) {
    const vm = `${machineComponent(machine)}/vm`;
    edges.afterComponent(vm, VIRTUALIZATION, "virt-operator registers the kinds of machines when it runs");
    const { namespace, rootDisk, disks } = machine;
    for (const disk of disks) {
      const filled = "the machine has the volume as a disk, which must be filled";
      if (disk.source === "dataVolume") edges.after(vm, imageObject({ namespace, name: disk.volume }), filled);
      const kinds = "the kinds of volumes exist once OpenShift Virtualization runs";
      if (disk.source === "blank") {
        edges.afterComponent(`${machineComponent(machine)}/disk/${disk.name}`, VIRTUALIZATION, kinds);
      }
    }
    if (rootDisk.source !== "dataVolume") continue;
    const image = imageObject({ namespace, name: rootDisk.name });
    edges.after(vm, image, "the machine starts from the volume, which must be filled");
  }
}

/** OpenShift Virtualization, with Open vSwitch's plugin where a network is on a bridge of it. */
export const virtualization: Domain = {
  plans: ({ virtualization: args, networks }) => {
    if (args === undefined) return [];
    const openVSwitch = args.openVSwitch || networks.some((each) => each.type === "ovs");
    return [planVirtualization({ ...args, openVSwitch })];
  },
  edges: (environment, edges) => {
    const operand = `${VIRTUALIZATION}/hyperconverged`;
    for (const { name } of environment.nodePools) {
      edges.afterComponent(operand, `nodes/${name}`, "its agents start on nodes that are not about to reboot");
    }
    edges.afterComponent(operand, "cilium", "its pods join Cilium's network");
    machineEdges(environment, edges);
  },
  references: ({ virtualization: args, networks }, report) => {
    const network = args?.migrationNetwork;
    if (network === undefined || networks.some((each) => namespacedName(each) === `openshift-cnv/${network}`)) return;
    const fix = "Add it to `networks`, in that namespace.";
    report(["virtualization", "migrationNetwork"], `The environment has no network "openshift-cnv/${network}".`, fix);
  },
};

/** Volumes that are filled from images. */
export const images: Domain = {
  plans: (environment) => (environment.images.length > 0 ? [planImages(environment)] : []),
  edges: (environment, edges) => {
    const sources = new Set(environment.images.map(namespacedName));
    for (const image of environment.images) {
      const id = imageObject(image);
      edges.afterNamespace(id, image.namespace);
      edges.afterComponent(id, VIRTUALIZATION, "the kinds of volumes exist once OpenShift Virtualization runs");
      if (image.source.from !== "volume") continue;
      const source = { name: image.source.name, namespace: image.source.namespace ?? image.namespace };
      if (sources.has(namespacedName(source))) edges.after(id, imageObject(source), "it is cloned from this volume");
    }
  },
  references: (environment, report) => checkNamespaces(environment, [IMAGES], environment.images, report),
};
