import { condition, objectName } from "../../model";
import type { DisruptionRow, KubernetesObject } from "../../model";
import { hyperConvergedRules } from "../../rules";
import { objectsAt, textAt } from "../../rules/read";
import type { Before, ObjectKind, Related, Step, Verdict, Watch } from "../kind";
import { endpointsReady, endpointsWatch } from "./endpoints";
import { v1beta1Shape, v1Shape } from "./hyperconverged-shapes";
import { conditionIs, conditionText, failed, forAll, inOrder, ready, waiting } from "./verdict";
import { all, one, watch } from "./watches";

const minutes = 60;
const webhook = "virt-api";

/** CRDs that its operators make only after it is there: the bundle does not carry them. */
const crds = [
  "virtualmachines.kubevirt.io",
  "virtualmachineinstances.kubevirt.io",
  "datavolumes.cdi.kubevirt.io",
] as const;

const crdWatch = (name: string): Watch => ({
  id: name,
  apiVersion: "apiextensions.k8s.io/v1",
  plural: "customresourcedefinitions",
  name,
});

/** Not yet, or never, while the operator has not taken in the object's present form. */
function reconciled(live: KubernetesObject): Verdict {
  const complete = condition(live, "ReconcileComplete");
  if (complete?.reason === "InvalidRequest") return failed(complete.message || "the operator ignores it");
  const { generation } = live.metadata;
  const seen = live.status?.observedGeneration;
  if (seen !== generation) {
    return waiting("the operator has seen its present form", `it has seen ${JSON.stringify(seen ?? "nothing")}`);
  }
  const old = objectsAt(live, "status", "conditions").find(
    ({ observedGeneration }) => observedGeneration !== undefined && observedGeneration !== generation,
  );
  if (old) return waiting("its conditions are of its present form", `${textAt(old, "type") ?? ""} is older`);
  return conditionIs(live, "ReconcileComplete", "True");
}

function degraded(live: KubernetesObject, before: Before): Verdict {
  const now = condition(live, "Degraded");
  if (now?.status !== "True") return ready;
  const text = now.message || now.reason || "no message given";
  const same = conditionText(before.object, "Degraded") === conditionText(live, "Degraded");
  return same ? waiting("Degraded is False", text) : failed(`HyperConverged is degraded: ${text}`);
}

function served(related: Related, name: string): Verdict {
  const crd = one(related, name);
  return crd ? conditionIs(crd, "Established", "True") : waiting(`${name} is served`, "its CRD is not there yet");
}

function schedulable(nodes: readonly KubernetesObject[]): Verdict {
  if (nodes.some(({ metadata }) => metadata.labels?.["kubevirt.io/schedulable"] === "true")) return ready;
  return waiting("a node can run machines", "no node has the label kubevirt.io/schedulable=true");
}

/**
 * Gate of OpenShift Virtualization. Available alone says too little: it is also True of the previous form, and machines
 * are refused until their CRDs are established, the webhook has a pod and virt-handler has marked a node.
 */
export function hyperConvergedReady(live: KubernetesObject, related: Related, before: Before): Verdict {
  return inOrder(
    () => degraded(live, before),
    () => reconciled(live),
    () => conditionIs(live, "Available", "True"),
    () => conditionIs(live, "Progressing", "False"),
    () => conditionIs(live, "Degraded", "False"),
    () => forAll(crds, (name) => served(related, name)),
    () => endpointsReady(all(related, "webhook"), webhook),
    () => schedulable(all(related, "nodes")),
  );
}

/** What the operator keeps running; deleting it is refused while any of these is there. */
const workloads: readonly Watch[] = [
  { id: "VirtualMachine", apiVersion: "kubevirt.io/v1", plural: "virtualmachines" },
  { id: "VirtualMachineInstance", apiVersion: "kubevirt.io/v1", plural: "virtualmachineinstances" },
  { id: "DataVolume", apiVersion: "cdi.kubevirt.io/v1beta1", plural: "datavolumes" },
];

/** Most names that are told of what is left. */
const mostNames = 3;

/** Before it is deleted: nothing is left that its webhook refuses the deletion for. */
function withoutWorkloads(live: KubernetesObject): Step[] {
  if (textAt(live, "spec", "uninstallStrategy") === "RemoveWorkloads") return [];
  const verdict = (related: Related): Verdict => {
    const left = workloads.flatMap(({ id }) => all(related, id).map((each) => `${id} ${objectName(each.metadata)}`));
    if (left.length === 0) return ready;
    const more = left.length > mostNames ? ` and ${left.length - mostNames} more` : "";
    return waiting(
      "no machine or volume is left, as uninstallStrategy BlockUninstallIfWorkloadsExist wants",
      `${left.slice(0, mostNames).join(", ")}${more}`,
    );
  };
  return [{ act: "wait", watches: [...workloads], verdict }];
}

const operator = "hyperconverged-cluster-operator";

const disruptions: readonly DisruptionRow[] = [
  {
    on: ["update"],
    paths: ["spec.workloads"],
    cost: "pod-restart",
    reach: "all-nodes",
    by: "virt-operator",
    why: "virt-handler starts anew on the nodes that machines may run on; running machines go on.",
    source: "kubevirt/hyperconverged-cluster-operator docs/cluster-configuration.md; controllers/handlers/kubevirt.go",
  },
  {
    on: ["update"],
    paths: ["spec.infra"],
    cost: "pod-restart",
    reach: "all-nodes",
    by: operator,
    why: "The operators' own pods start anew in their new place; while none is ready, machines cannot be changed.",
    source: "kubevirt/hyperconverged-cluster-operator docs/cluster-configuration.md",
  },
  {
    on: ["delete"],
    when: ({ before }) => textAt(before, "spec", "uninstallStrategy") === "RemoveWorkloads",
    cost: "machine-restart",
    reach: "all-nodes",
    by: "virt-operator",
    why: "Every machine is stopped and removed with its operator.",
    source: "kubevirt/hyperconverged-cluster-operator docs/cluster-configuration.md uninstallStrategy",
  },
];

const groups = [
  "virtualization",
  "storage",
  "networking",
  "workloadSources",
  "security",
  "deployment",
  "observability",
];
const inV1 = (name: string): [string, string] => [
  `spec.${name}`,
  "It is a group of hco.kubevirt.io/v1, since 1.18; in v1beta1 its fields stand in spec itself.",
];

export const hyperConverged: ObjectKind = {
  is: "object",
  token: "ove:virtualization:HyperConverged",
  doc: "OpenShift Virtualization: KubeVirt, its importer of disks, its network add-ons and their settings. There is one.",
  waits:
    "The operator has taken in its present form and is Available, neither Progressing nor Degraded; the CRDs of machines and volumes are established, virt-api has a pod, and a node can run machines.",
  deletes:
    "Deleted when the stack made it, once no machine and no volume is left (with uninstallStrategy RemoveWorkloads at once, and they go along); given back when it was there before.",
  example: {
    metadata: { name: "kubevirt-hyperconverged", namespace: "openshift-cnv" },
    spec: {
      liveMigrationConfig: { network: "migration", parallelMigrationsPerCluster: 10 },
      kubeMacPoolConfiguration: { rangeStart: "02:10:00:00:00:00", rangeEnd: "02:10:00:ff:ff:ff" },
      evictionStrategy: "LiveMigrate",
    },
  },
  disruptions,
  apiVersion: "hco.kubevirt.io/v1beta1",
  kind: "HyperConverged",
  plural: "hyperconvergeds",
  scope: "Namespaced",
  shape: () => v1beta1Shape,
  listKeys: {},
  immutable: [],
  serverWritten: [],
  adopt: () => true,
  rules: hyperConvergedRules,
  formerFields: Object.fromEntries(groups.map(inV1)),
  otherVersions: [
    {
      apiVersion: "hco.kubevirt.io/v1",
      status: "served",
      note: "Since 1.18 (OpenShift 4.22), with its fields in groups and feature gates as a list.",
      shape: () => v1Shape,
    },
  ],
  admission: "dynamic",
  timeouts: { create: 45 * minutes, update: 45 * minutes, delete: 45 * minutes },
  ready: {
    watches: () => [...crds.map(crdWatch), endpointsWatch("webhook", webhook), watch.nodes()],
    verdict: hyperConvergedReady,
  },
  notes(live) {
    const tainted = condition(live, "TaintedConfiguration");
    return tainted?.status === "True" ? [`HyperConverged has unsupported patches: ${tainted.message ?? ""}`] : [];
  },
  deletion: { before: withoutWorkloads },
};
