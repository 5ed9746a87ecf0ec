import type { KubernetesObject } from "../../model";

/** Version of the OpenShift release that the sandbox plays. */
export const RELEASE_VERSION = "4.19.0";

/** `pkg/version.Raw` that the Machine Config Controller is built with; the ControllerConfig has to name the same. */
export const CONTROLLER_VERSION = "v4.19.0";

/** An object with the API path of its collection, and the status that a cluster operator would have written. */
export interface BaseObject {
  resource: string;
  object: KubernetesObject;
  status?: object;
}

const DIGEST = `sha256:${"a".repeat(64)}`;
const CONFIG = "config.openshift.io/v1";
const HOST = "example.test";

const infrastructureStatus = {
  infrastructureName: "sandbox-a1b2c",
  platform: "None",
  platformStatus: { type: "None" },
  apiServerURL: `https://api.${HOST}:6443`,
  apiServerInternalURI: `https://api-int.${HOST}:6443`,
  controlPlaneTopology: "HighlyAvailable",
  infrastructureTopology: "HighlyAvailable",
  cpuPartitioning: "None",
  etcdDiscoveryDomain: "",
};

const clusterVersionStatus = {
  desired: { version: RELEASE_VERSION, image: `quay.example/release@${DIGEST}` },
  history: [
    {
      state: "Completed",
      version: RELEASE_VERSION,
      image: `quay.example/release@${DIGEST}`,
      startedTime: "2026-01-01T00:00:00Z",
      completionTime: "2026-01-01T01:00:00Z",
      verified: true,
    },
  ],
  observedGeneration: 1,
  versionHash: "sandbox",
  availableUpdates: [],
  conditions: [
    { type: "Available", status: "True", lastTransitionTime: "2026-01-01T01:00:00Z" },
    { type: "Progressing", status: "False", lastTransitionTime: "2026-01-01T01:00:00Z" },
    { type: "Failing", status: "False", lastTransitionTime: "2026-01-01T01:00:00Z" },
  ],
};

const clusterNetwork = {
  clusterNetwork: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  serviceNetwork: ["172.30.0.0/16"],
};

/** Namespaces that OpenShift's release makes and that the operators here work in. */
export const namespaces = [
  "openshift-config",
  "openshift-config-managed",
  "openshift-machine-config-operator",
  "openshift-multus",
];

function config(resource: string, kind: string, spec: object, status?: object): BaseObject {
  const object = { apiVersion: CONFIG, kind, metadata: { name: "cluster" }, spec } as KubernetesObject;
  return { resource, object, status };
}

/** Objects of a freshly installed cluster that the Machine Config Controller and the SR-IOV operator read. */
export function baseObjects(featureGates: string[]): BaseObject[] {
  const disabled = featureGates.map((name) => ({ name }));
  return [
    config("infrastructures", "Infrastructure", { platformSpec: { type: "None" } }, infrastructureStatus),
    config("featuregates", "FeatureGate", {}, { featureGates: [{ version: RELEASE_VERSION, enabled: [], disabled }] }),
    config("schedulers", "Scheduler", {}),
    config("images", "Image", {}),
    config("nodes", "Node", {}),
    config("apiservers", "APIServer", {}),
    config("dnses", "DNS", { baseDomain: HOST }),
    networkConfig(),
    {
      resource: "clusterversions",
      object: {
        apiVersion: CONFIG,
        kind: "ClusterVersion",
        metadata: { name: "version" },
        spec: { clusterID: "11111111-1111-4111-8111-111111111111" },
      },
      status: clusterVersionStatus,
    },
    {
      resource: "networks",
      object: {
        apiVersion: "operator.openshift.io/v1",
        kind: "Network",
        metadata: { name: "cluster" },
        spec: {
          managementState: "Managed",
          defaultNetwork: { type: "Cilium" },
          deployKubeProxy: false,
          ...clusterNetwork,
        },
      },
    },
    {
      resource: "machineconfigurations",
      object: {
        apiVersion: "operator.openshift.io/v1",
        kind: "MachineConfiguration",
        metadata: { name: "cluster" },
        spec: { managementState: "Managed" },
      },
    },
    controllerConfig(),
    pool("master"),
    pool("worker"),
  ];
}

/** This kind has no status subresource: the status is written with the object. */
function networkConfig(): BaseObject {
  const network = { networkType: "Cilium", ...clusterNetwork };
  const object = { apiVersion: CONFIG, kind: "Network", metadata: { name: "cluster" }, spec: network, status: network };
  return { resource: "networks", object };
}

/** What the Machine Config Operator hands to its controller: the input of all templates. */
function controllerConfig(): BaseObject {
  return {
    resource: "controllerconfigs",
    object: {
      apiVersion: "machineconfiguration.openshift.io/v1",
      kind: "ControllerConfig",
      metadata: {
        name: "machine-config-controller",
        annotations: {
          "machineconfiguration.openshift.io/generated-by-version": CONTROLLER_VERSION,
          "machineconfiguration.openshift.io/release-image-version": RELEASE_VERSION,
        },
      },
      spec: {
        additionalTrustBundle: null,
        cloudProviderCAData: null,
        cloudProviderConfig: "",
        clusterDNSIP: "172.30.0.10",
        images: { machineConfigOperator: `quay.example/mco@${DIGEST}` },
        ipFamilies: "IPv4",
        kubeAPIServerServingCAData: "QQ==",
        baseOSContainerImage: `quay.example/os@${DIGEST}`,
        osImageURL: "",
        network: { mtuMigration: null },
        proxy: {},
        releaseImage: `quay.example/release@${DIGEST}`,
        pullSecret: { name: "pull-secret", namespace: "openshift-config", kind: "Secret" },
        rootCAData: "QQ==",
        infra: {
          apiVersion: CONFIG,
          kind: "Infrastructure",
          metadata: { name: "cluster" },
          spec: { cloudConfig: { name: "" }, platformSpec: { type: "None" } },
          status: infrastructureStatus,
        },
        dns: {
          apiVersion: CONFIG,
          kind: "DNS",
          metadata: { name: "cluster" },
          spec: { baseDomain: HOST, platform: { type: "" } },
          status: {},
        },
      },
    },
  };
}

/** The two pools that every cluster has, as the operator's manifests make them. */
function pool(name: "master" | "worker"): BaseObject {
  return {
    resource: "machineconfigpools",
    object: {
      apiVersion: "machineconfiguration.openshift.io/v1",
      kind: "MachineConfigPool",
      metadata: {
        name,
        labels: {
          "machineconfiguration.openshift.io/mco-built-in": "",
          [`pools.operator.machineconfiguration.openshift.io/${name}`]: "",
          ...(name === "master" ? { "operator.machineconfiguration.openshift.io/required-for-upgrade": "" } : {}),
        },
      },
      spec: {
        machineConfigSelector: { matchLabels: { "machineconfiguration.openshift.io/role": name } },
        nodeSelector: { matchLabels: { [`node-role.kubernetes.io/${name}`]: "" } },
      },
    },
  };
}
