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
const machineConfiguration = "machineconfiguration/v1/zz_generated.crd-manifests/0000_80_machine-config_01_";

/** The generated kinds, by the CRDs they come from. */
export const crdSources: readonly CrdSource[] = [
  { kind: "MachineConfig", ...openshift, file: `${machineConfiguration}machineconfigs.crd.yaml` },
  { kind: "MachineConfigPool", ...openshift, file: `${machineConfiguration}machineconfigpools-Default.crd.yaml` },
  {
    kind: "NetworkAttachmentDefinition",
    part: "crds",
    module: "github.com/k8snetworkplumbingwg/network-attachment-definition-client",
    file: "artifacts/networks-crd.yaml",
  },
  { kind: "SriovNetwork", ...sriov, file: "config/crd/bases/sriovnetwork.openshift.io_sriovnetworks.yaml" },
  {
    kind: "SriovNetworkNodePolicy",
    ...sriov,
    file: "config/crd/bases/sriovnetwork.openshift.io_sriovnetworknodepolicies.yaml",
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
