import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "../../../provider/resources";

/** What the test wants to be there. */
interface Wanted {
  name: string;
  token: string;
  inputs: pulumi.Inputs;
  /** Names of resources before it in the list that must be ready first. */
  after: string[];
}

/** Any resource of the provider. */
class Made extends pulumi.CustomResource {}

const provider = new Provider("ove", {});
const made = new Map<string, Made>();
for (const { name, token, inputs, after } of JSON.parse(
  readFileSync(process.env.KIND_ROWS ?? "", "utf8"),
) as Wanted[]) {
  const dependsOn = after.flatMap((each) => made.get(each) ?? []);
  made.set(name, new Made(token, name, inputs, { provider, dependsOn }));
}
