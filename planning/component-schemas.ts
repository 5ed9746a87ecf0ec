import { z } from "zod";
import type { JsonObject } from "../model";
import {
  AttachmentsArgs,
  CiliumNetworkArgs,
  HostNetworkArgs,
  GatewaysArgs,
  ImagesArgs,
  LoadBalancersArgs,
  MachineArgs,
  NetworkPoliciesArgs,
  NodePoolArgs,
  ObservabilityArgs,
  OperatorArgs,
  SriovFabricArgs,
  TenantArgs,
  VirtualizationArgs,
} from "../model/arguments";
import { Environment } from "../model/environment";
import { tokens } from "./tokens";

/** What a component takes and puts out, for schema.json and for editors. */
export interface ComponentSchema {
  token: string;
  /** One sentence in own words. */
  doc: string;
  /** JSON Schema of the inputs, before defaults are filled in. */
  inputs: JsonObject;
  /** JSON Schema of the outputs. */
  outputs: JsonObject;
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const described = { ...z.toJSONSchema(schema, { io }), $schema: undefined };
  return JSON.parse(JSON.stringify(described)) as JsonObject;
}

const ready = z.boolean().describe("True once the component really works; unknown before.");

/** Outputs of the components, by name. */
export const componentOutputs = {
  nodePool: z.object({
    ready,
    pool: z.string().describe("Name of the machine config pool."),
    machineConfigs: z.array(z.string()).describe("Names of the MachineConfigs."),
  }),
  ciliumNetwork: z.object({ ready, mtu: z.int().describe("MTU of pods in bytes.") }),
  hostNetwork: z.object({
    ready,
    policies: z.array(z.string()).describe("Names of the NodeNetworkConfigurationPolicies, one for each group."),
  }),
  sriovFabric: z.object({
    ready,
    resources: z.array(z.string()).describe("Resources that nodes offer, with their prefix."),
    networks: z.array(z.string()).describe("Networks that machines can join, as `namespace/name`."),
  }),
  attachments: z.object({
    ready,
    networks: z.array(z.string()).describe("Networks that members can join, as `namespace/name`."),
  }),
  tenant: z.object({ ready, namespaces: z.array(z.string()).describe("Names of the namespaces.") }),
  networkPolicies: z.object({ ready, policies: z.array(z.string()).describe("The policies as `namespace/name`.") }),
  loadBalancers: z.object({
    ready,
    pools: z.array(z.string()).describe("Names of the pools."),
    services: z.array(z.string()).describe("The Services as `namespace/name`."),
  }),
  operatorSubscription: z.object({
    ready,
    namespace: z.string().describe("Namespace that the operator runs in."),
  }),
  virtualization: z.object({
    ready,
    instanceTypes: z.array(z.string()).describe("Names of the instance types."),
  }),
  images: z.object({ ready, images: z.array(z.string()).describe("The volumes as `namespace/name`.") }),
  observability: z.object({ ready, namespace: z.string().describe("Namespace of monitors and rules.") }),
  gateways: z.object({
    ready,
    gateways: z.array(z.string()).describe("The gateways as `namespace/name`."),
    routes: z.array(z.string()).describe("The routes as `namespace/name`."),
  }),
  machine: z.object({
    ready,
    macAddresses: z.record(z.string(), z.string()).describe("Hardware addresses by interface."),
  }),
  platform: z.object({
    ready,
    networks: z.array(z.string()).describe("Networks that machines can join, as `namespace/name`."),
    machines: z.array(z.string()).describe("Virtual machines as `namespace/name`."),
  }),
};

function component(token: string, doc: string, inputs: z.ZodType, outputs: z.ZodType): ComponentSchema {
  return { token, doc, inputs: jsonSchema(inputs, "input"), outputs: jsonSchema(outputs, "output") };
}

/** The schemas of all components. */
export const componentSchemas: readonly ComponentSchema[] = [
  component(
    tokens.nodePool,
    "A machine config pool and what its nodes boot with, applied in one rollout.",
    NodePoolArgs,
    componentOutputs.nodePool,
  ),
  component(
    tokens.ciliumNetwork,
    "Cilium's configuration for OpenShift with virtual machines.",
    CiliumNetworkArgs,
    componentOutputs.ciliumNetwork,
  ),
  component(
    tokens.hostNetwork,
    "Bonds, VLANs, bridges, addresses and routes of the nodes.",
    HostNetworkArgs,
    componentOutputs.hostNetwork,
  ),
  component(
    tokens.sriovFabric,
    "The SR-IOV devices of a cluster: pools of virtual functions and networks on them.",
    SriovFabricArgs,
    componentOutputs.sriovFabric,
  ),
  component(
    tokens.attachments,
    "Secondary networks that pods and virtual machines join.",
    AttachmentsArgs,
    componentOutputs.attachments,
  ),
  component(
    tokens.tenant,
    "Namespaces that belong together, closed to all others.",
    TenantArgs,
    componentOutputs.tenant,
  ),
  component(
    tokens.networkPolicies,
    "What pods and machines of namespaces may do on the network.",
    NetworkPoliciesArgs,
    componentOutputs.networkPolicies,
  ),
  component(
    tokens.loadBalancers,
    "Addresses for Services of type LoadBalancer, who announces them, and the Services.",
    LoadBalancersArgs,
    componentOutputs.loadBalancers,
  ),
  component(
    tokens.operatorSubscription,
    "An operator that the Operator Lifecycle Manager installs, in a declared version.",
    OperatorArgs,
    componentOutputs.operatorSubscription,
  ),
  component(
    tokens.virtualization,
    "OpenShift Virtualization, sizes of machines and how they migrate.",
    VirtualizationArgs,
    componentOutputs.virtualization,
  ),
  component(tokens.images, "Volumes that are filled once, from images.", ImagesArgs, componentOutputs.images),
  component(
    tokens.gateways,
    "Ways into the cluster for HTTP, served by Cilium on its nodes.",
    GatewaysArgs,
    componentOutputs.gateways,
  ),
  component(
    tokens.observability,
    "Scraping of Cilium, alert rules and a dashboard in OpenShift's console.",
    ObservabilityArgs,
    componentOutputs.observability,
  ),
  component(
    tokens.machine,
    "A virtual machine with its networks and first configuration.",
    MachineArgs,
    componentOutputs.machine,
  ),
  component(
    tokens.platform,
    "A whole environment: nodes, network, devices and machines in one graph.",
    Environment,
    componentOutputs.platform,
  ),
];
