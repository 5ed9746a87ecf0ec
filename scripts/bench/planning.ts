import type { z } from "zod";
import { Environment } from "../../model/environment";
import { planPlatform } from "../../planning";

/** How many nodes and machines the smallest environment has; the others have twice and four times as many. */
const NODES = 5_000;
const MACHINES = 1_000;
const TENANTS = 20;
const RUNS = 3;

type Input = z.input<typeof Environment>;

/** An environment of machines with images, tenants, policies and several interfaces each, on nodes with devices. */
function environmentOf(nodes: number, machines: number): Environment {
  const tenants = Array.from({ length: TENANTS }, (_, index) => `tenant-${index}`);
  const namespaceOf = (index: number): string => tenants[index % TENANTS] ?? "";
  const every = <T>(map: (index: number) => T): T[] => Array.from({ length: machines }, (_, index) => map(index));
  const input: Input = {
    name: "bench",
    cluster: {
      openshift: "4.20",
      kubevirt: "1.8",
      apiServer: { host: "api-int.bench.example" },
      clusterNetworks: [{ cidr: "10.0.0.0/8", hostPrefix: 23 }],
    },
    inventory: {
      nodes: Array.from({ length: nodes }, (_, index) => ({
        name: `node-${index}`,
        role: "worker" as const,
        cpus: 64,
        memory: "256Gi",
        nics: [],
      })),
    },
    nodePools: [{ name: "worker", machineCount: nodes, iommu: "intel", hugepages: { size: "1Gi", count: 16 } }],
    cilium: {},
    fabric: {
      vfPools: [{ name: "fast", resourceName: "fast", nodePool: "worker", pfs: ["ens1f0"], numVfs: 8 }],
      networks: tenants.map((namespace) => ({ name: `fast-${namespace}`, namespace, resourceName: "fast" })),
    },
    networks: [
      {
        name: "lan",
        namespace: "tenant-0",
        namespaces: tenants.slice(1),
        type: "cnv-bridge",
        uplink: "ens2",
        vlan: 10,
      },
    ],
    tenants: tenants.map((name) => ({ name, namespaces: [{ name }] })),
    policies: every((index) => ({
      name: `machine-${index}`,
      namespace: namespaceOf(index),
      subjects: { machine: String(index) },
      ingress: [{ from: [{ labels: { app: "web" } }], ports: [{ port: 443 }] }],
    })),
    virtualization: {},
    images: every((index) => ({
      name: `root-${index}`,
      namespace: namespaceOf(index),
      source: { from: "registry", url: "docker://quay.io/containerdisks/fedora:42" },
      size: "30Gi",
    })),
    machines: every((index) => ({
      name: `machine-${index}`,
      namespace: namespaceOf(index),
      labels: { machine: String(index) },
      memory: "4Gi",
      hugepages: "1Gi",
      rootDisk: { source: "dataVolume", name: `root-${index}` },
      nics: [
        { binding: "masquerade" },
        { name: "lan", binding: "bridge", network: "lan" },
        { name: "fast", binding: "sriov", network: `fast-${namespaceOf(index)}` },
      ],
    })),
  };
  return Environment.parse(input);
}

/** One size of environment and what planning it takes. */
export interface Planned {
  nodes: number;
  machines: number;
  objects: number;
  edgesPerObject: number;
  /** Least of several runs. */
  seconds: number;
}

/** Plans environments of three sizes. */
export function measurePlanning(): Planned[] {
  planPlatform(environmentOf(100, 100));
  return [1, 2, 4].map((factor) => {
    const [nodes, machines] = [NODES * factor, MACHINES * factor];
    const environment = environmentOf(nodes, machines);
    const times = Array.from({ length: RUNS }, () => {
      const start = process.hrtime.bigint();
      const plan = planPlatform(environment);
      return { seconds: Number(process.hrtime.bigint() - start) / 1e9, plan };
    });
    const [{ plan }] = times as [(typeof times)[number]];
    const errors = plan.findings.filter(({ severity }) => severity === "error");
    if (errors[0]) throw new Error(`The measured environment has an error: ${errors[0].path} ${errors[0].message}`);
    const edgesPerObject = plan.edges.length / plan.objects.length;
    return {
      nodes,
      machines,
      objects: plan.objects.length,
      edgesPerObject,
      seconds: Math.min(...times.map((run) => run.seconds)),
    };
  });
}
