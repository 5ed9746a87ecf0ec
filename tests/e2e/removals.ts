import type { Followed } from "./history";

/** Kinds whose removal is looked at. */
export const REMOVED: readonly Followed[] = [
  { kind: "Namespace", apiVersion: "v1", plural: "namespaces" },
  { kind: "Service", apiVersion: "v1", plural: "services" },
  { kind: "MachineConfig", apiVersion: "machineconfiguration.openshift.io/v1", plural: "machineconfigs" },
  { kind: "PerformanceProfile", apiVersion: "performance.openshift.io/v2", plural: "performanceprofiles" },
  { kind: "Subscription", apiVersion: "operators.coreos.com/v1alpha1", plural: "subscriptions" },
  { kind: "NMState", apiVersion: "nmstate.io/v1", plural: "nmstates" },
  { kind: "NodeNetworkConfigurationPolicy", apiVersion: "nmstate.io/v1", plural: "nodenetworkconfigurationpolicies" },
  { kind: "NetworkAttachmentDefinition", apiVersion: "k8s.cni.cncf.io/v1", plural: "network-attachment-definitions" },
  { kind: "MultiNetworkPolicy", apiVersion: "k8s.cni.cncf.io/v1beta1", plural: "multi-networkpolicies" },
  { kind: "SriovNetworkNodePolicy", apiVersion: "sriovnetwork.openshift.io/v1", plural: "sriovnetworknodepolicies" },
  { kind: "SriovNetwork", apiVersion: "sriovnetwork.openshift.io/v1", plural: "sriovnetworks" },
  { kind: "HyperConverged", apiVersion: "hco.kubevirt.io/v1beta1", plural: "hyperconvergeds" },
  { kind: "DataVolume", apiVersion: "cdi.kubevirt.io/v1beta1", plural: "datavolumes" },
  { kind: "VirtualMachine", apiVersion: "kubevirt.io/v1", plural: "virtualmachines" },
  { kind: "CiliumConfig", apiVersion: "cilium.io/v1alpha1", plural: "ciliumconfigs" },
  { kind: "CiliumNetworkPolicy", apiVersion: "cilium.io/v2", plural: "ciliumnetworkpolicies" },
  { kind: "CiliumLoadBalancerIPPool", apiVersion: "cilium.io/v2", plural: "ciliumloadbalancerippools" },
  { kind: "Gateway", apiVersion: "gateway.networking.k8s.io/v1", plural: "gateways" },
  { kind: "HTTPRoute", apiVersion: "gateway.networking.k8s.io/v1", plural: "httproutes" },
];

/** What goes before what on a destroy: each waits until the one before it has gone. */
export const removalOrders: readonly (readonly [kind: string, name: string])[][] = [
  [
    ["VirtualMachine", "database"],
    ["DataVolume", "database-root"],
    ["HyperConverged", "kubevirt-hyperconverged"],
    ["Subscription", "kubevirt-hyperconverged"],
  ],
  [
    ["VirtualMachine", "multi-network"],
    ["NetworkAttachmentDefinition", "management"],
    ["NodeNetworkConfigurationPolicy", "workers"],
    ["NMState", "nmstate"],
    ["Subscription", "kubernetes-nmstate-operator"],
  ],
  [
    ["NodeNetworkConfigurationPolicy", "workers"],
    ["MachineConfig", "60-worker-files"],
  ],
  [
    ["VirtualMachine", "frontend"],
    ["PerformanceProfile", "worker"],
  ],
  [
    ["VirtualMachine", "frontend"],
    ["SriovNetwork", "fast"],
    ["SriovNetworkNodePolicy", "tenant"],
    ["CiliumConfig", "ciliumconfig"],
  ],
  [
    ["HTTPRoute", "api"],
    ["Gateway", "web"],
    ["CiliumLoadBalancerIPPool", "edge"],
    ["CiliumConfig", "ciliumconfig"],
  ],
  [
    ["Service", "web-ssh"],
    ["CiliumLoadBalancerIPPool", "edge"],
  ],
  [
    ["MultiNetworkPolicy", "backup"],
    ["NetworkAttachmentDefinition", "backup"],
  ],
  [
    ["VirtualMachine", "small"],
    ["CiliumNetworkPolicy", "web"],
    ["CiliumConfig", "ciliumconfig"],
  ],
  [
    ["VirtualMachine", "small"],
    ["CiliumNetworkPolicy", "baseline-isolation"],
    ["CiliumConfig", "ciliumconfig"],
  ],
  [
    ["VirtualMachine", "small"],
    ["Namespace", "web"],
  ],
];
