import { UNKNOWN, defaultVersions, formatPath, isObject, supportedVersions } from "../../model";
import type { Facts, Finding, InventoryNode, JsonObject, Versions } from "../../model";
import { InventoryArgs } from "../../model/arguments";
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
  /** The cluster's nodes and their hardware, where they are known: checks of devices need them. */
  nodes?: readonly InventoryNode[];
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
    nodes: {
      type: "array",
      items: { type: "object", open: true },
      doc: "All nodes and their hardware, as `ove inventory` prints them; checks of devices need them.",
    },
    version: { type: "string", doc: "Version of the plugin; set by Pulumi." },
  },
};

/** What is wrong with a configuration. Unknown values are not looked into. */
export function checkConfiguration(inputs: JsonObject, hasUnknown: boolean, shape: Shape = CONFIGURATION): Finding[] {
  const findings = [...validateShape(shape, inputs, []), ...nodeFindings(inputs)];
  if (findings.length > 0 || hasUnknown || !inputs.kubeconfig) return findings;
  try {
    loadKubeConfig(configurationOf(inputs));
    return [];
  } catch (error) {
    return [{ rule: "provider/kubeconfig", severity: "error", path: "kubeconfig", message: messageOf(error) }];
  }
}

/** What is wrong with the nodes, as far as all of them are known. */
function nodeFindings({ nodes }: JsonObject): Finding[] {
  if (!Array.isArray(nodes) || JSON.stringify(nodes).includes(UNKNOWN)) return [];
  const issues = InventoryArgs.safeParse({ nodes }).error?.issues ?? [];
  return issues.map(({ path, message }): Finding => {
    const steps = path.map((step) => (typeof step === "number" ? step : String(step)));
    return { rule: "provider/nodes", severity: "error", path: formatPath(steps), message };
  });
}

/** What checks may know of the cluster. Nodes count only when all is known of them. */
export function factsOf({ versions, nodes }: Pick<Configuration, "versions" | "nodes">): Facts {
  return nodes ? { versions, nodes } : { versions };
}

/** The configuration from the inputs of the provider resource. */
export function configurationOf(inputs: JsonObject): Configuration {
  return {
    kubeconfig: inputs.kubeconfig as string | undefined,
    context: inputs.context as string | undefined,
    fieldManager: (inputs.fieldManager as string | undefined) ?? "pulumi-ove",
    nodes: InventoryArgs.safeParse({ nodes: inputs.nodes }).data?.nodes,
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
