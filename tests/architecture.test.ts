import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { expect } from "chai";
import { preProcessFile } from "typescript";

/** The folders, and which others each may import. It is the table of docs/design.md. */
const ARROWS: Record<string, string[]> = {
  model: [],
  planning: ["model"],
  rules: ["model"],
  reports: ["model"],
  provider: ["model", "rules"],
  components: ["model", "planning", "rules", "provider"],
  programs: ["model", "planning", "components", "provider"],
  cli: ["model", "planning", "rules", "reports", "provider", "components", "sandbox"],
  sandbox: ["model"],
};

/**
 * The stand-ins for official plugins run on the provider's object engine; the simulated agents refuse the policies that
 * Cilium's do, which is what the rules know.
 */
const EXCEPTIONS: Record<string, string[]> = {
  [join("sandbox", "plugins", sep)]: ["model", "provider"],
  [join("sandbox", "agents", "cilium-policies.ts")]: ["model", "rules"],
};

/** Folders without input and output: nothing from Node, Pulumi or Kubernetes. */
const PURE = ["model", "planning", "rules", "reports"];
const PURE_MODULES = ["zod", "yaml", "ip-address", "fastest-levenshtein", "node:crypto"];

const root = resolve(__dirname, "..");

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

function imports(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return preProcessFile(text, true, true).importedFiles.map((each) => each.fileName);
}

function allowed(file: string): string[] {
  const exception = Object.keys(EXCEPTIONS).find((folder) => file.startsWith(folder));
  return (exception && EXCEPTIONS[exception]) || ARROWS[file.split(sep)[0] ?? ""] || [];
}

describe("architecture", () => {
  for (const folder of Object.keys(ARROWS)) {
    it(`${folder}/ imports only what it may`, () => {
      const wrong = sources(folder).flatMap((file) =>
        imports(file)
          .filter((name) => name.startsWith("."))
          .map((name) => relative(root, resolve(root, dirname(file), name)).split(sep)[0] ?? "")
          .filter((target) => target in ARROWS && target !== folder && !allowed(file).includes(target))
          .map((target) => `${file} imports ${target}`),
      );
      expect(wrong).to.deep.equal([]);
    });
  }

  for (const folder of PURE) {
    it(`${folder}/ does no input or output`, () => {
      const wrong = sources(folder).flatMap((file) =>
        imports(file)
          .filter((name) => !name.startsWith(".") && !PURE_MODULES.includes(name))
          .map((name) => `${file} imports ${name}`),
      );
      expect(wrong).to.deep.equal([]);
    });
  }
});
