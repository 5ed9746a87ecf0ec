import { stringify } from "yaml";
import type { Finding, Json, JsonObject } from "../model";
import type { CiliumNetworkArgs } from "../model/arguments";
import type { Environment } from "../model/environment";
import { canonical } from "./canonical";
import {
  CILIUM_CHARTS,
  CILIUM_NAMESPACE,
  ciliumChartVersion,
  ciliumConfigObject,
  ciliumNamespace,
  ciliumValues,
} from "./cilium";
import { ciliumFindings } from "./cilium-findings";
import { ciliumSettings } from "./cilium-settings";
import { ciliumArgs, environmentFindings } from "./domains/cilium";

/** A file of a new cluster's installation, with its path below the installer's folder. */
export interface DayOneFile {
  path: string;
  text: string;
}

/** What a new cluster is installed with. */
export interface DayOne {
  files: DayOneFile[];
  /** Helm values of Cilium, as they are in the files. */
  values: JsonObject;
  /** What the user does next, in order. */
  steps: string[];
  findings: Finding[];
}

/** The installer's own names: what it writes there itself is replaced. */
const CONFIG_FILE = "manifests/cluster-network-02-config.yml";
const OPERATOR_FILE = "manifests/cluster-network-03-config.yml";
const NAMESPACE_FILE = "manifests/cluster-network-06-cilium-00000-cilium-namespace.yaml";
const RELEASE_FILE = "manifests/cluster-network-06-cilium-00001-cilium.yaml";
const CILIUM_CONFIG_FILE = "manifests/cluster-network-07-cilium-ciliumconfig.yaml";
/** Not among the manifests: the installer would take it for one. */
const VALUES_FILE = "cilium-values.yaml";

function file(path: string, content: Json): DayOneFile {
  return { path, text: stringify(canonical(content), { lineWidth: 0 }) };
}

function manifest(path: string, apiVersion: string, kind: string, object: JsonObject): DayOneFile {
  return file(path, { apiVersion, kind, ...object });
}

/** OpenShift's two objects called Network. All but the replacement of kube-proxy cannot be changed later. */
function networkFiles({ cluster }: Environment, { kubeProxyReplacement }: CiliumNetworkArgs): DayOneFile[] {
  const { clusterNetworks: clusterNetwork, serviceNetwork } = cluster;
  const metadata = { name: "cluster" };
  return [
    manifest(CONFIG_FILE, "config.openshift.io/v1", "Network", {
      metadata,
      spec: { clusterNetwork, serviceNetwork, networkType: "Cilium", externalIP: { policy: {} } },
    }),
    manifest(OPERATOR_FILE, "operator.openshift.io/v1", "Network", {
      metadata,
      spec: {
        clusterNetwork,
        serviceNetwork,
        defaultNetwork: { type: "Cilium" },
        // The operator runs kube-proxy for every network but its own unless told not to.
        deployKubeProxy: !kubeProxyReplacement,
        managementState: "Managed",
      },
    }),
  ];
}

function ciliumFiles(args: CiliumNetworkArgs): DayOneFile[] {
  const namespace = manifest(NAMESPACE_FILE, "v1", "Namespace", ciliumNamespace());
  if (args.management === "helm") return [namespace, file(VALUES_FILE, ciliumValues(args))];
  const config = ciliumConfigObject(args);
  return [namespace, manifest(CILIUM_CONFIG_FILE, "cilium.io/v1alpha1", "CiliumConfig", config)];
}

function steps(args: CiliumNetworkArgs): string[] {
  const { host, port } = args.apiServer;
  const found = [
    "Write `networkType: Cilium` into install-config.yaml and run `openshift-install create manifests --dir DIR`.",
    "Run `ove day1` with `--out DIR`, and with `--force`: two files take the places of the installer's own.",
  ];
  if (args.management === "helm") {
    const chart = `cilium --repo ${CILIUM_CHARTS} --version ${ciliumChartVersion(args)}`;
    const command = `helm template cilium ${chart} --namespace ${CILIUM_NAMESPACE} --values ${VALUES_FILE}`;
    found.push(`In DIR run \`${command} > ${RELEASE_FILE}\`.`);
  } else {
    found.push(
      `Put the manifests of the CLife operator for Cilium ${args.version} beside them, as ` +
        "manifests/cluster-network-06-cilium-000NN-*.yaml, with " +
        `KUBERNETES_SERVICE_HOST=${host} and KUBERNETES_SERVICE_PORT=${port} in its Deployment.`,
    );
  }
  if (ciliumSettings(args).encryption === "ipsec") {
    const secret = `${CILIUM_NAMESPACE}/${args.encryption?.ipsecSecret ?? "cilium-ipsec-keys"}`;
    found.push(`Put the Secret ${secret} with the IPsec key beside them; keys are never written by ove.`);
  }
  return [...found, "Run `openshift-install create cluster --dir DIR`."];
}

/** The files that `openshift-install` needs for a cluster on Cilium. Same environment, same bytes. */
export function planDayOne(environment: Environment): DayOne {
  if (!environment.cilium) {
    const finding: Finding = {
      rule: "cilium/day1",
      severity: "error",
      path: "cilium",
      message: "The environment does not say how Cilium is configured.",
      fix: "Add the section `cilium`; `cilium: {}` takes the defaults.",
    };
    return { files: [], values: {}, steps: [], findings: [finding] };
  }
  const args = ciliumArgs(environment, environment.cilium);
  return {
    files: [...networkFiles(environment, args), ...ciliumFiles(args)],
    values: ciliumValues(args),
    steps: steps(args),
    findings: environmentFindings(ciliumFindings(args)),
  };
}
