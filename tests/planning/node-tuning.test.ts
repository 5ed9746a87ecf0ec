import { expect } from "chai";
import type { z } from "zod";
import { cpusOf } from "../../model/arguments";
import { Environment } from "../../model/environment";
import { NodePoolArgs, planNodePool, planPlatform } from "../../planning";
import { doubts } from "./checked";
import { full } from "./environments";
import { arrows, properties, waitsFor } from "./plans";

type Pool = z.input<typeof NodePoolArgs>;
const plan = (pool: Pool) => planNodePool(NodePoolArgs.parse(pool));

/** What is wrong with a pool, as `path: message`. */
const wrong = (pool: Pool) =>
  (NodePoolArgs.safeParse(pool).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);

const performance = { reserved: "0-1,16-17", isolated: "2-15,18-31" };

const fast: Pool = {
  name: "fast",
  machineCount: 2,
  nodes: ["b", "a"],
  labels: { "example.com/fast": "yes" },
  taints: [{ key: "example.com/fast", effect: "NoSchedule" }],
  iommu: "intel",
  hugepages: { size: "1Gi", count: 16 },
  kernelArguments: ["nosmt"],
  performance: { ...performance, topologyPolicy: "restricted", realTimeKernel: true },
  kubelet: { maxPods: 100 },
};

const platform = (nodePools: Pool[], more: object = {}) =>
  planPlatform(Environment.parse({ name: "test", cluster: full.cluster, nodePools, ...more }));

describe("tuning of node pools", () => {
  it("makes profile and labels part of the pool's one rollout, and leaves huge pages and IOMMU to the profile", () => {
    const planned = plan(fast);
    const objects = properties(planned);
    const digest = objects["nodes/fast/hold"]?.digest;
    const poolLabel = { "pools.operator.machineconfiguration.openshift.io/fast": "" };
    const role = { "node-role.kubernetes.io/fast": "" };
    expect(Object.keys(objects)).to.deep.equal(
      ["60-fast-kernel-arguments", "hold", "labels", "performance", "pool", "release"].map((id) => `nodes/fast/${id}`),
    );
    expect(objects["nodes/fast/pool"]?.metadata).to.deep.equal({ name: "fast", labels: poolLabel });
    expect(objects["nodes/fast/labels"]).to.deep.equal({
      name: "pool-fast",
      nodes: ["a", "b"],
      labels: { "example.com/fast": "yes", ...role },
      taints: [{ key: "example.com/fast", effect: "NoSchedule" }],
    });
    expect(objects["nodes/fast/performance"]).to.deep.equal({
      metadata: { name: "fast", annotations: { "kubeletconfig.experimental": '{"maxPods":100}' } },
      spec: {
        cpu: { reserved: "0-1,16-17", isolated: "2-15,18-31" },
        hugepages: { defaultHugepagesSize: "1G", pages: [{ size: "1G", count: 16 }] },
        numa: { topologyPolicy: "restricted" },
        realTimeKernel: { enabled: true },
        nodeSelector: role,
        machineConfigPoolSelector: poolLabel,
      },
    });
    expect(objects["nodes/fast/release"]).to.deep.equal({
      pool: "fast",
      digest,
      configs: ["50-nto-fast", "50-performance-fast", "99-fast-generated-kubelet", "60-fast-kernel-arguments"],
      machineCount: 2,
    });
    expect(arrows(planned)).to.have.members([
      "nodes/fast/hold -> nodes/fast/pool",
      "nodes/fast/labels -> nodes/fast/hold",
      "nodes/fast/60-fast-kernel-arguments -> nodes/fast/hold",
      // An empty pool renders nothing of a profile.
      "nodes/fast/performance -> nodes/fast/labels",
      "nodes/fast/release -> nodes/fast/labels",
      "nodes/fast/release -> nodes/fast/performance",
      "nodes/fast/release -> nodes/fast/60-fast-kernel-arguments",
    ]);
    expect(doubts(planned)).to.deep.equal([]);
  });

  it("finds the built-in pools by the label that the installer gave them", () => {
    const kubelet = { cpuManagerPolicy: "static", reservedSystemCPUs: "0-1" } as const;
    const planned = plan({ name: "worker", machineCount: 3, kubelet });
    const objects = properties(planned);
    expect(objects["nodes/worker/kubelet"]).to.deep.equal({
      metadata: { name: "kubelet-worker" },
      spec: {
        machineConfigPoolSelector: { matchLabels: { "pools.operator.machineconfiguration.openshift.io/worker": "" } },
        kubeletConfig: kubelet,
      },
    });
    expect(objects["nodes/worker/pool"]?.metadata).to.deep.equal({ name: "worker" });
    expect(objects["nodes/worker/release"]?.configs).to.deep.equal(["99-worker-generated-kubelet"]);
    expect(doubts(planned)).to.deep.equal([]);
  });

  it("labels nodes without a rollout where they stay in their pool", () => {
    const planned = plan({ name: "worker", machineCount: 3, labels: { zone: "a" } });
    expect(Object.keys(properties(planned))).to.deep.equal(["nodes/worker/labels", "nodes/worker/pool"]);
    expect(properties(planned)["nodes/worker/labels"]?.nodeSelector).to.deep.equal({
      "node-role.kubernetes.io/worker": "",
    });
    expect(planned.components[0]?.gate).to.equal("nodes/worker/labels");
  });

  const cases: [string, Pool, string[]][] = [
    ["a profile alone", { name: "fast", machineCount: 1, performance }, []],
    [
      "what the profile sets",
      {
        name: "fast",
        machineCount: 1,
        performance,
        kubelet: { cpuManagerPolicy: "static", topologyManagerPolicy: "restricted", maxPods: 100 },
        kernelArguments: ["nosmt", "hugepages=4", "isolcpus=2"],
      },
      ["kubelet.cpuManagerPolicy", "kubelet.topologyManagerPolicy", "kernelArguments.1", "kernelArguments.2"],
    ],
    [
      "CPUs of both kinds",
      { name: "fast", machineCount: 1, performance: { reserved: "0-3", isolated: "3-7" } },
      ["performance.isolated"],
    ],
    [
      "no list of CPUs",
      { name: "fast", machineCount: 1, performance: { reserved: "", isolated: "7-3" } },
      ["performance.reserved", "performance.isolated"],
    ],
    ["nodes of a built-in pool", { name: "worker", machineCount: 1, nodes: ["a"] }, ["nodes"]],
    ["more nodes than there are", { name: "fast", machineCount: 1, nodes: ["a", "b"] }, ["machineCount"]],
    ["a node twice", { name: "fast", machineCount: 2, nodes: ["a", "a"] }, ["nodes.1"]],
    ["no setting of the kubelet", { name: "fast", machineCount: 1, kubelet: {} }, ["kubelet"]],
    ["a name too long", { name: "p".repeat(36), machineCount: 1, labels: { a: "b" } }, ["name"]],
  ];
  for (const [what, pool, paths] of cases) {
    it(`checks ${what}`, () => {
      expect(wrong(pool).map((text) => text.split(":")[0])).to.deep.equal(paths);
    });
  }

  it("reads lists of CPUs as Kubernetes does", () => {
    expect(cpusOf("0-2,8")).to.deep.equal([0, 1, 2, 8]);
    for (const list of ["", "a", "1-", "3-1", "0-5000"]) expect(cpusOf(list), list).to.equal(undefined);
  });
});

describe("rollouts of an environment's pools", () => {
  const boot = { kernelArguments: ["audit=0"] };
  const worker: Pool = { name: "worker", machineCount: 3, ...boot };
  const master: Pool = { name: "master", machineCount: 3, ...boot };
  const custom = (name: string, more: object = {}): Pool => ({ name, machineCount: 1, ...more });

  for (const order of [
    ["worker", "fast", "slow", "master"],
    ["fast", "worker", "master", "slow"],
    ["master", "worker", "fast", "slow"],
    ["fast", "slow", "master", "worker"],
  ]) {
    it(`releases in the declared order: ${order.join(", ")}`, () => {
      const all: Record<string, Pool> = { worker, master, fast: custom("fast", boot), slow: custom("slow") };
      const planned = platform(order.flatMap((name) => all[name] ?? []));
      expect(planned.findings).to.deep.equal([]);
      order.forEach((name, index) => {
        for (const earlier of order.slice(0, index)) {
          expect(waitsFor(planned, `nodes/${name}/release`)).to.include(`nodes/${earlier}/release`);
        }
      });
      // Nodes of custom pools take what `worker` boots with: it is written while they are held, before any is released.
      for (const name of ["fast", "slow"]) {
        const written = "nodes/worker/60-worker-kernel-arguments";
        expect(waitsFor(planned, written)).to.include(`nodes/${name}/hold`);
        expect(waitsFor(planned, `nodes/${name}/release`)).to.include(written);
      }
      const before = order.slice(0, order.indexOf("master")).map((name) => `nodes/${name}/release`);
      for (const id of before) expect(waitsFor(planned, "nodes/master/hold")).to.include(id);
    });
  }

  it("holds custom pools one after the other where nothing is inherited, and again when what they inherit changes", () => {
    const planned = platform([custom("fast", boot), custom("slow", boot)]);
    expect(waitsFor(planned, "nodes/slow/hold")).to.include("nodes/fast/release");
    const digest = (kernelArguments: string[]) =>
      properties(platform([{ ...worker, kernelArguments }, custom("slow", boot)]))["nodes/slow/hold"]?.digest;
    expect(digest(["audit=0"])).to.not.equal(digest(["audit=1"]));
  });

  it("reports a profile for workers beside a custom pool, and nodes in two pools or none", () => {
    const inventory = { nodes: [{ name: "a", role: "worker", cpus: 32, memory: "64Gi", nics: [] }] };
    const pools = [{ ...worker, performance }, custom("fast", { nodes: ["a"] }), custom("slow", { nodes: ["a"] })];
    expect(platform(pools, { inventory }).findings.map(({ path }) => path)).to.deep.equal([
      "nodePools[0].performance",
      "nodePools[2].nodes[0]",
    ]);
    const absent = platform([custom("fast", { nodes: ["b"] })], { inventory });
    expect(absent.findings.map(({ path }) => path)).to.deep.equal(["nodePools[0].nodes[0]"]);
  });

  it("boots nodes in the RDMA mode that the fabric wants, so that the SR-IOV operator reboots none", () => {
    const fabric = { pools: [{ name: "workers", nodePool: "worker", rdmaMode: "exclusive" }] };
    const planned = platform([worker], { fabric });
    expect(properties(planned)["nodes/worker/60-worker-kernel-arguments"]?.spec).to.deep.equal({
      kernelArguments: ["audit=0", "ib_core.netns_mode=0"],
    });
    expect(waitsFor(planned, "sriov/pool/workers")).to.include("nodes/worker/release");
    const none = platform([], { fabric }).findings.map(({ path }) => path);
    expect(none).to.deep.equal(["fabric.pools[0].nodePool"]);
  });

  it("wants a static CPU manager for machines with CPUs of their own, and starts them after its rollout", () => {
    const machine = {
      name: "pinned",
      namespace: "web",
      cpu: { dedicated: true },
      memory: "1Gi",
      rootDisk: { source: "containerDisk", image: "image" },
      nics: [{ binding: "masquerade" }],
    };
    const more = { namespaces: [{ name: "web" }], machines: [machine] };
    const none = platform([worker], more).findings.map(({ path }) => path);
    expect(none).to.deep.equal(["machines[0].cpu.dedicated"]);
    for (const tuning of [{ performance }, { kubelet: { cpuManagerPolicy: "static" as const } }]) {
      const planned = platform([{ ...worker, ...tuning }], more);
      expect(planned.findings).to.deep.equal([]);
      expect(waitsFor(planned, "machines/web/pinned/vm")).to.include("nodes/worker/release");
    }
  });
});
