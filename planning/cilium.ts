import type { JsonObject, Plan } from "../model";
import type { CiliumNetworkArgs } from "../model/arguments";
import { PlanBuilder } from "./builder";
import { ciliumFindings } from "./cilium-findings";
import { ciliumSettings, ciliumVersions } from "./cilium-settings";
import { CILIUM_NAMESPACE, ciliumValues } from "./cilium-values";
import { tokens } from "./tokens";

export { CiliumNetworkArgs } from "../model/arguments";
export { CILIUM_NAMESPACE, ciliumValues } from "./cilium-values";

/** Id of the Secret that holds the IPsec key. */
export const IPSEC_SECRET = "cilium/ipsec-keys";

/** Where the open-source chart is published. */
export const CILIUM_CHARTS = "https://helm.cilium.io";

/** Seconds that a release may take: agents restart node by node. */
const RELEASE_TIMEOUT = 3600;

/** The namespace of Cilium, as OpenShift wants it. */
export function ciliumNamespace(): JsonObject {
  return {
    metadata: {
      name: CILIUM_NAMESPACE,
      labels: {
        // OpenShift's security context constraints are not asked for in namespaces of this level.
        "openshift.io/run-level": "0",
        "openshift.io/cluster-monitoring": "true",
        "openshift.io/cluster-logging": "true",
        "pod-security.kubernetes.io/enforce": "privileged",
        "security.openshift.io/scc.podSecurityLabelSync": "false",
      },
      annotations: { "openshift.io/node-selector": "" },
    },
  };
}

/**
 * Cilium's configuration for its operator. Since 1.17 (CLife) the values stand directly below `spec`; no supported
 * version has the older operator's form.
 */
export function ciliumConfigObject(args: CiliumNetworkArgs): JsonObject {
  return {
    metadata: { name: "ciliumconfig", namespace: CILIUM_NAMESPACE, labels: { "app.kubernetes.io/name": "clife" } },
    spec: ciliumValues(args),
  };
}

/** Release of the open-source chart that is installed. */
export function ciliumChartVersion({ version, chartVersion }: CiliumNetworkArgs): string {
  return chartVersion ?? ciliumVersions[version].chart;
}

function helmRelease(args: CiliumNetworkArgs): JsonObject {
  return {
    name: "cilium",
    namespace: CILIUM_NAMESPACE,
    chart: "cilium",
    version: ciliumChartVersion(args),
    repositoryOpts: { repo: CILIUM_CHARTS },
    // What was installed with the cluster bears no mark of a release.
    takeOwnership: true,
    timeout: RELEASE_TIMEOUT,
    values: ciliumValues(args),
  };
}

/** Whether the plan makes the Secret with the IPsec key. */
function makesSecret(args: CiliumNetworkArgs): boolean {
  const { ipsecKeys, ipsecKeysFrom } = args.encryption ?? {};
  return ciliumSettings(args).encryption === "ipsec" && (ipsecKeys ?? ipsecKeysFrom) !== undefined;
}

/** Cilium's configuration, taken over from the installation where it is there already. */
export function planCilium(args: CiliumNetworkArgs): Plan {
  const plan = new PlanBuilder("cilium", tokens.ciliumNetwork);
  const config =
    args.management === "helm"
      ? plan.add("config", tokens.helmRelease, helmRelease(args))
      : plan.add("config", tokens.ciliumConfig, ciliumConfigObject(args));
  const parts = [config];
  if (makesSecret(args)) {
    // The key joins when the plan is registered: plans hold no secrets.
    const secret = plan.add("ipsec-keys", tokens.secret, {
      metadata: { name: args.encryption?.ipsecSecret, namespace: CILIUM_NAMESPACE },
    });
    plan.after(config, secret, "agents read the key when they start");
    parts.push(secret);
  }
  if (args.createNamespace) {
    const namespace = plan.add("namespace", tokens.namespace, ciliumNamespace());
    for (const part of parts) plan.after(part, namespace, "the namespace must exist");
  }
  const built = plan.build();
  return { ...built, findings: [...built.findings, ...ciliumFindings(args)] };
}
