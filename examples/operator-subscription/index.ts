import * as ove from "pulumi-ove";

const provider = new ove.Provider("cluster", { kubeconfig: process.env.KUBECONFIG });

const sriov = new ove.OperatorSubscription(
  "sriov",
  {
    name: "sriov",
    package: "sriov-network-operator",
    namespace: "openshift-sriov-network-operator",
    version: "sriov-network-operator.v4.20.0-202511041201",
  },
  { provider },
);

export const { namespace, ready } = sriov;
