import type { Kind } from "../kind";
import { ciliumBGPAdvertisement, ciliumBGPClusterConfig, ciliumBGPPeerConfig } from "./bgp";
import { ciliumConfig } from "./cilium";
import { ciliumNodeConfig } from "./cilium-node-config";
import { dataVolume } from "./data-volumes";
import { nodeDisruptionPolicy } from "./disruption-policy";
import { gateway, httpRoute } from "./gateway";
import { hyperConverged } from "./hyperconverged";
import { nmstate, nodeNetworkConfigurationPolicy } from "./hostnetwork";
import { ciliumL2AnnouncementPolicy, ciliumLoadBalancerIPPool } from "./loadbalancing";
import {
  migrationPolicy,
  virtualMachineClusterInstancetype,
  virtualMachineClusterPreference,
  virtualMachineInstancetype,
  virtualMachinePreference,
} from "./instancetypes";
import { virtualMachine } from "./machines";
import { networkOperator } from "./network-operator";
import { multiNetworkPolicy } from "./multi-network-policies";
import { networkAttachmentDefinition } from "./networks";
import { containerRuntimeConfig, kubeletConfig } from "./kubelet";
import { performanceProfile, tuned } from "./node-tuning";
import { machineConfig, machineConfigPool } from "./nodes";
import { prometheusRule, serviceMonitor } from "./observability";
import { catalogSource, operatorGroup } from "./operators";
import { nodeLabels } from "./node-labels";
import { gate } from "./platform";
import { ciliumClusterwideNetworkPolicy, ciliumNetworkPolicy } from "./policies";
import {
  ciliumCIDRGroup,
  ciliumEgressGatewayPolicy,
  ciliumEnvoyConfig,
  ciliumLocalRedirectPolicy,
} from "./policy-objects";
import { nodeAllocatable, rolloutHold, rolloutRelease } from "./rollout";
import { sriovNetworkNodePolicy, sriovOperatorConfig } from "./sriov";
import { ovsNetwork, sriovIBNetwork, sriovNetwork } from "./sriov-networks";
import { sriovNetworkPoolConfig } from "./sriov-pools";
import { subscription } from "./subscriptions";

/** Everything that the provider knows, by token. */
export const kinds: readonly Kind[] = [
  ciliumConfig,
  ciliumNodeConfig,
  ciliumNetworkPolicy,
  ciliumClusterwideNetworkPolicy,
  ciliumCIDRGroup,
  ciliumEgressGatewayPolicy,
  ciliumLocalRedirectPolicy,
  ciliumEnvoyConfig,
  nmstate,
  nodeNetworkConfigurationPolicy,
  ciliumBGPAdvertisement,
  ciliumBGPClusterConfig,
  ciliumBGPPeerConfig,
  ciliumL2AnnouncementPolicy,
  ciliumLoadBalancerIPPool,
  hyperConverged,
  virtualMachine,
  dataVolume,
  virtualMachineInstancetype,
  virtualMachineClusterInstancetype,
  virtualMachinePreference,
  virtualMachineClusterPreference,
  migrationPolicy,
  multiNetworkPolicy,
  networkAttachmentDefinition,
  networkOperator,
  machineConfig,
  machineConfigPool,
  kubeletConfig,
  containerRuntimeConfig,
  nodeDisruptionPolicy,
  performanceProfile,
  tuned,
  nodeLabels,
  nodeAllocatable,
  rolloutHold,
  rolloutRelease,
  gateway,
  httpRoute,
  prometheusRule,
  serviceMonitor,
  operatorGroup,
  catalogSource,
  subscription,
  gate,
  ovsNetwork,
  sriovIBNetwork,
  sriovNetwork,
  sriovNetworkNodePolicy,
  sriovNetworkPoolConfig,
  sriovOperatorConfig,
];

const byToken = new Map(kinds.map((kind) => [kind.token, kind]));

/** The kind of a token such as `ove:nodes:MachineConfig`, undefined when the provider does not know it. */
export function kindOf(token: string): Kind | undefined {
  return byToken.get(token);
}
