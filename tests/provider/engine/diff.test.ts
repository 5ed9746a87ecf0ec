import { expect } from "chai";
import fc from "fast-check";
import { formatPath, JsonObject } from "../../../model";
import { changes } from "../../../provider/engine/diff";
import type { Identify } from "../../../provider/engine/lists";

const byName: Identify = (path) =>
  path.at(-1) === "tags" ? "set" : path.at(-1) === "args" ? "ordered" : { by: ["name"] };

function texts(old: JsonObject, fresh: JsonObject): string[] {
  return changes(old, fresh, byName).map((change) => `${change.kind} ${formatPath(change.path)}`);
}

describe("diff of inputs", () => {
  it("names the element that changed, wherever it stands", () => {
    const old = {
      nics: [
        { name: "a", mtu: 1500 },
        { name: "b", mtu: 1500 },
      ],
    };
    const fresh = {
      nics: [
        { name: "b", mtu: 9000 },
        { name: "a", mtu: 1500 },
      ],
    };
    expect(texts(old, fresh)).to.deep.equal(["update nics[1].mtu"]);
  });

  it("shows an element put in front as one addition, not as a change of all", () => {
    const old = { nics: [{ name: "a" }, { name: "b" }] };
    const fresh = { nics: [{ name: "new" }, { name: "a" }, { name: "b" }] };
    expect(texts(old, fresh)).to.deep.equal(["add nics[0]"]);
  });

  it("compares sets without order and ordered lists with it", () => {
    expect(texts({ tags: ["a", "b"] }, { tags: ["b", "a"] })).to.deep.equal([]);
    expect(texts({ args: ["a", "b"] }, { args: ["b", "a"] })).to.deep.equal(["update args[0]", "update args[1]"]);
    expect(texts({ args: ["a"] }, { args: ["a", "b"] })).to.deep.equal(["add args[1]"]);
    expect(texts({ args: ["a", "b"] }, { args: ["a"] })).to.deep.equal(["delete args[1]"]);
    expect(texts({ nics: [{ name: "a" }, { name: "b" }] }, { nics: [{ name: "b" }] })).to.deep.equal([
      "delete nics[0]",
    ]);
  });

  it("falls back to positions when keys are missing or repeated", () => {
    const old = {
      nics: [
        { name: "a", mtu: 1 },
        { name: "a", mtu: 2 },
      ],
    };
    const fresh = {
      nics: [
        { name: "a", mtu: 1 },
        { name: "a", mtu: 3 },
      ],
    };
    expect(texts(old, fresh)).to.deep.equal(["update nics[1].mtu"]);
  });

  it("quotes keys that are no identifiers", () => {
    const old = { labels: { "app.kubernetes.io/name": "a" } };
    expect(texts(old, { labels: {} })).to.deep.equal(['delete labels["app.kubernetes.io/name"]']);
  });

  it("finds nothing between equal values and everything between different scalars", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const json = value as JsonObject;
        expect(changes(json, structuredClone(json), byName)).to.deep.equal([]);
      }),
    );
  });

  it("does not depend on the order of keyed elements", () => {
    const element = fc.record({ name: fc.string(), mtu: fc.integer() });
    const lists = fc
      .uniqueArray(element, { selector: (item) => item.name })
      .chain((nics) => fc.tuple(fc.constant(nics), fc.shuffledSubarray(nics, { minLength: nics.length })));
    fc.assert(
      fc.property(lists, ([nics, shuffled]) => {
        expect(changes({ nics }, { nics: shuffled }, byName)).to.deep.equal([]);
      }),
    );
  });
});
