import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../model";
import { packageRoot } from "../files";
import { PlainError } from "../plain-error";
import { until } from "../process-table";
import type { ApiClient, DiscoveredGroup } from "./api-client";

const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** How many CRDs are installed side by side: enough to keep the API server busy. */
const workers = 16;

/** The CRDs of kinds that have no Go module, written by hand in sandbox/crds. */
export function handWrittenCrds(): KubernetesObject[] {
  const dir = join(packageRoot(), "sandbox", "crds");
  return readdirSync(dir)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(dir, file), "utf8")))
    .map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS() as KubernetesObject;
    });
}

/** Installs all CRDs and waits until each is established and served. Returns how many there are. */
export async function installCrds(client: ApiClient, crdsFile: string): Promise<number> {
  const fromModules = JSON.parse(readFileSync(crdsFile, "utf8")) as KubernetesObject[];
  const crds = [...fromModules, ...handWrittenCrds()];
  const waiting = [...crds];
  const worker = async (): Promise<void> => {
    for (let crd = waiting.shift(); crd; crd = waiting.shift()) await client.create(path, crd);
  };
  await Promise.all(Array.from({ length: workers }, worker));
  await served(client, crds);
  return crds.length;
}

/**
 * The API server lists a kind in its discovery document once its CRD is established. One small document tells of all
 * kinds; reading the CRDs themselves over and over would keep the API server from establishing them.
 */
async function served(client: ApiClient, crds: KubernetesObject[]): Promise<void> {
  const wanted = crds.flatMap(servedResources);
  let missing = wanted;
  const done = await until(async () => {
    const there = new Set((await client.discovery()).items.flatMap(discoveredResources));
    missing = wanted.filter((resource) => !there.has(resource));
    return missing.length === 0;
  }, 180);
  if (!done)
    throw new PlainError(`The API server does not serve these kinds after three minutes: ${missing.join(", ")}`);
}

/** `group/version/plural` of every version that a CRD serves. */
function servedResources(crd: KubernetesObject): string[] {
  const spec = crd.spec as unknown as {
    group: string;
    names: { plural: string };
    versions: { name: string; served: boolean }[];
  };
  return spec.versions
    .filter((version) => version.served)
    .map(({ name }) => `${spec.group}/${name}/${spec.names.plural}`);
}

function discoveredResources(group: DiscoveredGroup): string[] {
  return group.versions.flatMap(({ version, resources }) =>
    (resources ?? []).map(({ resource }) => `${group.metadata.name}/${version}/${resource}`),
  );
}
