import { expect } from "chai";
import { parse } from "yaml";
import type { Json } from "../../model";
import { readLayer } from "../../model/layer-file";
import { sourced, type Sourced } from "../../model/layers";
import { masked, maskedSecret, SECRET } from "../../model/secrets";
import { environmentText, explainedText } from "../../reports/environment";

const origins = (text: string): Sourced => readLayer(text, "stacks/common.yaml").value ?? sourced(null);

const written = "name: dev\nlist: [1, two]\nmap:\n  inner: x\nnothing: {}\n";
const environment: Json = {
  name: "dev",
  list: [1, "two"],
  map: { inner: "x", added: true, "a.b/c": "y" },
  nothing: {},
  none: [],
  long: "word ".repeat(60).trim(),
  lines: "one\ntwo\n",
  twice: [{ a: 1 }, { a: 1 }],
};

describe("reports on environments", () => {
  it("are the environment, in YAML and JSON", () => {
    expect(parse(environmentText(environment, "yaml"))).to.deep.equal(environment);
    expect(JSON.parse(environmentText(environment, "json"))).to.deep.equal(environment);
  });

  it("explain each value where it stands, and remain the environment", () => {
    const text = explainedText(environment, origins(written), "yaml");
    expect(parse(text)).to.deep.equal(environment);
    expect(text.split("\n").slice(0, 11)).to.deep.equal([
      "name: dev # stacks/common.yaml:1",
      "list:",
      "  - 1 # stacks/common.yaml:2",
      "  - two # stacks/common.yaml:2",
      "map:",
      "  inner: x # stacks/common.yaml:4",
      "  added: true # default",
      "  a.b/c: y # default",
      "nothing: {} # stacks/common.yaml:5",
      "none: [] # default",
      `long: ${"word ".repeat(60).trim()} # default`,
    ]);
  });

  it("explain in JSON as a list of paths", () => {
    const list = JSON.parse(explainedText({ map: { inner: "x", "a.b/c": [] } }, origins(written), "json")) as Json;
    expect(list).to.deep.equal([
      { path: "map.inner", value: "x", origin: "stacks/common.yaml:4" },
      { path: 'map["a.b/c"]', value: [], origin: "default" },
    ]);
  });

  it("never show secrets", () => {
    const secret = "hunter2";
    const value: Json = {
      nodePools: [{ name: "worker", passwordHash: secret }],
      machines: [{ name: "vm", cloudInit: { userData: secret, userDataFrom: "key" } }],
    };
    const texts = (["yaml", "json"] as const).flatMap((format) => [
      environmentText(value, format),
      explainedText(value, sourced(value, { file: "f", line: 1, column: 1 }), format),
    ]);
    for (const text of texts) {
      expect(text).to.not.include(secret);
      expect(text).to.include(SECRET);
      expect(text).to.include("key");
    }
    expect(masked({ data: { a: "b" } })).to.deep.equal({ data: { a: "b" } });
    expect(
      maskedSecret({ metadata: { name: "n" }, data: { k: secret }, stringData: secret, type: "Opaque" }),
    ).to.deep.equal({
      metadata: { name: "n" },
      type: "Opaque",
      data: { k: SECRET },
      stringData: SECRET,
    });
  });
});
