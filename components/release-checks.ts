import { defaultVersions, type Finding, type JsonObject, type Plan } from "../model";
import { tokens } from "../planning";
import { ciliumConfigRules, evaluate } from "../rules";

/** What the rules say of Helm values for a minor version of Cilium; paths begin with `values`. */
export function ciliumValuesFindings(values: JsonObject, cilium: string): Finding[] {
  const config = { apiVersion: "cilium.io/v1alpha1", kind: "CiliumConfig", metadata: { name: "values" } };
  const facts = { versions: { ...defaultVersions, cilium } };
  return evaluate(ciliumConfigRules, { ...config, spec: values }, facts).map((finding) => ({
    ...finding,
    path: finding.path.replace(/^spec/, "values"),
  }));
}

/**
 * What the rules say of the values of Cilium's Helm releases. The Kubernetes provider takes a release's values as they
 * are, and so does the chart, while the provider `ove` checks a CiliumConfig by itself.
 */
export function releaseFindings({ objects }: Plan): Finding[] {
  return objects
    .filter(({ token, properties }) => token === tokens.helmRelease && properties.chart === "cilium")
    .flatMap(({ id, properties }) => {
      const [major, minor] = String(properties.version).split(".");
      const findings = ciliumValuesFindings(properties.values as JsonObject, `${major}.${minor}`);
      return findings.map((finding) => ({ ...finding, objects: [id] }));
    });
}
