import { expect } from "chai";
import fc from "fast-check";
import { LineCounter, parseDocument } from "yaml";
import { formatPath, isObject, parsePath } from "../../../model";
import type { Json, PathStep } from "../../../model";
import { readDocuments } from "../../../provider/manifests/documents";
import { Places } from "../../../provider/manifests/places";
import { pitfallOf, resolveScalar } from "../../../provider/manifests/scalars";

const values = (text: string): (Json | undefined)[] => readDocuments(text).map((document) => document.value);
const problems = (text: string): string[] =>
  readDocuments(text).flatMap((document) => document.problems.map(({ line, message }) => `${line}: ${message}`));

/** Block YAML of a value, written line by line, so that the line of each path is known. */
function written(value: Json, lines: Map<string, number>): string {
  const out: string[] = [];
  const walk = (at: Json, path: PathStep[], indent: string, lead: string): void => {
    if (Array.isArray(at) && at.length > 0) {
      if (lead) out.push(lead.trimEnd());
      at.forEach((item, index) => {
        // An element's line is where its own text begins: behind the dash, or on the line after it.
        const inner = [...path, index];
        const nested = typeof item === "object" && item !== null && Object.keys(item).length > 0;
        lines.set(formatPath(inner), out.length + (nested ? 2 : 1));
        walk(item, inner, `${indent}  `, `${indent}- `);
      });
    } else if (isObject(at) && Object.keys(at).length > 0) {
      if (lead) out.push(lead.trimEnd());
      for (const [key, item] of Object.entries(at)) {
        lines.set(formatPath([...path, key]), out.length + 1);
        walk(item ?? null, [...path, key], `${indent}  `, `${indent}${JSON.stringify(key)}: `);
      }
    } else out.push(`${lead}${JSON.stringify(at)}`);
  };
  walk(value, [], "", "");
  return `${out.join("\n")}\n`;
}

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ maxLength: 5 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.string({ maxLength: 4 }).filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
})).value;

describe("manifests as YAML", () => {
  it("are read as Kubernetes reads them", () => {
    const cases: [string, Json][] = [
      ["on", true],
      ["Yes", true],
      ["n", false],
      ["OFF", false],
      ["oN", "oN"],
      ["~", null],
      ["", null],
      ["Null", null],
      ["0644", 420],
      ["0o644", 420],
      ["-010", -8],
      ["08", 8],
      ["0x1F", 31],
      ["0b101", 5],
      ["1_000", 1000],
      ["+1", 1],
      ["-0", 0],
      ["1e3", 1000],
      ["15e3", 15000],
      [".5", 0.5],
      ["1.", 1],
      ["1:30", "1:30"],
      ["2020-01-01", "2020-01-01"],
      ["15b3", "15b3"],
      ["1e999", "1e999"],
      ["<<", "<<"],
    ];
    for (const [source, value] of cases) expect(resolveScalar(source), source).to.equal(value);
    for (const source of [".inf", "-.Inf", ".NaN"]) expect(typeof resolveScalar(source), source).to.equal("symbol");
  });

  it("surprise where programs read them differently", () => {
    expect(["on", "no", "y"].map(pitfallOf)).to.deep.equal(["boolean", "boolean", "boolean"]);
    expect(["true", "oN", "0", "07", "1:99", "abc_d", "0o17"].map(pitfallOf)).to.deep.equal(Array(7).fill(undefined));
    expect(["0644", "010", "1_000", "12:30"].map(pitfallOf)).to.deep.equal([
      "octal",
      "octal",
      "underscores",
      "sexagesimal",
    ]);
  });

  it("may begin with a byte order mark, end lines with CR LF and have empty documents", () => {
    expect(values("\ufeffa: 1\r\nb: 2\r\n---\r\n---\r\nc: 3\r\n")).to.deep.equal([{ a: 1, b: 2 }, null, { c: 3 }]);
    expect(values("")).to.deep.equal([]);
    expect(values("--- 1\n--- [x]\n--- # nothing\n")).to.deep.equal([1, ["x"], null]);
  });

  it("may be JSON, with tabs", () => {
    expect(values('{\n\t"a": [\n\t\t1,\n\t\t"\\ud83d\\ude00"\n\t]\n}\n')).to.deep.equal([{ a: [1, "😀"] }]);
  });

  it("may have tags, anchors and merges", () => {
    expect(values("a: !!str 1\nb: !own x\nc: !!binary aGk=\nd: !!int '7'\ne: 'on'\nf:\n")).to.deep.equal([
      { a: "1", b: "x", c: "hi", d: 7, e: "on", f: null },
    ]);
    expect(values("a: &a {x: 1, w: 1}\nb: {<<: *a, w: 2}\nc: {<<: [*a, {z: 3}]}\n")).to.deep.equal([
      { a: { x: 1, w: 1 }, b: { x: 1, w: 2 }, c: { x: 1, w: 1, z: 3 } },
    ]);
    expect(values("a: &a 1\nb: *a\nc: &a 2\nd: *a\n")).to.deep.equal([{ a: 1, b: 1, c: 2, d: 2 }]);
    expect(values("on: 1\n1: 2\n1.5: 3\n__proto__: {}\n").map((each) => Object.keys(each as object))).to.deep.equal([
      ["1", "true", "1.5", "__proto__"],
    ]);
  });

  it("that cannot be read are told with their line", () => {
    expect(problems("a: 1\n\tb: 2\n")[0]).to.match(/^2: This is not valid YAML: Tabs are not allowed/);
    expect(problems("a: 1\na: 2\n")).to.deep.equal(['2: The key "a" is there twice; only the last one counts.']);
    expect(problems("a: *b\n")).to.deep.equal(['1: There is no anchor "b" before this alias.']);
    expect(problems("a: &a\n  - *a\n")).to.deep.equal(['2: The anchor "a" contains itself.']);
    expect(problems("x: 1\na: {{ b }}\n")).to.deep.equal(["2: A key must be a text."]);
    expect(problems("~: 1\n")).to.deep.equal(["1: A key must be a text."]);
    expect(problems("a: .nan\n")).to.deep.equal(["1: .nan is no number that JSON has."]);
    expect(problems("a:\n  <<: 1\n")).to.deep.equal(["2: Only mappings can be merged by <<."]);
  });

  it("are read beyond a document that cannot be", () => {
    expect(values("a: b: c\n---\nd: 1\n")).to.deep.equal([undefined, { d: 1 }]);
  });

  it("cannot exhaust the program by nesting or aliases", () => {
    const deep = ["[", "{a: ", "- "].map((part) => problems(part.repeat(5000)));
    for (const told of deep) expect(told).to.deep.equal(["1: Values lie more than 200 levels inside one another."]);
    const names = "abcdefghijk".split("");
    const bomb = names.map((name, index) => {
      const inner = index === 0 ? "x" : `*${names[index - 1]}`;
      return `${name}: &${name} [${Array(9).fill(inner).join(", ")}]`;
    });
    expect(problems(bomb.join("\n"))[0]).to.match(/Aliases stand for too much/);
  });

  it("never make the reader throw", () => {
    const piece = fc.constantFrom(
      "a",
      ": ",
      "\n",
      "  ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "<<",
      "!!int ",
      "|",
      "'",
      '"',
      "---\n",
      "\t",
      "#",
      "? ",
      "on",
      "%",
      "{{",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        readDocuments(pieces.join(""));
      }),
      { numRuns: 300 },
    );
  });
});

describe("places in manifests", () => {
  it("have the lines that a second way of counting finds", () => {
    fc.assert(
      fc.property(json, (value) => {
        const lines = new Map<string, number>();
        const [document] = readDocuments(written(value, lines));
        expect(document?.value).to.deep.equal(JSON.parse(JSON.stringify(value)));
        for (const [path, line] of lines) expect(document?.places.line(parsePath(path)), path).to.equal(line);
      }),
      { numRuns: 200 },
    );
  });

  it("are those of the nearest thing that is there", () => {
    const [document] = readDocuments("spec:\n  networks:\n    - name: a\n    - name: b\n  x: 1\n");
    const line = (path: string): number | undefined => document?.places.line(parsePath(path));
    expect(line("")).to.equal(1);
    expect(line("metadata.name")).to.equal(1);
    expect(line("spec.networks[1].pod")).to.equal(4);
    expect(line("spec.networks[7].pod")).to.equal(2);
    expect(line("spec.x.y")).to.equal(5);
  });

  it("are found through aliases and merges", () => {
    const [document] = readDocuments("a: &a\n  x: 1\nb: *a\nc:\n  <<: *a\n  w: 2\nd:\n  <<: [{z: 1}, *a]\n");
    const line = (path: string): number | undefined => document?.places.line(parsePath(path));
    expect([line("b.x"), line("c.x"), line("c.w"), line("d.x"), line("d.q")]).to.deep.equal([2, 2, 6, 2, 7]);
  });

  it("say how a plain value is written", () => {
    const [document] = readDocuments('a: 0158\nb: "x"\nc: {d: on}\n');
    expect(document?.places.plainText(["a"])).to.equal("0158");
    expect(document?.places.plainText(["b"])).to.equal(undefined);
    expect(document?.places.plainText(["c", "e"])).to.equal(undefined);
  });

  it("of nothing are the first line", () => {
    expect(new Places(null, new Map(), new LineCounter()).line(["a"])).to.equal(1);
    const { contents } = parseDocument("a: 1");
    expect(new Places(contents, new Map(), new LineCounter()).line([])).to.equal(1);
  });

  it("have paths that are read as they were written", () => {
    const step = fc.oneof(fc.nat({ max: 99 }), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.array(step), (path) => {
        expect(parsePath(formatPath(path))).to.deep.equal(path);
      }),
    );
  });
});
