import { CoreV1Api } from "@kubernetes/client-node";
import { expect } from "chai";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import type { KubernetesObject } from "../../model";
import { ApiClient } from "../../sandbox/control-plane/api-client";
import { certificatesDir } from "../../sandbox/control-plane/programs";
import { PlainError } from "../../sandbox/plain-error";
import { signalProcess, until } from "../../sandbox/process-table";
import { down, status, up, type Sandbox } from "../../sandbox/sandbox";
import { sandboxDir } from "../../sandbox/state";
import { listeners, processNumbers } from "./listeners";

const mine = (suffix: string): string => `test-${process.pid}-${suffix}`;
const controlPlane = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"];

async function reached(condition: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  expect(await until(condition, seconds), String(condition)).to.equal(true);
}

function clientOf(sandbox: Sandbox): ApiClient {
  return new ApiClient(Number(new URL(sandbox.server).port), certificatesDir(sandbox.dir));
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.fail("it was accepted"),
    (error: Error) => error,
  );
}

function pod(name: string, resources: Record<string, string> = {}): KubernetesObject {
  const containers = [{ name: "main", image: "example.invalid/none", resources: { limits: resources } }];
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" }, spec: { containers } };
}

describe("control plane", function () {
  // The first run on a machine builds the toolchain.
  this.timeout(45 * 60 * 1000);
  let first: Sandbox;
  let second: Sandbox;
  let api: ApiClient;

  const podPhase = async (name: string): Promise<unknown> =>
    (await api.get<KubernetesObject>(`/api/v1/namespaces/default/pods/${name}`)).status?.phase;

  const patchNodeStatus = async (name: string, body: { op: string; path: string; value: string }[]): Promise<void> => {
    await first.kubeconfig.makeApiClient(CoreV1Api).patchNodeStatus({ name, body });
  };

  before(async () => {
    [first, second] = await Promise.all([up({ name: mine("a") }), up({ name: mine("b") })]);
    api = clientOf(first);
  });

  after(async () => {
    api?.close();
    for (const suffix of ["a", "b"]) await down(mine(suffix));
  });

  it("runs two sandboxes side by side that know nothing of each other", async () => {
    expect(first.server).to.not.equal(second.server);
    const other = clientOf(second);
    try {
      await api.create("/api/v1/namespaces", { metadata: { name: "only-in-the-first" } });
      const error = await failure(other.get("/api/v1/namespaces/only-in-the-first"));
      expect(error).to.include({ status: 404 });
    } finally {
      other.close();
    }
  });

  it("listens on 127.0.0.1 only", () => {
    const addresses = [first, second].flatMap(({ dir }) => listeners(processNumbers(dir)));
    expect(addresses).to.have.length(6); // two ports of etcd and one of the API server, twice
    for (const address of addresses) expect(address).to.match(/^0100007F:/);
  });

  it("serves every kind that it installs", async () => {
    const { items } = await api.get<{ items: KubernetesObject[] }>(
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    );
    const names = items.map(({ metadata }) => metadata.name);
    expect(items.length).to.be.greaterThan(110);
    expect(names).to.include.members([
      "ciliumnetworkpolicies.cilium.io",
      "ciliumconfigs.cilium.io",
      "datavolumes.cdi.kubevirt.io",
      "hyperconvergeds.hco.kubevirt.io",
      "machineconfigs.machineconfiguration.openshift.io",
      "multi-networkpolicies.k8s.cni.cncf.io",
      "network-attachment-definitions.k8s.cni.cncf.io",
      "nodenetworkconfigurationpolicies.nmstate.io",
      "performanceprofiles.performance.openshift.io",
      "sriovnetworknodepolicies.sriovnetwork.openshift.io",
      "subscriptions.operators.coreos.com",
      "virtualmachines.kubevirt.io",
    ]);
    const conditions = (crd: KubernetesObject): { type: string; status: string }[] =>
      crd.status?.conditions as unknown as { type: string; status: string }[];
    const wrong = items.filter(
      (crd) => !conditions(crd).some(({ type, status }) => type === "Established" && status === "True"),
    );
    expect(wrong.map(({ metadata }) => metadata.name)).to.deep.equal([]);
    const unstructured = items.filter((crd) => conditions(crd).some(({ type }) => type === "NonStructuralSchema"));
    expect(unstructured.map(({ metadata }) => metadata.name)).to.deep.equal([]);
  });

  it("has the inventory's nodes, Ready, with their roles and resources", async () => {
    const { items } = await api.get<{ items: KubernetesObject[] }>("/api/v1/nodes");
    expect(items.map(({ metadata }) => metadata.name)).to.deep.equal(["master-0", "worker-0", "worker-1", "worker-2"]);
    const [master, worker] = items;
    expect(master?.metadata.labels).to.include.keys(
      "node-role.kubernetes.io/master",
      "node-role.kubernetes.io/control-plane",
    );
    expect(worker?.metadata.labels).to.include({
      "node-role.kubernetes.io/worker": "",
      "kubernetes.io/hostname": "worker-0",
    });
    expect(worker?.metadata.annotations).to.include({ "kwok.x-k8s.io/node": "fake" });
    expect(worker?.status?.allocatable).to.include({ cpu: "32", memory: "128Gi", pods: "250" });
    const bootIDs = items.map(({ status }) => (status?.nodeInfo as { bootID: string }).bootID);
    expect(new Set(bootIDs).size).to.equal(4);
  });

  it("runs pods on workers, and leaves what agents add to a node's resources", async () => {
    await api.create("/api/v1/namespaces/default/pods", pod("with-device", { "example.com/device": "1" }));
    await patchNodeStatus("worker-2", [
      { op: "add", path: "/status/capacity/example.com~1device", value: "4" },
      { op: "add", path: "/status/allocatable/example.com~1device", value: "4" },
      { op: "add", path: "/status/allocatable/hugepages-1Gi", value: "16Gi" },
    ]);
    await reached(async () => (await podPhase("with-device")) === "Running");
    const node = await api.get<KubernetesObject>("/api/v1/nodes/worker-2");
    expect(node.status?.allocatable).to.include({
      "example.com/device": "4",
      "hugepages-1Gi": "16Gi",
      cpu: "32",
      memory: "128Gi",
    });
  });

  it("leaves a node alone whose agent says that it is not ready", async () => {
    const readiness = async (): Promise<Record<string, string> | undefined> => {
      const node = await api.get<KubernetesObject>("/api/v1/nodes/worker-1");
      return (node.status?.conditions as unknown as Record<string, string>[])[3];
    };
    expect(await readiness()).to.include({ type: "Ready", status: "True" });
    await patchNodeStatus("worker-1", [{ op: "replace", path: "/status/conditions/3/status", value: "False" }]);
    // kwok has seen the change when a later change of its own, this pod's phase, is there.
    const later = pod("after-not-ready");
    await api.create("/api/v1/namespaces/default/pods", { ...later, spec: { ...later.spec, nodeName: "worker-0" } });
    await reached(async () => (await podPhase("after-not-ready")) === "Running");
    expect(await readiness()).to.include({ type: "Ready", status: "False" });
  });

  it("authorizes by RBAC and issues tokens for service accounts", async () => {
    const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600 } };
    const answer = await api.create<{ status: { token: string } }>(path, request);
    expect(await statusWithToken(first, answer.status.token, "/api/v1/namespaces/default/pods")).to.equal(403);
    expect(await statusWithToken(first, answer.status.token, "/version")).to.equal(200);
    expect(await statusWithToken(first, "nonsense", "/version")).to.equal(401);
  });

  it("gives aggregated APIs the front proxy's authority", async () => {
    const path = "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";
    const { data } = await api.get<{ data: Record<string, string> }>(path);
    expect(data["requestheader-client-ca-file"]).to.include("BEGIN CERTIFICATE");
  });

  it("is used again when it is up", async () => {
    const before = processNumbers(first.dir);
    const lines: string[] = [];
    const again = await up({ name: first.name, progress: (line) => lines.push(line) });
    expect(again.server).to.equal(first.server);
    expect(lines).to.deep.equal([`sandbox ${first.name} is already up`]);
    expect(processNumbers(first.dir)).to.include.members(before.filter((pid) => existsSync(`/proc/${pid}`)));
  });

  it("says when it is up with something else than is asked for", async () => {
    const [node] = [{ name: "other", role: "worker" as const, cpus: 1, memory: "1Gi", nics: [] }];
    const error = await failure(up({ name: first.name, inventory: { nodes: [node] } }));
    expect(error).to.be.instanceOf(PlainError);
    expect(error.message).to.include("is already up with another inventory");
  });

  it("says which port is taken and leaves nothing behind", async () => {
    const port = Number(new URL(first.server).port);
    const error = await failure(up({ name: mine("c"), port }));
    expect(error).to.be.instanceOf(PlainError);
    expect(error.message).to.match(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken by another program.*--port`));
    expect((await status(mine("c"))).state).to.equal("down");
    expect(processNumbers(sandboxDir(mine("c")))).to.deep.equal([]);
    expect(existsSync(sandboxDir(mine("c")))).to.equal(false);
  });

  it("loses and regains its API server on the same port, with its content", async () => {
    await first.stopApiServer();
    expect(await status(first.name)).to.include({ state: "broken", problem: "kube-apiserver is not running" });
    await first.startApiServer();
    expect((await status(first.name)).state).to.equal("up");
    await api.get("/api/v1/namespaces/only-in-the-first");
    // The other programs found it again: a new pod is scheduled and run.
    await api.create("/api/v1/namespaces/default/pods", pod("after-the-outage"));
    await reached(async () => (await podPhase("after-the-outage")) === "Running", 120);
  });

  it("starts a program again that ended", async () => {
    const state = async (): Promise<{ pid?: number; restarts: number } | undefined> =>
      (await status(first.name)).processes.find(({ name }) => name === "kwok");
    const programs = processNumbers(first.dir).filter((pid) => program(pid) === "kwok");
    expect(programs).to.have.length(1);
    for (const pid of programs) signalProcess(pid, "SIGKILL");
    await reached(async () => (await state())?.restarts === 1);
    await reached(() => processNumbers(first.dir).some((pid) => program(pid) === "kwok"));
  });

  it("is started anew when a crash left half of it, and goes down without a trace", async () => {
    for (const pid of processNumbers(second.dir)) {
      if (program(pid) !== "kube-scheduler") signalProcess(pid, "SIGKILL");
    }
    // Otherwise what is said to be missing would be whatever has ended first.
    await reached(() => processNumbers(second.dir).every((pid) => program(pid) === "kube-scheduler"));
    await reached(async () => (await status(second.name)).state === "broken");
    const lines: string[] = [];
    second = await up({ name: second.name, progress: (line) => lines.push(line) });
    expect(lines[0]).to.match(/was there, but .*etcd.* is not running: starting it anew/);
    expect((await status(second.name)).processes.map(({ name }) => name)).to.deep.equal(controlPlane);

    expect(await down(second.name)).to.equal(true);
    expect(processNumbers(second.dir)).to.deep.equal([]);
    expect(existsSync(second.dir)).to.equal(false);
    expect(await down(second.name)).to.equal(false);
  });

  it("leaves nothing when it is terminated while it starts", async () => {
    const name = mine("d");
    const dir = sandboxDir(name);
    const child = spawn(process.execPath, [
      "-r",
      "ts-node/register/transpile-only",
      join(__dirname, "ove.ts"),
      "sandbox",
      "up",
      "--without-operators",
      "--name",
      name,
    ]);
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const closed = new Promise((resolve) => child.once("close", resolve));
    await reached(() => processNumbers(dir).length > 0);
    child.kill("SIGTERM");
    expect(await closed, stderr).to.equal(1);
    expect(stderr).to.match(/^ove: stopped by SIGTERM/m);
    expect(stderr).to.not.include("    at ");
    expect(processNumbers(dir)).to.deep.equal([]);
    expect((await status(name)).state).to.equal("down");
    await down(name);
  });
});

/** The name of the program that a process runs. */
function program(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

function statusWithToken(sandbox: Sandbox, token: string, path: string): Promise<number | undefined> {
  const ca = readFileSync(join(certificatesDir(sandbox.dir), "ca.crt"));
  return new Promise((resolve, reject) => {
    const call = request(
      `${sandbox.server}${path}`,
      { ca, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    call.once("error", reject).end();
  });
}
