import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { expect } from "chai";
import { defaultFacts } from "../../../model";
import type { JsonObject } from "../../../model";
import type { Kind } from "../../../provider/kind";
import { kindOf } from "../../../provider/kinds";
import { checkInputs } from "../../../provider/server/checks";
import { differences, refuseFixed } from "../../../provider/server/differences";
import { diffResponse } from "../../../provider/server/responses";

function known(token: string): Kind {
  const kind = kindOf(token);
  if (!kind) throw new Error(`no kind ${token}`);
  return kind;
}

const release = known("ove:nodes:RolloutRelease");
const inputs: JsonObject = { pool: "worker", digest: "1", configs: ["60-a", "60-b"], machineCount: 3 };

describe("differences between the inputs of an action", () => {
  it("are compared by position, and replace what the action says cannot be changed", () => {
    const swapped = differences(release, inputs, { ...inputs, configs: ["60-b", "60-a"] });
    expect(swapped.changes.map(({ path }) => path.join("."))).to.deep.equal(["configs.0", "configs.1"]);
    expect([swapped.replaces, swapped.fixed]).to.deep.equal([[], []]);
    expect(differences(release, inputs, { ...inputs, pool: "dpdk" }).replaces).to.deep.equal(["pool"]);
  });

  it("are never refused", () => {
    expect(() => refuseFixed(release, inputs, { ...inputs, pool: "dpdk" })).not.to.throw();
  });

  it("are checked by its own shape", () => {
    expect(checkInputs(release, inputs, defaultFacts)).to.deep.equal([]);
    const [finding] = checkInputs(release, { ...inputs, machineCount: "3" }, defaultFacts);
    expect(finding).to.include({ rule: "schema/type", path: "machineCount" });
  });
});

describe("differences of an object", () => {
  const pool = known("ove:nodes:MachineConfigPool");
  const named = (name: string, spec: JsonObject = {}): JsonObject => ({ metadata: { name }, spec });

  it("replace it under another name, and are not refused where the kind fixes nothing", () => {
    expect(differences(pool, named("a"), named("b")).replaces).to.deep.equal(["metadata.name"]);
    expect(() => refuseFixed(pool, named("a"), named("a", { paused: true }))).not.to.throw();
  });

  it("are told to the engine as what they are", () => {
    const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
    const { ADD, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
    const none = diffResponse(differences(pool, named("a"), named("a")));
    expect([none.getChanges(), none.getDeletebeforereplace()]).to.deep.equal([DIFF_NONE, false]);
    const some = diffResponse(differences(pool, named("a"), named("b", { paused: true })));
    expect([some.getChanges(), some.getDeletebeforereplace()]).to.deep.equal([DIFF_SOME, true]);
    const details = some.getDetaileddiffMap();
    expect(details.get("metadata.name")?.getKind()).to.equal(UPDATE_REPLACE);
    expect(details.get("spec.paused")?.getKind()).to.equal(ADD);
  });
});
