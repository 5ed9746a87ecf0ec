import { expect } from "chai";
import * as fc from "fast-check";
import { findingText } from "../../../model";
import type { Json } from "../../../model";
import { UNKNOWN, validateShape } from "../../../provider/kinds/validate";
import { virtualMachine } from "../../../provider/kinds/machines";
import type { Shape } from "../../../provider/shape";

const found = (shape: Shape, value: Json): string[] =>
  validateShape(shape, value, []).map((each) => `${each.rule} ${findingText(each)}`);

const person: Shape = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", minLength: 1, maxLength: 5, pattern: "^[a-z]*$" },
    age: { type: "integer", minimum: 0, maximum: 150 },
    share: { intOrString: true },
    kind: { type: "string", enum: ["a", "b"] },
    labels: { type: "object", values: { type: "string" } },
    tags: { type: "array", listType: "set", maxItems: 3, items: { type: "string" } },
    pets: {
      type: "array",
      listType: "map",
      listKeys: ["id"],
      items: { type: "object", properties: { id: { type: "string" } } },
    },
    free: { type: "object", open: true, properties: { known: { type: "boolean" } } },
  },
};

describe("validateShape", () => {
  it("accepts a value that has its shape", () => {
    const value = {
      name: "ann",
      age: 3,
      share: "10%",
      kind: "a",
      labels: { x: "y" },
      tags: ["p"],
      pets: [{ id: "1" }],
      free: { other: 1 },
    };
    expect(found(person, value)).to.deep.equal([]);
    expect(found({}, [1, { a: null }])).to.deep.equal([]);
  });

  it("names unknown fields and the nearest known one", () => {
    expect(found(person, { name: "a", agee: 3 })).to.deep.equal([
      'schema/unknown-field agee: There is no field "agee". Did you mean "age"?',
    ]);
    expect(found(person, { name: "a", pets: [{ ID: "1" }] })[0]).to.match(/pets\[0\]\.ID: .*Did you mean "id"/);
    expect(found(person, { name: "a", completelyOther: 1 })[0]).to.match(/Known fields here: name, age/);
    expect(found({ type: "object" }, { x: 1 })[0]).to.match(/Known fields here: none/);
  });

  it("says which text was meant where YAML 1.1 read a boolean", () => {
    const said = (shape: Shape, value: Json): string | undefined =>
      found(shape, value)[0]?.replace(/^.*boolean\. /, "");
    expect(said({ type: "string", enum: ["Yes", "No"] }, false)).to.equal('Write "No" in quotes.');
    expect(said({ type: "string", enum: ["on", "off"] }, true)).to.equal('Write "on" in quotes.');
    expect(said({ type: "string", enum: ["auto", "enable"] }, true)).to.equal('Allowed: "auto", "enable".');
    expect(said({ type: "string" }, false)).to.equal(
      "Write the text in quotes: without them YAML reads false, no, off, n as false.",
    );
    expect(found({ type: "string" }, [])).to.deep.equal(["schema/type This must be a text, not a list."]);
  });

  const cases: [string, Json, RegExp][] = [
    ["missing", {}, /^schema\/required name: This field is required\.$/],
    ["null is missing", { name: null }, /^schema\/required name/],
    [
      "a number for a text",
      { name: 5 },
      /^schema\/type name: This must be a text, not a number\. Write "5" in quotes\.$/,
    ],
    ["a text for a number", { name: "a", age: "5" }, /^schema\/type age: This must be a whole number, not a text\.$/],
    ["a fraction for a whole number", { name: "a", age: 1.5 }, /^schema\/type age/],
    ["a map for a list", { name: "a", tags: {} }, /^schema\/type tags: This must be a list, not an object\.$/],
    ["a list for a map", { name: "a", labels: [] }, /^schema\/type labels: This must be an object, not a list\.$/],
    ["neither number nor text", { name: "a", share: true }, /^schema\/type share/],
    [
      "a word that is not allowed",
      { name: "a", kind: "c" },
      /^schema\/enum kind: "c" is not allowed\. Allowed: "a", "b"\.$/,
    ],
    ["too small", { name: "a", age: -1 }, /^schema\/range age: -1 is too small\. The least is 0\.$/],
    ["too large", { name: "a", age: 151 }, /^schema\/range age/],
    ["an empty text", { name: "" }, /^schema\/length name: The text is empty\.$/],
    ["a long text", { name: "abcdef" }, /^schema\/length name/],
    ["a text of another form", { name: "A" }, /^schema\/pattern name: "A" does not have the required form\./],
    ["a long list", { name: "a", tags: ["1", "2", "3", "4"] }, /^schema\/length tags/],
    [
      "the same twice in a set",
      { name: "a", tags: ["1", "1"] },
      /^schema\/duplicate tags\[1\]: The element is the same as number 1/,
    ],
    ["the same key twice", { name: "a", pets: [{ id: "1" }, { id: "1" }] }, /^schema\/duplicate pets\[1\]/],
    ["inside of a map", { name: "a", labels: { "x.y/z": 1 } }, /^schema\/type labels\["x\.y\/z"\]/],
    ["inside of an open object", { name: "a", free: { known: "yes" } }, /^schema\/type free\.known/],
  ];
  for (const [what, value, expected] of cases) {
    it(`finds ${what}`, () =>
      expect(found(person, value))
        .to.have.length(1)
        .and.to.satisfy(([text]: string[]) => expected.test(text ?? "")));
  }

  it("finds a short text, a short list and an object that is twice in a set", () => {
    expect(found({ type: "string", minLength: 3 }, "ab")).to.deep.equal(["schema/length The text needs 3 characters."]);
    expect(found({ type: "array", minItems: 2 }, [1])).to.deep.equal([
      "schema/length The list needs at least 2 elements.",
    ]);
    const set: Shape = { type: "array", listType: "set", items: { type: "object", values: { type: "integer" } } };
    expect(found(set, [{ a: 1 }, { a: 2 }])).to.deep.equal([]);
    expect(found(set, [{ a: 1 }, { a: 1 }])).to.have.length(1);
  });

  it("finds everything at once", () => {
    expect(found(person, { age: "x", kind: "c", nme: "a" })).to.have.length(4);
  });

  it("accepts what is not known yet in any place", () => {
    expect(validateShape(person, UNKNOWN, [])).to.deep.equal([]);
    for (const key of Object.keys(person.properties ?? {})) {
      expect(found(person, { name: "a", [key]: UNKNOWN }), key).to.deep.equal([]);
    }
    expect(
      found(person, { name: UNKNOWN, tags: [UNKNOWN, UNKNOWN], pets: [{ id: UNKNOWN }, { id: UNKNOWN }] }),
    ).to.deep.equal([]);
  });

  it("takes nulls for absent", () => expect(found(person, { name: "a", age: null, tags: null })).to.deep.equal([]));

  it("checks the bounds of number formats", () => {
    expect(found({ type: "integer", format: "int32" }, 2 ** 31)[0]).to.match(/too large/);
    expect(found({ type: "integer", format: "int64" }, 2 ** 31)).to.deep.equal([]);
  });

  it("never throws, whatever the value", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void validateShape(virtualMachine.shape(), { spec: value }, [])));
  });

  it("finds a typing error deep in a VirtualMachine", () => {
    const value = { spec: { template: { spec: { domain: { cpu: { core: 4 }, devices: {} } } } } };
    expect(found(virtualMachine.shape(), value)).to.deep.equal([
      'schema/unknown-field spec.template.spec.domain.cpu.core: There is no field "core". Did you mean "cores"?',
    ]);
  });

  it("knows what a CRD leaves free", () => {
    const value = {
      spec: { template: { metadata: { labels: { a: "b" }, anything: 1 }, spec: { domain: { devices: {} } } } },
    };
    expect(found(virtualMachine.shape(), value)).to.deep.equal([]);
  });
});
