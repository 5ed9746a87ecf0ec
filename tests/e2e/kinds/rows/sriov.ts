import type { KindRow } from "../row";

const namespace = "openshift-sriov-network-operator";
const metadata = (name: string) => ({ name, namespace });

export const sriovRows: KindRow[] = [
  {
    token: "ove:sriov:SriovIBNetwork",
    after: ["ove:sriov:SriovOperatorConfig"],
    inputs: {
      metadata: metadata("life-ib"),
      spec: { resourceName: "life", networkNamespace: "life", linkState: "auto" },
    },
    changed: {
      metadata: metadata("life-ib"),
      spec: { resourceName: "life", networkNamespace: "life", linkState: "enable" },
    },
    edit: { spec: { linkState: "disable" } },
    drift: "spec.linkState",
  },
  {
    token: "ove:sriov:OVSNetwork",
    after: ["ove:sriov:SriovOperatorConfig"],
    inputs: { metadata: metadata("life-ovs"), spec: { resourceName: "life", networkNamespace: "life", vlan: 10 } },
    changed: { metadata: metadata("life-ovs"), spec: { resourceName: "life", networkNamespace: "life", vlan: 11 } },
    edit: { spec: { vlan: 12 } },
    drift: "spec.vlan",
  },
  {
    token: "ove:sriov:SriovNetworkPoolConfig",
    after: ["ove:sriov:SriovOperatorConfig"],
    inputs: {
      metadata: metadata("life"),
      spec: { maxUnavailable: 1, nodeSelector: { matchLabels: { "kubernetes.io/hostname": "worker-2" } } },
    },
    changed: {
      metadata: metadata("life"),
      spec: { maxUnavailable: 2, nodeSelector: { matchLabels: { "kubernetes.io/hostname": "worker-2" } } },
    },
    edit: { spec: { maxUnavailable: 3 } },
    drift: "spec.maxUnavailable",
  },
];
