import { expect } from "chai";
import type { z } from "zod";
import { NodePoolArgs, planNodePool } from "../../planning";
import { arrows, properties } from "./plans";

const plan = (args: z.input<typeof NodePoolArgs>) => planNodePool(NodePoolArgs.parse(args));
const label = (role: string) => ({ "machineconfiguration.openshift.io/role": role });

describe("planning of node pools", () => {
  it("holds the pool, writes one MachineConfig per concern and releases it once", () => {
    const planned = plan({
      name: "worker",
      machineCount: 3,
      iommu: "intel",
      hugepages: { size: "1Gi", count: 8 },
      kernelArguments: ["nosmt", "audit=0"],
    });
    const objects = properties(planned);
    const digest = objects["nodes/worker/hold"]?.digest;
    expect(digest).to.match(/^[0-9a-f]{64}$/);
    expect(objects).to.deep.equal({
      "nodes/worker/pool": { metadata: { name: "worker" }, spec: {} },
      "nodes/worker/hold": { pool: "worker", digest },
      "nodes/worker/60-worker-hugepages": {
        metadata: { name: "60-worker-hugepages", labels: label("worker") },
        spec: { kernelArguments: ["default_hugepagesz=1G", "hugepagesz=1G", "hugepages=8"] },
      },
      "nodes/worker/60-worker-iommu": {
        metadata: { name: "60-worker-iommu", labels: label("worker") },
        spec: { kernelArguments: ["intel_iommu=on", "iommu=pt"] },
      },
      "nodes/worker/60-worker-kernel-arguments": {
        metadata: { name: "60-worker-kernel-arguments", labels: label("worker") },
        spec: { kernelArguments: ["nosmt", "audit=0"] },
      },
      "nodes/worker/release": {
        pool: "worker",
        digest,
        configs: ["60-worker-hugepages", "60-worker-iommu", "60-worker-kernel-arguments"],
        machineCount: 3,
      },
    });
    expect(arrows(planned)).to.have.members([
      "nodes/worker/hold -> nodes/worker/pool",
      "nodes/worker/60-worker-hugepages -> nodes/worker/hold",
      "nodes/worker/60-worker-iommu -> nodes/worker/hold",
      "nodes/worker/60-worker-kernel-arguments -> nodes/worker/hold",
      "nodes/worker/release -> nodes/worker/60-worker-hugepages",
      "nodes/worker/release -> nodes/worker/60-worker-iommu",
      "nodes/worker/release -> nodes/worker/60-worker-kernel-arguments",
    ]);
    expect(planned.components).to.deep.equal([
      { id: "nodes/worker", token: "ove:nodes:NodePool", gate: "nodes/worker/release" },
    ]);
  });

  it("makes a custom pool that inherits from worker, and takes worker and master over as they are", () => {
    expect(properties(plan({ name: "dpdk", machineCount: 2, maxUnavailable: "50%" }))["nodes/dpdk/pool"]).to.deep.equal(
      {
        metadata: { name: "dpdk" },
        spec: {
          maxUnavailable: "50%",
          machineConfigSelector: {
            matchExpressions: [
              { key: "machineconfiguration.openshift.io/role", operator: "In", values: ["worker", "dpdk"] },
            ],
          },
          nodeSelector: { matchLabels: { "node-role.kubernetes.io/dpdk": "" } },
        },
      },
    );
    expect(properties(plan({ name: "master", machineCount: 3, maxUnavailable: 1 }))["nodes/master/pool"]).to.deep.equal(
      {
        metadata: { name: "master" },
        spec: { maxUnavailable: 1 },
      },
    );
  });

  it("needs no rollout where nodes boot with nothing of ours", () => {
    const planned = plan({ name: "worker", machineCount: 3, maxUnavailable: 2 });
    expect(planned.objects.map((object) => object.id)).to.deep.equal(["nodes/worker/pool"]);
    expect(planned.components[0]?.gate).to.equal("nodes/worker/pool");
  });

  it("never declares `paused`, which the SR-IOV operator writes", () => {
    for (const name of ["worker", "dpdk"]) {
      const spec = properties(plan({ name, machineCount: 1, iommu: "amd" }))[`nodes/${name}/pool`]?.spec;
      expect(spec).not.to.have.property("paused");
    }
  });

  it("writes files and units as Ignition 3.2.0, modes as numbers", () => {
    const planned = plan({
      name: "worker",
      machineCount: 1,
      files: [
        { path: "/etc/b", mode: "0755", content: "ü\n" },
        { path: "/etc/a", content: "" },
      ],
      units: [
        {
          name: "openvswitch.service",
          enabled: true,
          dropins: [{ name: "10-a.conf", content: "[Service]\n" }],
        },
      ],
    });
    expect(properties(planned)["nodes/worker/60-worker-files"]?.spec).to.deep.equal({
      config: {
        ignition: { version: "3.2.0" },
        storage: {
          files: [
            {
              path: "/etc/a",
              mode: 420,
              overwrite: true,
              contents: { source: "data:text/plain;charset=utf-8;base64," },
            },
            {
              path: "/etc/b",
              mode: 493,
              overwrite: true,
              contents: { source: "data:text/plain;charset=utf-8;base64,w7wK" },
            },
          ],
        },
        systemd: {
          units: [
            { name: "openvswitch.service", enabled: true, dropins: [{ name: "10-a.conf", contents: "[Service]\n" }] },
          ],
        },
      },
    });
  });

  it("opens the hold again when what it protects changes, and only then", () => {
    const digest = (args: object) => {
      const objects = properties(plan({ name: "worker", machineCount: 3, iommu: "intel", ...args }));
      expect(objects["nodes/worker/hold"]?.digest).to.equal(objects["nodes/worker/release"]?.digest);
      return objects["nodes/worker/hold"]?.digest;
    };
    expect(digest({ machineCount: 4, maxUnavailable: 2 })).to.equal(digest({}));
    expect(digest({ iommu: "amd" })).not.to.equal(digest({}));
    expect(digest({ kernelArguments: ["a", "b"] })).not.to.equal(digest({ kernelArguments: ["b", "a"] }));
  });
});
