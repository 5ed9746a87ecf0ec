import { execFile } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { KubernetesObject } from "../../model";

/** The file in the part's folder that holds all CRDs as one JSON list. */
export const crdsFile = "crds.json";

/** Where each module keeps the CRDs that the sandbox serves, relative to the module's folder. */
const locations: { module: string; paths: string[] }[] = [
  {
    module: "github.com/cilium/cilium",
    paths: ["pkg/k8s/apis/cilium.io/client/crds/v2", "pkg/k8s/apis/cilium.io/client/crds/v2alpha1"],
  },
  { module: "github.com/k8snetworkplumbingwg/sriov-network-operator", paths: ["config/crd/bases"] },
  { module: "github.com/operator-framework/api", paths: ["crds"] },
  {
    module: "github.com/openshift/api",
    paths: [
      "config/v1/zz_generated.crd-manifests",
      "operator/v1/zz_generated.crd-manifests",
      "operator/v1alpha1/zz_generated.crd-manifests",
      "machineconfiguration/v1/zz_generated.crd-manifests",
    ],
  },
  {
    module: "github.com/k8snetworkplumbingwg/network-attachment-definition-client",
    paths: ["artifacts/networks-crd.yaml"],
  },
  { module: "github.com/k8snetworkplumbingwg/multi-networkpolicy", paths: ["scheme.yml"] },
  {
    // The standard channel, which is what Cilium asks for.
    module: "sigs.k8s.io/gateway-api",
    paths: ["gatewayclasses", "gateways", "httproutes", "grpcroutes", "referencegrants", "tlsroutes"].map(
      (plural) => `config/crd/standard/gateway.networking.k8s.io_${plural}.yaml`,
    ),
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    paths: ["podmonitors", "prometheusrules", "servicemonitors"].map(
      (plural) => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
    ),
  },
];

/**
 * openshift/api ships a CRD once per feature set where feature gates change it. A cluster without gates has the
 * `Default` one (or the only one); `SelfManagedHA` is the profile of a cluster that hosts its own control plane.
 */
const otherFeatureSets = /-(CustomNoUpgrade|DevPreviewNoUpgrade|TechPreviewNoUpgrade|Hypershift)\.crd\.yaml$/;

/** Writes every CRD of the modules, and KubeVirt's, into `crds.json` in that folder; returns the file's name. */
export async function collectCrds(dir: string, modules: Record<string, string>): Promise<string> {
  const files = locations.flatMap(({ module, paths }) => paths.flatMap((path) => crdFiles(modules[module], path)));
  const { stdout } = await promisify(execFile)(join(dir, "crds"), files, { maxBuffer: 1 << 28 });
  // The first one wins where a module has a name twice: openshift/api's OLM as v1 before v1alpha1.
  const unique = new Map<string, KubernetesObject>();
  for (const crd of JSON.parse(stdout) as KubernetesObject[]) {
    if (!unique.has(crd.metadata.name)) unique.set(crd.metadata.name, crd);
  }
  writeFileSync(join(dir, crdsFile), JSON.stringify([...unique.values()]));
  return crdsFile;
}

function crdFiles(moduleDir: string | undefined, path: string): string[] {
  if (moduleDir === undefined) throw new Error(`No module folder for ${path}`);
  const place = join(moduleDir, path);
  if (/\.ya?ml$/.test(path)) return [place];
  return readdirSync(place)
    .filter((file) => /\.ya?ml$/.test(file) && !otherFeatureSets.test(file))
    .sort()
    .map((file) => join(place, file));
}
