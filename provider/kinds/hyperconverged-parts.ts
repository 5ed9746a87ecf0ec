import type { Shape } from "../shape";
import { affinity, textMap, tolerations } from "./placement";

export const text: Shape = { type: "string" };
export const flag: Shape = { type: "boolean" };
export const integer: Shape = { type: "integer" };
export const texts: Shape = { type: "array", items: text };
export const textSet: Shape = { type: "array", items: text, listType: "set" };

export const choice = (...values: string[]): Shape => ({ type: "string", enum: values });
export const group = (properties: Record<string, Shape>, required: string[] = []): Shape => ({
  type: "object",
  ...(required.length > 0 ? { required } : {}),
  properties,
});

const int32: Shape = { type: "integer", format: "int32" };
const int64: Shape = { type: "integer", format: "int64" };
const quantity = String.raw`^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`;
const mac = "^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$";
const quantities: Shape = { type: "object", values: { intOrString: true } };

const keyed = (keys: string[], required: string[], properties: Record<string, Shape>): Shape => ({
  type: "array",
  listType: "map",
  listKeys: keys,
  items: group(properties, required),
});

/** A label selector. Source: meta/v1 LabelSelector. */
export const labelSelector: Shape = group({
  matchLabels: textMap,
  matchExpressions: {
    type: "array",
    items: group({ key: text, operator: text, values: texts }, ["key", "operator"]),
  },
});

export const nodePlacement: Shape = group({ affinity, nodeSelector: textMap, tolerations });

const lifetime = group({ duration: text, renewBefore: text });

/** Parts that both versions of the API have, under the same names. Source: HCO v1.18.1 deploy/crds/hco00.crd.yaml. */
export const parts = {
  certConfig: { ...group({ ca: lifetime, server: lifetime }), doc: "How long certificates live, as Go durations." },
  tlsSecurityProfile: group({
    type: choice("Old", "Intermediate", "Modern", "Custom"),
    old: group({}),
    intermediate: group({}),
    modern: group({}),
    custom: group({
      ciphers: texts,
      minTLSVersion: choice("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"),
    }),
  }),
  liveMigrationConfig: {
    ...group({
      network: { ...text, doc: "Name of an attachment in the operator's namespace that migrations go over." },
      bandwidthPerMigration: { ...text, pattern: quantity },
      parallelMigrationsPerCluster: int32,
      parallelOutboundMigrationsPerNode: int32,
      completionTimeoutPerGiB: int64,
      progressTimeout: int64,
      allowAutoConverge: flag,
      allowPostCopy: flag,
      allowWorkloadDisruption: { ...flag, doc: "Newer releases than 1.18 only." },
    }),
    doc: "Limits of live migration; their defaults differ by release.",
  },
  permittedHostDevices: group({
    pciHostDevices: keyed(["pciDeviceSelector"], ["pciDeviceSelector", "resourceName"], {
      pciDeviceSelector: { ...text, doc: "PCI ids, for example `10de:1eb8`." },
      resourceName: text,
      externalResourceProvider: flag,
      disabled: flag,
    }),
    mediatedDevices: keyed(["mdevNameSelector"], ["mdevNameSelector", "resourceName"], {
      mdevNameSelector: text,
      resourceName: text,
      externalResourceProvider: flag,
      disabled: flag,
    }),
    usbHostDevices: keyed(["resourceName"], ["resourceName"], {
      resourceName: text,
      externalResourceProvider: flag,
      disabled: flag,
      selectors: { type: "array", items: group({ vendor: text, product: text }, ["product", "vendor"]) },
    }),
  }),
  networkBinding: {
    type: "object",
    values: group({
      sidecarImage: text,
      networkAttachmentDefinition: text,
      domainAttachmentType: text,
      downwardAPI: text,
      migration: group({ method: text }),
      computeResourceOverhead: group({ limits: quantities, requests: quantities }),
    }),
    doc: "Network binding plugins, by the name that interfaces of machines use.",
  },
  ksmConfiguration: group({ nodeLabelSelector: labelSelector }),
  higherWorkloadDensity: group({ memoryOvercommitPercentage: { type: "integer", minimum: 10 } }),
  evictionStrategy: choice("None", "LiveMigrate", "LiveMigrateIfPossible", "External"),
  uninstallStrategy: {
    ...choice("RemoveWorkloads", "BlockUninstallIfWorkloadsExist"),
    doc: "Whether deletion is refused while there are machines (the default), or takes them along.",
  },
  kubeMacPoolConfiguration: {
    ...group({ rangeStart: { ...text, pattern: mac }, rangeEnd: { ...text, pattern: mac } }),
    doc: "Addresses of machines; without it every cluster draws a range at random.",
  },
  liveUpdateConfiguration: group({
    maxCpuSockets: int32,
    maxGuest: { intOrString: true },
    maxHotplugRatio: int32,
  }),
  workloadUpdateStrategy: group(
    { workloadUpdateMethods: texts, batchEvictionSize: integer, batchEvictionInterval: text },
    ["workloadUpdateMethods"],
  ),
  resourceRequirements: group({
    limits: quantities,
    requests: quantities,
    claims: keyed(["name"], ["name"], { name: text, request: text }),
  }),
  filesystemOverhead: group({
    global: { ...text, pattern: String.raw`^(0(?:\.\d{1,3})?|1)$` },
    storageClass: textMap,
  }),
  storageImport: group({ insecureRegistries: textSet }),
  logVerbosityConfig: group({
    cdi: int32,
    kubevirt: group({
      nodeVerbosity: { type: "object", values: integer },
      virtAPI: integer,
      virtController: integer,
      virtHandler: integer,
      virtLauncher: integer,
      virtOperator: integer,
      virtSynchronizationController: integer,
    }),
  }),
  changedBlockTrackingLabelSelectors: group({
    namespaceLabelSelector: labelSelector,
    virtualMachineLabelSelector: labelSelector,
  }),
  dataImportCronTemplates: {
    type: "array",
    items: group({
      metadata: { type: "object", open: true },
      spec: { type: "object", open: true },
    }),
    doc: "Boot images to keep up to date, beside the common ones or changing them.",
  },
  hypervisors: { type: "array", items: group({ name: choice("kvm", "hyperv-direct") }) },
  instancetypeConfig: group({
    referencePolicy: { ...choice("reference", "expand", "expandAll"), nullable: true },
  }),
  roleAggregationStrategy: choice("AggregateToDefault", "Manual"),
  tuningPolicy: choice("annotation", "highBurst"),
  vmiCPUAllocationRatio: { type: "integer", minimum: 1 },
  vmiCalcConfigName: choice(
    "VmiPodUsage",
    "VirtualResources",
    "DedicatedVirtualResources",
    "IgnoreVmiCalculator",
    "GuestEffectiveResources",
  ),
} satisfies Record<string, Shape>;
