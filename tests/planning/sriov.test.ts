import { expect } from "chai";
import type { z } from "zod";
import { planSriov, SriovFabricArgs } from "../../planning";
import { doubts } from "./checked";
import { arrows, properties } from "./plans";

const plan = (args: z.input<typeof SriovFabricArgs>) => planSriov(SriovFabricArgs.parse(args));
const namespace = "openshift-sriov-network-operator";
const pool = { name: "fast", resourceName: "fast", nodePool: "worker", nodes: 3, pfs: ["ens1f0"], numVfs: 8 };

describe("planning of SR-IOV fabrics", () => {
  it("plans the operator, a policy, what nodes will offer, and networks", () => {
    const planned = plan({
      vfPools: [{ ...pool, vendor: "15b3", deviceID: "1017", vfs: { first: 0, last: 3 }, mtu: 9000 }],
      networks: [{ name: "storage", namespace: "web", resourceName: "fast", vlan: 200, spoofChk: "on", trust: "off" }],
    });
    expect(properties(planned)).to.deep.equal({
      "sriov/operator": {
        metadata: { name: "default", namespace },
        spec: { enableInjector: true, enableOperatorWebhook: true, disableDrain: false, logLevel: 2 },
      },
      "sriov/policy/fast": {
        metadata: { name: "fast", namespace },
        spec: {
          resourceName: "fast",
          nodeSelector: { "node-role.kubernetes.io/worker": "" },
          nicSelector: { vendor: "15b3", deviceID: "1017", pfNames: ["ens1f0#0-3"] },
          numVfs: 8,
          deviceType: "vfio-pci",
          isRdma: false,
          mtu: 9000,
          priority: 99,
        },
      },
      "sriov/resource/fast": {
        nodeSelector: { "node-role.kubernetes.io/worker": "" },
        resource: "openshift.io/fast",
        minimum: 4,
        nodes: 3,
      },
      "sriov/network/storage": {
        metadata: { name: "storage", namespace },
        spec: { resourceName: "fast", networkNamespace: "web", vlan: 200, spoofChk: "on", trust: "off" },
      },
      "sriov/ready": { of: "sriov" },
    });
    expect(arrows(planned)).to.have.members([
      "sriov/policy/fast -> sriov/operator",
      "sriov/resource/fast -> sriov/policy/fast",
      "sriov/network/storage -> sriov/operator",
      "sriov/network/storage -> sriov/policy/fast",
      "sriov/ready -> sriov/resource/fast",
      "sriov/ready -> sriov/network/storage",
    ]);
    expect(planned.components).to.deep.equal([{ id: "sriov", token: "ove:sriov:SriovFabric", gate: "sriov/ready" }]);
  });

  it("applies policies one at a time, in the order of names", () => {
    const pools = ["c", "a", "b"].map((name) => ({ ...pool, name, resourceName: name }));
    const chain = arrows(plan({ vfPools: pools })).filter((arrow) => /policy.*policy/.test(arrow));
    expect(chain).to.deep.equal(["sriov/policy/b -> sriov/policy/a", "sriov/policy/c -> sriov/policy/b"]);
  });

  it("is ready with the resource where nothing else waits for it", () => {
    expect(plan({ vfPools: [pool] }).components[0]?.gate).to.equal("sriov/resource/fast");
    expect(plan({}).components[0]?.gate).to.equal("sriov/operator");
  });

  it("counts what several cards and several pools offer together as one resource", () => {
    const planned = plan({
      vfPools: [
        { ...pool, name: "b", pfs: ["ens2f0", "ens2f1"], numVfs: 4 },
        { ...pool, name: "a", vfs: { first: 4, last: 7 } },
        { ...pool, name: "other-nodes", nodePool: "dpdk", nodes: 2 },
      ],
    });
    const objects = properties(planned);
    expect(objects["sriov/resource/a"]).to.deep.include({ resource: "openshift.io/fast", minimum: 4 + 2 * 4 });
    expect(objects["sriov/resource/other-nodes"]).to.deep.include({ minimum: 8, nodes: 2 });
    expect(objects).not.to.have.property("sriov/resource/b");
    expect(arrows(planned)).to.include("sriov/resource/a -> sriov/policy/b");
  });

  it("makes the operator's namespace only if asked", () => {
    const planned = plan({ createNamespace: true, operator: { configDaemonNodeSelector: { sriov: "true" } } });
    const objects = properties(planned);
    expect(objects["sriov/namespace"]).to.deep.equal({ metadata: { name: namespace } });
    expect(objects["sriov/operator"]?.spec).to.deep.include({ configDaemonNodeSelector: { sriov: "true" } });
    expect(arrows(planned)).to.deep.equal(["sriov/operator -> sriov/namespace"]);
  });

  it("configures pools before policies, each node in one of them", () => {
    const planned = plan({
      pools: [
        { name: "workers", nodePool: "worker" },
        { name: "fast", nodePool: "fast", maxUnavailable: "50%", rdmaMode: "exclusive" },
      ],
      vfPools: [pool],
    });
    const role = (name: string) => ({ [`node-role.kubernetes.io/${name}`]: "" });
    expect(properties(planned)["sriov/pool/workers"]?.spec).to.deep.equal({
      maxUnavailable: 1,
      nodeSelector: {
        matchLabels: role("worker"),
        matchExpressions: [{ key: "node-role.kubernetes.io/fast", operator: "DoesNotExist" }],
      },
    });
    expect(properties(planned)["sriov/pool/fast"]?.spec).to.deep.equal({
      maxUnavailable: "50%",
      rdmaMode: "exclusive",
      nodeSelector: { matchLabels: role("fast") },
    });
    expect(arrows(planned)).to.include.members([
      "sriov/pool/fast -> sriov/operator",
      "sriov/pool/workers -> sriov/pool/fast",
      "sriov/policy/fast -> sriov/pool/workers",
    ]);
    expect(doubts(planned)).to.deep.equal([]);
    const twice = [pool, { ...pool, name: "again" }].map(({ name, nodePool }) => ({ name, nodePool }));
    expect(SriovFabricArgs.safeParse({ pools: twice }).error?.issues[0]?.path).to.deep.equal(["pools", 1, "nodePool"]);
  });
});
