import { createRequire } from "node:module";
import { setup } from "./setup.mjs";

await setup();
createRequire(import.meta.url)("../dist/cli/start.js");
