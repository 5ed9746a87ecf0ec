import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Crd, CrdSchema } from "./shape-of-crd";

/** Where the CRD of a kind is found: a file of a Go module that a part of the sandbox's toolchain pins. */
interface CrdSource {
  kind: string;
  /** Folder under sandbox/toolchain whose go.mod pins the module. */
  part: string;
  module: string;
  file: string;
  /** Key of the schema in a Go file of KubeVirt, whose CRDs exist only as texts in Go. */
  validation?: string;
}

const sriov = { part: "sriov-network-operator", module: "github.com/k8snetworkplumbingwg/sriov-network-operator" };
const openshift = { part: "crds", module: "github.com/openshift/api" };
const cilium = { part: "crds", module: "github.com/cilium/cilium" };
const ciliumCrds = "pkg/k8s/apis/cilium.io/client/crds";
const gateway = { part: "crds", module: "sigs.k8s.io/gateway-api" };
const gatewayCrds = "config/crd/standard/gateway.networking.k8s.io_";
const monitoring = { part: "crds", module: "github.com/prometheus-operator/prometheus-operator" };
const monitoringCrds = "example/prometheus-operator-crd/monitoring.coreos.com_";
const olm = { part: "crds", module: "github.com/operator-framework/api" };
const olmCrds = "crds/operators.coreos.com_";
const machineConfiguration = "machineconfiguration/v1/zz_generated.crd-manifests/0000_80_machine-config_01_";

/** The generated kinds, by the CRDs they come from. */
export const crdSources: readonly CrdSource[] = [
  { kind: "CiliumBGPAdvertisement", ...cilium, file: `${ciliumCrds}/v2/ciliumbgpadvertisements.yaml` },
  { kind: "CiliumBGPClusterConfig", ...cilium, file: `${ciliumCrds}/v2/ciliumbgpclusterconfigs.yaml` },
  { kind: "CiliumBGPPeerConfig", ...cilium, file: `${ciliumCrds}/v2/ciliumbgppeerconfigs.yaml` },
  { kind: "CiliumCIDRGroup", ...cilium, file: `${ciliumCrds}/v2/ciliumcidrgroups.yaml` },
  {
    kind: "CiliumClusterwideNetworkPolicy",
    ...cilium,
    file: `${ciliumCrds}/v2/ciliumclusterwidenetworkpolicies.yaml`,
  },
  { kind: "CiliumEgressGatewayPolicy", ...cilium, file: `${ciliumCrds}/v2/ciliumegressgatewaypolicies.yaml` },
  { kind: "CiliumEnvoyConfig", ...cilium, file: `${ciliumCrds}/v2/ciliumenvoyconfigs.yaml` },
  {
    kind: "CiliumL2AnnouncementPolicy",
    ...cilium,
    file: `${ciliumCrds}/v2alpha1/ciliuml2announcementpolicies.yaml`,
  },
  { kind: "CiliumLoadBalancerIPPool", ...cilium, file: `${ciliumCrds}/v2/ciliumloadbalancerippools.yaml` },
  { kind: "CiliumLocalRedirectPolicy", ...cilium, file: `${ciliumCrds}/v2/ciliumlocalredirectpolicies.yaml` },
  { kind: "CiliumNetworkPolicy", ...cilium, file: `${ciliumCrds}/v2/ciliumnetworkpolicies.yaml` },
  { kind: "CiliumNodeConfig", ...cilium, file: `${ciliumCrds}/v2/ciliumnodeconfigs.yaml` },
  { kind: "Gateway", ...gateway, file: `${gatewayCrds}gateways.yaml` },
  { kind: "HTTPRoute", ...gateway, file: `${gatewayCrds}httproutes.yaml` },
  { kind: "PrometheusRule", ...monitoring, file: `${monitoringCrds}prometheusrules.yaml` },
  { kind: "ServiceMonitor", ...monitoring, file: `${monitoringCrds}servicemonitors.yaml` },
  { kind: "MachineConfig", ...openshift, file: `${machineConfiguration}machineconfigs.crd.yaml` },
  { kind: "MachineConfigPool", ...openshift, file: `${machineConfiguration}machineconfigpools-Default.crd.yaml` },
  { kind: "KubeletConfig", ...openshift, file: `${machineConfiguration}kubeletconfigs.crd.yaml` },
  { kind: "ContainerRuntimeConfig", ...openshift, file: `${machineConfiguration}containerruntimeconfigs.crd.yaml` },
  {
    kind: "MachineConfiguration",
    ...openshift,
    file: "operator/v1/zz_generated.crd-manifests/0000_80_machine-config_01_machineconfigurations.crd.yaml",
  },
  { kind: "CatalogSource", ...olm, file: `${olmCrds}catalogsources.yaml` },
  { kind: "OperatorGroup", ...olm, file: `${olmCrds}operatorgroups.yaml` },
  { kind: "Subscription", ...olm, file: `${olmCrds}subscriptions.yaml` },
  {
    kind: "NetworkOperator",
    ...openshift,
    file: "operator/v1/zz_generated.crd-manifests/0000_70_network_01_networks-Default.crd.yaml",
  },
  {
    kind: "NetworkAttachmentDefinition",
    part: "crds",
    module: "github.com/k8snetworkplumbingwg/network-attachment-definition-client",
    file: "artifacts/networks-crd.yaml",
  },
  { kind: "OVSNetwork", ...sriov, file: "config/crd/bases/sriovnetwork.openshift.io_ovsnetworks.yaml" },
  { kind: "SriovIBNetwork", ...sriov, file: "config/crd/bases/sriovnetwork.openshift.io_sriovibnetworks.yaml" },
  { kind: "SriovNetwork", ...sriov, file: "config/crd/bases/sriovnetwork.openshift.io_sriovnetworks.yaml" },
  {
    kind: "SriovNetworkNodePolicy",
    ...sriov,
    file: "config/crd/bases/sriovnetwork.openshift.io_sriovnetworknodepolicies.yaml",
  },
  {
    kind: "SriovNetworkPoolConfig",
    ...sriov,
    file: "config/crd/bases/sriovnetwork.openshift.io_sriovnetworkpoolconfigs.yaml",
  },
  {
    kind: "SriovOperatorConfig",
    ...sriov,
    file: "config/crd/bases/sriovnetwork.openshift.io_sriovoperatorconfigs.yaml",
  },
  {
    kind: "VirtualMachine",
    part: "kubevirt",
    module: "kubevirt.io/kubevirt",
    file: "pkg/virt-operator/resource/generate/components/validations_generated.go",
    validation: "virtualmachine",
  },
  ...[
    "MigrationPolicy",
    "VirtualMachineClusterInstancetype",
    "VirtualMachineClusterPreference",
    "VirtualMachineInstancetype",
    "VirtualMachinePreference",
  ].map((kind) => ({
    kind,
    part: "kubevirt",
    module: "kubevirt.io/kubevirt",
    file: "pkg/virt-operator/resource/generate/components/validations_generated.go",
    validation: kind.toLowerCase(),
  })),
];

function go(folder: string, ...args: string[]): string {
  return execFileSync("go", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}

/**
 * Folder of a pinned module in Go's module cache, undefined when there is no Go or the module is not there.
 * With `download` a missing module is fetched, outside of the part's folder so that its lock file is not touched.
 */
function moduleFolder(root: string, source: CrdSource, download: boolean): string | undefined {
  const part = join(root, "sandbox", "toolchain", source.part);
  try {
    const [version, folder] = go(part, "list", "-m", "-f", "{{.Version}} {{.Dir}}", source.module).split(" ");
    if (folder && existsSync(join(folder, source.file))) return folder;
    if (!download) return undefined;
    return (JSON.parse(go(tmpdir(), "mod", "download", "-json", `${source.module}@${version}`)) as { Dir: string }).Dir;
  } catch {
    return undefined;
  }
}

function kubevirtSchema(text: string, name: string): CrdSchema {
  const start = text.indexOf(`"${name}": \`openAPIV3Schema:`);
  if (start < 0) throw new Error(`no schema "${name}" among KubeVirt's CRD texts`);
  const from = text.indexOf("`", start) + 1;
  return (parse(text.slice(from, text.indexOf("`,\n", from))) as { openAPIV3Schema: CrdSchema }).openAPIV3Schema;
}

/**
 * The stored version's schema of a kind's CRD, read from the pinned Go module; undefined when the module is not to be had.
 */
export function crdSchema(root: string, source: CrdSource, download: boolean): CrdSchema | undefined {
  const folder = moduleFolder(root, source, download);
  if (!folder) return undefined;
  const text = readFileSync(join(folder, source.file), "utf8");
  if (source.validation) return kubevirtSchema(text, source.validation);
  const stored = (parse(text) as Crd).spec.versions.find((version) => version.storage);
  if (!stored) throw new Error(`${source.file} has no stored version`);
  return stored.schema.openAPIV3Schema;
}
