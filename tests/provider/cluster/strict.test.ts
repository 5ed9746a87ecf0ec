import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { output } from "@pulumi/pulumi";
import { KubeConfig } from "@kubernetes/client-node";
import { expect } from "chai";
import { parse } from "yaml";
import type { Json, JsonObject, KubernetesObject } from "../../../model";
import { Environment, mergeLayers } from "../../../model/environment";
import { planPlatform } from "../../../planning";
import { toObject } from "../../../provider/engine/objects";
import type { ObjectKind } from "../../../provider/kind";
import { kindOf } from "../../../provider/kinds";
import { packageRoot } from "../../../provider/package";
import { evaluate } from "../../../rules";
import { attachmentRules } from "../../../rules/networks";
import { Api, ApiError, pathOf } from "../../../sandbox/agents/api";
import { kubernetesKinds } from "../../../sandbox/plugins/kubernetes-kinds";
import { run, valueOf } from "../../components/registrations";
import { testCluster } from "../../support/cluster";

/** Everything is created in it: what the API server accepts does not depend on the namespace's name. */
const NAMESPACE = `strict-${process.pid}`;

const load = createRequire(__filename);

/** Runs a program anew, whoever has loaded it before, and leaves it to others to do so again. */
function anew(file: string): unknown {
  const forget = (): void => void Reflect.deleteProperty(load.cache, load.resolve(file));
  forget();
  const result: unknown = load(file);
  forget();
  return result;
}

/** An object as it would be created. */
interface Produced {
  id: string;
  kind: ObjectKind;
  object: KubernetesObject;
}

/** The objects among resources; what only waits is none. */
function produced(resources: readonly { id: string; token: string; properties: JsonObject }[]): Produced[] {
  return resources.flatMap(({ id, token, properties }) => {
    const kind = kindOf(token) ?? kubernetesKinds.find((each) => each.token === token);
    if (kind?.is !== "object") return [];
    const whole = JSON.parse(JSON.stringify(properties)) as JsonObject;
    return [{ id, kind, object: toObject(kind, whole) }];
  });
}

function stack(file: string): Produced[] {
  const read = (name: string): Json => parse(readFileSync(join(packageRoot, "stacks", name), "utf8")) as Json;
  const { config } = read(file) as { config: Record<string, Json> };
  const environment = Environment.parse(mergeLayers(read("common.yaml"), config["ove:environment"] ?? {}));
  return produced(
    planPlatform(environment).objects.map((each) => ({ ...each, properties: each.properties as JsonObject })),
  );
}

async function example(name: string): Promise<Produced[]> {
  const { registered } = await run(() => anew(join(packageRoot, "examples", name, "index.ts")));
  const resources = registered.map(async ({ name: id, type: token, props }) => ({
    id,
    token,
    properties: await valueOf(output(props)),
  }));
  return produced(await Promise.all(resources));
}

describe("what is produced, on a real API server that refuses unknown fields", function () {
  this.timeout(120_000);
  let api: Api;

  before(async () => {
    const cluster = await testCluster();
    await cluster.ensureNamespace(NAMESPACE);
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfigFile);
    api = await Api.connect(config);
  });

  /** Why the API server does not take the object; undefined when it does. One that exists has passed all checks. */
  async function refused({ kind, object }: Produced): Promise<string | undefined> {
    const namespace = kind.scope === "Namespaced" ? NAMESPACE : undefined;
    const path = `${pathOf(kind.apiVersion, kind.plural, { namespace })}?dryRun=All&fieldValidation=Strict`;
    try {
      await api.create(path, { ...object, metadata: { ...object.metadata, namespace } });
      return undefined;
    } catch (error) {
      return error instanceof ApiError && error.status === 409 ? undefined : (error as Error).message;
    }
  }

  async function check(objects: readonly Produced[]): Promise<void> {
    expect(objects).to.not.have.length(0);
    const problems: string[] = [];
    for (const each of objects) {
      const refusal = await refused(each);
      if (refusal !== undefined) problems.push(`${each.id}: ${refusal}`);
      if (each.kind.kind !== "NetworkAttachmentDefinition") continue;
      const findings = evaluate(attachmentRules, each.object).filter(({ severity }) => severity === "error");
      problems.push(...findings.map(({ path, message }) => `${each.id}: ${path}: ${message}`));
    }
    expect(problems).to.deep.equal([]);
  }

  it("an unknown field is refused", async () => {
    const [first] = stack("Pulumi.sandbox.yaml").filter(({ kind }) => kind.kind === "NetworkAttachmentDefinition");
    const object = { ...first!.object, spec: { ...first!.object.spec, confg: "" } };
    expect(await refused({ ...first!, object })).to.match(/unknown field "spec\.confg"/);
  });

  for (const file of readdirSync(join(packageRoot, "stacks")).filter((name) => /^Pulumi\..*\.yaml$/.test(name))) {
    it(`${file} is accepted`, () => check(stack(file)));
  }

  for (const name of readdirSync(join(packageRoot, "examples"))) {
    it(`example ${name} is accepted`, async () => check(await example(name)));
  }
});
