import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../model";
import { Api, pathOf } from "../agents/api";
import { issueCertificates } from "../control-plane/certificates";
import type { Part, ProcessSpec, SandboxContext } from "../part";
import { ensure, ensureNamespace, until } from "./setup";

const NAMESPACE = "openshift-sriov-network-operator";
const MODULE = "github.com/k8snetworkplumbingwg/sriov-network-operator";

const DEADLINE_S = 60;

/** Images that the operator writes into its DaemonSets; nothing pulls them. */
const images = [
  "SRIOV_CNI",
  "SRIOV_INFINIBAND_CNI",
  "OVS_CNI",
  "RDMA_CNI",
  "SRIOV_DEVICE_PLUGIN",
  "NETWORK_RESOURCES_INJECTOR",
  "SRIOV_NETWORK_CONFIG_DAEMON",
  "SRIOV_NETWORK_WEBHOOK",
  "METRICS_EXPORTER",
  "METRICS_EXPORTER_KUBE_RBAC_PROXY",
];

/** Ports chosen at the start that `ready` needs. */
const ports = new Map<string, { probe: number; webhook: number }>();

/** The SR-IOV network operator and its webhook, outside the cluster. */
export const sriov: Part = {
  name: "sriov-network-operator",

  async start(context: SandboxContext): Promise<ProcessSpec[]> {
    const api = await Api.connect(context.kubeconfig);
    await ensureNamespace(api, NAMESPACE);
    await ensure(api, "configmaps", supportedNics(context));
    for (const account of serviceAccounts(context)) await ensure(api, "serviceaccounts", account);
    const folder = join(context.dir, "sriov");
    await issueCertificates(context.tools, folder, [
      { file: "webhook-ca", commonName: "sandbox SR-IOV webhook" },
      { file: "webhook", issuer: "webhook-ca", commonName: "operator-webhook", hosts: ["127.0.0.1"] },
    ]);
    const webhook = await context.freePort();
    const probe = await context.freePort();
    ports.set(context.name, { probe, webhook });
    writeManifests(context, folder, webhook);
    return [operator(context, folder, probe), webhookProcess(context, folder, webhook)];
  },

  async ready(context: SandboxContext): Promise<void> {
    const chosen = ports.get(context.name);
    if (!chosen) throw new Error("The SR-IOV operator was not started.");
    const api = await Api.connect(context.kubeconfig);
    await until("The SR-IOV webhook", DEADLINE_S, () => refusalMissing(context, chosen.webhook));
    await until("The SR-IOV operator", DEADLINE_S, () => reconciliationMissing(api));
  },
};

function operator(context: SandboxContext, folder: string, probe: number): ProcessSpec {
  const env: Record<string, string> = {
    KUBECONFIG: context.kubeconfigFile,
    WATCH_NAMESPACE: NAMESPACE,
    NAMESPACE,
    POD_NAME: "sriov-network-operator",
    NODE_NAME: context.inventory.nodes[0]?.name ?? "",
    CLUSTER_TYPE: "openshift",
    RESOURCE_PREFIX: "openshift.io",
    OPERATOR_NAME: "sriov-network-operator",
    RELEASE_VERSION: "1.6.0",
    RELEASEVERSION: "1.6.0",
    SRIOV_CNI_BIN_PATH: "/var/lib/cni/bin",
    // Secrets that OpenShift's service CA would fill; the operator cannot render its DaemonSets without their names.
    ADMISSION_CONTROLLERS_CERTIFICATES_OPERATOR_SECRET_NAME: "operator-webhook-service",
    ADMISSION_CONTROLLERS_CERTIFICATES_INJECTOR_SECRET_NAME: "network-resources-injector-secret",
    METRICS_EXPORTER_SECRET_NAME: "metrics-exporter-cert",
    METRICS_EXPORTER_PORT: "9110",
    METRICS_EXPORTER_PROMETHEUS_OPERATOR_ENABLED: "false",
    // A node that is no longer selected loses its node state at once instead of after half an hour.
    STALE_NODE_STATE_CLEANUP_DELAY_MINUTES: "0",
  };
  for (const image of images) env[`${image}_IMAGE`] = `quay.example/${image.toLowerCase().replaceAll("_", "-")}:v1.6.0`;
  return {
    name: "sriov-network-operator",
    program: context.tools.program("sriov-network-operator"),
    args: ["--metrics-bind-address=0", `--health-probe-bind-address=127.0.0.1:${probe}`],
    env,
    cwd: folder,
  };
}

function webhookProcess(context: SandboxContext, folder: string, port: number): ProcessSpec {
  return {
    name: "sriov-webhook",
    program: context.tools.program("sriov-webhook"),
    args: [
      `--port=${port}`,
      `--tls-cert-file=${join(folder, "webhook.crt")}`,
      `--tls-private-key-file=${join(folder, "webhook.key")}`,
    ],
    env: { KUBECONFIG: context.kubeconfigFile, NAMESPACE, CLUSTER_TYPE: "openshift", RESOURCE_PREFIX: "openshift.io" },
    cwd: folder,
  };
}

function supportedNics(context: SandboxContext): KubernetesObject {
  const file = join(context.tools.moduleDir(MODULE), "deploy", "configmap.yaml");
  return inNamespace(parse(readFileSync(file, "utf8")) as KubernetesObject);
}

/** Accounts of the operator's DaemonSets: its bundle makes them, and no pod starts without. */
function serviceAccounts(context: SandboxContext): KubernetesObject[] {
  const file = join(context.tools.moduleDir(MODULE), "deploy", "service_account.yaml");
  const documents = parseAllDocuments(readFileSync(file, "utf8"));
  return documents.map((document) => inNamespace(document.toJS() as KubernetesObject));
}

function inNamespace(object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, namespace: NAMESPACE } };
}

/**
 * Copies the manifests that the operator renders from its working directory. It registers its webhooks by Service,
 * which nothing routes here: the copy has the URL of the webhook program instead. So the operator itself registers and
 * removes the webhook, as its configuration says. The resource injector is no module of ours and is left out.
 */
function writeManifests(context: SandboxContext, folder: string, port: number): void {
  const source = join(context.tools.moduleDir(MODULE), "bindata");
  const bundle = readFileSync(join(folder, "webhook-ca.crt")).toString("base64");
  copyTree(source, join(folder, "bindata"), (path, text) => {
    if (path.endsWith(join("manifests", "webhook", "003-webhook.yaml"))) return undefined;
    if (!path.endsWith(join("operator-webhook", "003-webhook.yaml"))) return text;
    return text.replace(
      / {6}service:\n {8}name: .*\n {8}namespace: .*\n {8}path: "(.*)"\n/g,
      (_, route: string) => `      url: "https://127.0.0.1:${port}${route}"\n      caBundle: "${bundle}"\n`,
    );
  });
}

function copyTree(from: string, to: string, edit: (path: string, text: string) => string | undefined): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      copyTree(source, target, edit);
      continue;
    }
    const text = edit(source, readFileSync(source, "utf8"));
    if (text !== undefined) writeFileSync(target, text);
  }
}

/** Asks the webhook program itself about a policy that selects nothing; it has to refuse it. */
async function refusalMissing(context: SandboxContext, port: number): Promise<string | undefined> {
  const ca = readFileSync(join(context.dir, "sriov", "webhook-ca.crt"));
  const object = {
    apiVersion: "sriovnetwork.openshift.io/v1",
    kind: "SriovNetworkNodePolicy",
    metadata: { name: "probe", namespace: NAMESPACE },
    spec: { resourceName: "probe", nicSelector: {}, nodeSelector: {}, numVfs: 1 },
  };
  const group = { group: "sriovnetwork.openshift.io", version: "v1" };
  const review = {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "probe",
      kind: { ...group, kind: object.kind },
      resource: { ...group, resource: "sriovnetworknodepolicies" },
      name: "probe",
      namespace: NAMESPACE,
      operation: "CREATE",
      userInfo: {},
      object,
    },
  };
  const answer = await post(`https://127.0.0.1:${port}/validating-custom-resource`, ca, review);
  const allowed = (JSON.parse(answer) as { response?: { allowed?: boolean } }).response?.allowed;
  return allowed === false ? undefined : `it did not refuse an empty nicSelector: ${answer}`;
}

function post(url: string, ca: Buffer, body: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const call = request(url, { method: "POST", ca, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
    call.on("error", reject);
    call.end(JSON.stringify(body));
  });
}

/** A network whose target namespace is the operator's own: the operator has to make its attachment. */
async function reconciliationMissing(api: Api): Promise<string | undefined> {
  const name = "sandbox-probe";
  const network = pathOf("sriovnetwork.openshift.io/v1", "sriovnetworks", { namespace: NAMESPACE, name });
  await ensure(api, "sriovnetworks", {
    apiVersion: "sriovnetwork.openshift.io/v1",
    kind: "SriovNetwork",
    metadata: { name, namespace: NAMESPACE },
    spec: { resourceName: "probe" },
  });
  const attachments = "k8s.cni.cncf.io/v1";
  const made = await api.get(pathOf(attachments, "network-attachment-definitions", { namespace: NAMESPACE, name }));
  if (!made) return "it has not made the attachment of a SriovNetwork";
  await api.remove(network);
  return undefined;
}
