import type * as pulumi from "@pulumi/pulumi";
import { tokens } from "../planning";
import { CiliumNetwork, type CiliumNetworkArgs } from "./cilium";
import type { PlannedComponent } from "./component";
import { Machine, type MachineArgs } from "./machines";
import { Attachments, type AttachmentsArgs } from "./networks";
import { NodePool, type NodePoolArgs } from "./nodes";
import { Platform, type PlatformArgs } from "./platform";
import { SriovFabric } from "./sriov";

type Construct = (name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions) => PlannedComponent;

/** How a component is made from the inputs of a Construct call, by its token. The constructors check the inputs. */
export const constructors: Readonly<Record<string, Construct>> = {
  [tokens.nodePool]: (name, inputs, options) => new NodePool(name, inputs as NodePoolArgs, options),
  [tokens.ciliumNetwork]: (name, inputs, options) => new CiliumNetwork(name, inputs as CiliumNetworkArgs, options),
  [tokens.sriovFabric]: (name, inputs, options) => new SriovFabric(name, inputs, options),
  [tokens.attachments]: (name, inputs, options) => new Attachments(name, inputs as AttachmentsArgs, options),
  [tokens.machine]: (name, inputs, options) => new Machine(name, inputs as unknown as MachineArgs, options),
  [tokens.platform]: (name, inputs, options) => new Platform(name, inputs as PlatformArgs, options),
};
