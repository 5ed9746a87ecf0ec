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
import { until } from "../support/cluster";
import { ProviderUnderTest, refusal, urnOf } from "../support/provider";
import { Engine } from "./engine";
import { chosenFaults, chosenRows } from "./kinds/chosen";
import { faultRows } from "./kinds/faults";
import type { FaultRow } from "./kinds/faults";
import type { KindRow } from "./kinds/row";
import { rows as allRows } from "./kinds/rows";
import { oneStory } from "../support/story";

/** Kinds that alone are run, when the environment names some. */
const only = (process.env.OVE_E2E_KINDS ?? "").split(",").filter((name) => name !== "");
const rows = chosenRows(allRows, only);
const faults = chosenFaults(faultRows, only);

const EDITOR = "night-shift";

/** What the state holds of a resource. */
interface Made {
  id: string;
  outputs: JsonObject;
}

const objectKind = (token: string): ObjectKind => {
  const kind = kindOf(token);
  if (kind?.is !== "object") throw new Error(`${token} is no kind of object`);
  return kind;
};

const metadataOf = (row: KindRow): { name: string; namespace?: string } =>
  row.on?.metadata ?? (row.inputs.metadata as unknown as { name: string; namespace?: string });

/** The object that a row makes or acts on, by its identity alone. */
function identity(row: KindRow): { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } } {
  if (row.on) return row.on;
  const { apiVersion, kind } = objectKind(row.token);
  const { name, namespace } = metadataOf(row);
  return { apiVersion, kind, metadata: { name, namespace } };
}

/** What a fault leaves in the state: a wait that ended at once, in the operator's words. */
async function ended(provider: ProviderUnderTest, urn: string, { inputs, says }: FaultRow): Promise<Made> {
  const error = await refusal(provider.create(urn, inputs, { timeout: 120 }));
  if (!error.partial) throw new Error(`not kept in state: ${error.message}`);
  expect(error.partial.reasons.join(), error.message).to.match(says).and.not.contain("timed out");
  return error.partial;
}

/** What comes to be once the fault is lifted, which is when the wait has told of it. */
async function outlasted(
  provider: ProviderUnderTest,
  urn: string,
  { inputs, says }: FaultRow,
  lift: () => Promise<void>,
): Promise<Made> {
  const created = provider.create(urn, inputs, { timeout: 300 });
  const texts = (): string[] => provider.messages.map(({ text }) => text);
  const early = created.then(() => {
    if (!texts().some((text) => says.test(text)))
      throw new Error(`it did not tell of the fault: ${texts().join("; ")}`);
  });
  await Promise.race([provider.told(({ text }) => says.test(text)), early]);
  await lift();
  return created;
}

/** The tests tell one story: every kind is made, changed, edited by somebody else, imported and deleted. */
describe("end to end: the life of every kind with the real engine", function () {
  this.timeout(900_000);
  oneStory(this);
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

  /** Whether the API server cannot take the row's object at present: a webhook does not answer, or it is not served. */
  async function isRefused({ token, inputs }: FaultRow): Promise<boolean> {
    const { apiVersion, kind } = objectKind(token);
    const trial = api.create({ ...inputs, apiVersion, kind } as never, undefined, "All");
    const code = await trial.then(
      () => 201,
      (error: { code?: number }) => error.code ?? 0,
    );
    return code === 404 || code === 500;
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
      ...faults.map(({ inputs }) => (inputs.metadata ?? {}) as unknown as { namespace?: string }),
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
    expect(allRows.flatMap((row) => (row.on ? [] : row.token)).sort()).to.deep.equal([...objects].sort());
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
    const objects = rows.filter((row) => !row.on);
    if (objects.length === 0) return;
    const other = new Engine(sandbox, { folder, stack: "imported" });
    try {
      await other.succeed("stack", "init", "imported");
      const resources = objects.map((row) => ({ type: row.token, name: row.token, id: objectName(metadataOf(row)) }));
      const file = join(other.dir, "import.json");
      writeFileSync(file, JSON.stringify({ resources }));
      await other.succeed("import", "--file", file, "--yes", "--generate-code=false", "--protect=false");
      const imported = await other.resources();
      for (const row of objects) {
        const outputs = imported.get(row.token)?.outputs as JsonObject | undefined;
        expect((outputs?.metadata as JsonObject | undefined)?.uid, row.token).to.equal((await live(row)).metadata.uid);
      }
    } finally {
      other.dispose();
    }
  });

  for (const row of faults) {
    const { token, fault, inputs } = row;
    const outcome = row.lifted ? "is outlasted" : "ends the wait in the operator's words";
    it(`${token.split(":").at(-1)}: ${fault ? fault.name : "a state that does not end by itself"} ${outcome}`, async () => {
      const provider = await ProviderUnderTest.start({ kubeconfig: sandbox.kubeconfigFile });
      const urn = urnOf(token, "broken");
      try {
        await setFault(fault);
        for (const object of row.needs ?? []) await ensure(object);
        if (row.refused) await until(() => isRefused(row));
        const { id, outputs } = row.lifted
          ? await outlasted(provider, urn, row, () => setFault())
          : await ended(provider, urn, row);
        await setFault(undefined);
        // What only waits leaves nothing behind.
        if (kindOf(token)?.is === "object") await provider.delete(urn, id, { inputs, outputs }, 120);
      } finally {
        await setFault(undefined);
        for (const object of row.needs ?? []) await api.delete(object as never).catch(() => undefined);
        provider.stop();
      }
    });
  }

  it("deletes all that it made and nothing else", async () => {
    const adopted = rows.filter((row) => !row.on && objectKind(row.token).adopt(metadataOf(row)));
    const there = new Map<string, boolean>();
    const resources = await engine.resources();
    for (const row of adopted) {
      there.set(row.token, (resources.get(row.token)?.outputs as JsonObject | undefined)?.adopted === true);
    }
    await engine.succeed("destroy", "--yes", "--skip-preview");
    for (const row of rows) {
      expect(await status(identity(row)), row.token).to.equal(row.on || there.get(row.token) ? 200 : 404);
    }
    for (const object of rows.flatMap((row) => row.needs ?? [])) {
      expect(await status(object), `${object.kind} ${object.metadata.name}`).to.equal(200);
    }
  });
});
