import { expect } from "chai";
import fc from "fast-check";
import { Json, JsonObject, formatPath } from "../../../model";
import { DriftOptions, observe } from "../../../provider/engine/drift";

const options: DriftOptions = {
  identify: (path) => (path.at(-1) === "pfNames" ? "set" : { by: ["name"] }),
  serverWritten: ["spec.configuration", "spec.template.uuid"],
  shared: false,
};

function texts(declared: Json, baseline: Json | undefined, live: Json, shared = false): string[] {
  return observe(declared, baseline, live, { ...options, shared }).drift.map((d) => `${d.kind} ${formatPath(d.path)}`);
}

describe("strict read", () => {
  it("sees a changed scalar, an appended and a removed element", () => {
    const declared = { spec: { numVfs: 4, pfNames: ["ens1f0", "ens1f1"] } };
    expect(texts(declared, declared, { spec: { numVfs: 8, pfNames: ["ens1f0", "ens1f1"] } })).to.deep.equal([
      "changed spec.numVfs",
    ]);
    expect(texts(declared, declared, { spec: { numVfs: 4, pfNames: ["ens1f0", "ens1f1", "ens2f0"] } })).to.deep.equal([
      "added spec.pfNames[2]",
    ]);
    expect(texts(declared, declared, { spec: { numVfs: 4, pfNames: ["ens1f1"] } })).to.deep.equal([
      "removed spec.pfNames[0]",
    ]);
  });

  it("does not report defaults that were there after the last apply, but does when they change", () => {
    const declared = { spec: { numVfs: 4 } };
    const baseline = { spec: { numVfs: 4, priority: 99 } };
    expect(texts(declared, baseline, { spec: { numVfs: 4, priority: 99 } })).to.deep.equal([]);
    expect(texts(declared, baseline, { spec: { numVfs: 4, priority: 10 } })).to.deep.equal(["added spec.priority"]);
    expect(texts(declared, baseline, { spec: { numVfs: 4, priority: 99, mtu: 9000 } })).to.deep.equal([
      "added spec.mtu",
    ]);
  });

  it("does not report what servers write, nor empty values that they leave out", () => {
    const declared = { spec: { a: 1, off: false, none: {} } };
    const live = { spec: { a: 1, configuration: { name: "rendered-1" }, template: { uuid: "x" } } };
    expect(texts(declared, { spec: { a: 1 } }, live)).to.deep.equal([]);
    expect(texts({ list: [], nested: { a: [] } }, {}, {})).to.deep.equal([]);
    expect(texts({ list: [{ name: "a" }] }, {}, {}), "a list with elements is missed").to.deep.equal(["removed list"]);
  });

  it("compares a list that the last apply did not show element by element", () => {
    const declared = { list: [{ name: "a" }] };
    expect(texts(declared, undefined, { list: [{ name: "a" }] })).to.deep.equal([]);
    expect(texts(declared, undefined, { list: [{ name: "b" }] })).to.deep.equal(["removed list[0]", "added list[0]"]);
  });

  it("accepts the server's spelling of a declared value, not another value", () => {
    const declared = { spec: { memory: "1024Mi" } };
    expect(texts(declared, { spec: { memory: "1Gi" } }, { spec: { memory: "1Gi" } })).to.deep.equal([]);
    expect(texts(declared, { spec: { memory: "1Gi" } }, { spec: { memory: "2Gi" } })).to.deep.equal([
      "changed spec.memory",
    ]);
  });

  it("leaves undeclared fields of shared objects to others, but owns declared lists whole", () => {
    const declared = { spec: { list: [{ name: "a" }] } };
    const live = { spec: { other: 1, list: [{ name: "a" }, { name: "b" }] } };
    expect(texts(declared, declared, live, true)).to.deep.equal(["added spec.list[1]"]);
  });

  it("gives inputs under which nothing has drifted", () => {
    const tree = fc.letrec<{ node: JsonObject; value: Json }>((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), tie("node")),
      node: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("value")),
    })).node;
    fc.assert(
      fc.property(tree, tree, tree, (declared, baseline, live) => {
        const first = observe({ spec: declared }, { spec: baseline }, { spec: live }, options);
        const again = observe(first.value, { spec: live }, { spec: live }, options);
        expect(again.drift).to.deep.equal([]);
      }),
    );
  });
});
