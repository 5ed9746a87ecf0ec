import { isObject } from "../../model";
import type { Json, KubernetesObject, PathStep } from "../../model";
import { indexedAt, textAt } from "../read";
import type { Rule, Violation } from "../rule";
import { parseJson } from "./cni-config";

/** Namespaces whose attachments everybody may use on OpenShift. */
export const globalNamespaces: readonly string[] = [
  "default",
  "openshift-multus",
  "openshift-sriov-network-operator",
  "openshift-cnv",
];

const annotation = "k8s.v1.cni.cncf.io/networks";

/** A place where an object asks for an attachment. */
interface Use {
  path: PathStep[];
  /** Undefined where the object's own namespace is meant. */
  namespace?: string;
  name: string;
}

/** Attachments that an annotation asks for: JSON, or `[namespace/]name[@interface]` with commas. */
function selected(text: string, path: PathStep[]): Use[] {
  const parsed = parseJson(text);
  const entries: (Json | undefined)[] =
    "value" in parsed && Array.isArray(parsed.value) ? parsed.value : text.split(",");
  return entries.flatMap((entry): Use[] => {
    if (isObject(entry)) {
      const name = textAt(entry, "name");
      const namespace = textAt(entry, "namespace");
      return name ? [{ path, name, ...(namespace ? { namespace } : {}) }] : [];
    }
    if (typeof entry !== "string" || entry.trim() === "") return [];
    const [place = ""] = entry.trim().split("@");
    const [first = "", second] = place.split("/");
    return [second === undefined ? { path, name: first } : { path, namespace: first, name: second }];
  });
}

/** Pods, and templates of pods, in an object. */
function annotations(object: KubernetesObject): Use[] {
  if (object.kind === "VirtualMachine" || object.kind === "VirtualMachineInstance") return [];
  const places: PathStep[][] = [
    ...(object.kind === "Pod" ? [["metadata", "annotations", annotation]] : []),
    ["spec", "template", "metadata", "annotations", annotation],
    ["spec", "jobTemplate", "spec", "template", "metadata", "annotations", annotation],
  ];
  return places.flatMap((path) => selected(textAt(object, ...path) ?? "", path));
}

/** Networks of a machine. */
function machineNetworks(object: KubernetesObject): Use[] {
  const base = object.kind === "VirtualMachine" ? ["spec", "template", "spec"] : ["spec"];
  if (!object.apiVersion.startsWith("kubevirt.io/")) return [];
  return indexedAt(object, ...base, "networks").flatMap(([index, network]) => {
    const path = [...base, "networks", index, "multus", "networkName"];
    return selected(textAt(network, "multus", "networkName") ?? "", path);
  });
}

/** Attachments that the objects make, as `namespace/name`; undefined when one of them is not known. */
function attachments(objects: readonly KubernetesObject[]): string[] {
  return objects.flatMap((object) => {
    const { name, namespace } = object.metadata;
    if (object.kind === "NetworkAttachmentDefinition") return [`${namespace}/${name}`];
    if (!["SriovNetwork", "SriovIBNetwork", "OVSNetwork"].includes(object.kind)) return [];
    return [`${textAt(object, "spec", "networkNamespace") || namespace}/${name}`];
  });
}

const setRule = (
  id: string,
  source: string,
  check: (use: Use, own: string, made: readonly string[]) => { message: string; fix: string } | undefined,
  usesOf: (object: KubernetesObject) => Use[],
): Rule<readonly KubernetesObject[]> => ({
  id,
  severity: "error",
  source,
  check(objects) {
    const made = attachments(objects);
    return objects.flatMap((object, index): Violation[] => {
      const own = object.metadata.namespace;
      if (typeof own !== "string") return [];
      return usesOf(object).flatMap((use) => {
        const found = check(use, own, made);
        return found ? [{ path: [index, ...use.path], ...found, objects: [object.metadata.name, use.name] }] : [];
      });
    });
  },
});

const isolation = "cluster-network-operator bindata/network/multus/multus.yaml, namespaceIsolation";

/** Machines have the same rule of their own. */
const isolated = setRule(
  "networks/namespace-isolation",
  isolation,
  ({ namespace, name }, own) => {
    if (namespace === undefined || namespace === own || globalNamespaces.includes(namespace)) return undefined;
    const message = `OpenShift does not let pods in "${own}" join the network "${name}" of namespace "${namespace}".`;
    return { message, fix: `Make the network in "${own}".` };
  },
  annotations,
);

const elsewhere = setRule(
  "networks/attachment-elsewhere",
  `multus-cni pkg/k8sclient: a bare name is looked up in the pod's namespace; ${isolation}`,
  ({ namespace, name }, own, made) => {
    if (namespace !== undefined || made.includes(`${own}/${name}`)) return undefined;
    const others = made.filter((each) => each.endsWith(`/${name}`));
    if (others.length === 0) return undefined;
    const message = `The network "${name}" is looked up in "${own}", but it is ${others.join(" and ")}.`;
    return { message, fix: `Make the network in "${own}".` };
  },
  (object) => [...annotations(object), ...machineNetworks(object)],
);

/** Rules on attachments and those that use them. Paths begin with the object's index. */
export const networkSetRules: readonly Rule<readonly KubernetesObject[]>[] = [isolated, elsewhere];
