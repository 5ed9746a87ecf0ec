import { sameJson } from "../../model";
import type { KubernetesObject } from "../../model";
import { catalogSourceRules, operatorGroupRules } from "../../rules";
import { listAt, textAt, textsAt } from "../../rules/read";
import type { Before, ObjectKind, Related, Verdict, Watch } from "../kind";
import { generatedShape } from "./shapes";
import { failed, inOrder, ready, waiting } from "./verdict";
import { all } from "./watches";

const minutes = 60;

/** The OperatorGroups of a namespace: OLM installs nothing where there is not exactly one. */
export function groupsWatch(namespace: string | undefined): Watch {
  return { id: "groups", apiVersion: "operators.coreos.com/v1", plural: "operatorgroups", namespace };
}

/** Whether the namespace has exactly one OperatorGroup. */
export function oneGroup(namespace: string | undefined, related: Related): Verdict {
  const groups = all(related, "groups").map((each) => each.metadata.name);
  if (groups.length === 0) return waiting(`namespace ${namespace ?? ""} has an OperatorGroup`, "none");
  if (groups.length === 1) return ready;
  return failed(
    `namespace ${namespace ?? ""} has ${groups.length} OperatorGroups (${groups.sort().join(", ")}); OLM installs only where there is exactly one`,
  );
}

/** Gate of an OperatorGroup: it is alone in its namespace, and OLM has worked out its present target namespaces. */
export function operatorGroupReady(group: KubernetesObject, related: Related): Verdict {
  return inOrder(
    () => oneGroup(group.metadata.namespace, related),
    () => {
      const wanted = textsAt(group, "spec", "targetNamespaces");
      const found = textsAt(group, "status", "namespaces");
      const selects = group.spec?.selector !== undefined;
      // All namespaces are an empty name in the status.
      const expected = wanted.length > 0 ? wanted : [""];
      const done =
        wanted.length === 0 && selects ? found.length > 0 : sameJson([...expected].sort(), [...found].sort());
      if (done) return ready;
      const seen = listAt(group, "status", "namespaces").length > 0 ? found.join(", ") || "all namespaces" : "not yet";
      return waiting("OLM has taken its target namespaces", seen);
    },
  );
}

export const operatorGroup: ObjectKind = {
  is: "object",
  token: "ove:operators:OperatorGroup",
  doc: "The namespaces that the operators of its own namespace work on; each namespace has exactly one.",
  waits: "It is the only one of its namespace, and OLM has taken its target namespaces.",
  deletes: "Deleted; the operators of its namespace should be gone before.",
  example: {
    metadata: { name: "openshift-nmstate", namespace: "openshift-nmstate" },
    spec: { targetNamespaces: ["openshift-nmstate"] },
  },
  disruptions: [
    {
      on: ["update"],
      paths: ["spec"],
      cost: "pod-restart",
      reach: "object",
      by: "operator-lifecycle-manager",
      why: "The operators of its namespace are deployed again, with the new namespaces.",
      source: "operator-lifecycle-manager pkg/controller/operators/olm/operatorgroup.go",
    },
  ],
  apiVersion: "operators.coreos.com/v1",
  kind: "OperatorGroup",
  plural: "operatorgroups",
  scope: "Namespaced",
  shape: generatedShape("OperatorGroup"),
  listKeys: {
    "spec.targetNamespaces": "set",
    "spec.selector.matchExpressions": { by: ["key", "operator"] },
    "spec.selector.matchExpressions.values": "set",
  },
  immutable: [],
  serverWritten: [],
  adopt: () => false,
  rules: operatorGroupRules,
  otherVersions: [
    {
      apiVersion: "operators.coreos.com/v1alpha2",
      status: "deprecated",
      note: "It has no upgradeStrategy. Use operators.coreos.com/v1.",
    },
  ],
  admission: "static",
  timeouts: { create: 5 * minutes, update: 5 * minutes, delete: 5 * minutes },
  ready: {
    watches: (group) => [groupsWatch(group.metadata.namespace)],
    verdict: (group, related) => operatorGroupReady(group, related),
  },
};

/** Gate of a catalog: OLM is connected to it. */
export function catalogSourceReady(catalog: KubernetesObject, before: Before): Verdict {
  const reason = textAt(catalog, "status", "reason") ?? "";
  const message = textAt(catalog, "status", "message") ?? "";
  if (reason === "SpecInvalidError") {
    const same = textAt(before.object, "status", "message") === message;
    return same ? waiting("OLM has read its present form", message) : failed(`OLM refuses it: ${message || reason}`);
  }
  const state = textAt(catalog, "status", "connectionState", "lastObservedState") ?? "not connected yet";
  return state === "READY" ? ready : waiting("the connection is READY", message ? `${state}: ${message}` : state);
}

/** Catalogs that OpenShift itself makes. */
const builtIn = new Set(["redhat-operators", "certified-operators", "community-operators", "redhat-marketplace"]);

export const catalogSource: ObjectKind = {
  is: "object",
  token: "ove:operators:CatalogSource",
  doc: "A catalog of operators that Subscriptions install from.",
  waits: "OLM is connected to it: its connection is READY.",
  deletes: "Deleted. Those that OpenShift itself makes are given back.",
  example: {
    metadata: { name: "mirrored-operators", namespace: "openshift-marketplace" },
    spec: {
      sourceType: "grpc",
      image: "registry.example/operators/catalog:v4.20",
      updateStrategy: { registryPoll: { interval: "30m" } },
    },
  },
  disruptions: [
    {
      on: ["update"],
      paths: ["spec"],
      cost: "pod-restart",
      reach: "object",
      by: "operator-lifecycle-manager",
      why: "The catalog's own pod is made anew; installed operators stay as they are.",
      source: "operator-lifecycle-manager pkg/controller/registry/reconciler/grpc.go",
    },
  ],
  apiVersion: "operators.coreos.com/v1alpha1",
  kind: "CatalogSource",
  plural: "catalogsources",
  scope: "Namespaced",
  shape: generatedShape("CatalogSource"),
  listKeys: { "spec.secrets": "set" },
  immutable: [],
  serverWritten: [],
  adopt: ({ name, namespace }) => namespace === "openshift-marketplace" && builtIn.has(name),
  rules: catalogSourceRules,
  admission: "static",
  timeouts: { create: 10 * minutes, update: 10 * minutes, delete: 5 * minutes },
  ready: { watches: () => [], verdict: (catalog, _related, before) => catalogSourceReady(catalog, before) },
};
