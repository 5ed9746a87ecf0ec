import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { nodesFrom } from "../../cli/verify-inventory";
import type { Inventory, Nic } from "../../model";
import { Environment } from "../../model/environment";
import { Connection, loadKubeConfig } from "../../provider/engine/connection";
import { liveInventory } from "../../provider/manifests/live-inventory";
import { checkInventory } from "../../sandbox/control-plane/inventory";
import { full } from "../planning/environments";
import { type TestCluster, testCluster } from "../support/cluster";
import { run } from "./run";

const card = {
  name: "ens1f0",
  pciAddress: "0000:3b:00.0",
  vendor: "15b3",
  deviceID: "1017",
  driver: "mlx5_core",
  mac: "04:3f:72:00:01:00",
  mtu: 9000,
  totalvfs: 8,
  numVfs: 4,
  linkType: "ETH",
  linkSpeed: "100000 Mb/s",
};

const nic: Nic = {
  name: "ens1f0",
  pciAddress: "0000:3b:00.0",
  vendor: "15b3",
  deviceID: "1017",
  driver: "mlx5_core",
  mac: "04:3f:72:00:01:00",
  mtu: 9000,
  totalVfs: 8,
  numVfs: 4,
  linkType: "ETH",
  linkSpeed: "100000 Mb/s",
};

const STATE = { apiVersion: "sriovnetwork.openshift.io/v1", kind: "SriovNetworkNodeState" };
const OPERATOR = "openshift-sriov-network-operator";

describe("inventory of a live cluster", () => {
  const node = (name: string, allocatable = {}, labels = {}) => ({
    metadata: { name, labels },
    status: { capacity: { cpu: "32", memory: "131781992Ki" }, allocatable },
  });

  it("has all nodes by name, with sizes, huge pages, role and cards", () => {
    const master = { "node-role.kubernetes.io/master": "", "node-role.kubernetes.io/control-plane": "" };
    const inventory = liveInventory(
      [
        node("worker-0.example.com", { "hugepages-1Gi": "8Gi", "hugepages-2Mi": "0", cpu: "31" }),
        node("master-0", {}, master),
      ],
      [{ metadata: { name: "worker-0.example.com" }, status: { interfaces: [card, { ...card, driver: undefined }] } }],
    );
    expect(checkInventory(inventory, "test")).to.deep.equal(inventory);
    expect(inventory.nodes).to.deep.equal([
      { name: "master-0", role: "master", cpus: 32, memory: "131781992Ki", labels: master, nics: [] },
      {
        name: "worker-0.example.com",
        role: "worker",
        cpus: 32,
        memory: "131781992Ki",
        hugepages: { "1Gi": "8Gi" },
        labels: {},
        nics: [nic],
      },
    ]);
  });

  it("is a section of environments", () => {
    const inventory = liveInventory(
      [node("worker-0")],
      [{ metadata: { name: "worker-0" }, status: { interfaces: [card] } }],
    );
    expect(Environment.parse({ ...full, inventory }).inventory).to.deep.equal(inventory);
    const wrong = { nodes: [{ ...inventory.nodes[0], memory: "1G", nics: [{ ...nic, numVfs: 9 }] }] };
    const paths = Environment.safeParse({ ...full, inventory: wrong }).error?.issues.map(({ path }) => path.join("."));
    expect(paths).to.have.members(["inventory.nodes.0.memory", "inventory.nodes.0.nics.0.numVfs"]);
  });
});

describe("ove inventory", function () {
  this.timeout(400_000);
  let cluster: TestCluster;
  let dir: string;
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "ove-inventory-"));
    cluster = await testCluster();
    await cluster.ensureNamespace(OPERATOR);
    const state = { ...STATE, metadata: { name: "worker-0", namespace: OPERATOR } };
    const made = await cluster.api.create(state);
    const status = { interfaces: [card], syncStatus: "Succeeded" };
    const url = `/apis/${STATE.apiVersion}/namespaces/${OPERATOR}/sriovnetworknodestates/worker-0/status`;
    const connection = new Connection(loadKubeConfig({ kubeconfig: cluster.kubeconfigFile }));
    const text = JSON.stringify({ ...made, status });
    expect(await connection.request("PUT", url, { type: "application/json", text })).to.include({ code: 200 });
    connection.close();
  });
  after(async () => {
    await cluster.api.delete({ ...STATE, metadata: { name: "worker-0", namespace: OPERATOR } });
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("prints what the API server says, in the form that other commands take", async () => {
    const { code, stdout, stderr } = await run("inventory", "--kubeconfig", cluster.kubeconfigFile);
    expect([code, stderr]).to.deep.equal([0, ""]);
    const { nodes } = parse(stdout) as Inventory;
    expect(nodes.map(({ name, role, cpus, memory }) => [name, role, cpus, memory])).to.deep.equal([
      ["master-0", "master", 32, "128Gi"],
      ["worker-0", "worker", 32, "128Gi"],
      ["worker-1", "worker", 32, "128Gi"],
      ["worker-2", "worker", 32, "128Gi"],
    ]);
    expect(nodes.map(({ nics }) => nics)).to.deep.equal([[], [nic], [], []]);
    expect(nodes[1]?.labels).to.include({ "node-role.kubernetes.io/worker": "" });
    const file = join(dir, "inventory.yaml");
    const written = await run("inventory", "--kubeconfig", cluster.kubeconfigFile, "--out", file);
    expect([written.code, written.stdout]).to.deep.equal([0, ""]);
    expect(readFileSync(file, "utf8")).to.equal(stdout);
    expect(await nodesFrom(file)).to.deep.equal(nodes);
  });

  it("says when there is no cluster, and all that it refuses", async () => {
    const absent = await run("inventory", "--kubeconfig", join(dir, "absent"));
    expect([absent.code, absent.stdout]).to.deep.equal([1, ""]);
    expect(absent.stderr).to.match(/^ove: there is no file .*\n$/);
    const silent = join(dir, "silent");
    writeFileSync(
      silent,
      cluster.kubeconfigWith((file) => (file.clusters[0]!.cluster.server = "https://127.0.0.1:9")),
    );
    expect((await run("inventory", "--kubeconfig", silent)).stderr).to.match(
      /^ove: The cluster at https:\/\/127\.0\.0\.1:9 does not answer: .*\n$/,
    );
    const powerless = join(dir, "powerless");
    writeFileSync(powerless, await cluster.kubeconfigOfServiceAccount(OPERATOR, "nobody"));
    expect((await run("inventory", "--kubeconfig", powerless)).stderr).to.match(
      /^ove: .* does not give \/api\/v1\/nodes: nodes is forbidden: .*\nThe cluster at \S+ does not give \S+: sriovnetworknodestates.* is forbidden: .*\n$/,
    );
  });
});
