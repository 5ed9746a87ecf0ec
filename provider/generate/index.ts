import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { Kind } from "../kind";
import { kinds } from "../kinds";
import { crdSchema, crdSources } from "./crds";
import { environmentSchemas } from "./environment";
import type { ComponentSchema } from "./json-schema";
import { kindPage, kindsIndex } from "./kind-pages";
import { componentPage } from "./pages";
import { domainFile, resourcesIndex } from "./resources";
import { packageSchema } from "./schema";
import type { PackageFacts } from "./schema";
import { shapeOfKind, stableJson } from "./shape-of-crd";
import { domainOf, kindName, typeTree } from "./type-tree";
import { contentShape, typesFile } from "./types";

/** Content of generated files by their path from the package root. */
export type Files = Record<string, string>;

/** The shapes of the CRDs that are to be had; `missing` is told of the others. */
export function shapeFiles(root: string, download: boolean, missing: (kind: string, module: string) => void): Files {
  const files: Files = {};
  for (const source of crdSources) {
    const schema = crdSchema(root, source, download);
    if (schema) files[`provider/shapes/${source.kind}.json`] = stableJson(shapeOfKind(schema));
    else missing(source.kind, source.module);
  }
  return files;
}

const sorted = (all: readonly Kind[]): Kind[] => [...all].sort((a, b) => (a.token < b.token ? -1 : 1));

/** The resource classes and their types. */
export async function resourceFiles(root: string): Promise<Files> {
  const files: Files = {};
  const all = sorted(kinds);
  for (const kind of all) {
    const hasTypes = typeTree(kindName(kind), contentShape(kind)).types.length > 1;
    if (hasTypes) files[`provider/resources/generated/${kindName(kind)}.ts`] = typesFile(kind);
  }
  for (const domain of new Set(all.map(domainOf))) {
    files[`provider/resources/${domain}.ts`] = domainFile(all.filter((kind) => domainOf(kind) === domain));
  }
  files["provider/resources/index.ts"] = resourcesIndex(all);
  const options = { ...(await resolveConfig(join(root, "package.json"))), parser: "typescript" };
  const formatted = Object.entries(files).map(async ([path, text]) => [path, await format(text, options)] as const);
  return Object.fromEntries(await Promise.all(formatted));
}

function write(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
}

/** The Pulumi package schema, of the kinds and of the components that planning describes. */
export function schemaFile(root: string, components: readonly ComponentSchema[]): string {
  const facts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as PackageFacts;
  return stableJson(packageSchema(facts, sorted(kinds), components));
}

/** The schemas of environments, by which editors complete and check the files in stacks/. */
export async function environmentFiles(root: string): Promise<Files> {
  const options = { ...(await resolveConfig(join(root, "package.json"))), parser: "json" };
  const files = Object.entries(environmentSchemas).map(
    async ([path, schema]) => [path, await format(stableJson(schema()), options)] as const,
  );
  return Object.fromEntries(await Promise.all(files));
}

/** The documentation pages of the components. */
export async function pageFiles(root: string, components: readonly ComponentSchema[]): Promise<Files> {
  const options = { ...(await resolveConfig(join(root, "package.json"))), parser: "markdown" };
  const pages = components.map(async (component) => {
    const name = component.token.split(":").pop();
    return [`docs/components/${name}.md`, await format(componentPage(component), options)] as const;
  });
  return Object.fromEntries(await Promise.all(pages));
}

/** The documentation pages of the kinds, and the page that lists them. */
export async function kindPageFiles(root: string): Promise<Files> {
  const options = { ...(await resolveConfig(join(root, "package.json"))), parser: "markdown" };
  const all = sorted(kinds);
  const pages = all.map((kind) => [`docs/kinds/${kindName(kind)}.md`, kindPage(kind)] as const);
  const texts = [["docs/kinds/README.md", kindsIndex(all)] as const, ...pages];
  return Object.fromEntries(
    await Promise.all(texts.map(async ([path, text]) => [path, await format(text, options)] as const)),
  );
}

/** Writes everything that is generated and checked in: shapes, resource classes and types, pages, schema.json. */
export async function generate(root: string, components: readonly ComponentSchema[]): Promise<void> {
  mkdirSync(join(root, "provider", "shapes"), { recursive: true });
  mkdirSync(join(root, "provider", "resources", "generated"), { recursive: true });
  const missing = (kind: string, module: string): void =>
    console.log(`${kind}: module ${module} is not to be had, its shape stays as it is`);
  write(root, shapeFiles(root, true, missing));
  write(root, await resourceFiles(root));
  mkdirSync(join(root, "docs", "components"), { recursive: true });
  write(root, await pageFiles(root, components));
  mkdirSync(join(root, "docs", "kinds"), { recursive: true });
  write(root, await kindPageFiles(root));
  write(root, { "schema.json": schemaFile(root, components) });
  write(root, await environmentFiles(root));
}
