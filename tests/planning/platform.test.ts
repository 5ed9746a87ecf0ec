import { expect } from "chai";
import fc from "fast-check";
import type { Json } from "../../model";
import { Environment } from "../../model/environment";
import { planPlatform, topologicalOrder } from "../../planning";
import { full } from "./environments";
import { properties, waitsFor } from "./plans";

type Input = typeof full;

const plan = (input: Input) => planPlatform(Environment.parse(input));

/** The findings' paths and messages. */
const wrong = (input: Input) => plan(input).findings.map((finding) => `${finding.path}: ${finding.message}`);

/** Shuffles the keys of all maps and the lists whose order has no meaning, by a seed. */
function shuffled(value: Json, random: () => number, ordered = false): Json {
  const shuffle = <T>(list: T[]): T[] =>
    list
      .map((item) => ({ item, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, random));
    return ordered ? items : shuffle(items);
  }
  if (typeof value !== "object" || value === null) return value;
  const meaningful = ["nics", "kernelArguments", "nodePools"];
  return Object.fromEntries(
    shuffle(Object.entries(value)).map(([key, inner]) => [
      key,
      shuffled(inner ?? null, random, meaningful.includes(key)),
    ]),
  );
}

describe("planning of environments", () => {
  it("is a graph without findings in which everything can be ordered", () => {
    const planned = plan(full);
    expect(planned.findings).to.deep.equal([]);
    expect(topologicalOrder(planned)).to.have.length(planned.objects.length);
  });

  it("joins the components by the gates that they pass, without edges that others imply", () => {
    const components = new Map(plan(full).components.map(({ id, gate }) => [id, gate]));
    const ofComponent = (id: string) => plan(full).objects.find((object) => object.id === id)?.component;
    const cross = plan(full).edges.filter((edge) => ofComponent(edge.from) !== ofComponent(edge.to));
    const gates = new Set(components.values());
    // Pools that inherit from `worker` are held together with it.
    const own = (to: string) => to.startsWith("platform/namespace/") || to.endsWith("/hold");
    for (const { to } of cross) expect(gates.has(to) || own(to), to).to.equal(true);
    expect(cross.map((edge) => `${edge.from} -> ${edge.to}`)).to.have.members([
      "nodes/worker/hold -> nodes/dpdk/hold",
      "nodes/dpdk/release -> nodes/worker/release",
      "cilium/config -> nodes/dpdk/release",
      "cilium/config -> nodes/master/pool",
      "sriov/policy/fast -> cilium/config",
      "sriov/network/storage -> platform/namespace/web",
      "sriov/network/backup -> platform/namespace/db",
      "networks/web/tenant -> platform/namespace/web",
      "networks/web/tenant -> cilium/config",
      "networks/db/tenant -> platform/namespace/db",
      "networks/db/tenant -> cilium/config",
      "machines/web/frontend/cloud-init -> platform/namespace/web",
      "machines/web/frontend/vm -> networks/ready",
      "machines/web/frontend/vm -> sriov/ready",
      "machines/db/plain/cloud-init -> platform/namespace/db",
      "machines/db/plain/vm -> cilium/config",
      "platform/ready -> machines/web/frontend/vm",
      "platform/ready -> machines/db/plain/vm",
    ]);
  });

  it("says why, for each edge", () => {
    for (const { from, to, reason } of plan(full).edges) expect(reason, `${from} -> ${to}`).to.match(/^\S.{15,}[^.]$/);
  });

  it("starts machines after everything that they use", () => {
    const planned = plan(full);
    const before = waitsFor(planned, "machines/web/frontend/vm");
    for (const id of ["nodes/worker/hold", "cilium/config", "sriov/resource/fast", "sriov/network/storage"]) {
      expect(before, id).to.include(id);
    }
    expect(waitsFor(planned, "platform/ready").size).to.equal(planned.objects.length - 1);
  });

  it("never lets two things that disturb nodes go on at once", () => {
    const planned = plan(full);
    const disturbing = ["nodes/worker/release", "cilium/config", "sriov/policy/fast", "sriov/policy/slow"];
    disturbing.forEach((id, index) => {
      for (const earlier of disturbing.slice(0, index)) expect(waitsFor(planned, id)).to.include(earlier);
    });
  });

  it("hands the cluster's facts to components, and counts VFs on all nodes of a pool unless told otherwise", () => {
    const objects = properties(plan(full));
    const config = objects["cilium/config"]?.spec as Record<string, unknown>;
    expect(config.k8sServiceHost).to.equal("api-int.test.example");
    expect(objects["sriov/resource/fast"]?.nodes).to.equal(3);
    expect(objects["sriov/resource/slow"]?.nodes).to.equal(1);
    expect(objects["platform/namespace/web"]).to.deep.equal({
      metadata: { name: "web", labels: { team: "web", stage: "test" } },
    });
    expect(objects["platform/namespace/db"]).to.deep.equal({ metadata: { name: "db" } });
  });

  it("plans parts that are not there as not there", () => {
    const { name, cluster } = full;
    const planned = plan({ name, cluster });
    expect(planned.components).to.deep.equal([
      { id: "platform", token: "ove:platform:Platform", gate: "platform/ready" },
    ]);
    const rest = plan({ ...full, cilium: undefined });
    expect(waitsFor(rest, "sriov/policy/fast")).to.include("nodes/worker/release");
    expect(rest.findings).to.deep.equal([]);
  });

  it("reports what an environment refers to and does not have, where it does, and plans the rest", () => {
    const input = structuredClone(full);
    input.namespaces = [{ name: "web" }];
    input.nodePools = input.nodePools?.filter((pool) => pool.name !== "dpdk");
    input.networks = [];
    const [network] = input.fabric?.networks ?? [];
    if (network) network.resourceName = "none";
    expect(wrong(input)).to.have.members([
      'fabric.networks[1].namespace: The environment has no namespace "db".',
      'machines[1].namespace: The environment has no namespace "db".',
      'fabric.vfPools[1].nodePool: The environment has no node pool "dpdk".',
      'fabric.networks[0].resourceName: No pool of virtual functions makes "none".',
      'machines[0].nics[1].network: The environment has no attachment "web/tenant".',
    ]);
    expect(properties(plan(input))).to.have.property("machines/web/frontend/vm");
  });

  it("takes namespaces that every cluster has as given", () => {
    const { name, cluster } = full;
    const networks: Input["networks"] = [
      { name: "shared", namespace: "openshift-multus", type: "bridge", bridge: "br" },
    ];
    expect(wrong({ name, cluster, networks })).to.deep.equal([]);
  });

  it("is the same text for the same environment, whatever the order of maps and of lists without order", () => {
    const expected = JSON.stringify(plan(full));
    expect(JSON.stringify(plan(structuredClone(full)))).to.equal(expected);
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
        const random = () => stream.next().value as number;
        const input = shuffled(full, random) as unknown as Input;
        expect(JSON.stringify(plan(input))).to.equal(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("has a number of edges that grows with that of objects only", () => {
    const machines = (count: number): Input["machines"] =>
      Array.from({ length: count }, (_, index) => ({
        name: `vm-${index}`,
        namespace: "web",
        memory: "1Gi",
        rootDisk: { source: "containerDisk" as const, image: "image" },
        nics: [{ name: "tenant", binding: "bridge" as const, network: "tenant" }],
      }));
    const edges = (count: number) => plan({ ...full, machines: machines(count) }).edges.length;
    expect(edges(40) - edges(20)).to.equal(edges(60) - edges(40));
  });
});
