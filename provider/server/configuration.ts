import { defaultVersions, isObject, supportedVersions } from "../../model";
import type { Finding, JsonObject, Versions } from "../../model";
import { Cluster } from "../engine/cluster";
import { loadKubeConfig } from "../engine/connection";
import { messageOf } from "../engine/errors";
import { validateShape } from "../kinds/validate";
import type { Shape } from "../shape";

/** The provider's own configuration. */
export interface Configuration {
  kubeconfig?: string;
  context?: string;
  /** Field manager of everything that the provider applies. */
  fieldManager: string;
  /** What the cluster runs: checks depend on it. */
  versions: Versions;
}

const productNames: Readonly<Record<keyof Versions, string>> = {
  openshift: "OpenShift",
  cilium: "Cilium",
  kubevirt: "KubeVirt",
  sriov: "the SR-IOV network operator",
};

const versionsShape: Shape = {
  type: "object",
  doc: "Minor versions of what the cluster runs; checks depend on them. Default: the newest that is supported.",
  properties: Object.fromEntries(
    Object.entries(supportedVersions).map(([product, minors]) => [
      product,
      { type: "string", enum: [...minors], doc: `Minor version of ${productNames[product as keyof Versions]}.` },
    ]),
  ),
};

/** The shape of the provider's inputs, for schema.json and CheckConfig. */
export const CONFIGURATION: Shape = {
  type: "object",
  properties: {
    kubeconfig: {
      type: "string",
      doc: "Path of a kubeconfig file, or its content. Default: the files that KUBECONFIG names, then ~/.kube/config.",
    },
    context: { type: "string", doc: "Context of the kubeconfig to use. Default: its current context." },
    fieldManager: {
      type: "string",
      minLength: 1,
      maxLength: 128,
      doc: "Name under which fields are applied and owned. Default: pulumi-ove. Changing it on a live stack gives ownership away.",
    },
    versions: versionsShape,
    version: { type: "string", doc: "Version of the plugin; set by Pulumi." },
  },
};

/** What is wrong with a configuration. Unknown values are not looked into. */
export function checkConfiguration(inputs: JsonObject, hasUnknown: boolean, shape: Shape = CONFIGURATION): Finding[] {
  const findings = validateShape(shape, inputs, []);
  if (findings.length > 0 || hasUnknown || !inputs.kubeconfig) return findings;
  try {
    loadKubeConfig(configurationOf(inputs));
    return [];
  } catch (error) {
    return [{ rule: "provider/kubeconfig", severity: "error", path: "kubeconfig", message: messageOf(error) }];
  }
}

/** The configuration from the inputs of the provider resource. */
export function configurationOf(inputs: JsonObject): Configuration {
  return {
    kubeconfig: inputs.kubeconfig as string | undefined,
    context: inputs.context as string | undefined,
    fieldManager: (inputs.fieldManager as string | undefined) ?? "pulumi-ove",
    versions: { ...defaultVersions, ...(isObject(inputs.versions) ? (inputs.versions as Partial<Versions>) : {}) },
  };
}

/** The cluster, or why there is none: known only when an operation needs it, so that previews work without a cluster. */
export class ClusterAccess {
  private cluster?: Cluster;

  constructor(private readonly configuration: Configuration) {}

  get(): Cluster {
    this.cluster ??= new Cluster(this.configuration);
    return this.cluster;
  }

  /** The cluster if one is configured. */
  find(): Cluster | undefined {
    try {
      return this.get();
    } catch {
      return undefined;
    }
  }
}
