import { version } from "@pulumi/kubernetes/package.json";
import { serve } from "../../provider/server/serve";
import { STAND_IN, kubernetesKinds } from "./kubernetes-kinds";

/** The plugin `pulumi-resource-kubernetes` of sandboxes that cannot have the official one. */
async function main(engineAddress: string | undefined): Promise<void> {
  const { port } = await serve(
    {
      // The engine compares it with what the SDK asks for.
      version,
      schema: () => "{}",
      kindOf: (token) => kubernetesKinds.find((kind) => kind.token === token),
      // The official provider has many more settings; those that do not matter here are let pass.
      configuration: { type: "object", open: true },
      notice: STAND_IN,
    },
    engineAddress,
  );
  process.stdout.write(`${port}\n`);
}

void main(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
