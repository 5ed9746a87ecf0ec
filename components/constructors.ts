import type * as pulumi from "@pulumi/pulumi";
import { tokens } from "../planning";
import { CiliumNetwork, type CiliumNetworkArgs } from "./cilium";
import type { PlannedComponent } from "./component";
import { HostNetwork } from "./hostnetwork";
import { Gateways } from "./gateway";
import { LoadBalancers, type LoadBalancersArgs } from "./loadbalancing";
import { Machine, type MachineArgs } from "./machines";
import { Attachments, type AttachmentsArgs } from "./networks";
import { NodePool, type NodePoolArgs } from "./nodes";
import { Observability } from "./observability";
import { OperatorSubscription, type OperatorSubscriptionArgs } from "./operators";
import { Platform, type PlatformArgs } from "./platform";
import { NetworkPolicies, type NetworkPoliciesArgs } from "./policies";
import { SriovFabric } from "./sriov";
import { Tenant, type TenantArgs } from "./tenants";
import { Images, type ImagesArgs, Virtualization } from "./virtualization";

type Construct = (name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions) => PlannedComponent;

/** How a component is made from the inputs of a Construct call, by its token. The constructors check the inputs. */
export const constructors: Readonly<Record<string, Construct>> = {
  [tokens.nodePool]: (name, inputs, options) => new NodePool(name, inputs as NodePoolArgs, options),
  [tokens.ciliumNetwork]: (name, inputs, options) => new CiliumNetwork(name, inputs as CiliumNetworkArgs, options),
  [tokens.hostNetwork]: (name, inputs, options) => new HostNetwork(name, inputs, options),
  [tokens.sriovFabric]: (name, inputs, options) => new SriovFabric(name, inputs, options),
  [tokens.attachments]: (name, inputs, options) => new Attachments(name, inputs as AttachmentsArgs, options),
  [tokens.tenant]: (name, inputs, options) => new Tenant(name, inputs as TenantArgs, options),
  [tokens.networkPolicies]: (name, inputs, options) =>
    new NetworkPolicies(name, inputs as NetworkPoliciesArgs, options),
  [tokens.loadBalancers]: (name, inputs, options) => new LoadBalancers(name, inputs as LoadBalancersArgs, options),
  [tokens.operatorSubscription]: (name, inputs, options) =>
    new OperatorSubscription(name, inputs as OperatorSubscriptionArgs, options),
  [tokens.virtualization]: (name, inputs, options) => new Virtualization(name, inputs, options),
  [tokens.images]: (name, inputs, options) => new Images(name, inputs as ImagesArgs, options),
  [tokens.observability]: (name, inputs, options) => new Observability(name, inputs, options),
  [tokens.gateways]: (name, inputs, options) => new Gateways(name, inputs, options),
  [tokens.machine]: (name, inputs, options) => new Machine(name, inputs as unknown as MachineArgs, options),
  [tokens.platform]: (name, inputs, options) => new Platform(name, inputs as PlatformArgs, options),
};
