import type { KubernetesObject, PathStep } from "../../model";
import { missing, textAt } from "../read";
import type { Rule, Violation } from "../rule";

/** Annotation of a Subscription: versions (names of CSVs) beside startingCSV whose install plans may be approved. */
export const APPROVE_ANNOTATION = "pulumi-ove/approve";

const approvePath = ["metadata", "annotations", APPROVE_ANNOTATION];

/** The versions that a Subscription declares, the first one first. */
export function declaredVersions(subscription: KubernetesObject): string[] {
  const starting = textAt(subscription, "spec", "startingCSV");
  const approved = (textAt(subscription, ...approvePath) ?? "").split(",").map((name) => name.trim());
  return [...new Set([starting ?? "", ...approved])].filter((name) => name !== "");
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** OLM takes what is neither for Automatic. */
const approval: Rule<KubernetesObject> = {
  id: "operators/subscription-approval",
  severity: "error",
  source: "operator-framework/api pkg/operators/v1alpha1/installplan_types.go Approval; the CRD takes any text",
  check(subscription) {
    const value = textAt(subscription, "spec", "installPlanApproval");
    if (value === undefined || value === "" || value === "Automatic" || value === "Manual") return [];
    const message = `"${value}" is neither Automatic nor Manual.`;
    return [{ path: ["spec", "installPlanApproval"], message, fix: "Use Automatic or Manual." }];
  },
};

/** Whether it is certain how plans are approved. */
function mode(subscription: KubernetesObject): "Manual" | "Automatic" | undefined {
  const spec = subscription.spec ?? {};
  if ("installPlanApproval" in spec && spec.installPlanApproval === undefined) return undefined;
  return spec.installPlanApproval === "Manual" ? "Manual" : "Automatic";
}

const starting: Rule<KubernetesObject> = {
  id: "operators/subscription-starting-version",
  severity: "warning",
  source: "OLM documentation: startingCSV is for the first installation only",
  check(subscription) {
    if (mode(subscription) !== "Automatic" || !textAt(subscription, "spec", "startingCSV")) return [];
    const message = "With automatic approval OLM goes on to the newest version of the channel by itself.";
    return [{ path: ["spec", "startingCSV"], message, fix: "Set installPlanApproval to Manual to keep the version." }];
  },
};

const undeclared: Rule<KubernetesObject> = {
  id: "operators/subscription-no-version",
  severity: "warning",
  source: "operator-lifecycle-manager issue 2855: a plan may carry other operators of the namespace as well",
  check(subscription) {
    const spec = subscription.spec ?? {};
    const annotations = subscription.metadata.annotations;
    const unknown =
      ("startingCSV" in spec && spec.startingCSV === undefined) ||
      ("annotations" in subscription.metadata && annotations === undefined) ||
      (annotations !== undefined &&
        APPROVE_ANNOTATION in annotations &&
        textAt(annotations, APPROVE_ANNOTATION) === undefined);
    if (unknown || mode(subscription) !== "Manual" || declaredVersions(subscription).length > 0) return [];
    const message = "No version is declared, so no install plan is approved.";
    const fix = `Set startingCSV, or name the versions in the annotation ${APPROVE_ANNOTATION}.`;
    return [{ path: ["spec", "startingCSV"], message, fix }];
  },
};

const approveIgnored: Rule<KubernetesObject> = {
  id: "operators/subscription-approve-ignored",
  severity: "warning",
  source: "operator-lifecycle-manager: plans of automatic approval are approved by OLM",
  check(subscription) {
    if (mode(subscription) !== "Automatic" || !textAt(subscription, ...approvePath)) return [];
    const message = "With automatic approval OLM approves every plan, whatever it carries.";
    return [{ path: approvePath, message, fix: "Set installPlanApproval to Manual." }];
  },
};

function versionProblem(path: PathStep[], name: string): Violation[] {
  if (name === "" || (name.length <= 253 && subdomain.test(name))) return [];
  const fix = "It is the name of a ClusterServiceVersion, for example nmstate-operator.v4.20.0.";
  return [{ path, message: `"${name}" is no name of a version.`, fix }];
}

const names: Rule<KubernetesObject> = {
  id: "operators/subscription-version-name",
  severity: "error",
  source: "Kubernetes names of ClusterServiceVersions: no version of such a name can exist",
  check(subscription) {
    const approved = textAt(subscription, ...approvePath) ?? "";
    return [
      ...versionProblem(["spec", "startingCSV"], textAt(subscription, "spec", "startingCSV") ?? ""),
      ...approved.split(",").flatMap((name) => versionProblem(approvePath, name.trim())),
    ];
  },
};

const required: Rule<KubernetesObject> = {
  id: "operators/subscription-empty",
  severity: "error",
  source: "operator-lifecycle-manager: a subscription without package or catalog is never resolved",
  check(subscription) {
    const spec = subscription.spec ?? {};
    return ["name", "source", "sourceNamespace"]
      .filter((key) => spec[key] === "")
      .map((key) => ({ path: ["spec", key], message: "This field is empty.", fix: "Name it." }));
  },
};

const channel: Rule<KubernetesObject> = {
  id: "operators/subscription-channel",
  severity: "info",
  source: "operator-framework/api pkg/operators/v1alpha1/subscription_types.go: the package's default channel is taken",
  check(subscription) {
    if (!subscription.spec || !(missing(subscription.spec, "channel") || subscription.spec.channel === "")) return [];
    const message = "The package's default channel is taken, which can change with the catalog.";
    return [{ path: ["spec", "channel"], message, fix: "Name the channel." }];
  },
};

/** Rules on a Subscription. */
export const subscriptionRules: readonly Rule<KubernetesObject>[] = [
  approval,
  starting,
  undeclared,
  approveIgnored,
  names,
  required,
  channel,
];
