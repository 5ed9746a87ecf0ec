export { Attachments, type AttachmentsArgs } from "./networks";
export { CiliumNetwork, type CiliumNetworkArgs } from "./cilium";
export { Machine, type CloudInitArgs, type MachineArgs } from "./machines";
export { NodePool, type NodePoolArgs } from "./nodes";
export { Platform, type PlatformArgs } from "./platform";
export { Provider, type ProviderArgs } from "../provider/resources";
export { SriovFabric, type SriovFabricArgs } from "./sriov";
