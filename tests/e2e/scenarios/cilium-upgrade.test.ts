import { join } from "node:path";
import { KubernetesObjectApi } from "@kubernetes/client-node";
import { expect } from "chai";
import type { PlatformArgs } from "../../../components";
import type { JsonObject, KubernetesObject } from "../../../model";
import { operatorParts } from "../../../sandbox/operators";
import { down, type Sandbox, up } from "../../../sandbox/sandbox";
import { Engine } from "../engine";
import { oneStory } from "../../support/story";

const CILIUM = "cilium.io/v2";

type Cilium = NonNullable<PlatformArgs["cilium"]>;

/** The cluster with that minor version of Cilium, and what depends on it: an attachment, a policy, a pool of addresses. */
const environment = (version: "1.19" | "1.20", cilium: Partial<Cilium> = {}): PlatformArgs => ({
  name: "scenario",
  cluster: {
    openshift: "4.20",
    cilium: version,
    kubevirt: "1.8",
    apiServer: { host: "api-int.scenario.example" },
    clusterNetworks: [{ cidr: "10.128.0.0/14", hostPrefix: 23 }],
  },
  cilium: {
    createNamespace: true,
    preset: "secure",
    encryption: { strictEgress: true },
    loadBalancer: { l2Announcements: true },
    ...cilium,
  },
  namespaces: [{ name: "web" }],
  networks: [{ name: "tenant", namespace: "web", type: "cnv-bridge", bridge: "br-tenant" }],
  policies: [
    {
      name: "web",
      namespace: "web",
      subjects: { app: "web" },
      ingress: [{ from: [{ labels: { app: "client" } }], ports: [{ port: 8080 }] }],
    },
  ],
  loadBalancers: {
    pools: [{ name: "edge", blocks: [{ cidr: "10.100.0.0/28" }] }],
    l2: [{ name: "edge", pools: ["edge"], interfaces: ["^br-ex$"] }],
  },
});

/** The tests tell one story on one sandbox, in order: each begins where the one before it ended. */
describe("end to end: Cilium goes to its next minor version", function () {
  this.timeout(600_000);
  oneStory(this);
  let sandbox: Sandbox;
  let engine: Engine;
  let api: KubernetesObjectApi;
  let installed: string[];

  const read = async (apiVersion: string, kind: string, name: string, namespace?: string): Promise<KubernetesObject> =>
    (await api.read({ apiVersion, kind, metadata: { name, namespace } })) as unknown as KubernetesObject;
  const config = () => read("cilium.io/v1alpha1", "CiliumConfig", "ciliumconfig", "cilium");
  const agents = () => read("apps/v1", "DaemonSet", "cilium", "cilium");

  /** Identity and form of what depends on Cilium. */
  async function dependents(): Promise<string[]> {
    const objects = await Promise.all([
      read("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", "tenant", "web"),
      read(CILIUM, "CiliumNetworkPolicy", "web", "web"),
      read(CILIUM, "CiliumLoadBalancerIPPool", "edge"),
    ]);
    return objects.map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.generation}`);
  }

  function describeCluster(version: "1.19" | "1.20", cilium?: Partial<Cilium>): void {
    engine.setVariable("SCENARIO", JSON.stringify(environment(version, cilium)));
  }

  before(async () => {
    sandbox = await up({ name: `cilium-${process.pid}`, parts: operatorParts });
    engine = new Engine(sandbox, { folder: join(__dirname, "environment"), stack: "scenario" });
    api = KubernetesObjectApi.makeApiClient(sandbox.kubeconfig);
    await engine.succeed("stack", "init", "scenario");
  });

  after(async () => {
    if (sandbox) await down(sandbox.name);
    engine?.dispose();
  });

  it("comes up with 1.19, the values directly below spec", async () => {
    describeCluster("1.19");
    await engine.succeed("up", "--yes", "--skip-preview");
    const { spec } = await config();
    expect(spec)
      .to.include({ kubeProxyReplacement: true, rollOutCiliumPods: true })
      .and.not.have.any.keys("upgradeCompatibility", "cilium");
    installed = await dependents();
  });

  it("goes to 1.20 with the defaults of 1.19, and waits until every agent has been rolled out", async () => {
    const old = await agents();
    describeCluster("1.20", { upgradeCompatibility: "1.19", bpf: { bandwidthManager: true } });
    const text = await engine.succeed("up", "--yes", "--skip-preview");
    expect(text).to.match(/CiliumConfig cilium\/config updating/);
    const { spec, status } = await config();
    expect(spec).to.deep.include({ upgradeCompatibility: "1.19", bandwidthManager: { enabled: true } });
    const deployed = (status?.conditions as JsonObject[]).find(({ type }) => type === "Deployed");
    expect(deployed).to.include({ status: "True", reason: "UpgradeSuccessful" });
    const { metadata, status: rollout } = await agents();
    expect(metadata.generation).to.be.greaterThan(old.metadata.generation ?? 0);
    expect(rollout).to.include({ updatedNumberScheduled: 4, numberReady: 4, observedGeneration: metadata.generation });
  });

  it("leaves what depends on Cilium untouched", async () => {
    expect(await dependents()).to.deep.equal(installed);
    await engine.succeed("preview", "--expect-no-changes");
  });
});
