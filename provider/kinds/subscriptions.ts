import { condition } from "../../model";
import type { DisruptionRow, KubernetesObject } from "../../model";
import { APPROVE_ANNOTATION, declaredVersions, subscriptionRules } from "../../rules";
import { objectsAt, textAt, textsAt } from "../../rules/read";
import type { Apply, Before, ObjectKind, Related, Step, Verdict, Watch } from "../kind";
import { endpointsReady } from "./endpoints";
import { groupsWatch, oneGroup } from "./operators";
import { generatedShape } from "./shapes";
import { conditionText, failed, forAll, inOrder, ready, waiting } from "./verdict";
import { all } from "./watches";

const apiVersion = "operators.coreos.com/v1alpha1";
const minutes = 60;
const manager = "pulumi-ove-approve";

function watches(subscription: KubernetesObject): Watch[] {
  const { namespace } = subscription.metadata;
  return [
    groupsWatch(namespace),
    { id: "plans", apiVersion, plural: "installplans", namespace },
    { id: "versions", apiVersion, plural: "clusterserviceversions", namespace },
    { id: "endpoints", apiVersion: "discovery.k8s.io/v1", plural: "endpointslices", namespace },
  ];
}

/** Conditions that do not go away by themselves, unless they are from before the change. */
const fatal = ["ResolutionFailed", "BundleUnpackFailed", "InstallPlanFailed"] as const;

function troubles(subscription: KubernetesObject, before: Before): Verdict {
  return forAll(fatal, (type) => {
    const found = condition(subscription, type);
    if (found?.status !== "True") return ready;
    const text = found.message || found.reason || "no message given";
    // A catalog that is not connected yet gives this reason; it passes with the connection.
    const passing = found.reason === "ErrorPreventedResolution";
    const old = conditionText(before.object, type) === conditionText(subscription, type);
    return passing || old ? waiting(`${type} is over`, text) : failed(`${type}: ${text}`);
  });
}

function upgradeFailed(subscription: KubernetesObject, before: Before): Verdict {
  if (textAt(subscription, "status", "state") !== "UpgradeFailed") return ready;
  const current = textAt(subscription, "status", "currentCSV") ?? "";
  const old =
    textAt(before.object, "status", "state") === "UpgradeFailed" &&
    textAt(before.object, "status", "currentCSV") === current;
  return old
    ? waiting("the failed upgrade is over", current)
    : failed(`UpgradeFailed: the upgrade to ${current} failed`);
}

/** The versions that an install plan carries and the Subscription does not declare. */
function foreign(subscription: KubernetesObject, plan: KubernetesObject): string[] {
  const declared = declaredVersions(subscription);
  return textsAt(plan, "spec", "clusterServiceVersionNames").filter((name) => !declared.includes(name));
}

function approve(subscription: KubernetesObject, plan: KubernetesObject): Apply {
  const { name, namespace } = plan.metadata;
  const object = { apiVersion, kind: "InstallPlan", metadata: { name, namespace } };
  return {
    act: "apply",
    manager,
    plural: "installplans",
    object,
    force: true,
    // The plan as it is when it is approved counts, not as it was when it was looked at.
    from: (live) => ({ ...object, spec: { approved: foreign(subscription, live).length === 0 } }),
  };
}

/** The name without its version: `nmstate-operator` of `nmstate-operator.v4.20.0`. */
const stem = (version: string): string => version.replace(/\..*/s, "");

/** The version that the Subscription wants in the end: the last declared one of its own operator. */
function wantedVersion(subscription: KubernetesObject): string | undefined {
  const declared = declaredVersions(subscription);
  const own =
    textAt(subscription, "spec", "startingCSV") ?? textAt(subscription, "status", "currentCSV") ?? declared[0];
  return own === undefined ? undefined : declared.filter((name) => stem(name) === stem(own)).at(-1);
}

const isManual = (subscription: KubernetesObject): boolean =>
  textAt(subscription, "spec", "installPlanApproval") === "Manual";

/** The install plan that the Subscription refers to: approved when all that it carries is declared. */
function planned(subscription: KubernetesObject, related: Related): Verdict {
  const name = textAt(subscription, "status", "installPlanRef", "name");
  const plan = all(related, "plans").find((each) => each.metadata.name === name);
  if (!plan) return ready;
  if (textAt(plan, "status", "phase") === "Failed") {
    const messages = objectsAt(plan, "status", "conditions").flatMap((each) => textAt(each, "message") ?? []);
    const text = textAt(plan, "status", "message") ?? messages[0] ?? "no message given";
    return failed(`InstallPlanFailed: ${plan.metadata.name}: ${text}`);
  }
  if (!isManual(subscription) || plan.spec?.approved === true) return ready;
  const carried = textsAt(plan, "spec", "clusterServiceVersionNames");
  const others = foreign(subscription, plan);
  const installed = textAt(subscription, "status", "installedCSV");
  // What is wanted is there; a plan for versions that nobody has declared may wait for ever.
  if (installed !== undefined && installed === wantedVersion(subscription)) return ready;
  if (others.length > 0 || carried.length === 0) {
    return failed(
      `install plan ${plan.metadata.name} also carries ${others.join(", ") || "nothing"}, which is not declared; name it in the annotation ${APPROVE_ANNOTATION} to have it approved`,
    );
  }
  return {
    state: "acting",
    condition: `install plan ${plan.metadata.name} is approved`,
    seen: `it carries ${carried.join(", ")}`,
    does: approve(subscription, plan),
  };
}

function installed(subscription: KubernetesObject): Verdict {
  const present = textAt(subscription, "status", "installedCSV") ?? "";
  const current = textAt(subscription, "status", "currentCSV") ?? "";
  const wanted = isManual(subscription) ? wantedVersion(subscription) : current;
  if (present !== "" && (wanted === undefined || present === wanted)) return ready;
  return waiting(`${wanted || "a version"} is installed`, present || "nothing is");
}

function succeeded(subscription: KubernetesObject, related: Related, before: Before): Verdict {
  const name = textAt(subscription, "status", "installedCSV") ?? "";
  const of = (from: Related): KubernetesObject | undefined =>
    all(from, "versions").find((each) => each.metadata.name === name);
  const version = of(related);
  const phase = textAt(version, "status", "phase") ?? "not begun";
  if (!version) return waiting(`ClusterServiceVersion ${name} exists`, "not there");
  const text = textAt(version, "status", "message") ?? textAt(version, "status", "reason") ?? "no message given";
  if (phase === "Failed") {
    const time = (from: Related): string | undefined => textAt(of(from), "status", "lastTransitionTime");
    const old = textAt(of(before.related), "status", "phase") === "Failed" && time(before.related) === time(related);
    return old ? waiting(`${name} has Succeeded`, text) : failed(`${name} failed: ${text}`);
  }
  if (phase !== "Succeeded") return waiting(`${name} has Succeeded`, phase);
  const services = objectsAt(version, "spec", "webhookdefinitions").flatMap(
    (each) => textAt(each, "deploymentName") ?? [],
  );
  return forAll([...new Set(services)], (deployment) => {
    const service = `${deployment.replaceAll(".", "-")}-service`;
    const slices = all(related, "endpoints").filter(
      (each) => each.metadata.labels?.["kubernetes.io/service-name"] === service,
    );
    return endpointsReady(slices, service);
  });
}

/**
 * Gate of a Subscription: what it declares is approved and nothing else, the version that it wants is installed and
 * has succeeded, and its webhooks have pods.
 */
export function subscriptionReady(subscription: KubernetesObject, related: Related, before: Before): Verdict {
  return inOrder(
    () => oneGroup(subscription.metadata.namespace, related),
    () => troubles(subscription, before),
    () => upgradeFailed(subscription, before),
    () => planned(subscription, related),
    () => installed(subscription),
    () => succeeded(subscription, related, before),
  );
}

/** After a Subscription is gone: OLM leaves its version, and with it the operator, which would run on without it. */
function removeVersions(subscription: KubernetesObject): Step[] {
  const { namespace } = subscription.metadata;
  const names = ["installedCSV", "currentCSV"].flatMap((key) => textAt(subscription, "status", key) ?? []);
  const versions = [...new Set(names)].filter((name) => name !== "");
  if (versions.length === 0) return [];
  const gone = (related: Related): Verdict => {
    const left = all(related, "versions").find((each) => versions.includes(each.metadata.name));
    return left ? waiting(`ClusterServiceVersion ${left.metadata.name} is gone`, "still there") : ready;
  };
  return [
    ...versions.map((name): Step => {
      const object = { apiVersion, kind: "ClusterServiceVersion", metadata: { name, namespace } };
      return { act: "delete", plural: "clusterserviceversions", object };
    }),
    {
      act: "wait",
      watches: [{ id: "versions", apiVersion, plural: "clusterserviceversions", namespace }],
      verdict: gone,
    },
  ];
}

const disruptions: readonly DisruptionRow[] = [
  {
    on: ["update"],
    paths: ["spec.channel", "spec.source", "spec.sourceNamespace", "spec.config"],
    cost: "pod-restart",
    reach: "object",
    by: "operator-lifecycle-manager",
    why: "The operator's own pods are deployed again, in another version or with other settings.",
    source: "operator-lifecycle-manager pkg/controller/operators/olm/operator.go",
  },
];

export const subscription: ObjectKind = {
  is: "object",
  token: "ove:operators:Subscription",
  doc: "An operator from a catalog. With manual approval only install plans are approved whose versions are all declared: startingCSV and those in the annotation pulumi-ove/approve.",
  waits:
    "Its version is installed and has Succeeded, and its webhooks have pods. Plans with undeclared versions are told.",
  deletes:
    "Deleted, then its ClusterServiceVersion, which stops the operator. Its CRDs stay, and with them all objects.",
  example: {
    metadata: { name: "kubernetes-nmstate-operator", namespace: "openshift-nmstate" },
    spec: {
      name: "kubernetes-nmstate-operator",
      source: "redhat-operators",
      sourceNamespace: "openshift-marketplace",
      channel: "stable",
      installPlanApproval: "Manual",
      startingCSV: "kubernetes-nmstate-operator.4.20.0-202511041201",
    },
  },
  disruptions,
  apiVersion,
  kind: "Subscription",
  plural: "subscriptions",
  scope: "Namespaced",
  shape: generatedShape("Subscription"),
  listKeys: { "spec.config.env": { by: ["name"] } },
  immutable: ["spec.name"],
  serverWritten: [],
  adopt: () => false,
  rules: subscriptionRules,
  admission: "static",
  timeouts: { create: 20 * minutes, update: 20 * minutes, delete: 10 * minutes },
  ready: { watches, verdict: subscriptionReady },
  deletion: { after: removeVersions },
};
