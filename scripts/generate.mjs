// Writes what is generated and checked in: provider/shapes, provider/resources, docs and schema.json.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
require("ts-node/register/transpile-only");
const { generate } = require("../provider/generate");
const { componentSchemas } = require("../planning/component-schemas");
const { troubleshootingPage } = require("../cli/troubleshooting-page");
const { format, resolveConfig } = require("prettier");
const root = dirname(dirname(fileURLToPath(import.meta.url)));
await generate(root, componentSchemas);
const page = join(root, "docs", "troubleshooting.md");
const options = { ...(await resolveConfig(page)), parser: "markdown" };
writeFileSync(page, await format(troubleshootingPage(readFileSync(page, "utf8")), options));
