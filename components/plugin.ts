import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kindOf } from "../provider/kinds";
import { packageRoot, packageVersion } from "../provider/package";
import { ComponentHost } from "../provider/server/component-host";
import { serve } from "../provider/server/serve";

/** The plugin `pulumi-resource-ove`: Pulumi's engine starts it, gives its own address and reads the port. */
async function main(engineAddress: string | undefined): Promise<void> {
  const components = new ComponentHost(join(__dirname, "construct-host.js"));
  const { port } = await serve(
    {
      version: packageVersion,
      schema: () => readFileSync(join(packageRoot, "schema.json"), "utf8"),
      kindOf,
      construct: (request, address) => components.construct(request, address),
    },
    engineAddress,
  );
  process.stdout.write(`${port}\n`);
}

void main(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
