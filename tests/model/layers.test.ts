import { expect } from "chai";
import fc from "fast-check";
import { stringify } from "yaml";
import { isObject, type Json, type PathStep } from "../../model";
import { readLayer, readStackLayer } from "../../model/layer-file";
import {
  merge,
  mergeLayers,
  originAt,
  originText,
  placedText,
  plain,
  sourced,
  sourcedAt,
  type Sourced,
  withOrigins,
} from "../../model/layers";

function layer(text: string, file = "f.yaml"): Sourced {
  const { value, findings } = readLayer(text, file);
  expect(findings).to.deep.equal([]);
  return value ?? sourced(null);
}

function where(value: Sourced, ...path: PathStep[]): string {
  const origin = originAt(value, path);
  return origin ? originText(origin) : "nowhere";
}

function leaves(value: Json, path: PathStep[] = []): [PathStep[], Json][] {
  if (Array.isArray(value)) return value.flatMap((element, index) => leaves(element, [...path, index]));
  if (!isObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner ?? null, [...path, key]));
}

const common = `# shared
cluster:
  openshift: "4.20"
nodePools:
  - name: worker
    machineCount: 3
  - name: master
    machineCount: 3
namespaces: [web, db]
`;
const own = `cluster:
  cilium: "1.20"
nodePools:
  - name: infra
    machineCount: 2
  - name: worker
    machineCount: 5
namespaces: [app]
`;

describe("files of environments", () => {
  it("know where each property and element is", () => {
    const value = layer(common);
    expect(where(value, "cluster", "openshift")).to.equal("f.yaml:3:3");
    expect(where(value, "nodePools", 1, "machineCount")).to.equal("f.yaml:8:5");
    expect(where(value, "nodePools", 1)).to.equal("f.yaml:7:5");
    expect(where(value, "namespaces", 1)).to.equal("f.yaml:9:19");
  });

  it("tell for what is absent where it would be", () => {
    const value = layer(common);
    expect(where(value, "nodePools", 1, "hugepages", "size")).to.equal("f.yaml:7:5");
    expect(where(value, "cilium")).to.equal("f.yaml:1:1");
    expect(where(value, "nodePools", 7)).to.equal("f.yaml:4:1");
    expect(sourcedAt(value, ["cilium"])).to.equal(undefined);
    expect(sourcedAt(value, ["namespaces", "web"])).to.equal(undefined);
  });

  it("follow aliases, and refuse what readers of YAML disagree on", () => {
    expect(plain(layer("a: &x {b: 1}\nc: *x\n"))).to.deep.equal({ a: { b: 1 }, c: { b: 1 } });
    const ambiguous = ["0644", "0b11", "1_000", "-012", "2026-01-02"];
    for (const text of ambiguous) {
      const { value, findings } = readLayer(`a:\n  - ${text}\n`, "f.yaml");
      expect(value, text).to.equal(undefined);
      expect(findings.map(placedText)).to.deep.equal([
        `f.yaml:2:5: ${text} is read differently by different programs. Put it in quotes, or write it plainly.`,
      ]);
      expect(plain(layer(`a: "${text}"`))).to.deep.equal({ a: text });
    }
    for (const text of ["true", "yes", "null", "0", "10", "1.5", "name", "02:00:00:00:00:01", "0000:3b:00.0"])
      layer(`a: ${text}`);
  });

  it("that cannot be read say why and where, all at once", () => {
    const cases: [string, RegExp][] = [
      ["a: [1", /^f\.yaml:\d:\d: This is not valid YAML: /],
      ["a: 1\na: 2\n", /^f\.yaml:2:1: This is not valid YAML: Map keys must be unique\.$/],
      ["a: *b\n", /^f\.yaml:1:\d: This is not valid YAML: /],
      ["a: 1\n---\nb: 1\n", /^f\.yaml:\d:\d: This is not valid YAML: /],
      ["? [a]\n: 1\n", /^f\.yaml:1:3: Keys must be plain words\.$/],
      ["a: &x {}\nb:\n  <<: *x\n", /^f\.yaml:3:3: Merge keys are not supported\. Write the values out\.$/],
      ["a: &a [*a]\n", /^f\.yaml:1:\d: This value would contain itself\.$/],
      [
        "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n",
        /This is not valid YAML: /,
      ],
    ];
    for (const [text, message] of cases) {
      const { value, findings } = readLayer(text, "f.yaml");
      expect(value, text).to.equal(undefined);
      expect(findings.map(placedText)[0], text).to.match(message);
    }
    expect(readLayer("a: 01\nb: 02\n", "f.yaml").findings).to.have.length(2);
  });

  it("may be empty", () => {
    expect(plain(layer(""))).to.equal(null);
    expect(plain(layer("# nothing\n"))).to.equal(null);
    expect(plain(layer("a:\n"))).to.deep.equal({ a: null });
  });
});

describe("layers with origins", () => {
  it("take each value from the layer that has it last", () => {
    const merged = merge(layer(common, "common.yaml"), layer(own, "own.yaml"));
    expect(where(merged, "cluster", "openshift")).to.equal("common.yaml:3:3");
    expect(where(merged, "cluster", "cilium")).to.equal("own.yaml:2:3");
    expect(where(merged, "nodePools", 0, "machineCount")).to.equal("own.yaml:7:5");
    expect(where(merged, "nodePools", 1, "machineCount")).to.equal("common.yaml:8:5");
    expect(where(merged, "nodePools", 2, "machineCount")).to.equal("own.yaml:5:5");
    expect(where(merged, "namespaces", 0)).to.equal("own.yaml:8:14");
    // What is missing is missing in the upper layer.
    expect(where(merged, "cluster", "kubevirt")).to.equal("own.yaml:1:1");
  });

  it("merge as values do, and every leaf comes from a layer that says just that", () => {
    const named = fc.uniqueArray(fc.record({ name: fc.constantFrom("k", "l", "m"), value: fc.integer() }), {
      selector: (thing) => thing.name,
    });
    const shape = fc.record(
      {
        map: fc.dictionary(fc.constantFrom("a", "b"), fc.integer()),
        things: named,
        list: fc.array(fc.constantFrom("p", "q: r", "0")),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        const files: Record<string, Sourced> = { a: layer(stringify(a), "a"), b: layer(stringify(b), "b") };
        const merged = merge(files.a!, files.b!);
        expect(plain(merged)).to.deep.equal(mergeLayers(a, b));
        for (const [path, value] of leaves(plain(merged))) {
          const origin = originAt(merged, path);
          const there = Object.values(files).flatMap((file) =>
            leaves(plain(file)).filter(([at]) => where(file, ...at) === originText(origin!)),
          );
          expect(there.map(([, said]) => said)).to.include(value);
        }
      }),
    );
  });

  it("give a value that came another way the origins of what says the same", () => {
    const known = layer("a: 1\nb:\n  c: x\n  d: [1, 2]\n");
    const value = withOrigins({ a: 1, b: { c: "y", d: [1, 3], e: true } }, known);
    expect(plain(value)).to.deep.equal({ a: 1, b: { c: "y", d: [1, 3], e: true } });
    expect(where(value, "a")).to.equal("f.yaml:1:1");
    expect(where(value, "b", "c")).to.equal("f.yaml:2:1");
    expect(where(value, "b", "d", 0)).to.equal("f.yaml:4:7");
    expect(where(value, "b", "d", 1)).to.equal("f.yaml:4:3");
    expect(where(value, "b", "e")).to.equal("f.yaml:2:1");
    expect(where(withOrigins({ a: 1 }, undefined), "a")).to.equal("nowhere");
  });
});

describe("files of stacks", () => {
  const read = (text: string) => readStackLayer(text, "Pulumi.s.yaml");

  it("hold the environment in their configuration", () => {
    const { value } = read("config:\n  other:key: yes please\n  ove:environment:\n    name: s\n");
    expect(value && plain(value)).to.deep.equal({ name: "s" });
    expect(value && where(value, "name")).to.equal("Pulumi.s.yaml:4:5");
  });

  it("may hold it as JSON, as `pulumi config set` writes it", () => {
    const { value } = read(`config:\n  ove:environment: '{"name": "s", "namespaces": []}'\n`);
    expect(value && plain(value)).to.deep.equal({ name: "s", namespaces: [] });
    expect(value && where(value, "name")).to.equal("Pulumi.s.yaml:2:3");
    const text = read("config:\n  ove:environment: nonsense\n").value;
    expect(text && plain(text)).to.equal("nonsense");
  });

  it("say when there is none, and that secrets are no part of it", () => {
    for (const text of ["", "config: {}\n", "encryptionsalt: v1\n"]) {
      expect(read(text).findings.map(placedText)[0]).to.match(/^Pulumi\.s\.yaml:1:1: The stack has no environment: /);
    }
    const secret = "config:\n  ove:environment:\n    name: s\n    machines:\n      - name: {secure: v1:abc}\n";
    expect(read(secret).findings.map(placedText)).to.deep.equal([
      "Pulumi.s.yaml:5:9: This value is encrypted, and environments are plain text. " +
        "Let a property such as `userDataFrom` name the key of the secret.",
    ]);
  });
});
