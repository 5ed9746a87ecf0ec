import { expect } from "chai";
import type { KubernetesObject } from "../../model";
import { nodeProfile, strikes, tuningPlan } from "../../sandbox/agents/node-tuning";
import { bootArgumentsOf, profileOfNode, tunedOfProfile } from "../../sandbox/agents/node-tuning-objects";

const label = { "node-role.kubernetes.io/worker": "" };
const profile = {
  apiVersion: "performance.openshift.io/v2",
  kind: "PerformanceProfile",
  metadata: { name: "p", uid: "u" },
  spec: { cpu: { reserved: "0", isolated: "1" }, nodeSelector: label, additionalKernelArgs: ["quiet"] },
} as unknown as KubernetesObject;
const pool = {
  metadata: { name: "worker" },
  spec: { nodeSelector: { matchLabels: label } },
} as unknown as KubernetesObject;
const node = { metadata: { name: "n", labels: label } } as unknown as KubernetesObject;

describe("the simulated Node Tuning Operator", () => {
  const tuned = tunedOfProfile(profile, "worker").object;
  const made = (nodes: KubernetesObject[], seen?: KubernetesObject): string[] =>
    tuningPlan(profile, [pool], nodes, seen).objects.map(({ object }) => object.metadata.name);

  it("makes the Tuned alone until the nodes of the pool have reported, which in an empty pool never happens", () => {
    expect(made([node])).to.deep.equal(["openshift-node-performance-p"]);
    expect(made([], tuned)).to.deep.equal(["openshift-node-performance-p"]);
    expect(made([node], tuned)).to.deep.equal([
      "openshift-node-performance-p",
      "50-nto-worker",
      "50-performance-p",
      "performance-p",
      "performance-p",
    ]);
  });

  it("writes the profile's CPUs into the kubelet's settings, over those that the annotation carries", () => {
    const annotations = { "kubeletconfig.experimental": '{"maxPods":100,"cpuManagerPolicy":"none"}' };
    const annotated = { ...profile, metadata: { ...profile.metadata, annotations } };
    const { objects } = tuningPlan(annotated, [pool], [node], tuned);
    expect(objects.find(({ resource }) => resource === "kubeletconfigs")?.object.spec?.kubeletConfig).to.deep.equal({
      cpuManagerPolicy: "static",
      maxPods: 100,
      reservedSystemCPUs: "0",
      topologyManagerPolicy: "best-effort",
    });
  });

  it("degrades a profile without a pool", () => {
    const { objects, conditions } = tuningPlan(profile, [], [node], undefined);
    expect(objects).to.deep.equal([]);
    expect(conditions.find(({ type }) => type === "Degraded")?.status).to.equal("True");
  });

  it("gives nodes the strongest profile and its kernel arguments", () => {
    const name = profileOfNode(node, [tuned], [pool]);
    expect(name).to.equal("openshift-node-performance-p");
    expect(bootArgumentsOf(name, [tuned])).to.include.members(["iommu=pt", "quiet"]);
    expect(profileOfNode({ ...node, metadata: { name: "m" } }, [tuned], [pool])).to.equal("openshift-node");
  });

  it("degrades a node's profile by a fault", () => {
    const statuses = (broken: boolean): unknown[] =>
      (nodeProfile("x", broken).status.conditions as { status: string }[]).map(({ status }) => status);
    expect([statuses(false), statuses(true)]).to.deep.equal([
      ["True", "False"],
      ["False", "True"],
    ]);
  });

  it("is struck by a fault when a node gets another profile, not in what the node runs already", () => {
    const running = (profile: string, broken: boolean): KubernetesObject => ({
      apiVersion: "tuned.openshift.io/v1",
      kind: "Profile",
      metadata: { name: "n" },
      status: nodeProfile(profile, broken).status,
    });
    expect(strikes(undefined, "x")).to.equal(true);
    expect(strikes(running("y", false), "x")).to.equal(true);
    expect(strikes(running("x", true), "x")).to.equal(true);
    expect(strikes(running("x", false), "x")).to.equal(false);
  });
});
