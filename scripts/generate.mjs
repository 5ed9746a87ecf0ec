// Writes what is generated and checked in: provider/shapes, provider/resources and schema.json.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
require("ts-node/register/transpile-only");
const { generate } = require("../provider/generate");
const { componentSchemas } = require("../planning/component-schemas");
await generate(dirname(dirname(fileURLToPath(import.meta.url))), componentSchemas);
