export * from "./component-schemas";
export { PLATFORM } from "./domains/domain";
export * from "./environment";
export { unanswered } from "./answers";
export { GATEWAYS, GatewaysArgs, planGateways } from "./gateway";
export * from "./graph";
export { HostNetworkArgs, planHostNetwork } from "./hostnetwork";
export { AttachmentsArgs, planAttachments } from "./networks";
export { CiliumNetworkArgs, ciliumValues, planCilium } from "./cilium";
export { type DayOne, type DayOneFile, planDayOne } from "./day1";
export { LOAD_BALANCERS, LoadBalancersArgs, planLoadBalancers } from "./loadbalancing";
export { MachineArgs, macAddress, machineComponent, planMachine } from "./machines";
export { NodePoolArgs, planNodePool } from "./nodes";
export { OBSERVABILITY, ObservabilityArgs, planObservability } from "./observability";
export { OperatorArgs, operatorComponent, planOperator } from "./operators";
export { planPlatform } from "./platform";
export { NetworkPoliciesArgs, planNetworkPolicies } from "./policies";
export { planSriov, SriovFabricArgs } from "./sriov";
export { planTenant, TenantArgs, tenantComponent } from "./tenants";
export { sourceOf } from "./sources";
export { NoSuchTarget, troubleshoot } from "./troubleshoot";
export { tokens } from "./tokens";
export { type Validated, validate } from "./validate";
export {
  IMAGES,
  ImagesArgs,
  planImages,
  planVirtualization,
  VIRTUALIZATION,
  VirtualizationArgs,
} from "./virtualization";
