import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { defaultVersions, supportedVersions } from "../../model";
import { decode, manifestFiles } from "../../cli/manifest-files";
import { parseVersions } from "../../cli/verify-command";
import { nodesFrom } from "../../cli/verify-inventory";
import { verificationJson, verificationText } from "../../cli/verify-report";
import type { ManifestFinding } from "../../provider/manifests/verify";

const policy = (name: string): string =>
  `apiVersion: cilium.io/v2alpha1\nkind: CiliumBGPPeeringPolicy\nmetadata:\n  name: ${name}\n`;

const node = { name: "w", role: "worker", cpus: 1, memory: "1Gi", nics: [] };

describe("ove verify", () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "ove-verify-"))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const write = (name: string, text: string | Uint8Array): string => {
    mkdirSync(join(dir, name, ".."), { recursive: true });
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const read = (...paths: string[]): string[] => manifestFiles(paths).map(({ file }) => relative(dir, file));

  describe("as a process", function () {
    this.timeout(400_000);

    function ove(args: string[], input = ""): { status: number | null; stdout: string; stderr: string } {
      const script = join(__dirname, "..", "sandbox", "ove.ts");
      const all = ["-r", "ts-node/register/transpile-only", script, "verify", ...args];
      return spawnSync(process.execPath, all, { encoding: "utf8", input });
    }

    it("ends with 5 after errors and tells them on standard output, as text or JSON", () => {
      const text = ove(["--manifests", "-"], policy("a"));
      expect([text.status, text.stderr]).to.deep.equal([5, ""]);
      expect(text.stdout).to.match(
        /^-:2: error manifest\/removed-kind kind There is no .*\n\n1 error, 0 warnings, .*\n$/,
      );
      const json = ove(["--manifests", "-", "--format", "json"], policy("a"));
      expect([json.status, json.stderr]).to.deep.equal([5, ""]);
      const [finding, ...others] = JSON.parse(json.stdout) as ManifestFinding[];
      expect(others).to.deep.equal([]);
      expect(Object.keys(finding ?? {})).to.deep.equal(
        "id severity file line document kind namespace name path message fix source".split(" "),
      );
    });

    it("ends with 0 when there are only warnings", () => {
      const { status, stdout } = ove(["--manifests", "-", "--versions", "cilium=1.18"], policy("a"));
      expect([status, stdout.includes("1 warning")]).to.deep.equal([0, true]);
    });

    it("ends with 2 for a wrong command line, in one line", () => {
      const wrong: [string[], RegExp][] = [
        [["--manifests", join(dir, "absent")], /There is no file or folder/],
        [["--manifests", "-", "--versions", "linux=1"], /There is no product "linux"/],
        [["--manifests", "-", "--inventory", join(dir, "absent")], /The inventory .* cannot be read/],
      ];
      for (const [args, message] of wrong) {
        const { status, stdout, stderr } = ove(args);
        expect([status, stdout]).to.deep.equal([2, ""]);
        expect(stderr)
          .to.match(message)
          .and.to.not.match(/\n +at /);
      }
    });
  });

  it("reads files, and folders with all below them, each file once", () => {
    write("b/c.yml", "");
    write("b/d/e.JSON", "");
    write("b/notes.md", "");
    write("b/.git/f.yaml", "");
    write("b/node_modules/g.yaml", "");
    write("a.txt", "");
    symlinkSync(join(dir, "b", "c.yml"), join(dir, "b", "z.yaml"));
    symlinkSync(join(dir, "absent"), join(dir, "b", "y.yaml"));
    symlinkSync(dir, join(dir, "b", "x.yaml"));
    expect(read(dir)).to.deep.equal(["b/c.yml", "b/d/e.JSON"]);
    expect(read(join(dir, "a.txt"), join(dir, "b", "d"), dir)).to.deep.equal(["a.txt", "b/d/e.JSON", "b/c.yml"]);
    expect(manifestFiles([join(dir, "a.txt"), join(dir, "b")]).map(({ named }) => named)).to.deep.equal([
      true,
      false,
      false,
    ]);
    expect(() => read(join(dir, "absent"))).to.throw("There is no file or folder");
  });

  it("reads UTF-16 as well", () => {
    expect(decode(Buffer.from("\ufeffa: é", "utf16le"))).to.equal("a: é");
    expect(decode(Buffer.from("\ufeffa: é", "utf16le").swap16())).to.equal("a: é");
    expect(decode(Buffer.from("\ufeffa: é"))).to.equal("a: é");
  });

  it("takes versions of products, and the newest of the others", () => {
    expect(parseVersions("cilium=1.18, kubevirt=v1.6.2")).to.deep.equal({
      ...defaultVersions,
      cilium: "1.18",
      kubevirt: "1.6",
    });
    expect(() => parseVersions("cilium=0.1")).to.throw(supportedVersions.cilium.join(", "));
    for (const wrong of ["cilium", "cilium=", "cilium=1.18=2", "toString=1.18"]) {
      expect(() => parseVersions(wrong), wrong).to.throw();
    }
  });

  it("takes an inventory, or dumped node states", async () => {
    expect(await nodesFrom(write("inventory.yaml", JSON.stringify({ nodes: [node] })))).to.deep.equal([node]);
    const state = { kind: "SriovNetworkNodeState", metadata: { name: "w" }, status: { interfaces: [{ name: "e" }] } };
    const nodes = await nodesFrom(
      write("states.yaml", JSON.stringify({ apiVersion: "v1", kind: "List", items: [state] })),
    );
    expect(nodes.map(({ name, nics }) => [name, nics.length])).to.deep.equal([["w", 1]]);
  });

  it("says what is wrong with an inventory", async () => {
    const wrong: [string, string][] = [
      ["nodes: [", "line 1: This is not valid YAML"],
      ["nodes: 1", "is not usable"],
      ["", "is not usable"],
      ["kind: Pod", "has neither nodes nor SriovNetworkNodeState objects"],
    ];
    for (const [text, message] of wrong) {
      const error = await nodesFrom(write("wrong.yaml", text)).then(String, (caught: Error) => caught.message);
      expect(error, text).to.include(message);
    }
  });

  it("counts in its last line, and groups by file", () => {
    const finding = {
      id: "a/b",
      severity: "error",
      file: "f.yaml",
      line: 3,
      path: "spec.x",
      message: "Wrong.",
      fix: null,
    };
    const unknown = { document: 1, kind: null, namespace: null, name: null, source: null };
    const findings = [
      { ...unknown, ...finding },
      { ...unknown, ...finding, severity: "info", line: null, path: "", fix: "Do." },
      { ...unknown, ...finding, file: "g.yaml", severity: "warning" },
    ] as ManifestFinding[];
    const run = { findings, files: 2, objects: 3, known: 2 };
    expect(verificationText(run).split("\n")).to.deep.equal([
      "f.yaml:3: error a/b spec.x Wrong.",
      "f.yaml: info a/b Wrong. Do.",
      "",
      "g.yaml:3: warning a/b spec.x Wrong.",
      "",
      "1 error, 1 warning, 1 info in 2 files (3 objects, 1 of kinds that ove does not know).",
    ]);
    expect(JSON.parse(verificationJson(run))).to.deep.equal(findings);
    expect(verificationText({ findings: [], files: 1, objects: 1, known: 1 })).to.equal(
      "0 errors, 0 warnings, 0 infos in 1 file (1 object).",
    );
  });
});
