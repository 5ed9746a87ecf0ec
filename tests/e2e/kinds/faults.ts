import type { JsonObject, KubernetesObject } from "../../../model";
import type { FaultName } from "../../../sandbox/agents/faults";
import { endingFaultRows, liftedFaultRows } from "./more-faults";

/** What a kind says when its operator cannot do it: the wait ends at once with the operator's own words. */
export interface FaultRow {
  token: string;
  /** The fault that is switched on, and for which target; absent where the sandbox's own state is the fault. */
  fault?: { name: FaultName; target: string };
  inputs: JsonObject;
  /** What the error must say; with `lifted` what the wait must say. */
  says: RegExp;
  /** The operator outlasts the fault: it is lifted once the wait says so, and what was waited for comes to be. */
  lifted?: true;
  /** The API server itself refuses the object under the fault; waited for, as that begins a moment after the switch. */
  refused?: true;
  /** Objects that the test makes under the fault, and removes. */
  needs?: KubernetesObject[];
}

const SRIOV = "openshift-sriov-network-operator";

export const faultRows: FaultRow[] = [
  {
    token: "ove:sriov:SriovNetworkNodePolicy",
    fault: { name: "sriov-sync-fails", target: "worker-1" },
    inputs: {
      metadata: { name: "broken", namespace: SRIOV },
      spec: {
        resourceName: "broken",
        nodeSelector: { "kubernetes.io/hostname": "worker-1" },
        nicSelector: { vendor: "15b3", pfNames: ["ens1f1"] },
        numVfs: 2,
      },
    },
    says: /worker-1/,
  },
  {
    token: "ove:machines:DataVolume",
    fault: { name: "import-fails", target: "life/broken" },
    inputs: {
      metadata: { name: "broken", namespace: "life" },
      spec: {
        source: { http: { url: "https://images.example/disk.qcow2" } },
        storage: { resources: { requests: { storage: "1Gi" } } },
      },
    },
    says: /unable to connect to the source/,
  },
  {
    token: "ove:hostnetwork:NodeNetworkConfigurationPolicy",
    fault: { name: "enactment-fails", target: "worker-1" },
    inputs: {
      metadata: { name: "broken" },
      spec: {
        nodeSelector: { "kubernetes.io/hostname": "worker-1" },
        desiredState: {
          interfaces: [
            {
              name: "br-broken",
              type: "linux-bridge",
              state: "up",
              ipv4: { enabled: false },
              bridge: { options: { stp: { enabled: false } }, port: [] },
            },
          ],
        },
      },
    },
    says: /worker-1/,
  },
  {
    // One beside the row's own, in another namespace; machines of other rows are still there when it is deleted.
    token: "ove:virtualization:HyperConverged",
    fault: { name: "hyperconverged-degraded", target: "life/kubevirt-hyperconverged" },
    inputs: {
      metadata: { name: "kubevirt-hyperconverged", namespace: "life" },
      spec: { uninstallStrategy: "RemoveWorkloads" },
    },
    says: /KubeVirt is degraded/,
  },
  {
    token: "ove:operators:Subscription",
    fault: { name: "foreign-csv", target: "life/broken" },
    inputs: {
      metadata: { name: "broken", namespace: "life" },
      spec: {
        name: "broken",
        source: "life-catalog",
        sourceNamespace: "life",
        channel: "stable",
        installPlanApproval: "Manual",
        startingCSV: "broken.v1.0.0",
      },
    },
    // The plan is not approved: it would install somebody else's operator as well.
    says: /install plan|InstallPlan/,
  },
  {
    // No node offers the resource: the scheduler's own words.
    token: "ove:machines:VirtualMachine",
    inputs: {
      metadata: { name: "no-devices", namespace: "life" },
      spec: {
        runStrategy: "Always",
        template: {
          spec: {
            domain: {
              memory: { guest: "1Gi" },
              devices: { interfaces: [{ name: "default", masquerade: {} }] },
            },
            networks: [{ name: "default", pod: {} }],
            nodeSelector: { "no-such": "node" },
          },
        },
      },
    },
    says: /ErrorUnschedulable: .*nodes are available/s,
  },
  ...endingFaultRows,
  ...liftedFaultRows,
];
