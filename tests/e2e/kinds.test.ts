import { KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, KubernetesObject } from "../../model";
import { objectName } from "../../model";
import type { ObjectKind } from "../../provider/kind";
import { kindOf, kinds } from "../../provider/kinds";
import { packageRoot } from "../../provider/package";
import { operatorParts } from "../../sandbox/operators";
import { Sandbox, down, up } from "../../sandbox/sandbox";
import { ProviderUnderTest, refusal, urnOf } from "../support/provider";
import { Engine } from "./engine";
import { faultRows } from "./kinds/faults";
import type { KindRow } from "./kinds/row";
import { rows } from "./kinds/rows";

const EDITOR = "night-shift";

const objectKind = (token: string): ObjectKind => {
  const kind = kindOf(token);
  if (kind?.is !== "object") throw new Error(`${token} is no kind of object`);
  return kind;
};

const metadataOf = (row: KindRow): { name: string; namespace?: string } =>
  row.inputs.metadata as unknown as { name: string; namespace?: string };

/** The object that a row makes, by its identity alone. */
function identity(row: KindRow): { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } } {
  const { apiVersion, kind } = objectKind(row.token);
  const { name, namespace } = metadataOf(row);
  return { apiVersion, kind, metadata: { name, namespace } };
}

/** The tests tell one story: every kind is made, changed, edited by somebody else, imported and deleted. */
describe("end to end: the life of every kind with the real engine", function () {
  this.timeout(900_000);
  this.bail(true);
  const folder = join(packageRoot, "tests", "e2e", "kinds");
  let sandbox: Sandbox;
  let api: KubernetesObjectApi;
  let engine: Engine;

  const status = async (object: Parameters<KubernetesObjectApi["read"]>[0]): Promise<number> =>
    api.read(object).then(
      () => 200,
      (error: { code?: number }) => error.code ?? 0,
    );
  const live = async (row: KindRow): Promise<KubernetesObject> =>
    (await api.read(identity(row))) as unknown as KubernetesObject;

  async function ensure(object: KubernetesObject): Promise<void> {
    await api.create(object as never).catch((error: { code?: number }) => {
      if (error.code !== 409) throw error;
    });
  }

  /** Tells the program what is wanted. */
  function want(which: "inputs" | "changed"): void {
    const wanted = rows.map((row) => ({
      name: row.token,
      token: row.token,
      inputs: row[which],
      after: row.after ?? [],
    }));
    const file = join(engine.dir, "rows.json");
    writeFileSync(file, JSON.stringify(wanted));
    engine.setVariable("KIND_ROWS", file);
  }

  /** Switches that fault on, and all others off. */
  async function setFault(fault?: { name: string; target: string }): Promise<void> {
    await ensure({ apiVersion: "v1", kind: "Namespace", metadata: { name: "sandbox" } });
    const faults = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "sandbox-faults", namespace: "sandbox" } };
    await ensure(faults);
    const found = (await api.read(faults)) as unknown as KubernetesObject;
    const off = Object.fromEntries(Object.keys(found.data ?? {}).map((name) => [name, null]));
    const data = { ...off, ...(fault ? { [fault.name]: fault.target } : {}) };
    const body = { ...faults, data };
    await api.patch(body as never, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
  }

  async function edit(row: KindRow): Promise<void> {
    const body = {
      ...identity(row),
      ...row.edit,
      metadata: { ...identity(row).metadata, ...(row.edit.metadata as object) },
    };
    await api.patch(body as never, undefined, undefined, EDITOR, undefined, PatchStrategy.MergePatch);
  }

  before(async () => {
    sandbox = await up({ name: `kinds-${process.pid}`, parts: operatorParts });
    api = KubernetesObjectApi.makeApiClient(sandbox.kubeconfig);
    engine = new Engine(sandbox, { folder, stack: "kinds" });
    await engine.succeed("stack", "init", "kinds");
    const namespaces = [
      ...rows.map(metadataOf),
      ...rows.flatMap((row) => row.needs ?? []).map((each) => each.metadata),
    ];
    for (const namespace of new Set(namespaces.flatMap((metadata) => metadata.namespace ?? []))) {
      await ensure({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    }
    for (const object of rows.flatMap((row) => row.needs ?? [])) await ensure(object);
  });

  after(async () => {
    engine?.dispose();
    if (sandbox) await down(sandbox.name);
  });

  it("covers every kind of object", () => {
    const objects = kinds.filter((kind) => kind.is === "object").map((kind) => kind.token);
    expect(rows.map((row) => row.token).sort()).to.deep.equal([...objects].sort());
  });

  it("creates all and waits until they work", async () => {
    want("inputs");
    await engine.succeed("up", "--yes", "--skip-preview");
    await engine.succeed("preview", "--expect-no-changes");
    await engine.succeed("refresh", "--preview-only", "--expect-no-changes");
  });

  it("changes all in place", async () => {
    const before = new Map<string, string | undefined>();
    for (const row of rows) before.set(row.token, (await live(row)).metadata.uid);
    want("changed");
    await engine.succeed("up", "--yes", "--skip-preview");
    for (const row of rows) expect((await live(row)).metadata.uid, row.token).to.equal(before.get(row.token));
    await engine.succeed("preview", "--expect-no-changes");
  });

  it("shows what somebody else has changed, with the field manager, and takes it back", async () => {
    for (const row of rows) await edit(row);
    const text = await engine.succeed("refresh", "--preview-only", "--diff");
    for (const row of rows) {
      const lines = text.split("\n").filter((line) => line.includes(row.drift) && line.includes(EDITOR));
      expect(lines, `${row.token}: ${row.drift} in\n${text}`).to.not.be.empty;
    }
    await engine.succeed("up", "--yes", "--skip-preview", "--refresh");
    await engine.succeed("refresh", "--preview-only", "--expect-no-changes");
  });

  it("imports all into another stack", async () => {
    const other = new Engine(sandbox, { folder, stack: "imported" });
    try {
      await other.succeed("stack", "init", "imported");
      const resources = rows.map((row) => ({ type: row.token, name: row.token, id: objectName(metadataOf(row)) }));
      const file = join(other.dir, "import.json");
      writeFileSync(file, JSON.stringify({ resources }));
      await other.succeed("import", "--file", file, "--yes", "--generate-code=false", "--protect=false");
      const imported = await other.resources();
      for (const row of rows) {
        const outputs = imported.get(row.token)?.outputs as JsonObject | undefined;
        expect((outputs?.metadata as JsonObject | undefined)?.uid, row.token).to.equal((await live(row)).metadata.uid);
      }
    } finally {
      other.dispose();
    }
  });

  for (const { token, fault, inputs, says } of faultRows) {
    const { kind } = objectKind(token);
    it(`${kind}: ${fault ? fault.name : "a state that does not end by itself"} ends the wait in the operator's words`, async () => {
      const provider = await ProviderUnderTest.start({ kubeconfig: sandbox.kubeconfigFile });
      const urn = urnOf(token, "broken");
      try {
        await setFault(fault);
        const error = await refusal(provider.create(urn, inputs, { timeout: 120 }));
        expect(error.partial?.reasons.join(), error.message).to.match(says).and.not.contain("timed out");
        await setFault(undefined);
        const { id = "", outputs = {} } = error.partial ?? {};
        await provider.delete(urn, id, { inputs, outputs }, 120);
      } finally {
        await setFault(undefined);
        provider.stop();
      }
    });
  }

  it("deletes all that it made and nothing else", async () => {
    const adopted = rows.filter((row) => objectKind(row.token).adopt(metadataOf(row)));
    const there = new Map<string, boolean>();
    const resources = await engine.resources();
    for (const row of adopted) {
      there.set(row.token, (resources.get(row.token)?.outputs as JsonObject | undefined)?.adopted === true);
    }
    await engine.succeed("destroy", "--yes", "--skip-preview");
    for (const row of rows) {
      expect(await status(identity(row)), row.token).to.equal(there.get(row.token) ? 200 : 404);
    }
    for (const object of rows.flatMap((row) => row.needs ?? [])) {
      expect(await status(object), `${object.kind} ${object.metadata.name}`).to.equal(200);
    }
  });
});
