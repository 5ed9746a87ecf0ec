/** What goes before what when prod is destroyed: each waits until the one before it has gone. */
export const prodRemovals: readonly (readonly [kind: string, name: string])[][] = [
  [
    ["VirtualMachine", "database"],
    ["DataVolume", "database-root"],
    ["HyperConverged", "kubevirt-hyperconverged"],
    ["Subscription", "kubevirt-hyperconverged"],
    ["Namespace", "openshift-cnv"],
  ],
  [
    ["VirtualMachine", "multi-network"],
    ["NetworkAttachmentDefinition", "management-network"],
    ["NodeNetworkConfigurationPolicy", "workers"],
    ["NMState", "nmstate"],
    ["Subscription", "kubernetes-nmstate-operator"],
    ["Namespace", "openshift-nmstate"],
  ],
  [
    ["NodeNetworkConfigurationPolicy", "workers"],
    ["MachineConfig", "60-worker-files"],
  ],
  [
    ["VirtualMachine", "high-performance"],
    ["SriovNetwork", "sriov-high-performance"],
    ["SriovNetworkNodePolicy", "machines"],
    ["Subscription", "sriov-network-operator"],
  ],
  [
    ["HTTPRoute", "api"],
    ["Gateway", "web"],
    ["CiliumLoadBalancerIPPool", "edge"],
    ["CiliumConfig", "ciliumconfig"],
  ],
  [
    ["VirtualMachine", "web"],
    ["CiliumNetworkPolicy", "web"],
    ["Namespace", "app-web-prod"],
  ],
  [
    ["VirtualMachine", "database"],
    ["CiliumNetworkPolicy", "baseline-isolation"],
    ["Namespace", "app-database-prod"],
  ],
];
