import type { KubernetesObject } from "../../model";
import { mapAt } from "../read";
import type { Rule, Violation } from "../rule";

const controller = "kubevirt/hyperconverged-cluster-operator controllers/hyperconverged/hyperconverged_controller.go";

const name: Rule<KubernetesObject> = {
  id: "virtualization/name",
  severity: "error",
  source: `${controller} validateNamespace`,
  check({ metadata }) {
    if (typeof metadata.name !== "string" || metadata.name === "kubevirt-hyperconverged") return [];
    const message = "There is one HyperConverged, called kubevirt-hyperconverged; the operator ignores every other.";
    return [{ path: ["metadata", "name"], message, fix: 'Call it "kubevirt-hyperconverged".' }];
  },
};

/** Where OpenShift's and the community's operator are installed. */
const namespaces: readonly unknown[] = ["openshift-cnv", "kubevirt-hyperconverged"];

const namespace: Rule<KubernetesObject> = {
  id: "virtualization/namespace",
  severity: "warning",
  source: `${controller} validateNamespace`,
  check({ metadata }) {
    if (typeof metadata.namespace !== "string" || namespaces.includes(metadata.namespace)) return [];
    const message = "The operator ignores a HyperConverged outside of the namespace that it was installed in.";
    return [{ path: ["metadata", "namespace"], message, fix: "OpenShift installs it in openshift-cnv." }];
  },
};

const patches = ["kubevirt", "containerizeddataimporter", "networkaddonsconfigs", "ssp"].map(
  (component) => `${component}.kubevirt.io/jsonpatch`,
);

const tainted: Rule<KubernetesObject> = {
  id: "virtualization/json-patch",
  severity: "warning",
  source: "kubevirt/hyperconverged-cluster-operator controllers/common/consts.go, condition TaintedConfiguration",
  check(object) {
    const annotations = mapAt(object, "metadata", "annotations");
    return patches.flatMap((key): Violation[] => {
      if (!(key in annotations)) return [];
      const message = "Patches of components are not supported: the operator reports TaintedConfiguration.";
      return [{ path: ["metadata", "annotations", key], message, fix: "Use a field of spec where there is one." }];
    });
  },
};

/** Rules on what a HyperConverged is called and where it is. */
export const identityRules: readonly Rule<KubernetesObject>[] = [name, namespace, tainted];
