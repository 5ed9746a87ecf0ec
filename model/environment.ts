import { z } from "zod";
import {
  ApiServer,
  Attachment,
  checkedMachine,
  checkedVfPool,
  CiliumMinor,
  CiliumNetworkArgs,
  CloudInit,
  ClusterNetworks,
  distinct,
  DnsLabel,
  MachineFields,
  namespacedName,
  NodePoolArgs,
  SriovFabricArgs,
  StringMap,
  VfPoolFields,
} from "./arguments";
import { isObject, type Json, type JsonObject } from "./json";
import { kubeVirtMinors, openShiftVersions } from "./versions";

/** What the cluster is. */
export const Cluster = z.strictObject({
  openshift: z.enum(Object.keys(openShiftVersions)).describe("Minor version of OpenShift, such as `4.20`."),
  cilium: CiliumMinor.default("1.20").describe("Minor version of Cilium: 1.18, 1.19 or 1.20 (default)."),
  kubevirt: z.enum(kubeVirtMinors).describe("Minor version of KubeVirt, such as `1.8`."),
  apiServer: ApiServer.describe("Where nodes reach the API server."),
  clusterNetworks: ClusterNetworks.describe("Blocks of pod addresses, as in the Network object."),
});

/** A namespace of the environment. */
export const EnvironmentNamespace = z.strictObject({
  name: DnsLabel.describe("Name of the namespace."),
  labels: StringMap.default({}).describe("Labels."),
  annotations: StringMap.default({}).describe("Annotations."),
});

const EnvironmentVfPool = checkedVfPool(
  VfPoolFields.extend({
    nodes: VfPoolFields.shape.nodes
      .optional()
      .describe("How many nodes must offer the resource; as many as the node pool has unless given."),
  }),
);

const EnvironmentMachine = checkedMachine(
  MachineFields.omit({ environment: true }).extend({
    cloudInit: CloudInit.extend({
      userDataFrom: z
        .string()
        .min(1)
        .optional()
        .describe("Key in the namespace `ove` of Pulumi's configuration that holds the user data, as a secret."),
    })
      .prefault({})
      .describe("First configuration of the guest."),
  }),
);
export type EnvironmentMachine = z.infer<typeof EnvironmentMachine>;

/** One cluster's declared state. */
export const Environment = z.strictObject({
  name: DnsLabel.describe("Name of the environment; generated hardware addresses depend on it."),
  cluster: Cluster.describe("What the cluster is."),
  nodePools: distinct(NodePoolArgs).default([]).describe("Machine config pools and what their nodes boot with."),
  cilium: CiliumNetworkArgs.omit({ version: true, clusterNetworks: true, apiServer: true })
    .optional()
    .describe("Cilium's configuration; not managed unless given."),
  fabric: SriovFabricArgs.extend({
    vfPools: distinct(EnvironmentVfPool).default([]).describe("Pools of virtual functions."),
  })
    .optional()
    .describe("SR-IOV devices and networks; not managed unless given."),
  namespaces: distinct(EnvironmentNamespace).default([]).describe("Namespaces of networks and machines."),
  networks: distinct(Attachment, namespacedName).default([]).describe("Secondary networks."),
  machines: distinct(EnvironmentMachine, namespacedName).default([]).describe("Virtual machines."),
});
export type Environment = z.infer<typeof Environment>;

/** The key by which an element of a list is recognised in two layers: its namespace and name. */
function keyOf(element: Json): string | undefined {
  if (!isObject(element) || typeof element.name !== "string") return undefined;
  return typeof element.namespace === "string" ? `${element.namespace}/${element.name}` : element.name;
}

/** A list of named things: it has elements, every element has a name and none occurs twice. */
function isNamedList(list: Json[]): boolean {
  const keys = list.map(keyOf);
  return keys.length > 0 && !keys.includes(undefined) && new Set(keys).size === keys.length;
}

function mergeLists(below: Json[], above: Json[]): Json[] {
  const overrides = new Map(above.map((element) => [keyOf(element), element]));
  const merged = below.map((element) => {
    const override = overrides.get(keyOf(element));
    overrides.delete(keyOf(element));
    return override === undefined ? element : mergeLayers(element, override);
  });
  return [...merged, ...overrides.values()];
}

/**
 * Lays one layer of an environment over another: maps are merged deep, lists of named things by name
 * (and namespace, where the things have one), anything else is replaced, also by an empty list. Neither layer is changed.
 */
export function mergeLayers(below: Json, above: Json): Json {
  if (Array.isArray(below) && Array.isArray(above) && isNamedList(below) && isNamedList(above)) {
    return mergeLists(below, above);
  }
  if (!isObject(below) || !isObject(above)) return above;
  const merged: JsonObject = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const under = merged[key];
    merged[key] = under === undefined ? value : mergeLayers(under, value);
  }
  return merged;
}
