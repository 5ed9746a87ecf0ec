import type { InventoryNode, KubernetesObject } from "../../model";
import { known, mapAt, objectAt, objectsAt, textAt, textsAt } from "../read";
import type { Rule, Violation } from "../rule";
import { policiesOf, selectsLabels } from "./matching";

const isOf = (object: KubernetesObject, kind: string): boolean =>
  object.kind === kind && object.apiVersion.startsWith("sriovnetwork.openshift.io/");

/** Whether a pool selects a node: without a selector it selects all, and pools for hardware offload do not count. */
function poolSelects(pool: KubernetesObject, node: InventoryNode): boolean {
  if (textAt(pool, "spec", "ovsHardwareOffloadConfig", "name")) return false;
  const expressions = objectsAt(pool, "spec", "nodeSelector", "matchExpressions").map((each) => ({
    key: textAt(each, "key") ?? "",
    operator: textAt(each, "operator") ?? "",
    values: textsAt(each, "values"),
  }));
  return selectsLabels(node, mapAt(pool, "spec", "nodeSelector", "matchLabels"), expressions);
}

const twoPools: Rule<readonly KubernetesObject[]> = {
  id: "sriov/node-in-two-pools",
  severity: "error",
  source: "sriov-network-operator v1.6.0 controllers/drain_controller_helper.go findNodePoolConfig",
  check(objects, { nodes = [] }) {
    const pools = objects.flatMap((object, index): [number, KubernetesObject][] =>
      isOf(object, "SriovNetworkPoolConfig") && known(object.spec) ? [[index, object]] : [],
    );
    return pools.flatMap(([index, pool], position): Violation[] => {
      for (const [, other] of pools.slice(0, position)) {
        const node = nodes.find((each) => poolSelects(pool, each) && poolSelects(other, each));
        if (!node) continue;
        const names = [pool.metadata.name, other.metadata.name];
        const message = `Node ${node.name} is in the pools "${names.join('" and "')}", so it is never drained.`;
        const fix = "Select each node by one SriovNetworkPoolConfig only.";
        return [{ path: [index, "spec", "nodeSelector"], message, fix, objects: names }];
      }
      return [];
    });
  },
};

/** The policies of the set that offer what a network asks for, and whether there are policies at all. */
const withoutPolicy: Rule<readonly KubernetesObject[]> = {
  id: "sriov/network-without-policy",
  severity: "warning",
  source: "sriov-network-operator v1.6.0 api/v1/helper.go RenderNetAttDef: the resource is not looked up",
  check(objects) {
    const policies = policiesOf(objects).map(([, policy]) => policy);
    const offered = policies.map((policy) => textAt(policy, "spec", "resourceName"));
    if (offered.length === 0 || offered.includes(undefined)) return [];
    return networksOf(objects).flatMap(([index, network]) => {
      const resource = textAt(network, "spec", "resourceName");
      if (resource === undefined || offered.includes(resource)) return [];
      const message = `No policy here offers the resource "${resource}"; pods on the network are not scheduled without one.`;
      const fix = `Offered: ${offered.join(", ")}.`;
      return [{ path: [index, "spec", "resourceName"], message, fix, objects: [network.metadata.name] }];
    });
  },
};

function networksOf(objects: readonly KubernetesObject[]): [number, KubernetesObject][] {
  return objects.flatMap((object, index): [number, KubernetesObject][] =>
    ["SriovNetwork", "SriovIBNetwork", "OVSNetwork"].some((kind) => isOf(object, kind)) ? [[index, object]] : [],
  );
}

const uselessIpam: Rule<readonly KubernetesObject[]> = {
  id: "sriov/vfio-ipam",
  severity: "warning",
  source: "sriov-cni v2.10.0: IPAM runs, but a function of vfio-pci has no interface to configure; kubevirt#8294",
  check(objects) {
    const policies = policiesOf(objects).map(([, policy]) => policy);
    return networksOf(objects).flatMap(([index, network]) => {
      const resource = textAt(network, "spec", "resourceName");
      const policy = policies.find((each) => textAt(each, "spec", "resourceName") === resource);
      if (!resource || policy?.spec?.deviceType !== "vfio-pci" || !textAt(network, "spec", "ipam")?.includes("type")) {
        return [];
      }
      const message = `Policy "${policy.metadata.name}" binds the functions to vfio-pci, so addresses by IPAM are taken and never configured.`;
      const names = [network.metadata.name, policy.metadata.name];
      return [
        { path: [index, "spec", "ipam"], message, fix: "Give addresses to guests by cloud-init.", objects: names },
      ];
    });
  },
};

const twiceNamed: Rule<readonly KubernetesObject[]> = {
  id: "sriov/attachment-twice",
  severity: "error",
  source:
    "sriov-network-operator v1.6.0 controllers/generic_network_controller.go overwrites an attachment of the same name",
  check(objects) {
    const place = (network: KubernetesObject): string | undefined => {
      const spec = objectAt(network, "spec");
      if ("networkNamespace" in spec && spec.networkNamespace === undefined) return undefined;
      return `${textAt(spec, "networkNamespace") || network.metadata.namespace}/${network.metadata.name}`;
    };
    const makers = [
      ...objects.flatMap((object): [string | undefined, KubernetesObject][] =>
        object.kind === "NetworkAttachmentDefinition"
          ? [[`${object.metadata.namespace}/${object.metadata.name}`, object]]
          : [],
      ),
      ...networksOf(objects).map(([, network]): [string | undefined, KubernetesObject] => [place(network), network]),
    ];
    return networksOf(objects).flatMap(([index, network]) => {
      const own = place(network);
      const other = makers.find(([at, maker]) => own !== undefined && at === own && maker !== network)?.[1];
      if (!other) return [];
      const message = `${other.kind} "${other.metadata.name}" makes the attachment ${own} as well; they overwrite each other.`;
      return [{ path: [index, "metadata", "name"], message, objects: [network.metadata.name, other.metadata.name] }];
    });
  },
};

/** Rules on pools and networks of a set. */
export const poolSetRules: readonly Rule<readonly KubernetesObject[]>[] = [
  twoPools,
  withoutPolicy,
  uselessIpam,
  twiceNamed,
];
