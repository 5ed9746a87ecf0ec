import { expect } from "chai";
import { shapeOfJsonSchema } from "../../../provider/generate/json-schema";
import { componentPage } from "../../../provider/generate/pages";
import { kindPage } from "../../../provider/generate/kind-pages";
import { domainOf, kindName, typeTree } from "../../../provider/generate/type-tree";
import type { JsonObject } from "../../../model";
import type { ActionKind } from "../../../provider/kind";

const page = (inputs: JsonObject): string[] =>
  componentPage({ token: "ove:a:Thing", doc: "A thing.", inputs, outputs: {} })
    .split("\n")
    .filter((line) => line.startsWith("| `"));

describe("the page of a component", () => {
  it("has a row for each property, with what JSON Schema can say of it", () => {
    const properties = {
      word: { enum: ["a", "b"] },
      mode: { const: "active", description: "One | two\nlines" },
      either: { oneOf: [{ type: "string" }, { const: 1 }, true] },
      any: true,
      size: { $ref: "#/$defs/Size" },
      list: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } },
    };
    const $defs = { Size: { type: "integer", default: 3, description: "How much." } };
    expect(page({ properties, required: ["mode", "size"], $defs })).to.deep.equal([
      '| `word` | `"a"`, `"b"` |  |  |',
      '| `mode` | `"active"` | required | One \\| two lines |',
      "| `either` | string or `1` or any |  |  |",
      "| `any` | any |  |  |",
      "| `size` | integer | `3` | How much. |",
      "| `list[]` | list of object |  |  |",
      "| `list[].name` | string |  |  |",
    ]);
  });

  it("has the properties of all forms of an object, and says of which form each is", () => {
    const form = (type: JsonObject, properties: JsonObject): JsonObject => ({
      type: "object",
      properties: { type, mtu: { type: "integer", description: "In bytes." }, ...properties },
      required: ["type"],
    });
    const range = { type: "object", properties: { first: { type: "string" } } };
    const ofBridge = form({ enum: ["bridge", "ovs"] }, { bridge: { type: "string", description: "Its name." } });
    expect(
      page({ anyOf: [ofBridge, form({ const: "vlan" }, { range }), form({ const: "bond" }, { range })] }),
    ).to.deep.equal([
      '| `type` | `"bridge"`, `"ovs"` | required |  |',
      "| `mtu` | integer |  | In bytes. |",
      '| `bridge` | string |  | Its name. With `type` `"bridge"`, `"ovs"`. |',
      '| `type` | `"vlan"` | required |  |',
      '| `range` | object |  | With `type` `"vlan"`, `"bond"`. |',
      "| `range.first` | string |  |  |",
      '| `type` | `"bond"` | required |  |',
    ]);
  });

  it("shows a reference that leads nowhere as any value", () => {
    const size = { $ref: "#/$defs/Size" };
    expect(page({ properties: { size } })).to.deep.equal(["| `size` | any |  |  |"]);
    expect(page({ properties: { size }, $defs: {} })).to.deep.equal(["| `size` | any |  |  |"]);
  });
});

describe("the page of an action", () => {
  const action: ActionKind = {
    is: "action",
    token: "ove:a:Thing",
    doc: "A thing.",
    waits: "Nothing.",
    deletes: "Nothing is deleted.",
    example: {},
    inputs: () => ({
      type: "object",
      properties: {
        list: { type: "array" },
        any: {},
        texts: { type: "array", minItems: 2, items: { type: "string" } },
      },
    }),
    outputs: () => ({ type: "object", properties: {} }),
    check: () => [],
    id: () => "a",
    immutable: [],
    timeouts: { create: 90, update: 60, delete: 60 },
    create: () => [],
    update: () => [],
    delete: () => [],
    observe: () => [],
    observed: () => ({}),
  };

  it("says what it takes and how long it may last", () => {
    const text = kindPage(action).split("\n");
    expect(text.filter((line) => line.startsWith("| `"))).to.deep.equal([
      "| `list[]` | list of anything |  |  |",
      "| `any` | anything |  |  |",
      "| `texts[]` | list of string |  | at least 2 elements |",
    ]);
    expect(text).to.include("| 90 s | 1 min | 1 min |");
    expect(text).to.include("No Kubernetes object: it acts or waits when it is created, changed and deleted.");
  });

  it("has no table where it takes nothing", () => {
    const none = kindPage({ ...action, inputs: () => ({ type: "object" }) });
    expect(none).not.to.include("## Fields");
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
