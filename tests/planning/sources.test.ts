import { expect } from "chai";
import { formatPath } from "../../model";
import { Environment } from "../../model/environment";
import { planPlatform, sourceOf } from "../../planning";
import { full } from "./environments";

const environment = Environment.parse(full);
const source = (id: string, of = environment): string => formatPath(sourceOf(id, of) ?? ["nowhere"]);

describe("where planned objects come from", () => {
  const cases: [string, string][] = [
    ["nodes/worker/60-worker-iommu", "nodePools[0]"],
    ["nodes/dpdk/pool", "nodePools[1]"],
    ["cilium/config", "cilium"],
    ["sriov/policy/slow", "fabric.vfPools[1]"],
    ["sriov/network/backup", "fabric.networks[1]"],
    ["sriov/operator", "fabric"],
    ["networks/db/tenant", "networks[1]"],
    ["machines/web/frontend/vm", "machines[0]"],
    ["machines/db/plain/cloud-init", "machines[1]"],
    ["platform/namespace/db", "namespaces[1]"],
    ["platform/ready", "nowhere"],
    ["other/thing", "nowhere"],
  ];
  for (const [id, path] of cases) it(`${id} is ${path}`, () => expect(source(id)).to.equal(path));

  it("is not guessed where two things could be meant", () => {
    const fabric = { ...full.fabric, networks: [{ name: "fast", namespace: "web", resourceName: "fast" }] };
    const both = Environment.parse({ ...full, fabric });
    expect(source("sriov/policy/fast", both)).to.equal("fabric");
    expect(source("sriov/policy/slow", both)).to.equal("fabric.vfPools[1]");
  });

  it("takes the name that stands first, and names with their namespace before others", () => {
    const machine = { ...full.machines![1]!, name: "web", namespace: "db" };
    const named = Environment.parse({
      ...full,
      nodePools: [...full.nodePools!, { name: "pool", machineCount: 1 }],
      machines: [machine, ...full.machines!],
    });
    expect(source("nodes/worker/pool", named)).to.equal("nodePools[0]");
    expect(source("nodes/pool/pool", named)).to.equal("nodePools[3]");
    expect(source("machines/web/frontend/vm", named)).to.equal("machines[1]");
  });

  it("is known of everything in a plan but what is the platform's own", () => {
    const unknown = planPlatform(environment).objects.filter(({ id }) => !sourceOf(id, environment));
    expect(unknown.map(({ id }) => id)).to.deep.equal(["platform/ready"]);
  });
});
