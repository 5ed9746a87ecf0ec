import { isObject } from "../../model";
import type { KubernetesObject } from "../../model";
import { numberAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { ignoredElsewhere } from "./namespace";
import { mellanox } from "./nics";

const spec = (object: KubernetesObject, key: string): string | undefined => textAt(object, "spec", key);
const infiniband = (object: KubernetesObject): boolean => /^ib$/i.test(spec(object, "linkType") ?? "");
const vfio = (object: KubernetesObject): boolean => spec(object, "deviceType") === "vfio-pci";
const switchdev = (object: KubernetesObject): boolean => spec(object, "eSwitchMode") === "switchdev";

/** Whether a field has another value than `wanted` for certain; absent counts as another one. */
function isNot(object: KubernetesObject, key: string, wanted: unknown): boolean {
  const content = object.spec ?? {};
  return !(key in content && content[key] === undefined) && content[key] !== wanted;
}

/** A rule with at most one violation, at one field. */
function fieldRule(
  id: string,
  severity: Rule<KubernetesObject>["severity"],
  source: string,
  key: string,
  check: (object: KubernetesObject) => Omit<Violation, "path"> | undefined,
): Rule<KubernetesObject> {
  return {
    id,
    severity,
    source,
    check(object) {
      const found = check(object);
      return found ? [{ path: ["spec", key], ...found }] : [];
    },
  };
}

const resourceName = fieldRule(
  "sriov/resource-name",
  "error",
  "sriov-network-operator v1.6.0 pkg/webhook/validate.go staticValidateSriovNetworkNodePolicy; later versions allow inner hyphens",
  "resourceName",
  (object) => {
    const name = spec(object, "resourceName");
    if (name === undefined || /^[a-zA-Z0-9_]+$/.test(name)) return undefined;
    return {
      message: `"${name}" cannot be the name of a resource.`,
      fix: "Use letters, digits and underscores only, without the prefix openshift.io/.",
    };
  },
);

const someVfs = fieldRule(
  "sriov/num-vfs",
  "error",
  "sriov-network-operator v1.6.0 pkg/webhook/validate.go validatePolicyForNodeState",
  "numVfs",
  (object) => {
    if (numberAt(object, "spec", "numVfs") !== 0) return undefined;
    return { message: "A policy needs at least one virtual function.", fix: "To take them away, delete the policy." };
  },
);

const mellanoxLimit = fieldRule(
  "sriov/num-vfs-mellanox",
  "error",
  "sriov-network-operator v1.6.0 pkg/webhook/validate.go MlxMaxVFs",
  "numVfs",
  (object) => {
    const vfs = numberAt(object, "spec", "numVfs") ?? 0;
    if (textAt(object, "spec", "nicSelector", "vendor") !== mellanox || vfs <= 128) return undefined;
    return { message: `The operator allows 128 virtual functions on a card of vendor ${mellanox}, not ${vfs}.` };
  },
);

const vfioRdma = fieldRule(
  "sriov/vfio-rdma",
  "error",
  "sriov-network-operator v1.6.0 pkg/webhook/validate.go staticValidateSriovNetworkNodePolicy",
  "isRdma",
  (object) => {
    if (!vfio(object) || object.spec?.isRdma !== true) return undefined;
    return { message: "RDMA needs a kernel driver, so isRdma cannot go with deviceType vfio-pci." };
  },
);

const vfioInfiniband = fieldRule(
  "sriov/vfio-infiniband",
  "error",
  "sriov-network-operator v1.6.0 pkg/webhook/mutate.go sets isRdma for InfiniBand, which the validation then refuses",
  "deviceType",
  (object) => {
    if (!vfio(object) || !infiniband(object)) return undefined;
    return { message: "InfiniBand policies always get isRdma, which cannot go with deviceType vfio-pci." };
  },
);

const infinibandRdma = fieldRule(
  "sriov/infiniband-rdma",
  "warning",
  "sriov-network-operator v1.6.0 pkg/webhook/mutate.go",
  "isRdma",
  (object) => {
    if (!infiniband(object) || object.spec?.isRdma !== false) return undefined;
    return { message: "The operator's webhook makes isRdma true for InfiniBand.", fix: "Declare isRdma: true." };
  },
);

const switchdevLink = fieldRule(
  "sriov/switchdev-link",
  "error",
  "sriov-network-operator v1.6.0 pkg/webhook/validate.go staticValidateSriovNetworkNodePolicy",
  "eSwitchMode",
  (object) => {
    if (!switchdev(object) || !infiniband(object)) return undefined;
    return { message: "eSwitchMode switchdev works with Ethernet only." };
  },
);

const vdpa = fieldRule(
  "sriov/vdpa",
  "error",
  "sriov-network-operator v1.6.0 pkg/webhook/validate.go staticValidateSriovNetworkNodePolicy",
  "vdpaType",
  (object) => {
    if (!spec(object, "vdpaType")) return undefined;
    if (vfio(object)) return { message: "vdpaType needs deviceType netdevice." };
    return isNot(object, "eSwitchMode", "switchdev") ? { message: "vdpaType needs eSwitchMode switchdev." } : undefined;
  },
);

const vdpaVendor = fieldRule(
  "sriov/vdpa-vendor",
  "error",
  "sriov-network-operator v1.6.0 pkg/webhook/validate.go validatePolicyForNodeState",
  "vdpaType",
  (object) => {
    const vendor = textAt(object, "spec", "nicSelector", "vendor");
    if (!spec(object, "vdpaType") || !vendor || vendor === mellanox) return undefined;
    return { message: `vdpaType works with cards of vendor ${mellanox} only, not ${vendor}.` };
  },
);

const bridge = fieldRule(
  "sriov/bridge",
  "error",
  "sriov-network-operator v1.6.0 pkg/webhook/validate.go staticValidateSriovNetworkNodePolicy",
  "bridge",
  (object) => {
    const ovs = object.spec?.bridge;
    if (!isObject(ovs) || !isObject(ovs.ovs)) return undefined;
    if (isNot(object, "eSwitchMode", "switchdev")) return { message: "A software bridge needs eSwitchMode switchdev." };
    if (object.spec?.externallyManaged !== true) return undefined;
    return { message: "A software bridge cannot be managed on a device that is managed externally." };
  },
);

const namespace: Rule<KubernetesObject> = {
  id: "sriov/policy-namespace",
  severity: "error",
  source:
    "sriov-network-operator v1.6.0 pkg/webhook/validate.go validateSriovNetworkNodePolicy; the controller reads its own namespace only",
  check: ignoredElsewhere,
};

const defaultName: Rule<KubernetesObject> = {
  id: "sriov/policy-name",
  severity: "warning",
  source:
    "sriov-network-operator v1.6.0 controllers/sriovnetworknodepolicy_controller.go leaves the policy of that name out",
  check({ metadata }) {
    if (metadata.name !== "default") return [];
    const message = 'A policy called "default" is never applied.';
    return [{ path: ["metadata", "name"], message, fix: "Choose another name." }];
  },
};

const iommu = fieldRule(
  "sriov/vfio-iommu",
  "info",
  "sriov-network-operator v1.6.0 pkg/plugins/generic adds the arguments itself, with a drain and a reboot",
  "deviceType",
  (object) => {
    if (!vfio(object)) return undefined;
    return {
      message:
        "vfio-pci needs the kernel arguments intel_iommu=on iommu=pt (AMD: iommu=pt); without them the operator reboots the nodes itself.",
      fix: "Give them to the pool before the policy, so that one rollout does it.",
    };
  },
);

/** Rules on a policy, but for what it selects. */
export const policyRules: readonly Rule<KubernetesObject>[] = [
  namespace,
  defaultName,
  resourceName,
  someVfs,
  mellanoxLimit,
  vfioRdma,
  vfioInfiniband,
  infinibandRdma,
  switchdevLink,
  vdpa,
  vdpaVendor,
  bridge,
  iommu,
];
