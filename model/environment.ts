import { z } from "zod";
import {
  ApiServer,
  AttachmentList,
  checkedMachine,
  checkedVfPool,
  CiliumEncryption,
  CiliumMinor,
  CiliumNetworkArgs,
  CloudInit,
  ClusterNetworks,
  distinct,
  DnsLabel,
  HostNetworkArgs,
  InterfaceName,
  GatewaysArgs,
  ImageList,
  LoadBalancersArgs,
  MachineFields,
  InventoryArgs,
  namespacedName,
  NetworkPolicy,
  NodePoolArgs,
  ObservabilityFields,
  OperatorArgs,
  ServiceNetworks,
  SriovFabricArgs,
  StringMap,
  TenantArgs,
  VfPoolFields,
  VirtualizationArgs,
} from "./arguments";
import { kubeVirtMinors, openShiftVersions } from "./versions";

export { mergeLayers } from "./layers";

/** What the cluster is. */
export const Cluster = z.strictObject({
  openshift: z.enum(Object.keys(openShiftVersions)).describe("Minor version of OpenShift, such as `4.20`."),
  cilium: CiliumMinor.default("1.20").describe("Minor version of Cilium: 1.18, 1.19 or 1.20 (default)."),
  kubevirt: z.enum(kubeVirtMinors).describe("Minor version of KubeVirt, such as `1.8`."),
  apiServer: ApiServer.describe("Where nodes reach the API server."),
  clusterNetworks: ClusterNetworks.describe("Blocks of pod addresses, as in the Network object."),
  serviceNetwork: ServiceNetworks.default(["172.30.0.0/16"]).describe(
    "Block of service addresses, `172.30.0.0/16` unless given.",
  ),
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
  inventory: InventoryArgs.optional().describe(
    "Nodes and their hardware as `ove inventory` prints them; with them, checks of devices are made before anything is applied.",
  ),
  nodePools: distinct(NodePoolArgs).default([]).describe("Machine config pools and what their nodes boot with."),
  cilium: CiliumNetworkArgs.omit({ version: true, clusterNetworks: true, apiServer: true })
    .extend({
      // A key has no place in a file that is kept with the program.
      encryption: CiliumEncryption.omit({ ipsecKeys: true })
        .optional()
        .describe("Encryption between nodes; the preset's unless given."),
    })
    .optional()
    .describe("Cilium's configuration; not managed unless given."),
  fabric: SriovFabricArgs.extend({
    vfPools: distinct(EnvironmentVfPool).default([]).describe("Pools of virtual functions."),
  })
    .optional()
    .describe("SR-IOV devices and networks; not managed unless given."),
  namespaces: distinct(EnvironmentNamespace).default([]).describe("Namespaces of networks and machines."),
  hostInterfaces: z
    .array(InterfaceName)
    .optional()
    .describe("Interfaces and bridges that the nodes have by themselves; with them, names of others are errors."),
  hostNetwork: HostNetworkArgs.optional().describe("Bonds, VLANs, bridges, addresses and routes of the nodes."),
  networks: AttachmentList.default([]).describe("Secondary networks."),
  operators: distinct(OperatorArgs).default([]).describe("Operators that the Operator Lifecycle Manager installs."),
  virtualization: VirtualizationArgs.optional().describe("OpenShift Virtualization; not managed unless given."),
  images: ImageList.default([]).describe("Volumes that are filled once, for machines to start from."),
  tenants: distinct(TenantArgs).default([]).describe("Namespaces that belong together, closed to all others."),
  loadBalancers: LoadBalancersArgs.optional().describe("Addresses for Services of type LoadBalancer."),
  gateways: GatewaysArgs.optional().describe("Ways into the cluster for HTTP, served by Cilium."),
  observability: ObservabilityFields.optional().describe("Scraping, alerts and a dashboard; none unless given."),
  policies: distinct(NetworkPolicy, namespacedName)
    .default([])
    .describe("What pods and machines may do on the network."),
  machines: distinct(EnvironmentMachine, namespacedName).default([]).describe("Virtual machines."),
});
export type Environment = z.infer<typeof Environment>;
