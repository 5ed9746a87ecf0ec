import { join } from "node:path";
import { KubernetesObjectApi } from "@kubernetes/client-node";
import { expect } from "chai";
import type { JsonObject, KubernetesObject } from "../../model";
import { readInventory } from "../../sandbox/control-plane/inventory";
import { packageRoot } from "../../provider/package";
import { operatorParts } from "../../sandbox/operators";
import { down, type Sandbox, up } from "../../sandbox/sandbox";
import { Engine, platformProject } from "./engine";
import { footprint } from "./footprint";
import { History } from "./history";
import { prodRows } from "./prod/rows";
import { prodRemovals } from "./prod/removals";
import { REMOVED } from "./removals";
import { oneStory } from "../support/story";

/** These tests only read: one that fails says nothing of the others. */
const ROWS = "has every row of the source document";

const inventoryFile = join(packageRoot, "stacks", "inventory", "prod.yaml");
const WORKERS = [0, 1, 2, 3, 4, 5].map((number) => `worker-${number}`);

/**
 * Where the sandbox is not like prod before the first up: Cilium was not installed with the cluster, and the SR-IOV
 * operator is a program that runs already, in its namespace, which must outlive the stack.
 */
const inSandbox: JsonObject = {
  cilium: { createNamespace: true },
  operators: [{ name: "sriov", namespace: "openshift-sriov-network-operator", createNamespace: false }],
};

/** The tests tell one story on one sandbox, in order: each begins where the one before it ended. */
describe("end to end: the environment prod on hardware as its own", function () {
  this.timeout(900_000);
  oneStory(this, [ROWS]);
  let sandbox: Sandbox;
  let engine: Engine;
  let api: KubernetesObjectApi;
  let history: History;
  let untouched: string;

  const read = async (apiVersion: string, kind: string, name: string, namespace?: string): Promise<KubernetesObject> =>
    (await api.read({ apiVersion, kind, metadata: { name, namespace } })) as unknown as KubernetesObject;

  before(async () => {
    sandbox = await up({
      name: `prod-${process.pid}`,
      inventory: readInventory(inventoryFile),
      parts: operatorParts,
    });
    engine = new Engine(sandbox, platformProject("prod"));
    engine.setEnvironment(inSandbox);
    api = KubernetesObjectApi.makeApiClient(sandbox.kubeconfig);
    history = await History.follow(sandbox.kubeconfig, REMOVED);
    await engine.succeed("stack", "init", "prod");
    untouched = await footprint(api, WORKERS);
  });

  after(async () => {
    history?.stop();
    if (sandbox) await down(sandbox.name);
    engine?.dispose();
  });

  describe("comes up", () => {
    it("one up makes all of it ready", async () => {
      await engine.succeed("up", "--yes", "--skip-preview");
    });

    it("a preview has no changes", async () => {
      await engine.succeed("preview", "--expect-no-changes");
    });
  });

  describe(ROWS, () => {
    for (const [name, row] of Object.entries(prodRows)) describe(name, () => row(read));
  });

  describe("goes", () => {
    it("destroy removes machines, then what they stand on, and leaves the nodes as they were", async () => {
      await engine.succeed("destroy", "--yes", "--skip-preview");
      expect((await engine.resources()).size).to.equal(0);
      for (const order of prodRemovals) {
        const versions = order.map(([kind, name]) => history.gone(kind, name));
        expect(versions, order.map((each) => each.join(" ")).join(" < ")).to.deep.equal(
          versions.toSorted((a, b) => a - b),
        );
      }
      expect(await footprint(api, WORKERS)).to.equal(untouched);
    });
  });
});
