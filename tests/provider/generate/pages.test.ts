import { expect } from "chai";
import { shapeOfJsonSchema } from "../../../provider/generate/json-schema";
import { componentPage } from "../../../provider/generate/pages";
import { domainOf, kindName, typeTree } from "../../../provider/generate/type-tree";
import type { JsonObject } from "../../../model";

const page = (inputs: JsonObject): string[] =>
  componentPage({ token: "ove:a:Thing", doc: "A thing.", inputs, outputs: {} })
    .split("\n")
    .filter((line) => line.startsWith("| `"));

describe("the page of a component", () => {
  it("has a row for each property, with what JSON Schema can say of it", () => {
    const properties = {
      mode: { const: "active", description: "One | two\nlines" },
      either: { oneOf: [{ type: "string" }, { const: 1 }, true] },
      any: true,
      size: { $ref: "#/$defs/Size" },
      list: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } },
    };
    const $defs = { Size: { type: "integer", default: 3, description: "How much." } };
    expect(page({ properties, required: ["mode", "size"], $defs })).to.deep.equal([
      '| `mode` | `"active"` | required | One \\| two lines |',
      "| `either` | string or `1` or any |  |  |",
      "| `any` | any |  |  |",
      "| `size` | integer | `3` | How much. |",
      "| `list[]` | list of object |  |  |",
      "| `list[].name` | string |  |  |",
    ]);
  });

  it("shows a reference that leads nowhere as any value", () => {
    const size = { $ref: "#/$defs/Size" };
    expect(page({ properties: { size } })).to.deep.equal(["| `size` | any |  |  |"]);
    expect(page({ properties: { size }, $defs: {} })).to.deep.equal(["| `size` | any |  |  |"]);
  });
});

describe("the shape of a JSON Schema", () => {
  it("has any value for a property that is only allowed", () => {
    expect(shapeOfJsonSchema({ type: "object", properties: { a: true } })).to.deep.equal({
      type: "object",
      properties: { a: {} },
      required: [],
    });
  });

  it("unites alternatives as far as that goes", () => {
    const of = (...anyOf: JsonObject[]): unknown => shapeOfJsonSchema({ anyOf });
    expect(of({ type: "string" }, { type: "string" })).to.deep.equal({ type: "string" });
    expect(of({ const: "a" }, { enum: ["a", "b"], type: "string" })).to.deep.equal({
      type: "string",
      enum: ["a", "b"],
    });
    expect(of({ type: "string" }, { type: "integer" })).to.deep.equal({ intOrString: true });
    expect(of({ type: "string" }, { type: "object", properties: { a: true } })).to.deep.equal({});
    const one = { type: "object", properties: { a: { type: "string", description: "A." }, b: {} }, required: ["a"] };
    const two = { type: "object", properties: { a: { type: "string", description: "A." } }, required: ["a"] };
    expect(of(one, two)).to.deep.equal({
      type: "object",
      properties: { a: { type: "string", doc: "A." }, b: {} },
      required: ["a"],
    });
  });
});

describe("the types of a kind", () => {
  it("are named by where they are first, also where a field is no identifier", () => {
    const leaf = { type: "object", properties: { x: { type: "string" } } } as const;
    const root = { type: "object", properties: { "a.b-": leaf, list: { type: "array", items: leaf } } } as const;
    const tree = typeTree("Kind", root);
    expect(tree.types.map(({ name }) => name)).to.deep.equal(["Kind", "KindAB"]);
    expect(tree.nameOf(leaf)).to.equal("KindAB");
    expect([kindName({ token: "ove:nodes:Pool" }), domainOf({ token: "ove:nodes:Pool" })]).to.deep.equal([
      "Pool",
      "nodes",
    ]);
  });
});
