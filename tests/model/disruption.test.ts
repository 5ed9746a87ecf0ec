import { expect } from "chai";
import * as fc from "fast-check";
import { disruptionsOf } from "../../model";
import type { DisruptionRow, KubernetesObject, PathStep } from "../../model";

const row = (parts: Partial<DisruptionRow>): DisruptionRow => ({
  on: ["update"],
  cost: "reboot",
  reach: "pool",
  by: "machine-config-operator",
  why: "",
  source: "",
  ...parts,
});
const object = (spec: KubernetesObject["spec"]): KubernetesObject => ({
  apiVersion: "v1",
  kind: "K",
  metadata: { name: "n" },
  spec,
});

describe("what a change costs", () => {
  const quiet = row({ paths: ["spec.users"], cost: "none" });
  const drain = row({ paths: ["spec.devices"], cost: "drain" });
  const rest = row({ paths: ["spec"] });
  const rows = [quiet, drain, rest];
  const of = (...paths: PathStep[][]): DisruptionRow[] => disruptionsOf(rows, { change: "update", paths });

  it("is that of the first row that fits a changed path", () => {
    expect(of(["spec", "devices", 0, "name"])).to.deep.equal([drain]);
    expect(of(["spec", "files", 1])).to.deep.equal([rest]);
  });

  it("is nothing where a row says so, also when a later one would fit", () => {
    expect(of(["spec", "users", 0, "keys"])).to.deep.equal([]);
    expect(of(["metadata", "labels", "a"])).to.deep.equal([]);
  });

  it("is told once, in the order of the rows, however many paths change", () => {
    expect(of(["spec", "files"], ["spec", "devices", 1], ["spec", "devices", 2], ["spec", "users"])).to.deep.equal([
      drain,
      rest,
    ]);
  });

  it("does not take one name for the beginning of another", () => {
    expect(disruptionsOf([drain], { change: "update", paths: [["spec", "devicesExtra"]] })).to.deep.equal([]);
  });

  it("does not look at paths when an object is created or deleted", () => {
    const any = row({ on: ["create", "delete"], paths: ["spec"], cost: "drain" });
    for (const change of ["create", "delete"] as const) {
      expect(disruptionsOf([rest, any], { change, paths: [] })).to.deep.equal([any]);
    }
  });

  it("may depend on what the objects were and are", () => {
    const grows = row({ when: ({ before, after }) => Number(after?.spec?.count) > Number(before?.spec?.count) });
    const change = (from: number, to: number): DisruptionRow[] =>
      disruptionsOf([grows], {
        change: "update",
        paths: [["spec", "count"]],
        before: object({ count: from }),
        after: object({ count: to }),
      });
    expect(change(1, 2)).to.deep.equal([grows]);
    expect(change(2, 1)).to.deep.equal([]);
  });

  it("of several paths is what the single ones cost together", () => {
    const path = fc.constantFrom<PathStep[]>(["spec", "users"], ["spec", "devices", 1], ["spec", "x"], ["status"]);
    fc.assert(
      fc.property(fc.array(path), (paths) => {
        const single = new Set(paths.flatMap((each) => of(each)));
        expect(of(...paths)).to.have.members([...single]);
      }),
    );
  });
});
