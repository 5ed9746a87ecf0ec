import { CustomObjectsApi, KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../../model";
import { TestCluster, testCluster, until } from "../../support/cluster";
import { ProviderUnderTest, urnOf } from "../../support/provider";

const TOKEN = "ove:nodes:RolloutRelease";
const GROUP = "machineconfiguration.openshift.io";
const NAMESPACE = `details-${process.pid}`;
const NAME = `roller-${process.pid}`;

const node = `${NAME}-node`;
const inputs = { pool: NAME, digest: "a", configs: [], machineCount: 1 };
const labels = { app: NAME };
const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: NAME, namespace: NAMESPACE } };
const blocked = `PodDisruptionBudgets that let no pod go: ${NAMESPACE}/${NAME}`;

/** The state of the pool whose one node is being drained for its new configuration, or has it. */
const status = (done: boolean): JsonObject => ({
  observedGeneration: 1,
  machineCount: 1,
  updatedMachineCount: done ? 1 : 0,
  configuration: { name: done ? `rendered-${NAME}-2` : `rendered-${NAME}-1`, source: [] },
  conditions: [
    { type: "Updated", status: done ? "True" : "False" },
    { type: "Updating", status: done ? "False" : "True" },
    { type: "Degraded", status: "False" },
  ],
});

describe("provider on a real API server: what only tells more of a wait", function () {
  this.timeout(60_000);
  let cluster: TestCluster;
  let api: KubernetesObjectApi;
  let objects: CustomObjectsApi;
  let provider: ProviderUnderTest | undefined;
  let limited: string;

  const setStatus = async (done: boolean): Promise<void> => {
    const location = { group: GROUP, version: "v1", plural: "machineconfigpools", name: NAME };
    const body = (await objects.getClusterCustomObject(location)) as JsonObject;
    await objects.replaceClusterCustomObjectStatus({ ...location, body: { ...body, status: status(done) } });
  };

  const rollOut = async (kubeconfig: string): Promise<string> => {
    await setStatus(false);
    provider = await ProviderUnderTest.start({ kubeconfig });
    const released = provider.create(urnOf(TOKEN, NAME), inputs, { timeout: 50 });
    const told = provider.told(({ text }) => text.includes(`node ${node} is being drained`));
    // A refusal ends the test at once.
    await Promise.race([told, released]);
    await setStatus(true);
    await released;
    return provider.messages.map(({ text }) => text).join("\n");
  };

  before(async function () {
    this.timeout(300_000);
    cluster = await testCluster();
    api = cluster.api;
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfigFile);
    objects = config.makeApiClient(CustomObjectsApi);
    await cluster.ensureNamespace(NAMESPACE);
    await api.create({
      apiVersion: `${GROUP}/v1`,
      kind: "MachineConfigPool",
      metadata: { name: NAME },
      spec: { configuration: { name: `rendered-${NAME}-2`, source: [] }, maxUnavailable: 1 },
    } as never);
    const annotations = {
      [`${GROUP}/desiredConfig`]: `rendered-${NAME}-2`,
      [`${GROUP}/desiredDrain`]: `drain-rendered-${NAME}-2`,
    };
    await api.create({ apiVersion: "v1", kind: "Node", metadata: { name: node, annotations } });
    const metadata = { name: NAME };
    const rules = [
      { apiGroups: [GROUP], resources: ["machineconfigpools"], verbs: ["get", "list", "watch", "patch"] },
      { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
    ];
    const rbac = "rbac.authorization.k8s.io";
    await api.create({ apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata, rules } as never);
    await api.create({
      apiVersion: `${rbac}/v1`,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: NAME },
      subjects: [{ kind: "ServiceAccount", name: NAME, namespace: NAMESPACE }],
    } as never);
    limited = await cluster.kubeconfigOfServiceAccount(NAMESPACE, NAME);
    await api.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: NAME, namespace: NAMESPACE, labels },
      spec: {
        serviceAccountName: NAME,
        automountServiceAccountToken: false,
        containers: [{ name: "main", image: "sandbox.invalid/kept:1" }],
      },
    } as never);
    await api.create({ ...budget, spec: { minAvailable: 1, selector: { matchLabels: labels } } } as never);
    await until(async () => ((await api.read(budget)) as KubernetesObject).status?.expectedPods === 1);
  });

  afterEach(() => provider?.stop());

  after(async () => {
    await api.delete({ apiVersion: "v1", kind: "Node", metadata: { name: node } });
    await api.delete({ apiVersion: `${GROUP}/v1`, kind: "MachineConfigPool", metadata: { name: NAME } });
  });

  it("does not end a rollout of somebody who may not list budgets and reports", async () => {
    expect(await rollOut(limited))
      .to.contain("0 of 1 nodes updated")
      .and.not.contain(blocked)
      .and.not.contain("cannot watch");
  });

  it("is told to who may", async () => {
    expect(await rollOut(cluster.kubeconfigFile)).to.contain(`node ${node} is being drained; ${blocked}`);
  });
});
