import Ajv, { type ValidateFunction } from "ajv";
import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject, type Json } from "../../model";
import { packageRoot } from "../../provider/package";
import { layerSchema, stackSchema } from "../../provider/generate/environment";
import { full } from "../planning/environments";

const folder = join(packageRoot, "stacks");

/** The path of the schema that an editor takes for a file. */
function modeline(text: string): string | undefined {
  return /^# yaml-language-server: \$schema=(\S+)$/m.exec(text)?.[1];
}

describe("schemas of environments", () => {
  const validators: Record<string, ValidateFunction> = {};
  before(() => {
    const ajv = new Ajv({ allErrors: true });
    ajv.addSchema(layerSchema(), "environment.schema.json");
    ajv.addSchema(stackSchema(), "stack.schema.json");
    for (const name of ["environment.schema.json", "stack.schema.json"]) validators[name] = ajv.getSchema(name)!;
  });

  /** Paths at which a value does not fit. */
  const wrong = (schema: string, value: unknown): string[] => {
    const validator = validators[schema]!;
    void validator(value);
    return [...new Set((validator.errors ?? []).map(({ dataPath }) => dataPath))];
  };
  const layer = (value: unknown): string[] => wrong("environment.schema.json", value);

  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
    it(`fit stacks/${file}, which names its schema`, () => {
      const text = readFileSync(join(folder, file), "utf8");
      const schema = modeline(text);
      expect(schema).to.equal(file === "common.yaml" ? "environment.schema.json" : "stack.schema.json");
      expect(wrong(schema ?? "", parse(text))).to.deep.equal([]);
    });
  }

  it("take a whole environment, and any part of it", () => {
    const parts = (value: Json): Json[] => {
      if (!isObject(value)) return [];
      return Object.entries(value).flatMap(([key, inner]) => [
        { [key]: inner },
        ...parts(inner ?? null).map((part) => ({ [key]: part })),
      ]);
    };
    const whole = JSON.parse(JSON.stringify(full)) as Json;
    for (const part of [whole, {}, ...parts(whole)]) expect(layer(part), JSON.stringify(part)).to.deep.equal([]);
    expect(layer({ machines: [{ name: "vm", nics: [{ name: "tenant", addresses: ["10.0.0.1/24"] }] }] })).to.deep.equal(
      [],
    );
    expect(layer({ machines: [{ name: "vm", rootDisk: { image: "other" } }] })).to.deep.equal([]);
  });

  it("refuse unknown properties, wrong types and values that are not allowed", () => {
    expect(layer({ machine: [] })).to.deep.equal([""]);
    expect(layer({ cluster: { openshift: "4.2", apiserver: {} } })).to.have.members([".cluster", ".cluster.openshift"]);
    expect(layer({ nodePools: [{ name: "worker", machineCount: "three" }] })).to.include(".nodePools[0].machineCount");
    expect(layer({ machines: [{ name: "vm", nics: [{ name: "a", macAdress: "" }] }] })).to.include(
      ".machines[0].nics[0]",
    );
    expect(wrong("stack.schema.json", { config: {} })).to.deep.equal([".config"]);
    expect(wrong("stack.schema.json", { config: { "ove:environment": { name: 1 } } })).to.deep.equal([
      ".config['ove:environment'].name",
    ]);
  });
});
