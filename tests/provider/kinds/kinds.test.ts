import { expect } from "chai";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UNKNOWN, defaultFacts } from "../../../model";
import type { Json, JsonObject } from "../../../model";
import {
  environmentFiles,
  kindPageFiles,
  pageFiles,
  resourceFiles,
  schemaFile,
  shapeFiles,
} from "../../../provider/generate";
import { checkObject } from "../../../provider/kinds/check-object";
import { kindOf, kinds } from "../../../provider/kinds";
import { gate } from "../../../provider/kinds/platform";
import { networkAttachmentDefinition } from "../../../provider/kinds/networks";
import { packageRoot } from "../../../provider/package";
import { resourceClasses } from "../../../provider/resources";
import { componentSchemas } from "../../../planning/component-schemas";
import { checkInputs } from "../../../provider/server/checks";
import type { Shape } from "../../../provider/shape";
import { before, object, said } from "./objects";

/** The shape at a path pattern; undefined when there is none. */
function shapeAt(shape: Shape, pattern: string): Shape | undefined {
  const inner = (at: Shape | undefined): Shape | undefined => (at?.type === "array" ? inner(at.items) : at);
  return pattern
    .split(".")
    .reduce<Shape | undefined>(
      (at, key) => (inner(at)?.open && !inner(at)?.properties ? at : inner(at)?.properties?.[key]),
      shape,
    );
}

describe("kinds", () => {
  it("are found by their tokens, each once", () => {
    const tokens = kinds.map((kind) => kind.token);
    expect(new Set(tokens).size).to.equal(tokens.length);
    for (const kind of kinds) expect(kindOf(kind.token)).to.equal(kind);
    expect(kindOf("ove:nodes:Nothing")).to.equal(undefined);
  });

  it("have a class each", () => {
    expect(Object.keys(resourceClasses).sort()).to.deep.equal(kinds.map((kind) => kind.token).sort());
    for (const [token, { token: own, name }] of Object.entries(resourceClasses)) {
      expect(own).to.equal(token);
      expect(token.endsWith(`:${name}`)).to.equal(true);
    }
  });

  for (const kind of kinds) {
    if (kind.is === "action") continue;
    it(`${kind.kind} names only places that its shape has`, () => {
      const disrupting = kind.disruptions.flatMap((row) => row.paths ?? []);
      const places = [...Object.keys(kind.listKeys), ...kind.immutable, ...kind.serverWritten, ...disrupting];
      for (const place of places) expect(shapeAt(kind.shape(), place), place).to.not.equal(undefined);
    });
    it(`${kind.kind} tells the elements of its lists apart by keys that they have`, () => {
      for (const [place, identity] of Object.entries(kind.listKeys)) {
        const list = shapeAt(kind.shape(), place);
        if (list?.open) continue;
        expect(list?.type, place).to.equal("array");
        if (typeof identity === "string") continue;
        for (const key of identity.by.filter((each) => !each.startsWith("metadata."))) {
          expect(list?.items?.properties, place).to.have.property(key);
        }
      }
    });
    it(`${kind.kind} says nothing of values that are all unknown`, () => {
      const metadata = { name: UNKNOWN, namespace: UNKNOWN, labels: UNKNOWN, annotations: UNKNOWN } as unknown as {
        name: string;
      };
      const unknown = {
        apiVersion: kind.apiVersion,
        kind: kind.kind,
        metadata,
        spec: UNKNOWN as unknown as JsonObject,
      };
      expect(checkObject(kind.rules, unknown)).to.deep.equal([]);
    });
  }

  for (const kind of kinds) {
    it(`${kind.token} has an example that nothing is to be said about`, () => {
      expect(checkInputs(kind, kind.example, defaultFacts)).to.deep.equal([]);
    });
  }

  it("have rules with ids of their own, and a source each", () => {
    const rules = [...new Set(kinds.flatMap((kind) => (kind.is === "object" ? kind.rules : [])))];
    const ids = rules.map((rule) => rule.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).to.deep.equal([]);
    expect(rules.filter((rule) => !rule.source).map((rule) => rule.id)).to.deep.equal([]);
  });

  it("Gate does nothing", () => {
    const inputs = { of: "platform" };
    expect([gate.create(inputs), gate.update(inputs, inputs), gate.delete(inputs), gate.observe(inputs)]).to.deep.equal(
      [[], [], [], []],
    );
    expect(gate.observed(inputs, {})).to.deep.equal({});
    expect(gate.id(inputs)).to.equal("platform");
  });

  it("NetworkAttachmentDefinition works as soon as it exists", () => {
    const live = object("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", {});
    expect(said(networkAttachmentDefinition.ready.verdict(live, {}, before()))).to.equal("ready");
  });
});

describe("generated files", () => {
  const committed = (path: string): string => readFileSync(join(packageRoot, path), "utf8");

  it("have the shapes of the pinned CRDs", () => {
    const absent: string[] = [];
    const files = shapeFiles(packageRoot, false, (kind) => absent.push(kind));
    expect(absent, "kinds without a CRD in the toolchain").to.be.empty;
    for (const [path, text] of Object.entries(files)) expect(committed(path), path).to.equal(text);
  });

  it("have the resource classes of the kinds", async () => {
    for (const [path, text] of Object.entries(await resourceFiles(packageRoot)))
      expect(committed(path), path).to.equal(text);
  });

  it("have the pages of the components", async () => {
    for (const [path, text] of Object.entries(await pageFiles(packageRoot, componentSchemas)))
      expect(committed(path), path).to.equal(text);
  });

  it("have the pages of the kinds", async () => {
    const files = await kindPageFiles(packageRoot);
    for (const [path, text] of Object.entries(files)) expect(committed(path), path).to.equal(text);
    const present = readdirSync(join(packageRoot, "docs", "kinds")).map((name) => `docs/kinds/${name}`);
    expect(present.sort()).to.deep.equal(Object.keys(files).sort());
  });

  it("have the schema of the kinds and components", () => {
    expect(committed("schema.json")).to.equal(schemaFile(packageRoot, componentSchemas));
  });

  it("have the schemas of environments", async () => {
    for (const [path, text] of Object.entries(await environmentFiles(packageRoot)))
      expect(committed(path), path).to.equal(text);
  });

  it("say nothing in upstream's words: shapes are names, types and limits", () => {
    const texts = (value: Json): string[] => {
      if (Array.isArray(value)) return value.flatMap(texts);
      if (typeof value !== "object" || value === null) return [];
      return Object.entries(value).flatMap(([key, item]) => [key, ...texts(item ?? null)]);
    };
    const keys = texts(JSON.parse(committed("provider/shapes/SriovNetwork.json")) as Json);
    expect(keys).to.not.include.members(["description"]);
    expect(keys).to.not.include.members(["x-kubernetes-validations"]);
  });
});

describe("schema.json", () => {
  interface Schema {
    resources: Record<
      string,
      { inputProperties: JsonObject; properties: JsonObject; requiredInputs: string[]; required: string[] }
    >;
    types: Record<string, { properties: JsonObject; required: string[] }>;
    provider: { inputProperties: Record<string, { secret?: boolean }> };
  }
  const schema = JSON.parse(readFileSync(join(packageRoot, "schema.json"), "utf8")) as Schema;

  const references = (value: unknown): string[] => {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) =>
      key === "$ref" && typeof item === "string" ? [item] : references(item),
    );
  };

  it("has every kind and component", () => {
    const tokens = [...kinds.map((kind) => kind.token), ...componentSchemas.map((component) => component.token)];
    expect(Object.keys(schema.resources).sort()).to.deep.equal(tokens.sort());
  });

  it("refers only to types that it has, and has no others", () => {
    const used = references(schema)
      .filter((ref) => ref.startsWith("#/types/"))
      .map((ref) => ref.slice("#/types/".length));
    expect([...new Set(used)].sort()).to.deep.equal(Object.keys(schema.types).sort());
  });

  it("requires only properties that it has", () => {
    for (const [token, { properties, required }] of Object.entries(schema.types)) {
      expect(Object.keys(properties), token).to.include.members(required);
    }
    for (const [token, spec] of Object.entries(schema.resources)) {
      expect(Object.keys(spec.inputProperties), token).to.include.members(spec.requiredInputs);
      expect(Object.keys(spec.properties), token).to.include.members(spec.required);
    }
  });

  it("keeps the kubeconfig secret", () => expect(schema.provider.inputProperties.kubeconfig?.secret).to.equal(true));
});
