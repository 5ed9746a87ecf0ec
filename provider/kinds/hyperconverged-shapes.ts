import type { Shape } from "../shape";
import { flag, group, labelSelector, nodePlacement, parts, text, texts, textSet } from "./hyperconverged-parts";
import { textMap } from "./placement";

const flags = (...names: string[]): Shape => group(Object.fromEntries(names.map((name) => [name, flag])));

const {
  vmiCPUAllocationRatio,
  vmiCalcConfigName,
  resourceRequirements,
  certConfig,
  tlsSecurityProfile,
  kubeMacPoolConfiguration,
  networkBinding,
  dataImportCronTemplates,
  instancetypeConfig,
  filesystemOverhead,
  storageImport,
  logVerbosityConfig,
  uninstallStrategy,
  ...machines
} = parts;

/** Fields of v1 about machines that v1beta1 has directly in `spec`. */
const { workloadUpdateStrategy, ...running } = machines;

const flat: Shape = group({
  ...running,
  workloadUpdateStrategy,
  certConfig,
  tlsSecurityProfile,
  kubeMacPoolConfiguration,
  networkBinding,
  dataImportCronTemplates,
  instancetypeConfig,
  filesystemOverhead,
  storageImport,
  logVerbosityConfig,
  uninstallStrategy,
  featureGates: flags(
    "alignCPUs",
    "autoResourceLimits",
    "containerPathVolumes",
    "decentralizedLiveMigration",
    "declarativeHotplugVolumes",
    "deployKubeSecondaryDNS",
    "deployKubevirtIpamController",
    "deployTektonTaskResources",
    "deployVmConsoleProxy",
    "disableMDevConfiguration",
    "downwardMetrics",
    "enableApplicationAwareQuota",
    "enableCommonBootImageImport",
    "enableManagedTenantQuota",
    "enableMultiArchBootImageImport",
    "incrementalBackup",
    "nonRoot",
    "objectGraph",
    "persistentReservation",
    "primaryUserDefinedNetworkBinding",
    "videoConfig",
    "withHostPassthroughCPU",
  ),
  infra: { ...group({ nodePlacement }), doc: "Where the operators' own pods run." },
  workloads: { ...group({ nodePlacement }), doc: "Nodes that can run machines." },
  applicationAwareConfig: group({
    allowApplicationAwareClusterResourceQuota: flag,
    namespaceSelector: labelSelector,
    vmiCalcConfigName,
  }),
  CommonInstancetypesDeployment: group({ enabled: flag }),
  commonBootImageNamespace: text,
  commonTemplatesNamespace: text,
  defaultCPUModel: text,
  defaultRuntimeClass: text,
  deployVmConsoleProxy: flag,
  enableApplicationAwareQuota: flag,
  enableCommonBootImageImport: flag,
  kubeSecondaryDNSNameServerIP: text,
  localStorageClassName: text,
  mediatedDevicesConfiguration: group({
    mediatedDeviceTypes: texts,
    mediatedDevicesTypes: { ...texts, doc: "Former name of mediatedDeviceTypes." },
    nodeMediatedDeviceTypes: {
      type: "array",
      items: group({ nodeSelector: textMap, mediatedDeviceTypes: texts, mediatedDevicesTypes: texts }, [
        "nodeSelector",
      ]),
    },
  }),
  obsoleteCPUs: group({ cpuModels: textSet, minCPUModel: text }),
  resourceRequirements: group({
    storageWorkloads: resourceRequirements,
    vmiCPUAllocationRatio,
    autoCPULimitNamespaceLabelSelector: labelSelector,
  }),
  scratchSpaceStorageClass: text,
  tektonPipelinesNamespace: text,
  tektonTasksNamespace: text,
  vddkInitImage: text,
  virtualMachineOptions: flags("disableFreePageReporting", "disableSerialConsoleLog"),
  vmStateStorageClass: text,
});

const nested: Shape = group({
  featureGates: {
    type: "array",
    maxItems: 64,
    items: group({ name: { ...text, maxLength: 256 }, state: { type: "string", enum: ["Enabled", "Disabled"] } }, [
      "name",
    ]),
  },
  virtualization: group({
    ...machines,
    vmiCPUAllocationRatio,
    autoCPULimitNamespaceLabelSelector: labelSelector,
    obsoleteCPUModels: textSet,
    mediatedDevicesConfiguration: group({
      enabled: flag,
      mediatedDeviceTypes: texts,
      nodeMediatedDeviceTypes: {
        type: "array",
        items: group({ nodeSelector: textMap, mediatedDeviceTypes: texts }, ["nodeSelector"]),
      },
    }),
    virtualMachineOptions: group({
      defaultCPUModel: text,
      defaultRuntimeClass: text,
      disableFreePageReporting: flag,
      disableSerialConsoleLog: flag,
    }),
  }),
  storage: group({
    filesystemOverhead,
    storageImport,
    persistentReservationConfiguration: group({ enabled: flag }),
    scratchSpaceStorageClass: text,
    vmStateStorageClass: text,
    workloadResourceRequirements: resourceRequirements,
  }),
  networking: group({ kubeMacPoolConfiguration, networkBinding, kubeSecondaryDNSNameServerIP: text }),
  workloadSources: group({
    commonBootImageNamespace: text,
    commonInstancetypesDeployment: group({ enabled: flag }),
    commonTemplatesNamespace: text,
    dataImportCronTemplates,
    enableCommonBootImageImport: flag,
    enableMultiArchBootImageImport: flag,
    instancetypeConfig,
  }),
  security: group({ certConfig, tlsSecurityProfile }),
  deployment: group({
    uninstallStrategy,
    logVerbosityConfig,
    deployVmConsoleProxy: flag,
    deployNetworkResourcesInjector: flag,
    applicationAwareConfig: group({
      enable: flag,
      allowApplicationAwareClusterResourceQuota: flag,
      namespaceSelector: labelSelector,
      vmiCalcConfigName,
    }),
    nodePlacements: group({ infra: nodePlacement, workload: nodePlacement }),
  }),
  observability: group({
    allowedAlerts: texts,
    allowedRecordingRules: texts,
    workloads: group({ allowedMetrics: texts }),
  }),
});

const shapeOf = (spec: Shape): Shape => ({ type: "object", properties: { spec } });

/** Flat: the only version through HCO 1.17, served after it as well. */
export const v1beta1Shape = shapeOf(flat);

/** Nested: served since HCO 1.18. */
export const v1Shape = shapeOf(nested);
